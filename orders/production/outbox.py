"""Who does a piece of pending work, and what becomes of it: every change is a conditional update.

A lease is taken before the work and given back after it. Between the two nothing is locked, so
the work may talk to the outside for as long as the lease lasts; a killed worker's lease runs out
and the sweep rings again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from configurator.purposes import Purpose
from orders.models.work import PendingWork

ATTEMPTS = 10
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=2)
ERROR_SIGNS = 2000
SWEPT_AT_ONCE = 500


def claim(work_id: int, *, now: datetime) -> PendingWork | None:
    """The work under a new lease, or None when it is done, leased, paused or given up."""
    lease = uuid.uuid4()
    claimed = (
        _open(now)
        .filter(pk=work_id, try_at__lte=now, attempts__lt=ATTEMPTS)
        .update(
            lease=lease,
            leased_until=now + timedelta(seconds=settings.WORK_LEASE_SECONDS),
            attempts=F("attempts") + 1,
        )
    )
    if not claimed:
        return None
    owed = PendingWork.objects.select_related(
        "job__order_line__order",
        "job__order_line__box",
        "job__shipment",
        "order",
        "refund__payment__order",
        "shipment__order",
        "payment__order",
        "gift_card__order",
        "message__order",
        "reminder__design",
        "reminder_day__reminder__design",
        "run_out__order",
    )
    return owed.get(pk=work_id, lease=lease)


def finish(work: PendingWork, *, now: datetime) -> bool:
    """False when the lease ran out meanwhile and another worker took over."""
    return bool(_held(work).update(done_at=now, lease=None, leased_until=None, last_error=""))


def fail(work: PendingWork, error: Exception, *, now: datetime) -> bool:
    words = f"{type(error).__name__}: {error}"[:ERROR_SIGNS]
    given_up = now if work.attempts >= ATTEMPTS else None
    return bool(
        _held(work).update(
            last_error=words,
            try_at=now + pause_after(work.attempts),
            stuck_at=given_up,
            lease=None,
            leased_until=None,
        )
    )


def pause_after(attempts: int) -> timedelta:
    """30 s, 1 min, 2 min ... 2 h: ten attempts outlast an evening without mail."""
    doubled: timedelta = FIRST_PAUSE * 2 ** (attempts - 1)
    return min(doubled, LONGEST_PAUSE)


def unheard(*, now: datetime, purposes: Iterable[Purpose] = Purpose) -> list[PendingWork]:
    """Work that is due and whose bell nobody answered; each is marked as rung again.

    So many of each purpose: a flood of pictures makes no ticket wait.
    """
    _give_up_on_what_kills_its_worker(now)
    owed = [work for purpose in purposes for work in _forgotten(purpose, now)]
    PendingWork.objects.filter(pk__in=[work.pk for work in owed]).update(rung_at=now)
    return owed


def due(now: datetime) -> QuerySet[PendingWork]:
    """Waits for a worker: neither in hand, nor paused until later."""
    return _open(now).filter(try_at__lte=now)


def _forgotten(purpose: Purpose, now: datetime) -> QuerySet[PendingWork]:
    patience = timedelta(seconds=2 * settings.WORK_SWEEP_SECONDS)
    kinds = [kind for kind, of in PendingWork.PURPOSES.items() if of == purpose]
    forgotten = due(now).filter(kind__in=kinds, rung_at__lte=now - patience)
    return forgotten.order_by("rung_at", "pk").only("pk", "kind")[:SWEPT_AT_ONCE]


def try_again(work_ids: Sequence[int], *, now: datetime) -> list[PendingWork]:
    """A person asks for what was given up: the attempts start anew."""
    stuck = PendingWork.objects.filter(pk__in=work_ids, done_at=None).exclude(stuck_at=None)
    revived = list(stuck)
    stuck.update(stuck_at=None, attempts=0, try_at=now, rung_at=now)
    return revived


def send_again(work: PendingWork, *, now: datetime) -> bool:
    """A person wants a letter to go once more, sent or not. False while a worker has it, or for a second press."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    known = PendingWork.objects.filter(free, pk=work.pk, sendings=work.sendings)
    again = known.update(
        sendings=F("sendings") + 1,
        done_at=None,
        stuck_at=None,
        last_error="",
        attempts=0,
        lease=None,
        leased_until=None,
        try_at=now,
        rung_at=now,
    )
    return bool(again)


def failing() -> QuerySet[PendingWork]:
    """What staff should see: given up, or failed at least once and still to be done."""
    return PendingWork.objects.filter(done_at=None).filter(~Q(stuck_at=None) | ~Q(last_error=""))


def _open(now: datetime) -> QuerySet[PendingWork]:
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return PendingWork.objects.filter(free, done_at=None, stuck_at=None)


def _held(work: PendingWork) -> QuerySet[PendingWork]:
    return PendingWork.objects.filter(pk=work.pk, lease=work.lease)


def _give_up_on_what_kills_its_worker(now: datetime) -> None:
    _open(now).filter(attempts__gte=ATTEMPTS).update(
        stuck_at=now,
        lease=None,
        leased_until=None,
        last_error=_("The worker died at every attempt."),
    )
