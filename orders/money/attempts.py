"""How often somebody may start to pay: stolen cards are tried out on shops that do not count."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest

from configurator import limits

WINDOW_S: Final = 3600


class TooManyAttempts(Exception):
    """This address or e-mail address has tried too often within the hour."""


def count(request: HttpRequest, *, email: str) -> None:
    """Counts before anything is tried, so that attempts in parallel do not slip by."""
    payers = (limits.visitor(request), limits.nameless(email.casefold()))
    if limits.counted_most("payments", payers, seconds=WINDOW_S) > settings.PAYMENT_ATTEMPTS_PER_HOUR:
        raise TooManyAttempts
