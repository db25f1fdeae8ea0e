"""Where each bar of an order is, in words for the customer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders.models.production import Job, JobEvent, JobState, ScrapReason

if TYPE_CHECKING:
    from orders.models import Order
    from orders.production.run_outs.books import Lack

WORDS: dict[str, Promise] = {
    JobState.QUEUED: _("Waiting for its turn in the kitchen"),
    JobState.KITTED: _("Its pieces are weighed"),
    JobState.MOULDED: _("The chocolate is in the mould"),
    JobState.TOPPED: _("The toppings are on"),
    JobState.COOLING: _("Cooling down"),
    JobState.DEMOULDED: _("Out of its mould"),
    JobState.CHECKED: _("Weighed and looked at"),
    JobState.WRAPPED: _("Wrapped"),
    JobState.PACKED: _("In the parcel"),
    JobState.SHIPPED: _("Shipped"),
}
ON_HOLD = _("It waits for an ingredient that has run out")
LEFT_OUT = _("Left out: an ingredient has run out, and you get its money back")
CANCELLED = _("Cancelled: it is not made, and you get its money back")
ONCE_MORE = _("Something was wrong with it, so we are making it once more.")
MADE_AGAIN = _("The first one did not meet our standard, so we are making it again.")
SWAPPED = _("An ingredient had run out: it is made with something else")
NOT_MADE: dict[str, Promise] = {
    ScrapReason.LEFT_OUT: LEFT_OUT,
    ScrapReason.CANCELLED: CANCELLED,
    ScrapReason.SWAPPED: SWAPPED,
}


@dataclass(frozen=True, slots=True)
class Milestone:
    state: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BarProgress:
    """One physical bar. ``milestones`` tell its way from the first job to the one that counts."""

    code: str
    """Of its job."""
    line_id: int
    index: int
    of: int
    name: str
    state: str
    words: str
    since: datetime
    remakes: int
    remake_words: str
    milestones: tuple[Milestone, ...]
    cancelled: bool = False
    """By the customer, before anything was made of it."""
    waits: bool = False
    """On hold: something is missing."""
    swapped: bool = False
    """Made with something else than was ordered."""

    @property
    def shipped(self) -> bool:
        return self.state == JobState.SHIPPED

    @property
    def left_out(self) -> bool:
        """Of the takes of a bar the last one counts, and a bar that failed has another."""
        return self.state == JobState.SCRAPPED


def progress(order: Order) -> tuple[BarProgress, ...]:
    """Every bar in the order of the lines; two queries, however many bars. Empty until paid."""
    jobs = (
        Job.objects.filter(order_line__order=order)
        .select_related("order_line__instead_of")
        .prefetch_related("events")
        .order_by(Coalesce("order_line__instead_of", "order_line"), "index", "pk")
    )
    bars = groupby(jobs, key=lambda job: (job.ordered_line.pk, job.index))
    return tuple(_bar(list(takes)) for _bar_of_line, takes in bars)


def naming(bars: Iterable[BarProgress], lacks: Iterable[Lack], language: str) -> tuple[BarProgress, ...]:
    """The same bars, and of those that wait for it what has run out."""
    missing = {lack.job.code: _missing(lack, language) for lack in lacks}
    return tuple(replace(bar, words=missing.get(bar.code, bar.words)) for bar in bars)


def is_shipped(bars: Iterable[BarProgress]) -> bool:
    bars = tuple(bar for bar in bars if not bar.left_out)
    return bool(bars) and all(bar.shipped for bar in bars)


def is_cancelled(bars: Iterable[BarProgress]) -> bool:
    """As a whole."""
    bars = tuple(bars)
    return bool(bars) and all(bar.cancelled for bar in bars)


def is_untouched(bars: Iterable[BarProgress]) -> bool:
    """Nothing has been made, and something still would be; as refunds.is_begun asks of the tables."""
    bars = tuple(bars)
    not_begun = {JobState.QUEUED, JobState.SCRAPPED}
    never_begun = ({milestone.state for milestone in bar.milestones} <= not_begun for bar in bars)
    return all(never_begun) and any(bar.state == JobState.QUEUED for bar in bars)


def _missing(lack: Lack, language: str) -> str:
    return ngettext(
        "It waits for an ingredient that has run out: %(gone)s",
        "It waits for ingredients that have run out: %(gone)s",
        len(lack.modules),
    ) % {"gone": lack.names(language)}


def _bar(takes: list[Job]) -> BarProgress:
    job = takes[-1]
    events = [event for take in takes for event in steps_that_count(take.events.all())]
    remakes = len([take for take in takes if not take.is_swapped]) - 1
    return BarProgress(
        code=job.code,
        line_id=job.ordered_line.pk,
        index=job.index,
        of=job.ordered_line.quantity,
        name=job.order_line.name,
        state=job.job_state,
        words=_words(job),
        since=events[-1].at,
        remakes=remakes,
        remake_words=_remake_words(takes),
        milestones=tuple(_milestone(event) for event in events),
        cancelled=job.is_cancelled,
        waits=job.on_hold_since is not None and job.job_state != JobState.SCRAPPED,
        swapped=job.order_line.instead_of_id is not None,
    )


def steps_that_count(events: Iterable[JobEvent]) -> list[JobEvent]:
    """Without those that were taken back, and the taking back."""
    events = list(events)
    taken_back = {event.undoes_id for event in events}
    return [event for event in events if event.undoes_id is None and event.pk not in taken_back]


def _remake_words(takes: list[Job]) -> str:
    takes = [take for take in takes if not take.is_swapped]
    if len(takes) == 1:
        return ""
    return str(ONCE_MORE if takes[-2].job_state == JobState.SHIPPED else MADE_AGAIN)


def _words(job: Job) -> str:
    if job.is_left_out:
        return str(NOT_MADE[job.scrap_reason])
    return str(ON_HOLD if job.on_hold_since else WORDS[job.job_state])


def _milestone(event: JobEvent) -> Milestone:
    scrapped = NOT_MADE.get(event.note, MADE_AGAIN)
    words = scrapped if event.to_state == JobState.SCRAPPED else WORDS[event.to_state]
    return Milestone(event.to_state, str(words), event.at)
