"""Who goes without an ingredient: whoever is due last, decided by the books alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from configurator.domain.family import Milligrams
from orders import stock
from orders.models import CupDose, Job, JobState, PaymentState, RunOutBar, Stock
from orders.production import consent, unnamed, usable
from orders.production.allergens import NOTHING, Codes
from orders.production.usable import Usable

TO_BE_WEIGHED: Final = (JobState.QUEUED,)
TO_BE_POURED: Final = (JobState.QUEUED, JobState.KITTED)


@dataclass(frozen=True, slots=True)
class Lack:
    """A bar on hold, and the keys of all that it goes without: first what it was put on hold for."""

    bar: RunOutBar
    modules: tuple[str, ...]

    @property
    def job(self) -> Job:
        return self.bar.job

    def names(self, language: str) -> str:
        """Some names have commas of their own."""
        return " · ".join(consent.name_of(module, self.job.order_line, language) for module in self.modules)


def without(module: str) -> list[Job]:
    """The bars for which what may be used of it does not suffice.

    It goes to those first in whose cup it is already, then to who is due first; a bar that needs less than the one
    before it may still have what is left. A bar on hold for another reason keeps its place.
    """
    if not Stock.objects.filter(module__key=module, limited=True).exists():
        return []
    return _given_out(module, usable.of(module))


def left_for(module: str, named: Codes) -> Milligrams:
    """What is left for one more bar, whose label names these, when all others have theirs."""
    there = usable.of(module)
    _given_out(module, there)
    return there.left_for(named)


def scarce(*, at: datetime) -> set[str]:
    """Keys of what some bar may lack: more is promised than there is, or not every bar may have what there is."""
    return {*stock.overdrawn(at=at), *usable.not_for_all()}


def lacks(bars: Iterable[RunOutBar], *, at: datetime) -> list[Lack]:
    """All that each of these bars on hold waits for."""
    held = list(bars)
    others = {module for bar in held for module in _others(bar)}
    gone = others.intersection(scarce(at=at)) if others else ()
    who = {module: {job.pk for job in without(module)} for module in gone}
    return [
        Lack(bar, (bar.run_out.module, *(key for key in _others(bar) if bar.job_id in who.get(key, ()))))
        for bar in held
    ]


def _others(bar: RunOutBar) -> list[str]:
    return [key for key in consent.modules_of(bar.job.order_line) if key != bar.run_out.module]


def _given_out(module: str, there: Usable) -> list[Job]:
    """Who comes away with nothing."""
    in_cup = _weighed(module)
    open_bars = (
        Job.objects.filter(job_state__in=TO_BE_POURED, order_line__order__payment_state=PaymentState.PAID)
        .select_related("order_line__order")
        .defer("order_line__price_lines")
    )
    labelled = (
        open_bars.defer("order_line__labels") if there.is_for_all else open_bars.select_related("shipment")
    )
    missing = []
    for job in sorted(labelled, key=lambda job: (job.pk not in in_cup, job.due_on, job.pk)):
        needed = _needed(job, module)
        named = unnamed.named_for(job, module) if needed and not there.is_for_all else NOTHING
        if not there.give(needed, named):
            missing.append(job)
    return missing


def _weighed(module: str) -> set[int]:
    """Bars not kitted yet in whose cup it lies, from a lot that is not blocked."""
    doses = CupDose.objects.filter(module=module, job__job_state=JobState.QUEUED)
    blocked = doses.exclude(lot__blocked_at=None).values_list("job", flat=True)
    return set(doses.values_list("job", flat=True)) - set(blocked)


def _needed(job: Job, module: str) -> Milligrams:
    """What of it still has to go into the bar."""
    if job.job_state not in (TO_BE_POURED if module == job.base else TO_BE_WEIGHED):
        return 0
    return sum(portion["mg"] for portion in job.order_line.recipe if portion["module"] == module)
