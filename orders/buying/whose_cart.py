"""Whose cart a page means: a guest's is found by the key in the browser, an account's by the account alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from configurator.accounts import signed_in
from orders.buying import account_carts, cookies


def cart_key(request: HttpRequest) -> str:
    """The key of the visitor's cart, or ""."""
    user = signed_in(request)
    return account_carts.key_of(user) if user else cookies.guest_cart_key(request)


def key_to_fill(request: HttpRequest) -> str:
    """Something is put in: an account without an open cart gets one; a guest's is made with the first bar."""
    user = signed_in(request)
    return account_carts.key_to_fill(user) if user else cookies.guest_cart_key(request)


def remember_cart(request: HttpRequest, response: HttpResponse, key: str, count: int) -> None:
    """For the badge; the key of an account's cart never stands in a browser."""
    if signed_in(request):
        cookies.remember_count(response, count, request.session.session_key or "")
    else:
        cookies.remember_cart(response, key, count)
