"""The chocolate of a run by its lots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from configurator.domain.family import Milligrams
from orders.models.equipment import Equipment
from orders.models.lots import Lot, TemperFill
from orders.models.production import JobState
from orders.models.runs import ON_THE_TEMPERER, Run
from orders.models.stock import StockMove
from orders.production import allergens, fills, unnamed
from orders.production.refusals import RunRefused


@dataclass(frozen=True, slots=True)
class Inside:
    """What is in a temperer by the books."""

    base: str
    rest_mg: Milligrams


def fill(run: Run, lot: Lot, mg: Milligrams, *, by: User, at: datetime) -> TemperFill:
    """Raises StepRefused."""
    if run.run_state not in ON_THE_TEMPERER:
        raise RunRefused(
            _("Nothing is melting on %(place)s. Begin the run first.") % {"place": run.temperer_id}
        )
    if lot.stock_id != run.base:
        raise RunRefused(
            _("This is %(there)s, and the run on %(place)s is of another chocolate.")
            % {"there": lot.stock.module, "place": run.temperer_id}
        )
    _refuse_silent(run, lot)
    return fills.fill(run.temperer_id, {lot: mg}, by=by, at=at)


def _refuse_silent(run: Run, lot: Lot) -> None:
    """Once it is in the temperer, the bars of this run could not be poured from it."""
    if not lot.traces:
        return
    bars = run.jobs.filter(job_state__in=(JobState.QUEUED, JobState.KITTED))
    silent = [unnamed.of_lot(lot, job) for job in bars.select_related("order_line", "shipment")]
    silent = [codes for codes in silent if codes]
    if silent:
        raise RunRefused(
            ngettext(
                "Lot %(code)s may contain %(allergens)s, and the label of %(bars)d bar of this run says nothing of it. "
                "Take another lot, or plan that bar elsewhere.",
                "Lot %(code)s may contain %(allergens)s, and the labels of %(bars)d bars of this run say nothing of "
                "it. Take another lot, or plan those bars elsewhere.",
                len(silent),
            )
            % {
                "code": lot.code,
                "allergens": allergens.named(frozenset[str]().union(*silent)),
                "bars": len(silent),
            }
        )


def empty(temperer: str, *, by: User, at: datetime) -> bool:
    """False when nothing was in it."""
    there = fills.open_fill(temperer)
    return there is not None and fills.empty(there, by=by, at=at)


def inside(temperers: Iterable[Equipment]) -> dict[str, Inside]:
    """Code of a temperer → what is in it; one query however many."""
    by_hands = ~Q(moves__kind__in=StockMove.NOT_BY_HANDS)
    found = (
        TemperFill.objects.filter(temperer__in=[place.pk for place in temperers], closed_at=None)
        .annotate(mg=Sum("moves__mg", filter=by_hands))
        .order_by()
    )
    rows: Iterable[tuple[str, str, int | None]] = found.values_list("temperer", "stock_id", "mg")
    return {key: Inside(base, max(0, mg or 0)) for key, base, mg in rows}


def come_in_lots(bases: Iterable[str]) -> Mapping[str, bool]:
    found = set(Lot.objects.filter(stock__in=list(bases)).order_by().values_list("stock_id", flat=True))
    return {base: base in found for base in bases}
