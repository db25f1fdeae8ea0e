"""Who designs: without an account a random key in a signed cookie, kept for 90 days after the last visit; else the
account."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse

from configurator.accounts import signed_in

COOKIE: Final = "maker"
AGE: Final = 90 * 86_400
OF_ACCOUNT: Final = "account-"
"""No digest begins like this, so no browser's key is ever an account's."""


def maker_of(request: HttpRequest) -> str:
    """Under what the visitor's bars are kept, or "" for a browser that has none yet."""
    user = signed_in(request)
    return maker_of_account(user) if user else maker_of_browser(request)


def maker_of_browser(request: HttpRequest) -> str:
    """Whoever signs in: what was kept here without an account."""
    key = _key(request)
    return _digest(key) if key else ""


def maker_of_account(user: User) -> str:
    return f"{OF_ACCOUNT}{user.pk}"


@dataclass(frozen=True, slots=True)
class Maker:
    key: str = ""
    """Known to the browser alone; "" for an account, which needs none."""
    account: User | None = None

    @property
    def digest(self) -> str:
        return maker_of_account(self.account) if self.account else _digest(self.key)


def recognised(request: HttpRequest) -> Maker:
    """The account, this browser's maker, or a new one."""
    user = signed_in(request)
    return Maker(account=user) if user else Maker(_key(request) or secrets.token_urlsafe(24))


def remember(maker: Maker, response: HttpResponse) -> None:
    """In this browser, for another 90 days; an account is known by its session."""
    if maker.account:
        return
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
