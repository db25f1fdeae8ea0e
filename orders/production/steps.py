"""The only place where a job moves: which step may follow which, and who took it.

Every step locks the order first, so that bars of one parcel cannot move past each other, and then
updates the job only from the state it must be in, so that no step is taken twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from configurator.catalogue.families import family_under
from configurator.domain.family import Milligrams
from orders import letters, stock
from orders.models.order import Order, OrderLine
from orders.models.production import Job, JobEvent, JobState, ScrapReason
from orders.models.shipment import Shipment
from orders.production import gates, labels, pouring, used_up
from orders.production.gates import Passage, Told
from orders.production.in_hand import locked
from orders.production.refusals import (
    NotWeighed,
    OnHold,
    OrderIsClosed,
    PackedBeforeAllWrapped,
    ScrappedTooEarly,
    ScrappedTooLate,
    ScrappedWithoutReason,
    ShippedBeforeAllPacked,
    ShippedBeforeAllScanned,
    StepNotTakenBack,
    StepOutOfTurn,
    StepRefused,
    StepTaken,
)
from orders.production.release import release_remake, release_stand_in

if TYPE_CHECKING:
    from django.contrib.auth.models import User

WAY = (
    JobState.QUEUED,
    JobState.KITTED,
    JobState.MOULDED,
    JobState.TOPPED,
    JobState.COOLING,
    JobState.DEMOULDED,
    JobState.CHECKED,
    JobState.WRAPPED,
    JobState.PACKED,
    JobState.SHIPPED,
)
OF_CHOCOLATE_ALONE = {
    *(JobState.MOULDED, JobState.TOPPED, JobState.COOLING, JobState.DEMOULDED, JobState.CHECKED),
}
WAY_OF_A_BOX = tuple(state for state in WAY if state not in OF_CHOCOLATE_ALONE)
"""Samples are weighed into their bags, and that is all."""
REASON_SIGNS = 200
TAKEN_BACK: Final = tuple(WAY[WAY.index(JobState.KITTED) : WAY.index(JobState.SHIPPED)])
TAKEN_BACK_WITHIN: Final = timedelta(minutes=10)
NOTHING_TOLD: Final = Told()
NO_GATE: Final = Passage()

BUTTONS: dict[str, Promise] = {
    JobState.KITTED: gettext_lazy("Kitted: every piece is weighed"),
    JobState.MOULDED: gettext_lazy("Moulded: the chocolate is poured"),
    JobState.TOPPED: gettext_lazy("Topped: every piece is on"),
    JobState.COOLING: gettext_lazy("Cooling: it is in the cabinet"),
    JobState.DEMOULDED: gettext_lazy("Demoulded: it is out of its mould"),
    JobState.CHECKED: gettext_lazy("Checked: weighed and looked at"),
    JobState.WRAPPED: gettext_lazy("Wrapped: its own label is on it"),
    JobState.PACKED: gettext_lazy("Packed: it is in the parcel"),
    JobState.SHIPPED: gettext_lazy("Shipped: the parcel has left"),
}


@dataclass(frozen=True, slots=True)
class Scrap:
    remake: Job
    first_time: bool


def next_step(job: Job) -> str | None:
    return dict(pairwise(way_of(job))).get(JobState(job.job_state))


def way_of(job: Job) -> tuple[JobState, ...]:
    return WAY if family_under(job.order_line.family_version).is_bar else WAY_OF_A_BOX


def advance(job: Job, to: str, *, by: User, at: datetime, told: Told = NOTHING_TOLD) -> bool:
    """True when the job moved, False when the same person already took this very step.

    Bars are packed one by one, once all of the parcel are wrapped; the parcel ships as a whole.
    """
    with transaction.atomic():
        job = locked(job, "shipment")
        if _already_told(job, to, told) or _already_taken(job, to, by):
            return False
        _refuse_closed(job.order_line.order)
        _refuse_out_of_turn(job, to)
        bars = _bars_to_move(job, to)
        for bar in bars:
            _refuse_held(bar)
        if to in gates.WRAPPED_UP:
            _refuse_unscanned(bars)
        passage = gates.passage(job, to, told, by=by, at=at)
        if passage.run:
            pouring.pour_from(job, passage.run.temperer_id, by=by, at=at)
        for bar in bars:
            _refuse_unweighed(bar, to, at)
            key = told.key if bar.pk == job.pk else None
            _move(bar, to, by=by, at=at, passage=passage, weight_mg=told.weight_mg, key=key)
            used_up.take(bar, to, at=at)
        if to == JobState.KITTED:
            letters.begun(job.order_line.order, at=at)
        if to == JobState.SHIPPED:
            Shipment.objects.filter(pk=job.shipment_id, shipped_at=None).update(shipped_at=at)
            letters.shipped(job.shipment, at=at)
    return True


def scrap(job: Job, reason: str, *, by: User, at: datetime) -> Scrap:
    """The bar failed where it is now; exactly one remake takes its place."""
    reason = " ".join(reason.split())[:REASON_SIGNS]
    with transaction.atomic():
        job = locked(job, "shipment")
        _refuse_left_out(job)
        if _already_taken(job, JobState.SCRAPPED, by):
            return Scrap(Job.objects.get(remake_of=job), first_time=False)
        _refuse_closed(job.order_line.order)
        _refuse_scrap(job, reason)
        station = job.job_state
        _move(job, JobState.SCRAPPED, by=by, at=at, note=reason, scrap_reason=reason, scrap_station=station)
        return Scrap(release_remake(job, at=at), first_time=True)


def take_back(job: Job, *, by: User, at: datetime) -> str:
    """The last step was a slip: whoever took it takes it back, soon. The state that the bar is in again."""
    with transaction.atomic():
        job = locked(job, "shipment")
        _refuse_closed(job.order_line.order)
        last = _last_step(job)
        if last is None or job.job_state not in TAKEN_BACK:
            raise StepNotTakenBack(_("There is no step of this bar that can be taken back."))
        if last.by != by:
            raise StepNotTakenBack(
                _("%(who)s took this step, and only they take it back.") % {"who": last.by or _("The shop")}
            )
        if at - last.at > TAKEN_BACK_WITHIN:
            raise StepNotTakenBack(_("This step is too long ago to be taken back. Ask the office."))
        _move(job, last.from_state, by=by, at=at, undoes=last)
        if last.to_state == JobState.MOULDED:
            Job.objects.filter(pk=job.pk).update(run=None)
    return last.from_state


def can_be_taken_back(job: Job, *, by: User, at: datetime) -> bool:
    last = _last_step(job) if job.job_state in TAKEN_BACK else None
    return last is not None and last.by == by and at - last.at <= TAKEN_BACK_WITHIN


def _last_step(job: Job) -> JobEvent | None:
    """That still counts."""
    steps = JobEvent.objects.select_related("by").filter(job=job, undoes=None, undone_by=None)
    return steps.exclude(from_state="").order_by("-pk").first()


def hold(job: Job, reason: str, *, by: User | None, at: datetime) -> bool:
    """The bar waits where it is, and its parcel with it. False when it was on hold before.

    By nobody, when the books say that there is not enough.
    """
    with transaction.atomic():
        job = locked(job, "shipment")
        _refuse_closed(job.order_line.order)
        if next_step(job) is None:
            raise StepOutOfTurn(_("Nothing more is made of this bar, so it cannot be put on hold."))
        waiting = Job.objects.filter(pk=job.pk, on_hold_since=None)
        return bool(waiting.update(on_hold_since=at, hold_reason=reason[:REASON_SIGNS], held_by=by))


def go_on(job: Job) -> bool:
    """What was missing is there. False when it was not on hold."""
    held = Job.objects.filter(pk=job.pk).exclude(on_hold_since=None)
    return bool(held.update(on_hold_since=None, hold_reason="", held_by=None))


def leave_out(job: Job, *, by: User | None, at: datetime) -> bool:
    """A bar on hold is not made at all, and its parcel goes without it. False when it was left out before."""
    with transaction.atomic():
        job = locked(job, "shipment")
        if job.is_left_out:
            return False
        _refuse_closed(job.order_line.order)
        if job.on_hold_since is None or next_step(job) is None:
            raise StepOutOfTurn(_("Only a bar that is on hold can be left out."))
        stock.give_back_bar(job, at=at)
        reason, station = ScrapReason.LEFT_OUT.value, job.job_state
        _move(job, JobState.SCRAPPED, by=by, at=at, note=reason, scrap_reason=reason, scrap_station=station)
    return True


def swap(job: Job, line: OrderLine, *, at: datetime) -> Job:
    """A bar on hold that nobody has begun is made by another line of its order instead. Raises OutOfStock."""
    with transaction.atomic():
        job = locked(job, "shipment")
        _refuse_closed(job.order_line.order)
        if job.on_hold_since is None or job.job_state != JobState.QUEUED:
            raise StepOutOfTurn(
                _("Only a bar on hold that nobody has begun can be made with something else.")
            )
        reason, station = ScrapReason.SWAPPED.value, JobState.QUEUED.value
        _move(job, JobState.SCRAPPED, by=None, at=at, note=reason, scrap_reason=reason, scrap_station=station)
        stand_in = release_stand_in(job, line, at=at)
        stock.move_promise(job, stand_in, at=at)
        return stand_in


def cancel(jobs: QuerySet[Job], *, at: datetime) -> list[Job]:
    """The customer wants these bars no more; under their order's lock. Which of them had not been begun."""
    waiting = list(jobs.filter(job_state=JobState.QUEUED).select_related("order_line__order", "shipment"))
    reason, queued = ScrapReason.CANCELLED.value, JobState.QUEUED.value
    Job.objects.filter(pk__in=[job.pk for job in waiting], job_state=queued).update(
        job_state=JobState.SCRAPPED, scrap_reason=reason, scrap_station=queued
    )
    JobEvent.objects.bulk_create(
        JobEvent(job=job, from_state=queued, to_state=JobState.SCRAPPED, at=at, note=reason)
        for job in waiting
    )
    return waiting


