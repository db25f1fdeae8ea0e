"""Which lots are in a bar, and in which bars a lot is: also by what a temperer kept from earlier fills.

Each is one question of the database, however long the chain of fills and however many bars.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL

from configurator.domain.family import Milligrams
from configurator.domain.recipe import grams
from orders.models.lots import FillInput, Lot, Pour
from orders.models.order import Order
from orders.models.production import Job, JobState
from orders.models.stock import StockMove
from orders.production import carry_over

BARS_OF: Final = """
    WITH RECURSIVE mixed(id) AS (
        SELECT fill_id FROM orders_fillinput WHERE lot_id = %s
        UNION
        SELECT fill.id FROM orders_temperfill fill JOIN mixed ON fill.carry_over_from_id = mixed.id
    )
    SELECT pour.job_id FROM orders_pour pour JOIN mixed ON pour.fill_id = mixed.id
    UNION
    SELECT dose.job_id FROM orders_cupdose dose WHERE dose.lot_id = %s
"""
GONE: Final = (JobState.SHIPPED,)
"""No longer in the house."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One lot of a bar."""

    lot: Lot
    mg: Milligrams | None
    """What was weighed; None of what came out of a temperer, where nobody can tell."""
    carried_over: bool = False
    """It went into an earlier fill, and perhaps nothing of it was left."""

    @property
    def grams(self) -> str:
        return grams(self.mg) if self.mg else ""


@dataclass(frozen=True, slots=True)
class Balance:
    """Where all of a lot is: to the milligram, and what counting has found too much or too little."""

    received_mg: Milligrams
    in_bars_mg: Milligrams
    in_temperers_mg: Milligrams
    wasted_mg: Milligrams
    on_shelf_mg: Milligrams
    counted_mg: Milligrams
    """What counts have added; below zero, what they did not find."""

    @property
    def used_mg(self) -> Milligrams:
        return self.in_bars_mg + self.in_temperers_mg

    @property
    def is_even(self) -> bool:
        return self.received_mg + self.counted_mg == self.used_mg + self.wasted_mg + self.on_shelf_mg


# ── Backward ─────────────────────────────────────────────────────────────────────────────────────


def lots_of(job: Job) -> list[Origin]:
    """First what was weighed, then what is in the chocolate, the fill that it was poured from first."""
    return [*_weighed(job), *_poured(job)]


def best_before(job: Job) -> date | None:
    """No bar is good for longer than what it is made of; None when none of that came in lots."""
    return min((origin.lot.best_before for origin in lots_of(job)), default=None)


def _weighed(job: Job) -> Iterator[Origin]:
    doses = job.doses.select_related("lot__stock__module", "lot__supplier").order_by("pk")
    for dose in doses:
        yield Origin(dose.lot, dose.actual_mg)


def _poured(job: Job) -> Iterator[Origin]:
    fill = Pour.objects.filter(job=job).values_list("fill", flat=True).first()
    if fill is None:
        return
    inputs = FillInput.objects.filter(fill__in=carry_over.ancestors([fill]))
    known: set[int] = set()
    for each in inputs.select_related("lot__stock__module", "lot__supplier").order_by("-fill_id", "pk"):
        if each.lot_id not in known:
            known.add(each.lot_id)
            yield Origin(each.lot, None, carried_over=each.fill_id != fill)


# ── Forward ──────────────────────────────────────────────────────────────────────────────────────


def bars_of(lot: Lot) -> QuerySet[Job]:
    """All that have, or may have, something of it in them."""
    inside = RawSQL(BARS_OF, [lot.pk, lot.pk])  # noqa: S611  # our own words, and the key as a parameter
    return Job.objects.filter(pk__in=inside)


def orders_of(lot: Lot) -> QuerySet[Order]:
    """Those for whom a bar of it was made, each with `bars` and `sent`, how many of them have left the house."""
    with_it = Q(lines__jobs__in=bars_of(lot))
    return (
        Order.objects.filter(with_it)
        .annotate(
            bars=Count("lines__jobs", distinct=True),
            sent=Count("lines__jobs", filter=Q(lines__jobs__job_state__in=GONE), distinct=True),
        )
        .order_by("pk")
    )


def in_the_house(lot: Lot) -> QuerySet[Job]:
    """Bars of it that can still be stopped."""
    return bars_of(lot).exclude(job_state__in=(*GONE, JobState.SCRAPPED))


def balance(lot: Lot) -> Balance:
    moves = StockMove.objects.filter(lot=lot).exclude(kind__in=StockMove.NOT_BY_HANDS).order_by()
    by_kind = {kind: int(mg) for kind, mg in moves.values_list("kind").annotate(Sum("mg"))}
    kinds = StockMove.Kind
    return Balance(
        received_mg=by_kind.get(kinds.RECEIVED, 0),
        in_bars_mg=-by_kind.get(kinds.DOSED, 0),
        in_temperers_mg=-by_kind.get(kinds.FILLED, 0),
        wasted_mg=-by_kind.get(kinds.WASTED, 0),
        on_shelf_mg=sum(by_kind.values()),
        counted_mg=by_kind.get(kinds.COUNTED, 0),
    )
