"""The cart of the account or of the browser that asks, and what was typed beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from orders.buying import half_typed
from orders.models import Cart
from orders.personal.bars import forget_designs
from orders.personal.people import Person, carts_of


def tell(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "begun": cart.created_at,
            "bars": [
                {"design": line.design.canonical, "quantity": line.quantity}
                for line in cart.lines.select_related("design")
            ],
            "typed_in_the_checkout": half_typed.find(cart.key),
        }
        for cart in carts_of(person)
    ]


def forget(person: Person, _at: datetime) -> None:
    for key in person.carts:
        half_typed.forget(key)
    for cart in carts_of(person):
        half_typed.forget(cart.key)
        forget_cart(cart)


def forget_cart(cart: Cart) -> None:
    with transaction.atomic():
        left = list(cart.lines.values_list("design_id", flat=True))
        cart.delete()
        forget_designs(left)
