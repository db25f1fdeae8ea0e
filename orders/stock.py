"""How much of a module is left to promise, and the promises: counted under lock, in one order of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from configurator.catalogue import sold_out
from configurator.catalogue.sold_out import OnShelf
from configurator.domain.family import Milligrams
from configurator.domain.recipe import Portion
from configurator.models import Module
from configurator.written_once import WrittenOnce
from orders import lots
from orders.models.lots import Lot, TemperFill
from orders.models.order import Order
from orders.models.production import Job
from orders.models.stock import Stock, StockHold, StockMove

Needs = Mapping[str, Milligrams]
"""Key of a module → how much of it."""


@dataclass(frozen=True, slots=True)
class Shortage:
    module: str
    wanted_mg: Milligrams
    left_mg: Milligrams
    """Never below zero: to a customer nothing is nothing."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What goes into one bar: from a lot, from a temperer's fill, or from a shelf without lots."""

    module: str
    mg: Milligrams
    lot_id: int | None = None
    fill_id: int | None = None
    poured: bool = False

    @property
    def kind(self) -> str:
        return StockMove.Kind.POURED if self.poured else StockMove.Kind.DOSED


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


def promise_to(order: Order, *, at: datetime) -> None:
    """In the transaction that marks the order paid, once however often. It is used up when the floor takes it.

    Raises OutOfStock when the hold had run out and others have been promised it since; then nothing
    has happened. A hold that still counts is honoured, also if a count has found less on the shelf.
    """
    needed = needs_of(order)
    counted = _locked(*needed)
    promised = set(_moves(order, StockMove.Kind.RESERVED).values_list("stock_id", flat=True))
    still = {module: needed[module] for module in counted if module not in promised}
    missing = _short(still, left(still, at=at, order=order)) if still else ()
    kept = held_now(still, at=at, by=order) if missing else {}
    unkept = tuple(shortage for shortage in missing if kept.get(shortage.module, 0) < shortage.wanted_mg)
    if unkept:
        raise OutOfStock(unkept)
    _book(order, StockMove.Kind.RESERVED, {module: -mg for module, mg in still.items()}, at)
    free(order)


def free(order: Order) -> None:
    StockHold.objects.filter(order=order).delete()


def give_back(order: Order, *, at: datetime) -> None:
    """What a paid order was promised and is not made: once however often."""
    open_mg = _outstanding(order)
    _locked(*open_mg)
    _book(order, StockMove.Kind.RETURNED, _outstanding(order), at)


def give_back_bar(job: Job, *, at: datetime) -> None:
    """Of a bar that is left out, under its order's lock: what was promised to it and nobody has taken yet.

    What was missing is not on the shelf, whatever has been counted: nobody else may be promised it.
    """
    back = _promised_to(job)
    _locked(*back)
    # Where nobody has looked, the books themselves said that there is not enough: they are right already.
    unfound_mg = _unfound(job, back.get(job.missing, 0), at) if job.held_by_id else 0
    _book(job.order_line.order, StockMove.Kind.RETURNED, back, at, job)
    StockMove.objects.bulk_create(
        StockMove(
            stock_id=job.missing, kind=StockMove.Kind.COUNTED, mg=-mg, lot_id=lot_id, at=at, note=job.code
        )
        for lot_id, mg in lots.spread(job.missing, unfound_mg, today=timezone.localdate(at))
    )


def move_promise(job: Job, stand_in: Job, *, at: datetime) -> None:
    """From a bar that is not made to the one that takes its place, under their order's lock. Raises OutOfStock.

    What the first was promised is kept for the second, whoever else lacks it.
    """
    back, needed = _promised_to(job), _needs_of(stand_in)
    counted = _locked(*{*back, *needed})
    _book(job.order_line.order, StockMove.Kind.RETURNED, back, at, job)
    wanted = {module: needed[module] for module in counted if module in needed}
    more = {module: mg for module, mg in wanted.items() if mg > back.get(module, 0)}
    missing = _short(more, left(more, at=at))
    if missing:
        raise OutOfStock(missing)
    _book(
        job.order_line.order, StockMove.Kind.RESERVED, {key: -mg for key, mg in wanted.items()}, at, stand_in
    )


