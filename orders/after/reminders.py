"""The same bar again on a day: a mail two weeks before it, once or every year. Nobody is ever sold anything by it.

Nobody is written to who has not said so: the first mail asks, and only its button sets the reminder.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.timezone import localdate

from configurator.models import Design
from orders import letters
from orders.account.account_orders import proven_addresses
from orders.after.reminder_days import next_day
from orders.models import PendingWork, Reminder, ReminderDay
from orders.models.reminders import AHEAD
from orders.production import outbox
from orders.tasks import ring_on_commit

ASKED_FOR: Final = timedelta(days=14)
"""So long a link that asks is good."""
ASK_AGAIN_AFTER: Final = timedelta(minutes=10)
KEPT_AFTER_THE_END: Final = timedelta(days=90)
BATCH: Final = 500

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to be told of which day, and in what language."""

    email: str
    on: date
    yearly: bool
    occasion: str
    locale: str
    currency: str

    def first_day(self, today: date) -> date:
        """The first of which a mail can come in time."""
        return next_day(self.on.month, self.on.day, after=today + AHEAD) if self.yearly else self.on


def ask(design: Design, wish: Wish, *, is_theirs: bool, at: datetime) -> Reminder:
    """Set at once where we know that the address is theirs; else a mail asks. The same wish twice is one."""
    reminder = _found_or_made(design, wish, at)
    if is_theirs:
        confirm(reminder, at=at)
    else:
        _ask_by_mail(reminder, at)
    return reminder


def confirm(reminder: Reminder, *, at: datetime) -> bool:
    """False for a second press, and for what was ended meanwhile."""
    waiting = Reminder.objects.filter(pk=reminder.pk, confirmed_at=None, ended_at=None)
    confirmed = waiting.update(confirmed_at=at, next_on=_first_left(reminder, localdate(at)))
    reminder.refresh_from_db()
    return bool(confirmed)


def end(reminder: Reminder, *, at: datetime) -> bool:
    """No mail comes any more, not even one that is on its way to the mail server."""
    ended = Reminder.objects.filter(pk=reminder.pk, ended_at=None).update(ended_at=at)
    reminder.refresh_from_db()
    return bool(ended)


def of_account(user: User) -> QuerySet[Reminder]:
    """Those that write to an address that is proven theirs, whoever asked for them; the next day first."""
    to_come = Reminder.objects.filter(ended_at=None, next_on__isnull=False).alias(written_to=Lower("email"))
    return to_come.filter(written_to__in=proven_addresses(user)).order_by("next_on", "pk")


def remind(at: datetime) -> int:
    """Of all days that are two weeks away. Each is told of once, whoever asks at the same time."""
    return sum(_tell(reminder, at) for reminder in due(at))


def due(at: datetime) -> list[Reminder]:
    near = Reminder.objects.filter(next_on__lte=localdate(at) + AHEAD, ended_at=None)
    return list(near.exclude(confirmed_at=None).order_by("next_on", "pk")[:BATCH])


def forget(at: datetime) -> int:
    """What nobody confirmed, and what has been over for a while: addresses are not kept for their own sake."""
    unasked = Reminder.objects.filter(confirmed_at=None, asked_at__lt=at - ASKED_FOR)
    ended = Reminder.objects.filter(ended_at__lt=at - KEPT_AFTER_THE_END)
    told = Reminder.objects.filter(next_on=None, confirmed_at__isnull=False).exclude(
        days__on__gte=localdate(at - KEPT_AFTER_THE_END)
    )
    # A union of three small sets is no set that can be deleted from.
    gone = sum(each.delete()[1].get("orders.Reminder", 0) for each in (unasked, ended, told))
    logger.info("Forgotten: %s reminders", gone)
    return gone


def _found_or_made(design: Design, wish: Wish, at: datetime) -> Reminder:
    same = {
        "email": wish.email,
        "design": design,
        "month": wish.on.month,
        "day": wish.on.day,
        "yearly": wish.yearly,
    }
    new = {
        "occasion": wish.occasion,
        "next_on": wish.first_day(localdate(at)),
        "locale": wish.locale,
        "currency": wish.currency,
        "asked_at": at,
    }
    # Among those that have not ended, as the constraint counts them.
    found = Reminder.objects.filter(**same, ended_at=None).first()
    if found and found.is_over:
        end(found, at=at)
    elif found:
        return found
    try:
        with transaction.atomic():
            return Reminder.objects.create(**same, **new)
    except IntegrityError:
        return Reminder.objects.get(**same, ended_at=None)


def _ask_by_mail(reminder: Reminder, at: datetime) -> None:
    """The page answers alike whether it was asked before; the mail says how things stand."""
    asked = PendingWork.objects.filter(kind=PendingWork.Kind.REMINDER_ASK, reminder=reminder).first()
    if asked is None:
        letters.reminder_ask(reminder, at=at)
    elif asked.done_at and asked.done_at < at - ASK_AGAIN_AFTER and outbox.send_again(asked, now=at):
        ring_on_commit([asked])


def _first_left(reminder: Reminder, today: date) -> date | None:
    """Some days may lie between the question and the answer. A day that is near is told of at once."""
    if reminder.next_on and reminder.next_on > today:
        return reminder.next_on
    return next_day(reminder.month, reminder.day, after=today + AHEAD) if reminder.yearly else None


def _tell(reminder: Reminder, at: datetime) -> bool:
    """The day is crossed off and its mail owed in one transaction; whoever crosses it off owes it."""
    day, today = reminder.next_on, localdate(at)
    assert day is not None, "only a day to come is due"
    after = next_day(reminder.month, reminder.day, after=max(day, today)) if reminder.yearly else None
    with transaction.atomic():
        if not _cross_off(reminder, day, after) or day <= today:
            return False
        letters.reminder(ReminderDay.objects.create(reminder=reminder, on=day), at=at)
    return True


def _cross_off(reminder: Reminder, day: date, after: date | None) -> bool:
    still = Reminder.objects.filter(pk=reminder.pk, next_on=day, ended_at=None)
    return bool(still.update(next_on=after))
