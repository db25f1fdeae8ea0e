"""How much of a module is left to promise, and the promises: counted under lock, in one order of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from configurator import sold_out
from configurator.domain.family import Milligrams
from configurator.domain.recipe import Portion
from configurator.models import Module
from configurator.sold_out import OnShelf
from configurator.written_once import WrittenOnce
from orders.models.order import Order
from orders.models.production import NEVER_MADE, Job, JobState
from orders.models.stock import Stock, StockHold, StockMove

Needs = Mapping[str, Milligrams]
"""Key of a module → how much of it."""


@dataclass(frozen=True, slots=True)
class Shortage:
    module: str
    wanted_mg: Milligrams
    left_mg: Milligrams
    """Never below zero: to a customer nothing is nothing."""


class OutOfStock(Exception):
    """Somebody else has been promised what this order needs."""

    def __init__(self, shortages: tuple[Shortage, ...]) -> None:
        super().__init__(", ".join(shortage.module for shortage in shortages))
        self.shortages = shortages


def needs(bars: Iterable[tuple[Iterable[Portion], int]]) -> dict[str, Milligrams]:
    """Recipes and how many bars of each, summed: two designs with almonds share the same almonds."""
    summed: Counter[str] = Counter()
    for portions, quantity in bars:
        for portion in portions:
            summed[portion.module] += portion.mg * quantity
    return dict(summed)


def needs_of(order: Order) -> dict[str, Milligrams]:
    """As it was frozen when the order was placed."""
    summed: Counter[str] = Counter()
    for recipe, quantity in order.lines.values_list("recipe", "quantity"):
        for portion in recipe:
            summed[portion["module"]] += portion["mg"] * quantity
    return dict(summed)


def shortages(needed: Needs, *, at: datetime, order: Order | None = None) -> tuple[Shortage, ...]:
    """What would be missing now; what the order itself keeps counts as there. No promise: nothing is locked."""
    return _short(needed, left(_limited(*needed), at=at, order=order))


def reserve(order: Order, needed: Needs, *, until: datetime, at: datetime) -> None:
    """Keeps it for the order, inside the caller's transaction; once more renews. Raises OutOfStock."""
    counted = _locked(*needed)
    if not counted:
        return
    missing = _short(needed, left(counted, at=at, order=order))
    if missing:
        raise OutOfStock(missing)
    StockHold.objects.bulk_create(
        [
            StockHold(order=order, stock_id=module, mg=needed[module], taken_at=at, until=until)
            for module in counted
        ],
        update_conflicts=True,
        unique_fields=["order", "stock"],
        update_fields=["mg", "taken_at", "until"],
    )


def extend(order: Order, *, until: datetime) -> None:
    """While a bank is working nobody else may have it."""
    StockHold.objects.filter(order=order, until__lt=until).update(until=until)


def consume(order: Order, *, at: datetime) -> None:
    """In the transaction that marks the order paid, once however often.

    Raises OutOfStock when the hold had run out and others have been promised it since; then nothing
    has happened. A hold that still counts is honoured, also if a count has found less on the shelf.
    """
    needed = needs_of(order)
    counted = _locked(*needed)
    used = set(_moves(order, StockMove.Kind.USED).values_list("stock_id", flat=True))
    still = {module: needed[module] for module in counted if module not in used}
    missing = _short(still, left(still, at=at, order=order)) if still else ()
    kept = held_now(still, at=at, by=order) if missing else {}
    unkept = tuple(shortage for shortage in missing if kept.get(shortage.module, 0) < shortage.wanted_mg)
    if unkept:
        raise OutOfStock(unkept)
    _book(order, StockMove.Kind.USED, {module: -mg for module, mg in still.items()}, at)
    free(order)


def free(order: Order) -> None:
    StockHold.objects.filter(order=order).delete()


def give_back(order: Order, *, at: datetime) -> None:
    """Of a paid order of which nothing was made: once however often. What bars left out gave back, they gave."""
    used = _summed(_moves(order, StockMove.Kind.USED))
    _locked(*used)
    returned = set(_moves(order, StockMove.Kind.RETURNED).filter(job=None).values_list("stock_id", flat=True))
    by_bars = _summed(_moves(order, StockMove.Kind.RETURNED).exclude(job=None))
    gone = _missing_from(order)
    back = {module: -mg - by_bars.get(module, 0) - gone[module] for module, mg in used.items()}
    _book(
        order,
        StockMove.Kind.RETURNED,
        {module: mg for module, mg in back.items() if mg > 0 and module not in returned},
        at,
    )


def give_back_bar(job: Job, *, at: datetime) -> None:
    """Of a bar that is left out before anything was made of it, under its order's lock: all but what was missing.

    That is not on the shelf, whatever has been counted: nobody else may be promised it.
    """
    if job.job_state != JobState.QUEUED or job.remake_of_id is not None:
        return
    used = set(_moves(job.order_line.order, StockMove.Kind.USED).values_list("stock_id", flat=True))
    back = {module: mg for module, mg in _needs_of(job).items() if module in used and module != job.missing}
    _locked(*back)
    _book(job.order_line.order, StockMove.Kind.RETURNED, back, at, job)


@transaction.atomic
def receive(module: Module, *, mg: Milligrams, by: User, at: datetime, note: str = "") -> StockMove:
    """From the first time on, the module is counted. What was expected has come."""
    Stock.objects.filter(module=module).update(expected_on=None)
    return _move(module, StockMove.Kind.RECEIVED, mg, by, at, note)


@transaction.atomic
def waste(module: Module, *, mg: Milligrams, by: User, at: datetime, note: str = "") -> StockMove:
    return _move(module, StockMove.Kind.WASTED, -mg, by, at, note)


