from __future__ import annotations

import secrets

from django.db import models

from configurator.models import Design

QUANTITY_MAX = 99


def new_key() -> str:
    """192 random bits: whoever holds the key holds the cart."""
    return secrets.token_urlsafe(24)


class Cart(models.Model):
    """A guest's cart. The browser keeps its key in a signed cookie; an order closes it for good."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)


class CartLine(models.Model):
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "design"], name="one_cart_line_per_design"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1, quantity__lte=QUANTITY_MAX),
                name="cart_quantity_1_to_99",
            ),
        ]
