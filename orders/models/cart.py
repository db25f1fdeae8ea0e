from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from configurator.models import Design
from orders.models.kept_by_staff import KeptByStaff

QUANTITY_MAX = 99
BOX_QUANTITY_MAX = 20
BOX_HOLDS_AT_LEAST: Final = 2
BOX_HOLDS_AT_MOST: Final = 24
PRICE_HELD: Final = timedelta(minutes=60)
"""So long a price holds from when the bar was put into the cart, whatever the price list does."""


def new_key() -> str:
    """192 random bits: whoever holds the key holds the cart."""
    return secrets.token_urlsafe(24)


class Cart(models.Model):
    """A guest's, whose browser keeps the key in a signed cookie, or an account's. An order closes it for good."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="carts"
    )
    """Empty: a guest's."""
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)


class BoxSize(KeptByStaff):
    """A kind of gift box that is sold: how many bars fit, and what it costs beside them."""

    holds = models.PositiveSmallIntegerField(
        _("bars in it"),
        primary_key=True,
        validators=[MinValueValidator(BOX_HOLDS_AT_LEAST), MaxValueValidator(BOX_HOLDS_AT_MOST)],
    )
    cents = models.PositiveIntegerField(
        _("price in euro cents"),
        help_text=_("Of the box itself, VAT included. A price list may have its own, under box-3 and so on."),
    )
    offered = models.BooleanField(
        _("offered"),
        default=True,
        help_text=_("What is no longer offered stays in the carts and orders that hold it."),
    )

    class Meta:
        verbose_name = _("gift box")
        verbose_name_plural = _("gift boxes")
        ordering = ["holds"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(holds__gte=BOX_HOLDS_AT_LEAST, holds__lte=BOX_HOLDS_AT_MOST),
                name="box_holds_2_to_24",
            ),
        ]

    def __str__(self) -> str:
        return str(self.holds)


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
            models.CheckConstraint(
                condition=models.Q(size__gte=BOX_HOLDS_AT_LEAST, size__lte=BOX_HOLDS_AT_MOST),
                name="cart_box_size_is_possible",
            ),
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
