"""The key to the papers of an order. Its page is passed on easily and shows no address; an invoice names one."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from orders.models import Order

SALT: Final = "orders.papers"
SIGNS: Final = 32


def key_of(order: Order) -> str:
    return salted_hmac(SALT, order.token, algorithm="sha256").hexdigest()[:SIGNS]


def fits(order: Order, key: str) -> bool:
    """Also one from before the secret was changed, for mails are kept for years."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    known = (salted_hmac(SALT, order.token, secret=each, algorithm="sha256").hexdigest() for each in secrets)
    return any(constant_time_compare(key, each[:SIGNS]) for each in known)


def address_of(order: Order) -> str:
    return reverse("orders:papers", args=[order.token, key_of(order)])