def take(job: Job, taken: Sequence[Taken], *, at: datetime) -> None:
    """Into the bar, under its order's lock: off the shelf or out of the temperer, and the promise is kept.

    A remake takes anew what its first had; the promise is kept once. A bar whose step was taken back, and is taken
    again, books what has changed since.
    """
    counted = set(Stock.objects.filter(pk__in=[each.module for each in taken]).values_list("pk", flat=True))
    gone = [each for each in taken if each.module in counted]
    changed = Counter(_booked(job, {each.kind for each in taken}))
    for each in gone:
        changed[each.module, each.kind, each.lot_id, each.fill_id] -= each.mg
    StockMove.objects.bulk_create(
        StockMove(stock_id=module, kind=kind, mg=mg, job=job, lot_id=lot_id, fill_id=fill_id, at=at)
        for (module, kind, lot_id, fill_id), mg in sorted(changed.items(), key=str)
        if mg
    )
    promised = _promised_to(job)
    kept = {each.module: promised[each.module] for each in gone if each.module in promised}
    _book(job.order_line.order, StockMove.Kind.FULFILLED, kept, at, job)


def _booked(job: Job, kinds: set[str]) -> dict[tuple[str, str, int | None, int | None], Milligrams]:
    """What its moves have taken so far, as what would be given back."""
    moves = StockMove.objects.filter(job=job, kind__in=kinds).order_by()
    summed = moves.values_list("stock_id", "kind", "lot_id", "fill_id").annotate(Sum("mg"))
    return {(module, kind, lot_id, fill_id): -int(mg) for module, kind, lot_id, fill_id, mg in summed}


@transaction.atomic
def receive(
    module: Module, *, mg: Milligrams, by: User, at: datetime, note: str = "", lot: Lot | None = None
) -> StockMove:
    """From the first time on, the module is counted. What was expected has come."""
    Stock.objects.filter(module=module).update(expected_on=None)
    return _move(module, StockMove.Kind.RECEIVED, mg, by, at, note, lot)


@transaction.atomic
def waste(
    module: Module, *, mg: Milligrams, by: User, at: datetime, note: str = "", lot: Lot | None = None
) -> StockMove:
    return _move(module, StockMove.Kind.WASTED, -mg, by, at, note, lot)


@transaction.atomic
def count(
    module: Module, *, mg: Milligrams, by: User, at: datetime, note: str = "", lot: Lot | None = None
) -> StockMove:
    """Somebody has looked: so much lies there, of the lot, or of what has none.

    What is promised lies there too, whether it is paid or not; what is in a temperer does not.
    """
    row, _made = Stock.objects.get_or_create(module=module)
    Stock.objects.select_for_update().get(pk=row.pk)
    lies_there = _by_hands(StockMove.objects.filter(stock=row, lot=lot, fill=None))
    difference = mg - _summed(lies_there).get(row.pk, 0)
    return _move(module, StockMove.Kind.COUNTED, difference, by, at, note, lot)


def put_aside(lot: Lot, *, at: datetime, by: User | None) -> None:
    """Under the lock of its stock: what is there of a blocked lot is promised to nobody; of any other, all is.

    Called after whatever changes how much there is of it, so that the books agree.
    """
    _set_aside(lot.stock_id, aside=lot.is_blocked, at=at, by=by, lot=lot)


def put_fill_aside(fill: TemperFill, *, aside: bool, at: datetime, by: User | None) -> None:
    """The same of what is in a temperer."""
    _set_aside(fill.stock_id, aside=aside, at=at, by=by, fill=fill)


def _set_aside(module: str, *, aside: bool, at: datetime, by: User | None, **place: Lot | TemperFill) -> None:
    moves = StockMove.objects.filter(**place).order_by()
    there = _summed(_by_hands(moves)).get(module, 0)
    before = _summed(moves.filter(kind=StockMove.Kind.ASIDE)).get(module, 0)
    wanted = -max(0, there) if aside else 0
    if wanted != before:
        StockMove.objects.create(
            stock_id=module, kind=StockMove.Kind.ASIDE, mg=wanted - before, by=by, at=at, **place
        )


def left(modules: Iterable[str], *, at: datetime, order: Order | None = None) -> dict[str, Milligrams]:
    """What may still be promised: the sum of all moves, less what is kept for others now.

    So it is on hand, less what is promised to paid orders or put aside. A hold that has run out counts for nobody.
    """
    keys = list(modules)
    if not keys:
        return {}
    there = _summed(StockMove.objects.filter(stock__in=keys).order_by())
    held = held_now(keys, at=at, not_by=order)
    return {module: there.get(module, 0) - held.get(module, 0) for module in keys}