@transaction.atomic
def count(module: Module, *, mg: Milligrams, by: User, at: datetime, note: str = "") -> StockMove:
    """Somebody has looked: so much lies there. What is kept for unpaid orders lies there too."""
    row, _made = Stock.objects.get_or_create(module=module)
    Stock.objects.select_for_update().get(pk=row.pk)
    difference = mg - on_hand([row.pk]).get(row.pk, 0)
    return _move(module, StockMove.Kind.COUNTED, difference, by, at, note)


def left(modules: Iterable[str], *, at: datetime, order: Order | None = None) -> dict[str, Milligrams]:
    """On hand, less what is kept for others now. A hold that has run out counts for nobody."""
    keys = list(modules)
    if not keys:
        return {}
    there, held = on_hand(keys), held_now(keys, at=at, not_by=order)
    return {module: there.get(module, 0) - held.get(module, 0) for module in keys}


def with_amounts(stocks: QuerySet[Stock], *, at: datetime) -> QuerySet[Stock]:
    """Each with `on_hand_mg`, `held_mg` and `left_mg`, for lists."""
    moves = StockMove.objects.filter(stock=OuterRef("pk")).order_by().values("stock")
    holds = StockHold.objects.filter(stock=OuterRef("pk"), until__gt=at).order_by().values("stock")
    return stocks.annotate(
        on_hand_mg=_total(moves), held_mg=_total(holds), left_mg=F("on_hand_mg") - F("held_mg")
    )


def on_shelves() -> dict[str, OnShelf]:
    """What the studio may offer: how much is left of every module that can run out, and when more comes."""
    today = timezone.localdate()
    limited = with_amounts(Stock.objects.filter(limited=True), at=timezone.now())
    return {
        row.pk: OnShelf(left_mg, row.expected_on if row.expected_on and row.expected_on > today else None)
        for row, left_mg in ((row, int(row.left_mg)) for row in limited.order_by())  # type: ignore[attr-defined]
    }


def running_out(*, at: datetime) -> QuerySet[Stock]:
    """Below what staff want to have, or promised beyond what is there."""
    limited = with_amounts(Stock.objects.filter(limited=True), at=at)
    return limited.filter(Q(left_mg__lt=F("low_mg")) | Q(left_mg__lt=0))


def held_now(
    modules: Iterable[str], *, at: datetime, by: Order | None = None, not_by: Order | None = None
) -> dict[str, Milligrams]:
    holds = StockHold.objects.filter(stock__in=list(modules), until__gt=at)
    if by:
        holds = holds.filter(order=by)
    if not_by:
        holds = holds.exclude(order=not_by)
    return _summed(holds.order_by())


def on_hand(modules: Iterable[str]) -> dict[str, Milligrams]:
    return _summed(StockMove.objects.filter(stock__in=list(modules)).order_by())


def _summed(rows: QuerySet[StockMove] | QuerySet[StockHold]) -> dict[str, Milligrams]:
    # An int, though PostgreSQL sums big integers as decimals.
    return {module: int(mg) for module, mg in rows.values_list("stock_id").annotate(Sum("mg"))}


def _total(rows: QuerySet[Any, Any]) -> Coalesce:
    summed = rows.annotate(total=Sum("mg")).values("total")
    return Coalesce(Subquery(summed), 0, output_field=BigIntegerField())


def _counted(*modules: Any) -> QuerySet[Stock, str]:
    rows = Stock.objects.filter(pk__in=modules, limited=True)
    return rows.order_by("pk").values_list("pk", flat=True)


_limited: Final = WrittenOnce(_counted)


# Those that are counted, locked in one order. What is counted is read afterwards, in statements of its own: one that
# had to wait for the lock would still see what was there before.
_locked: Final = WrittenOnce(lambda *modules: _counted(*modules).select_for_update())


def _short(needed: Needs, there: Mapping[str, Milligrams]) -> tuple[Shortage, ...]:
    return tuple(
        Shortage(module, needed[module], max(0, mg)) for module, mg in there.items() if mg < needed[module]
    )


def _moves(order: Order, kind: StockMove.Kind) -> QuerySet[StockMove]:
    return StockMove.objects.filter(order=order, kind=kind).order_by()


def _missing_from(order: Order) -> Counter[str]:
    """What bars that were left out of it wanted, and nobody found on the shelf."""
    left_out = Job.objects.filter(
        order_line__order=order,
        remake_of=None,
        scrap_reason__in=NEVER_MADE,
        scrap_station=JobState.QUEUED,
    )
    gone: Counter[str] = Counter()
    for job in left_out.select_related("order_line"):
        gone[job.missing] += _needs_of(job).get(job.missing, 0)
    return gone


def _needs_of(job: Job) -> dict[str, Milligrams]:
    """One bar as it was frozen when the order was placed."""
    summed: Counter[str] = Counter()
    for portion in job.order_line.recipe:
        summed[portion["module"]] += portion["mg"]
    return dict(summed)


def _book(
    order: Order,
    kind: StockMove.Kind,
    changes: Mapping[str, Milligrams],
    at: datetime,
    job: Job | None = None,
) -> None:
    StockMove.objects.bulk_create(
        StockMove(stock_id=module, kind=kind, mg=mg, order=order, job=job, at=at)
        for module, mg in changes.items()
    )


def _move(
    module: Module, kind: StockMove.Kind, mg: Milligrams, by: User, at: datetime, note: str
) -> StockMove:
    row, _made = Stock.objects.get_or_create(module=module)
    made = StockMove.objects.create(stock=row, kind=kind, mg=mg, by=by, at=at, note=note)
    sold_out.forget()
    return made
