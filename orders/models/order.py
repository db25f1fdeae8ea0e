from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from configurator.domain import codes
from configurator.models import Design
from orders.models.cart import QUANTITY_MAX, Cart

NUMBER_SIGNS = 8


def new_number() -> str:
    """Read aloud without mistakes, and nobody can tell from it how many orders there are."""
    return "C-" + "".join(secrets.choice(codes.ALPHABET) for _sign in range(NUMBER_SIGNS))


def new_token() -> str:
    """192 random bits: the order page's address is its only key."""
    return secrets.token_urlsafe(24)


class PaymentState(models.TextChoices):
    PENDING = "pending", _("waiting for payment")
    PAID = "paid", _("paid")
    REFUNDED = "refunded", _("refunded")
    CANCELLED = "cancelled", _("cancelled")


class Order(models.Model):
    """What was promised to whom: everything is copied, nothing is looked up again."""

    cart = models.OneToOneField(
        Cart, null=True, blank=True, on_delete=models.SET_NULL, related_name="order", editable=False
    )
    """Unique: one order for one cart, however often the button is pressed."""
    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    payment_state = models.CharField(
        max_length=10, choices=PaymentState.choices, default=PaymentState.PENDING
    )
    locale = models.CharField(max_length=2)
    label_locale = models.CharField(max_length=2)
    """The language the labels of this order are printed in: that of the country it is sent to."""

    email = models.EmailField()
    name = models.CharField(max_length=100)
    street = models.CharField(max_length=100)
    extra = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=12)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    country_name = models.CharField(max_length=60)
    gift_message = models.TextField(max_length=300, blank=True)

    currency = models.CharField(max_length=3)
    goods_cents = models.PositiveIntegerField()
    shipping_cents = models.PositiveIntegerField()
    total_cents = models.PositiveIntegerField()
    vat: models.JSONField[list[dict[str, int]], list[dict[str, int]]] = models.JSONField()
    """Included VAT by rate, goods and shipping: [{"permille", "gross_cents", "vat_cents"}]."""
    days_min = models.PositiveSmallIntegerField()
    days_max = models.PositiveSmallIntegerField()

    placed_at = models.DateTimeField(db_index=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    """When it was cancelled or refunded in full."""

    class Meta:
        ordering = ["-placed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(total_cents=F("goods_cents") + F("shipping_cents")),
                name="order_total_is_goods_and_shipping",
            ),
            models.CheckConstraint(condition=Q(goods_cents__gt=0), name="order_costs_something"),
            models.CheckConstraint(
                condition=(
                    Q(payment_state=PaymentState.PENDING, paid_at=None, closed_at=None)
                    | Q(payment_state=PaymentState.PAID, paid_at__isnull=False, closed_at=None)
                    | Q(
                        payment_state=PaymentState.REFUNDED,
                        paid_at__isnull=False,
                        closed_at__isnull=False,
                    )
                    | Q(payment_state=PaymentState.CANCELLED, paid_at=None, closed_at__isnull=False)
                ),
                name="order_payment_state_has_its_times",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def awaits_payment(self) -> bool:
        return self.payment_state == PaymentState.PENDING

    @property
    def is_paid(self) -> bool:
        return self.payment_state == PaymentState.PAID

    @property
    def is_under_review(self) -> bool:
        """Money may have come in that does not fit: nobody is asked to pay before staff have looked."""
        return self.payments.filter(state="review").exists()

    def mark_paid(self, at: datetime) -> None:
        self.payment_state, self.paid_at = PaymentState.PAID, at
        self.save(update_fields=["payment_state", "paid_at"])

    def mark_refunded(self, at: datetime) -> None:
        self.payment_state, self.closed_at = PaymentState.REFUNDED, at
        self.save(update_fields=["payment_state", "closed_at"])

    def mark_cancelled(self, at: datetime) -> None:
        self.payment_state, self.closed_at = PaymentState.CANCELLED, at
        self.save(update_fields=["payment_state", "closed_at"])


class OrderLine(models.Model):
    """A design as it was when it was ordered, so that no later change reaches it."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveSmallIntegerField()
    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=13)
    name = models.CharField(max_length=120)
    family = models.CharField(max_length=40)
    family_name = models.CharField(max_length=80)
    family_version = models.CharField(max_length=64)
    quantity = models.PositiveSmallIntegerField()

    unit_cents = models.PositiveIntegerField()
    cents_per_kg = models.PositiveIntegerField()
    price_lines: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField()
    """[{"text", "cents", "module"}], summing to unit_cents."""
    tax_class = models.CharField(max_length=10)
    vat_permille = models.PositiveSmallIntegerField()
    vat_cents = models.PositiveIntegerField()
    """Included in the whole line, rounded once per line."""

    net_mg = models.PositiveIntegerField()
    recipe: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField()
    """[{"module", "slot", "mg", "name"}], summing to net_mg."""
    labels: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    """Locale → the whole label as printed: the customer's language and the destination's."""
    allergens: models.JSONField[list[str], list[str]] = models.JSONField()
    """Codes of what the bar contains."""

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["order", "place"], name="one_order_line_per_place"),
            models.UniqueConstraint(fields=["order", "design"], name="one_order_line_per_design"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=QUANTITY_MAX), name="order_quantity_1_to_99"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"

    @property
    def total_cents(self) -> int:
        return self.unit_cents * self.quantity

    @property
    def label(self) -> dict[str, Any]:
        """In the customer's language."""
        return dict(self.labels[self.order.locale])
