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
from orders.production.allergens import NOTHING, Codes
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
    """Of what would then be in the temperer, all bars of this run may have all."""
    left = fills.left_in(run.temperer_id)
    inside = [lot, *(unnamed.carriers_in(left.pk) if left else ())]
    if not any(each.traces for each in inside):
        return
    open_bars = run.jobs.filter(job_state__in=(JobState.QUEUED, JobState.KITTED))
    bars = list(open_bars.select_related("order_line", "shipment"))
    for each in inside:
        silent = [codes for bar in bars if (codes := unnamed.of_lot(each, bar))]
        if silent:
            raise RunRefused(f"{_silent_words(each, silent)} {_way_out(run, is_new=each == lot)}")


def _silent_words(lot: Lot, silent: list[Codes]) -> str:
    return ngettext(
        "Lot %(code)s may contain %(allergens)s, and the label of %(bars)d bar of this run says nothing of it.",
        "Lot %(code)s may contain %(allergens)s, and the labels of %(bars)d bars of this run say nothing of it.",
        len(silent),
    ) % {
        "code": lot.code,
        "allergens": allergens.named(NOTHING.union(*silent)),
        "bars": len(silent),
    }


def _way_out(run: Run, *, is_new: bool) -> str:
    if is_new:
        return _("Take another lot, or plan such bars elsewhere.")
    return _("It is left in %(place)s: empty and clean it first, or plan such bars elsewhere.") % {
        "place": run.temperer_id
    }


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
