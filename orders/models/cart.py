from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import models

from configurator.models import Design

QUANTITY_MAX = 99
BOX_QUANTITY_MAX = 20
BOX_SIZES = (3, 6, 12)
PRICE_HELD: Final = timedelta(minutes=60)
"""So long a price holds from when the bar was put into the cart, whatever the price list does."""


def new_key() -> str:
    """192 random bits: whoever holds the key holds the cart."""
    return secrets.token_urlsafe(24)


class Cart(models.Model):
    """A guest's cart. The browser keeps its key in a signed cookie; an order closes it for good."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)


class Promise(models.Model):
    """The price that was shown when something was put into the cart. Empty: none was shown yet."""

    unit_cents = models.PositiveIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def hold(self, unit_cents: int, currency: str, at: datetime) -> None:
        self.unit_cents, self.currency, self.held_until = unit_cents, currency, at + PRICE_HELD


class CartBox(Promise):
    """A gift box in the making: so many equal boxes, their bars in lines that name it."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="boxes")
    size = models.PositiveSmallIntegerField()
    quantity = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(size__in=BOX_SIZES), name="cart_box_holds_3_6_or_12"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1, quantity__lte=BOX_QUANTITY_MAX),
                name="cart_box_quantity_1_to_20",
            ),
        ]


class CartLine(Promise):
    """Bars of one design: loose, or so many in each box."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="+")
    box = models.ForeignKey(CartBox, on_delete=models.CASCADE, null=True, blank=True, related_name="lines")
    quantity = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cart", "design"],
                condition=models.Q(box=None),
                name="one_cart_line_per_loose_design",
            ),
            models.UniqueConstraint(fields=["box", "design"], name="one_cart_line_per_design_in_a_box"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1, quantity__lte=QUANTITY_MAX),
                name="cart_quantity_1_to_99",
            ),
        ]
