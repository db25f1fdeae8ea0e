"""Why the manufactory is closed on a day: names of holidays in the reader's language, anything else as it was written."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: Final[dict[str, Promise]] = {
    "Ascension": _("Ascension"),
    "Christmas": _("Christmas"),
    "Christmas Eve": _("Christmas Eve"),
    "Easter Monday": _("Easter Monday"),
    "Good Friday": _("Good Friday"),
    "International Women's Day (Berlin)": _("International Women's Day (Berlin)"),
    "New Year's Day": _("New Year's Day"),
    "New Year's Eve": _("New Year's Eve"),
    "Whit Monday": _("Whit Monday"),
}
"""As orders/prices/data/closed_days.csv writes them, and so as they are kept."""


def said(note: str) -> str:
    return str(NAMES.get(note, note))


def kept(note: str) -> str:
    """What was said in the reader's language, as it is kept for all."""
    return next((known for known, name in NAMES.items() if note == str(name)), note)