def with_amounts(stocks: QuerySet[Stock], *, at: datetime) -> QuerySet[Stock]:
    """Each with `on_hand_mg`, `promised_mg`, `aside_mg`, `held_mg` and `left_mg`, for lists."""
    moves = StockMove.objects.filter(stock=OuterRef("pk")).order_by().values("stock")
    return _with_left(stocks, at).annotate(
        on_hand_mg=_total(_by_hands(moves)),
        promised_mg=-_total(moves.filter(kind__in=StockMove.PROMISES)),
        aside_mg=-_total(moves.filter(kind=StockMove.Kind.ASIDE)),
    )


def _with_left(stocks: QuerySet[Stock], at: datetime) -> QuerySet[Stock]:
    moves = StockMove.objects.filter(stock=OuterRef("pk")).order_by().values("stock")
    holds = StockHold.objects.filter(stock=OuterRef("pk"), until__gt=at).order_by().values("stock")
    return stocks.annotate(held_mg=_total(holds), left_mg=_total(moves) - F("held_mg"))


def on_shelves() -> dict[str, OnShelf]:
    """What the studio may offer: how much is left of every module that can run out, and when more comes."""
    today = timezone.localdate()
    limited = _with_left(Stock.objects.filter(limited=True), timezone.now())
    return {
        row.pk: OnShelf(left_mg, row.expected_on if row.expected_on and row.expected_on > today else None)
        for row, left_mg in ((row, int(row.left_mg)) for row in limited.order_by())  # type: ignore[attr-defined]
    }


def running_out(*, at: datetime) -> QuerySet[Stock]:
    """Below what staff want to have, or promised beyond what is there."""
    limited = _with_left(Stock.objects.filter(limited=True), at)
    return limited.filter(Q(left_mg__lt=F("low_mg")) | Q(left_mg__lt=0))


def overdrawn(*, at: datetime) -> list[str]:
    """Keys of the modules of which more is promised than there is."""
    short = running_out(at=at).filter(Q(left_mg__lt=0))
    return list(short.order_by("pk").values_list("pk", flat=True))


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
    """What lies on shelves and in temperers, whoever has been promised it."""
    return _summed(_by_hands(StockMove.objects.filter(stock__in=list(modules))))


def _by_hands(moves: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    return moves.exclude(kind__in=StockMove.NOT_BY_HANDS).order_by()


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


def _outstanding(order: Order) -> dict[str, Milligrams]:
    """What was promised to it, did not come back, and is in no bar yet."""
    moves = StockMove.objects.filter(order=order, kind__in=StockMove.PROMISES).order_by()
    return {module: -mg for module, mg in _summed(moves).items() if mg < 0}


def _promised_to(job: Job) -> dict[str, Milligrams]:
    """The same of one bar: whatever took its place takes over its promise."""
    its_own = Q(job=None) | Q(job__order_line=job.order_line_id, job__index=job.index)
    moves = StockMove.objects.filter(its_own, order=job.order_line.order, kind__in=StockMove.PROMISES)
    kinds: dict[str, set[str]] = {}
    for module, kind in moves.order_by().values_list("stock_id", "kind"):
        kinds.setdefault(module, set()).add(kind)
    needed = _needs_of(job)
    return {
        module: needed[module]
        for module, known in sorted(kinds.items())
        if known == {StockMove.Kind.RESERVED} and module in needed
    }


def _unfound(job: Job, mg: Milligrams, at: datetime) -> Milligrams:
    """Of what a bar was left out for, what the books still believe to be there."""
    return max(0, min(mg, left([job.missing], at=at)[job.missing] + mg)) if mg else 0


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
    module: Module,
    kind: StockMove.Kind,
    mg: Milligrams,
    by: User,
    at: datetime,
    note: str,
    lot: Lot | None,
) -> StockMove:
    row, _made = Stock.objects.get_or_create(module=module)
    made = StockMove.objects.create(stock=row, kind=kind, mg=mg, lot=lot, by=by, at=at, note=note)
    if lot:
        put_aside(Lot.objects.select_for_update().get(pk=lot.pk), at=at, by=by)
    sold_out.forget()
    return made