def bars_in_the_making(shipment_id: int) -> QuerySet[Job]:
    """The jobs that count: one for each bar of the parcel."""
    return Job.objects.filter(shipment_id=shipment_id).exclude(job_state=JobState.SCRAPPED)


def _already_told(job: Job, to: str, told: Told) -> bool:
    """The same message once more, from a station that did not hear our answer."""
    event = told.key and JobEvent.objects.filter(key=told.key).first()
    if not event:
        return False
    if (event.job_id, event.to_state) != (job.pk, to):
        raise StepTaken(_("This message was used for another step. Scan the bar again."))
    return True


def _already_taken(job: Job, to: str, by: User) -> bool:
    counts = JobEvent.objects.filter(job=job, to_state=to, undoes=None, undone_by=None)
    event = counts.select_related("by").first()
    if event is None:
        return False
    if event.by == by:
        return True
    raise StepTaken(
        _("%(who)s already marked this bar as %(state)s at %(time)s.")
        % {
            "who": event.by or _("The shop"),
            "state": _word(to),
            "time": date_format(localtime(event.at), "H:i"),
        }
    )


def _refuse_closed(order: Order) -> None:
    if not order.is_paid:
        raise OrderIsClosed(
            _("The order is %(state)s: put the bar aside and ask the office.")
            % {"state": order.get_payment_state_display()}
        )


