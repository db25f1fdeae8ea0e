"""What the mails about reminders say. They belong to no order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext as _

from configurator import currency
from configurator.domain.design import Design
from configurator.makers import keeping
from orders.after import again
from orders.buying import cart as carts
from orders.models import Reminder, ReminderDay

FOLDER: Final = "orders/emails"
HIDDEN: Final = "····"


def asks(reminder: Reminder, sending: int = 1) -> EmailMultiAlternatives:
    """Was it you? Nothing that a stranger typed stands in it, for a stranger may have typed the address."""
    with _for(reminder):
        subject = _("Shall we remind you? Please say yes at %(shop)s") % {"shop": settings.SHOP_NAME}
        return _letter(reminder, subject, f"reminder-{reminder.pk}", "reminder_ask", {}, sending)


def reminds(day: ReminderDay, sending: int = 1) -> EmailMultiAlternatives:
    """The day comes: the bar as it can be had today, what has changed, and how to hear no more of it."""
    reminder = day.reminder
    with _for(reminder):
        said = {"day": date_format(day.on, "DATE_FORMAT"), "occasion": reminder.occasion}
        subject = (
            _("%(occasion)s on %(day)s: the same bar again?")
            if reminder.occasion
            else _("The same bar again for %(day)s?")
        )
        page = {"day": day, "again": _as_it_is_today(reminder)}
        letter = _letter(reminder, subject % said, f"reminder-day-{day.pk}", "reminder", page, sending)
        letter.extra_headers |= {
            "List-Unsubscribe": f"<{_address('orders:reminder-end', reminder)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        return letter


def without_its_token(letter: EmailMultiAlternatives, reminder: Reminder) -> EmailMultiAlternatives:
    """Only whoever reads the mail may say yes."""
    letter.body = str(letter.body).replace(reminder.token, HIDDEN)
    return letter


def _as_it_is_today(reminder: Reminder) -> again.Again | None:
    """None for a bar that has been made private since."""
    digest = reminder.design_id
    if not keeping.anybody_may_have_again(digest):
        return None
    row = carts.find(digest)
    return again.look(row, own=_without_photos, locale=reminder.locale, at=now())


def _without_photos(design: Design) -> Design:
    """A mail may be passed on."""
    return replace(
        design,
        wrapper=replace(design.wrapper, photo=None),
        inscription=replace(design.inscription, photo=None),
    )


@contextmanager
def _for(reminder: Reminder) -> Iterator[None]:
    with translation.override(reminder.locale), currency.override(reminder.currency):
        yield


def _letter(
    reminder: Reminder, subject: str, mark: str, content: str, page: dict[str, Any], sending: int
) -> EmailMultiAlternatives:
    page = _page(reminder) | page
    counted = f"-{sending}" if sending > 1 else ""
    domain = urlsplit(settings.SHOP_URL).hostname or "localhost"
    letter = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"{FOLDER}/{content}.txt", page),
        to=[reminder.email],
        reply_to=[settings.SHOP_EMAIL],
        headers={"Auto-Submitted": "auto-generated", "Message-ID": f"<{mark}{counted}@{domain}>"},
    )
    letter.attach_alternative(render_to_string(f"{FOLDER}/{content}.html", page), "text/html")
    return letter


def _page(reminder: Reminder) -> dict[str, Any]:
    return {
        "reminder": reminder,
        "link": _address("orders:reminder", reminder),
        "end": _address("orders:reminder-end", reminder),
        "bar": settings.SHOP_URL + reverse("orders:again", args=[reminder.design.code]),
        "shop": {
            "name": settings.SHOP_NAME,
            "email": settings.SHOP_EMAIL,
            "address": settings.SHOP_ADDRESS,
            "url": settings.SHOP_URL,
        },
    }


def _address(name: str, reminder: Reminder) -> str:
    return settings.SHOP_URL + reverse(name, args=[reminder.token])
