"""Mails about accounts: a row each while it is owed, none once it is sent (docs/accounts.md).

A row names whom and why, never the key of a link: whoever looks into the outbox can open nobody's account.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from celery import shared_task
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from kombu.exceptions import OperationalError

from shop.account_mails import mail
from shop.models import AccountLetter

ATTEMPTS: Final = 10
FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(hours=2)
SWEPT_AT_ONCE: Final = 500
ERROR_SIGNS: Final = 2000

logger = logging.getLogger(__name__)


def owe(kind: str, email: str, user: User | None = None) -> AccountLetter:
    """In the language of the page that somebody reads."""
    at = timezone.now()
    letter = AccountLetter.objects.create(
        kind=kind, email=email, user=user, locale=(get_language() or "en")[:2], created_at=at, try_at=at
    )
    transaction.on_commit(partial(ring, [letter.pk]))
    return letter


def ring(letter_ids: Iterable[int]) -> None:
    """Never fails: what a broker that is away misses, the sweep rings again."""
    try:
        for letter_id in letter_ids:
            send.delay(letter_id)
    except OperationalError as away:
        logger.warning("The broker cannot be reached, the sweep will ring again: %s", away)
    except Exception:
        logger.exception("The broker takes no bells, the sweep will ring again")


@shared_task
def send(letter_id: int) -> None:
    """May run twice, in two workers at once: only who has moved its time on sends it."""
    letter = _claimed(letter_id, now=timezone.now())
    if letter is None:
        return
    try:
        written = mail(letter)
        if written is not None:
            written.send()
    except Exception as error:
        logger.exception("A mail about an account failed at attempt %s", letter.attempts)
        _fail(letter, error, now=timezone.now())
    else:
        letter.delete()


@shared_task(expires=60)
def sweep() -> int:
    """Rings again for what nobody picked up, or whose worker died."""
    patience = timedelta(seconds=2 * settings.WORK_SWEEP_SECONDS)
    waiting = due(timezone.now() - patience)
    letter_ids = list(waiting.order_by("try_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    ring(letter_ids)
    return len(letter_ids)


def again(letter: AccountLetter, *, now: datetime) -> None:
    """A person wants it tried once more."""
    AccountLetter.objects.filter(pk=letter.pk).update(stuck_at=None, attempts=0, try_at=now)
    transaction.on_commit(partial(ring, [letter.pk]))


def due(now: datetime) -> QuerySet[AccountLetter]:
    return _open().filter(try_at__lte=now)


def given_up() -> QuerySet[AccountLetter]:
    return AccountLetter.objects.exclude(stuck_at=None)


def failing() -> QuerySet[AccountLetter]:
    return AccountLetter.objects.exclude(last_error="")


def _open() -> QuerySet[AccountLetter]:
    return AccountLetter.objects.filter(stuck_at=None)


def _claimed(letter_id: int, *, now: datetime) -> AccountLetter | None:
    """For as long as a lease lasts nobody else takes it; a killed worker's runs out by itself."""
    lease = now + timedelta(seconds=settings.WORK_LEASE_SECONDS)
    if not due(now).filter(pk=letter_id).update(try_at=lease, attempts=F("attempts") + 1):
        return None
    return AccountLetter.objects.select_related("user").filter(pk=letter_id).first()


def _fail(letter: AccountLetter, error: Exception, *, now: datetime) -> None:
    pause: timedelta = FIRST_PAUSE * 2 ** (letter.attempts - 1)
    AccountLetter.objects.filter(pk=letter.pk).update(
        last_error=f"{type(error).__name__}: {error}"[:ERROR_SIGNS],
        try_at=now + min(pause, LONGEST_PAUSE),
        stuck_at=now if letter.attempts >= ATTEMPTS else None,
    )