def _refuse_out_of_turn(job: Job, to: str) -> None:
    _refuse_left_out(job)
    if job.is_swapped:
        raise StepOutOfTurn(
            _("This bar is made with something else instead. Take the ticket %(code)s.")
            % {"code": job.remake.code}
        )
    if job.job_state == JobState.SCRAPPED:
        raise StepOutOfTurn(
            _("This bar was scrapped. Its remake has the ticket %(code)s.") % {"code": job.remake.code}
        )
    if next_step(job) == to:
        return
    if next_step(job) is None:
        raise StepOutOfTurn(_("This bar has left the house; nothing more can be done with it here."))
    raise StepOutOfTurn(
        _("This bar is %(now)s. Its next step is: %(next)s.")
        % {"now": _word(job.job_state), "next": _word(str(next_step(job)))}
    )


def _refuse_held(job: Job) -> None:
    if job.on_hold_since is not None:
        raise OnHold(_("%(code)s is on hold. Let it go on first.") % {"code": job.code})


def _refuse_unweighed(job: Job, to: str, at: datetime) -> None:
    lacking = used_up.lacking(job, to, today=localdate(at))
    if lacking:
        raise NotWeighed(lacking)


def _refuse_unscanned(bars: list[Job]) -> None:
    codes = labels.unscanned(bars)
    if codes:
        raise ShippedBeforeAllScanned(
            _("Nobody has scanned the label on %(codes)s. Take the step “Wrapped” back, and scan it.")
            % {"codes": ", ".join(codes)}
        )


