"""One bar at a time: whoever takes one up at a station has it, and nobody else is given the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from orders.models.equipment import Equipment, Station
from orders.models.in_hand import InHand
from orders.models.production import Job, JobState
from orders.production import line, steps
from orders.production.refusals import StepRefused

if TYPE_CHECKING:
    from django.contrib.auth.models import User

HELD_FOR: Final = timedelta(minutes=20)
"""Then its holder has gone, and anybody may be given the bar."""
TRIED: Final = 20


class NotHere(StepRefused):
    """The scanned bar belongs at another station, or nowhere."""


class InOtherHands(StepRefused):
    """Somebody else has just this bar before them."""


class CupBegun(StepRefused):
    """What is weighed already belongs into the cup of the bar in hand."""


def in_hand(station: Station, *, by: User) -> Job | None:
    """What this person has taken up there, as long as it still waits there."""
    mine = InHand.objects.filter(station=station, by=by).values_list("job_id", flat=True).first()
    if mine is None:
        return None
    return line.with_all(line.at_station(station)).filter(pk=mine).first()


def take_next(station: Station, *, place: Equipment | None, by: User, at: datetime) -> Job | None:
    """The first of the line that nobody has; None when there is none."""
    free = free_line(station, place=place, by=by, at=at)
    return next((job for job in free[:TRIED] if _taken(job, station, by=by, at=at)), None)


def take(job: Job, station: Station, *, by: User, at: datetime, over: bool = False) -> None:
    """This very bar, because it was scanned. Raises NotHere, InOtherHands, CupBegun."""
    _refuse_elsewhere(job, station)
    _refuse_begun_cup(job, station, by)
    if over:
        InHand.objects.filter(job=job, station=station).delete()
    if not _taken(job, station, by=by, at=at):
        holder = InHand.objects.filter(job=job, station=station).select_related("by").first()
        raise InOtherHands(
            _("%(who)s has %(code)s in hand since %(time)s. Take another bar.")
            % {
                "who": holder.by if holder else _("Somebody else"),
                "code": job.code,
                "time": date_format(localtime(holder.since if holder else at), "H:i"),
            }
        )


def put_down(station: Station, *, by: User) -> None:
    InHand.objects.filter(station=station, by=by).delete()


def free_line(station: Station, *, place: Equipment | None = None, by: User, at: datetime) -> QuerySet[Job]:
    """The line without what others have in hand; of a parcel that somebody packs, nothing."""
    held = InHand.objects.filter(station=station, since__gt=at - HELD_FOR).exclude(by=by)
    others = (
        held.filter(job__shipment=OuterRef("shipment"))
        if station == Station.PACKING
        else held.filter(job=OuterRef("pk"))
    )
    return line.line(station, place=place, at=at, today=localdate(at)).exclude(Exists(others))


def _taken(job: Job, station: Station, *, by: User, at: datetime) -> bool:
    with transaction.atomic():
        InHand.objects.filter(station=station, by=by).delete()
        InHand.objects.filter(station=station, job=job, since__lte=at - HELD_FOR).delete()
        # The database lets one of two win who reach for it at the same moment.
        InHand.objects.bulk_create([InHand(job=job, station=station, by=by, since=at)], ignore_conflicts=True)
        is_mine = InHand.objects.filter(job=job, station=station, by=by).exists()
        # Whoever is too late keeps what they had.
        transaction.set_rollback(not is_mine)
    return is_mine


def _refuse_elsewhere(job: Job, station: Station) -> None:
    if line.at_station(station).filter(pk=job.pk).exists():
        return
    if not job.order_line.order.is_paid or job.is_left_out:
        raise NotHere(
            _("%(code)s is not made any more: put it aside and ask the office.") % {"code": job.code}
        )
    if job.job_state == JobState.SCRAPPED:
        raise NotHere(
            _("%(code)s was scrapped: put it aside. Its remake has the ticket %(remake)s.")
            % {"code": job.code, "remake": job.remake.code}
        )
    to = steps.next_step(job)
    if to is None:
        raise NotHere(_("%(code)s has left the house. Look which bar lies before you.") % {"code": job.code})
    raise NotHere(
        _("%(code)s does not belong here yet, or no more: it is %(state)s. Take it to %(station)s.")
        % {
            "code": job.code,
            "state": str(JobState(job.job_state).label).lower(),
            "station": line.station_of(to).label,
        }
    )


def _refuse_begun_cup(job: Job, station: Station, by: User) -> None:
    if station != Station.KITTING:
        return
    begun = Job.objects.filter(
        in_hands__station=station, in_hands__by=by, job_state=JobState.QUEUED, doses__isnull=False
    )
    other = begun.exclude(pk=job.pk).first()
    if other:
        raise CupBegun(
            _("In the cup before you lies a part of %(code)s. Finish it, or give it back, and scan again.")
            % {"code": other.code}
        )
