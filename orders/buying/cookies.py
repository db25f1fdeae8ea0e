"""What the shop remembers in the browser: a guest's cart, how much is in it, and the orders just placed.

Signed, so nobody can try keys; kept out of the database, so a page with an empty cart costs no query.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

CART: Final = "cart"
ORDERS: Final = "orders"
DAY: Final = 86_400
CART_AGE: Final = 90 * DAY
ORDERS_AGE: Final = 30 * DAY
ORDERS_KEPT: Final = 5


def guest_cart_key(request: HttpRequest) -> str:
    """The key of the cart that this browser has without an account, or "". A forged or broken cookie is no cart."""
    return _read(request, CART, CART_AGE).partition(":")[0]


def cart_count(request: HttpRequest) -> dict[str, int]:
    """For the badge on every page, without asking the database."""
    key, counted, of_session = (*_read(request, CART, CART_AGE).split(":"), "", "", "")[:3]
    is_there = key or of_session == _nameless(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
    return {"cart_count": int(counted) if is_there and counted.isdigit() else 0}


def remember_cart(response: HttpResponse, key: str, count: int) -> None:
    _write(response, CART, f"{key}:{count}", CART_AGE)


def remember_count(response: HttpResponse, count: int, session_key: str) -> None:
    """Of an account's cart; whoever signs out leaves no badge behind."""
    _write(response, CART, f":{count}:{_nameless(session_key)}", CART_AGE)


def placed_orders(request: HttpRequest) -> list[str]:
    """Tokens of the orders this browser placed, newest first."""
    return _read(request, ORDERS, ORDERS_AGE).split()


def remember_order(request: HttpRequest, response: HttpResponse, token: str) -> None:
    others = [other for other in placed_orders(request) if other != token]
    _write(response, ORDERS, " ".join([token, *others][:ORDERS_KEPT]), ORDERS_AGE)


def _nameless(session_key: str) -> str:
    return sha256(session_key.encode()).hexdigest()[:16]


def _read(request: HttpRequest, name: str, age: int) -> str:
    try:
        return request.get_signed_cookie(name, default="", salt=name, max_age=age) or ""
    except signing.BadSignature:
        return ""


def _write(response: HttpResponse, name: str, value: str, age: int) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=name,
        max_age=age,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