def _bars_to_move(job: Job, to: str) -> list[Job]:
    shipment_id = job.shipment_id
    if to == JobState.PACKED:
        _refuse_unless_all(shipment_id, WAY[WAY.index(JobState.WRAPPED) :], PackedBeforeAllWrapped)
    if to == JobState.SHIPPED:
        _refuse_unless_all(shipment_id, (JobState.PACKED,), ShippedBeforeAllPacked)
        return list(bars_in_the_making(shipment_id).order_by("pk"))
    return [job]


def _refuse_unless_all(shipment_id: int, states: tuple[str, ...], refusal: type[StepRefused]) -> None:
    behind = bars_in_the_making(shipment_id).exclude(job_state__in=states).order_by("pk")
    codes = list(behind.values_list("code", flat=True))
    if not codes:
        return
    raise refusal(
        ngettext(
            "The bars of a parcel travel together, and %(count)d of them is not %(state)s yet: %(codes)s.",
            "The bars of a parcel travel together, and %(count)d of them are not %(state)s yet: %(codes)s.",
            len(codes),
        )
        % {"count": len(codes), "state": _word(states[0]), "codes": ", ".join(codes)}
    )


def _refuse_left_out(job: Job) -> None:
    if job.is_left_out:
        words = (
            _("The customer has cancelled this bar: it is not made, and its money goes back.")
            if job.is_cancelled
            else _("This bar was left out: it is not made, and its money goes back.")
        )
        raise StepOutOfTurn(words)


def _refuse_scrap(job: Job, reason: str) -> None:
    if not reason:
        raise ScrappedWithoutReason(_("Say what went wrong, so that it can be put right."))
    match job.job_state:
        case JobState.SCRAPPED:
            raise StepOutOfTurn(_("This bar was scrapped before."))
        case JobState.SHIPPED:
            raise ScrappedTooLate(_("This bar has left the house; it cannot be scrapped here any more."))
        case JobState.QUEUED:
            raise ScrappedTooEarly(_("Nothing has been made of this bar yet, so there is nothing to scrap."))


def _move(
    job: Job,
    to: str,
    *,
    by: User | None,
    at: datetime,
    note: str = "",
    passage: Passage = NO_GATE,
    weight_mg: Milligrams | None = None,
    key: UUID | None = None,
    undoes: JobEvent | None = None,
    **columns: Any,
) -> None:
    was = job.job_state
    if passage.run is not None:
        columns["run"] = passage.run
    moved = Job.objects.filter(pk=job.pk, job_state=was).update(job_state=to, **columns)
    if not moved:
        raise StepTaken(_("Somebody else has just moved this bar. Scan it again."))
    JobEvent.objects.create(
        job=job, from_state=was, to_state=to, by=by, at=at, note=note,
        equipment=passage.equipment, weight_mg=weight_mg, key=key, undoes=undoes,
    )  # fmt: skip


def _word(state: str) -> str:
    return str(JobState(state).label).lower()
