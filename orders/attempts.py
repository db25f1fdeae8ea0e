"""How often somebody may start to pay: stolen cards are tried out on shops that do not count."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

WINDOW_S: Final = 3600
PROXY_HEADER: Final = "HTTP_X_FORWARDED_FOR"


class TooManyAttempts(Exception):
    """This address, e-mail address or order has tried too often within the hour."""


def count(request: HttpRequest, *, email: str) -> None:
    """Counts before anything is tried, so that attempts in parallel do not slip by."""
    keys = [_key("address", _address(request)), _key("email", email.casefold())]
    tries = [_counted(key) for key in keys]
    if max(tries) > settings.PAYMENT_ATTEMPTS_PER_HOUR:
        raise TooManyAttempts


def _counted(key: str) -> int:
    cache.add(key, 0, WINDOW_S)
    try:
        return cache.incr(key)
    except ValueError:
        # It ran out between the two calls.
        return 1


def _address(request: HttpRequest) -> str:
    connected: str = request.META.get("REMOTE_ADDR", "")
    proxied = bool(getattr(settings, "SECURE_PROXY_SSL_HEADER", None))
    forwarded: str = request.META.get(PROXY_HEADER, "") if proxied else ""
    # Our own proxy adds the last address; those before it are whatever the visitor wrote.
    return forwarded.rpartition(",")[2].strip() or connected


def _key(kind: str, value: str) -> str:
    # Neither addresses nor e-mail addresses are kept in the open.
    return f"payment-attempts:{kind}:{sha256(value.encode()).hexdigest()}"
