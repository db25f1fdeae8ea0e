"""What a supplier's specification says of a lot, also when it comes late: written down for ever, and bars are stopped
whose labels say nothing of it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from configurator.catalogue.families import family_under
from configurator.domain.family import Ingredient
from configurator.models import Ingredient as IngredientRow
from configurator.models import Module
from orders.models.lots import Lot, LotSpecification
from orders.models.production import Job, JobState
from orders.models.stock import Stock
from orders.production import allergens, steps, trace, unnamed
from orders.production.allergens import NOTHING, Codes
from orders.production.refusals import StepRefused
from orders.production.run_outs import shortage

if TYPE_CHECKING:
    from django.contrib.auth.models import User


READ_OF_A_BAR: Final = (
    *("code", "job_state", "base", "order_line__labels", "order_line__family_version"),
    *("order_line__design", "shipment__label_locale"),
)
"""Thousands may have something of one lot, and rows are wide."""


class ChangedMeanwhile(Exception):
    """A colleague has written down others since they were looked at."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Bars whose label does not name what is or may be in them."""

    held: int
    """In the house: they wait."""
    sent: int
    """Have left the house."""


def write_down(lot: Lot, traces: Codes, *, seen: Codes, note: str, by: User, at: datetime) -> Silent:
    """From now on these are its possible traces. Raises ChangedMeanwhile unless it still has those that were seen."""
    with transaction.atomic():
        Stock.objects.select_for_update().get(pk=lot.stock_id)
        lot = Lot.objects.select_for_update().get(pk=lot.pk)
        if frozenset(lot.traces) != seen:
            raise ChangedMeanwhile(lot.code)
        _keep(lot, traces, note=note, by=by, at=at)
    return stop(lot, at=at)


def came_with(lot: Lot, traces: Codes, *, by: User, at: datetime) -> None:
    """With a delivery, under the lock of its stock. More of a lot that is known adds to it: nobody can tell them
    apart."""
    all_of_it = traces.union(lot.traces, _newly_named(lot.module))
    if all_of_it == frozenset(lot.traces):
        return
    _keep(lot, all_of_it, note=_("with the delivery"), by=by, at=at)
    # Orders are locked before shelves, so bars are stopped when the shelf is free again.
    transaction.on_commit(lambda: stop(lot, at=at))


def stop(lot: Lot, *, at: datetime) -> Silent:
    """Puts on hold what must not go on, by nobody: nothing is missing. Safe to say again."""
    silent = bars(lot)
    here = [(job, codes) for job, codes in silent if job.job_state not in trace.GONE]
    for job, codes in here:
        _hold(job, lot, codes, at)
    shortage.look_after(lot.stock_id, at=at)
    return Silent(held=len(here), sent=len(silent) - len(here))


def bars(lot: Lot) -> list[tuple[Job, Codes]]:
    """Those that are made or have left the house with something of it in them, and of what their label is silent."""
    if not lot.traces:
        return []
    with_it = trace.bars_of(lot).exclude(job_state=JobState.SCRAPPED)
    jobs = with_it.select_related("order_line", "shipment").only(*READ_OF_A_BAR).order_by("pk")
    return [(job, codes) for job in jobs.iterator() if (codes := unnamed.of_lot(lot, job))]


def _newly_named(module: Module) -> Codes:
    """By the catalogue, since bars were ordered that are still to be made: their labels do not name it, and nobody
    thinks of ticking it."""
    to_be_made = Job.objects.filter(job_state__in=(JobState.QUEUED, JobState.KITTED)).order_by()
    versions = to_be_made.values_list("order_line__family_version", flat=True).distinct()
    then = (family_under(version).modules.get(module.key) for version in versions)
    named_then = [_named_by(each.ingredient) for each in then if each]
    return _named_by(module.ingredient) - frozenset.intersection(*named_then) if named_then else NOTHING


def _named_by(ingredient: Ingredient | IngredientRow) -> Codes:
    return frozenset((*ingredient.allergens, *ingredient.traces))


def _keep(lot: Lot, traces: Codes, *, note: str, by: User, at: datetime) -> None:
    lot.traces = sorted(traces)
    lot.save(update_fields=["traces"])
    LotSpecification.objects.create(lot=lot, traces=lot.traces, note=note, by=by, at=at)
    shortage.look_again(lot.stock_id, at=at)


def _hold(job: Job, lot: Lot, codes: Codes, at: datetime) -> None:
    """What has moved on meanwhile is let go: the next step asks again."""
    reason = f"{lot.stock_id}: " + _("lot %(code)s may contain %(allergens)s") % {
        "code": lot.code,
        "allergens": allergens.named(codes),
    }
    with suppress(StepRefused):
        steps.hold(job, reason, by=None, at=at)
