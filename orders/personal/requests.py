"""Copies and erasures that were asked for: a row each, done by the worker, seen by whoever asked."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from celery import shared_task
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from orders.models import PersonalRequest
from orders.personal import copying, forgetting
from orders.personal.account import sessions_of
from orders.personal.open_matters import StillOpen
from orders.personal.people import Person, asking

COPY_KEPT: Final = timedelta(days=7)
"""So long it can be fetched."""
PROOF_KEPT: Final = timedelta(days=3 * 365)
"""That somebody unnamed was forgotten, and when: until nobody can claim otherwise any more."""
PAUSE: Final = timedelta(minutes=5)
LOOK_AGAIN: Final = timedelta(days=1)
"""Where something came up after the button was pressed: until it is settled."""
FAILURES_MOST: Final = 5
AT_ONCE: Final = 100

Kind = PersonalRequest.Kind
logger = logging.getLogger(__name__)


def ask_for_copy(person: Person, *, locale: str, at: datetime) -> PersonalRequest:
    """The one that is on its way, if there is one."""
    under_way = of_person(person).filter(kind=Kind.COPY, done_at=None).first()
    return under_way or _asked(Kind.COPY, person, locale, at)


def ask_to_forget(person: Person, *, locale: str, at: datetime, by: User | None = None) -> PersonalRequest:
    """Raises nothing for what is open: whoever presses has been told, and the worker looks once more."""
    with transaction.atomic():
        request = _asked(Kind.ERASURE, person, locale, at, by)
        request.kept = [[number, day.isoformat()] for number, day in forgetting.what_stays(person)]
        request.save(update_fields=["kept"])
        if person.user:
            _close(person.user)
    return request


def of_person(person: Person) -> QuerySet[PersonalRequest]:
    mine = Q(user=person.user) if person.user else person.wrote("email") & Q(user=None)
    return PersonalRequest.objects.filter(mine)


def is_ready(request: PersonalRequest, at: datetime) -> bool:
    return bool(request.file) and request.done_at is not None and at < request.done_at + COPY_KEPT


def papers_kept(request: PersonalRequest) -> list[tuple[str, date]]:
    """As it was told when the button was pressed."""
    return [(number, date.fromisoformat(day)) for number, day in request.kept]


def failing() -> QuerySet[PersonalRequest]:
    return PersonalRequest.objects.filter(done_at=None, failures__gt=0)


def due(at: datetime) -> QuerySet[PersonalRequest]:
    return PersonalRequest.objects.filter(done_at=None, look_at__lte=at, failures__lt=FAILURES_MOST)


def given_up() -> QuerySet[PersonalRequest]:
    return failing().filter(failures__gte=FAILURES_MOST)


def again(request: PersonalRequest, *, at: datetime) -> None:
    """A person wants it tried once more."""
    PersonalRequest.objects.filter(pk=request.pk, done_at=None).update(failures=0, look_at=at)
    ring_on_commit([request.pk])


def sweep(at: datetime) -> None:
    """Rings for what nobody picked up, and clears away what its time is over for."""
    ring_on_commit(due(at).values_list("pk", flat=True)[:AT_ONCE])
    for request in PersonalRequest.objects.exclude(file="").filter(done_at__lte=at - COPY_KEPT)[:AT_ONCE]:
        default_storage.delete(request.file)
        request.delete()
    PersonalRequest.objects.filter(kind=Kind.ERASURE, done_at__lte=at - PROOF_KEPT).delete()


@shared_task
def carry_out(request_id: int) -> None:
    """May run twice, in two workers at once: only who has moved its time on does it."""
    at = timezone.now()
    lease = at + timedelta(seconds=settings.WORK_LEASE_SECONDS)
    mine = PersonalRequest.objects.filter(pk=request_id, done_at=None, look_at__lte=at)
    if not mine.update(look_at=lease):
        return
    request = PersonalRequest.objects.select_related("user").get(pk=request_id)
    try:
        WAYS[Kind(request.kind)](request, at)
    except StillOpen:
        PersonalRequest.objects.filter(pk=request_id).update(look_at=at + LOOK_AGAIN)
    except Exception as error:  # noqa: BLE001  # whatever it is, staff see it and it is tried again
        # Its words may name somebody: the log learns of what kind it was, and where.
        where = traceback.extract_tb(error.__traceback__)[-1]
        logger.error(  # noqa: TRY400
            "%s %s failed: %s in %s", request.kind, request.pk, type(error).__name__, where.name
        )
        PersonalRequest.objects.filter(pk=request_id).update(
            failures=F("failures") + 1, last_error=type(error).__name__, look_at=at + PAUSE
        )


def ring_on_commit(request_ids: Iterable[int]) -> None:
    transaction.on_commit(partial(_ring, tuple(request_ids)))


def _ring(request_ids: Iterable[int]) -> None:
    try:
        for request_id in request_ids:
            carry_out.delay(request_id)
    except OperationalError as away:
        logger.warning("The broker cannot be reached, the sweep will ring again: %s", away)


def _asked(kind: Kind, person: Person, locale: str, at: datetime, by: User | None = None) -> PersonalRequest:
    request = PersonalRequest.objects.create(
        kind=kind,
        user=person.user,
        email="" if person.user else next(iter(person.emails), ""),
        browser={name: list(getattr(person, name)) for name in ("makers", "carts", "photos")},
        locale=locale,
        by=by,
        asked_at=at,
        look_at=at,
    )
    ring_on_commit([request.pk])
    return request


def _close(user: User) -> None:
    """Nobody orders with an account that is being forgotten."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    for session in sessions_of(user):
        session.expire_date = timezone.now()
        session.save(update_fields=["expire_date"])


def _copy(request: PersonalRequest, at: datetime) -> None:
    with copying.write(
        asking(request), locale=request.locale, at=at, progress=partial(_progress, request)
    ) as written:
        stored = default_storage.save(f"copies/{request.key}.zip", File(written))
    PersonalRequest.objects.filter(pk=request.pk).update(file=stored, done_at=timezone.now(), last_error="")


def _forget(request: PersonalRequest, at: datetime) -> None:
    person = asking(request)
    _forget_copies(request, person)
    forgetting.forget(person, at=at, progress=partial(_progress, request))
    PersonalRequest.objects.filter(pk=request.pk).update(
        user=None, email="", browser={}, last_error="", done_at=timezone.now()
    )


def _forget_copies(request: PersonalRequest, person: Person) -> None:
    """Fetched or not."""
    others = of_person(person) | PersonalRequest.objects.filter(person.wrote("email"))
    for other in others.exclude(pk=request.pk):
        if other.file:
            default_storage.delete(other.file)
        other.delete()


def _progress(request: PersonalRequest, done: int, parts: int) -> None:
    PersonalRequest.objects.filter(pk=request.pk).update(done_parts=done, parts=parts)


WAYS: Final = {Kind.COPY: _copy, Kind.ERASURE: _forget}
