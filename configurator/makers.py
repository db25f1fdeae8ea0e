"""Who designs, without an account: a random key in a signed cookie, kept for 90 days after the last visit."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE: Final = "maker"
AGE: Final = 90 * 86_400


def maker_of(request: HttpRequest) -> str:
    """The digest under which this browser's bars are kept, or "" for one that has none yet."""
    key = _key(request)
    return _digest(key) if key else ""


@dataclass(frozen=True, slots=True)
class Maker:
    key: str
    """Known to the browser alone."""

    @property
    def digest(self) -> str:
        return _digest(self.key)


def recognised(request: HttpRequest) -> Maker:
    """This browser's maker, or a new one."""
    return Maker(_key(request) or secrets.token_urlsafe(24))


def remembered(request: HttpRequest, response: HttpResponse) -> str:
    """The digest of this browser's maker, whose cookie then lives for another 90 days."""
    maker = recognised(request)
    remember(maker, response)
    return maker.digest


def remember(maker: Maker, response: HttpResponse) -> None:
    response.set_signed_cookie(
        COOKIE,
        maker.key,
        salt=COOKIE,
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _key(request: HttpRequest) -> str:
    try:
        return request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=AGE) or ""
    except signing.BadSignature:
        return ""


def _digest(key: str) -> str:
    # The database never learns what would open somebody's bars.
    return sha256(key.encode()).hexdigest()
