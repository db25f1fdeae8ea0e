from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from configurator.domain import codes
from configurator.models import Design
from orders.models.cart import BOX_HOLDS_AT_LEAST, BOX_HOLDS_AT_MOST, BOX_QUANTITY_MAX, QUANTITY_MAX, Cart
from orders.models.production import Job

if TYPE_CHECKING:
    from orders.models.payment import Payment

NUMBER_SIGNS = 8
LINE_MAX = max(QUANTITY_MAX, BOX_QUANTITY_MAX * BOX_HOLDS_AT_MOST)
"""Bars of one design in an order line: loose ones, or those in all the boxes of one kind."""


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


class Substitution(models.TextChoices):
    """What the customer wants us to do when an ingredient runs out after the order."""

    NEAREST = "nearest", _("Take what comes nearest, and tell me")
    WAIT = "wait", _("Wait until it is back")
    REFUND = "refund", _("Pay me back for this bar")


class Order(models.Model):
    """What was promised to whom: everything is copied, nothing is looked up again."""

    cart = models.OneToOneField(
        Cart, null=True, blank=True, on_delete=models.SET_NULL, related_name="order", editable=False
    )
    """Unique: one order for one cart, however often the button is pressed."""
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("account"),
        editable=False,
    )
    """Of whoever was signed in. Empty: ordered without one, or the account is gone."""
    number = models.CharField(_("number"), max_length=10, unique=True, default=new_number, editable=False)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    payment_state = models.CharField(
        _("payment"), max_length=10, choices=PaymentState.choices, default=PaymentState.PENDING
    )
    locale = models.CharField(_("language"), max_length=2)

    # Who pays, where the bill goes. Where the bars go stands on the shipments.
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=100)
    street = models.CharField(_("street"), max_length=100)
    extra = models.CharField(_("addition"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12)
    city = models.CharField(_("town"), max_length=80)
    country = models.CharField(_("country"), max_length=2)
    country_name = models.CharField(max_length=60)
    substitution = models.CharField(
        _("if an ingredient runs out"),
        max_length=8,
        choices=Substitution.choices,
        default=Substitution.REFUND,
    )

    review_agreed_at = models.DateTimeField(_("may be asked how the bars were, since"), null=True, blank=True)
    """When the customer ticked the box that allows one mail about it."""

    currency = models.CharField(max_length=3)
    goods_cents = models.PositiveIntegerField()
    """What is paid for bars and boxes, after reductions."""
    shipping_cents = models.PositiveIntegerField()
    """What is paid for all parcels, after reductions."""
    reductions: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list, blank=True
    )
    """Vouchers and volume prices, each as a whole: [{"kind", "code", "cents"}]."""
    total_cents = models.PositiveIntegerField()
    gift_card_cents = models.PositiveIntegerField(default=0)
    """What of the total gift cards pay. Not a reduction: VAT and total stay as they are."""
    sells_gift_card = models.BooleanField(_("gift card"), default=False)
    """It holds one gift card instead of bars: nothing is made, nothing travels, and no VAT is in it."""
    vat: models.JSONField[list[dict[str, int]], list[dict[str, int]]] = models.JSONField()
    """Included VAT by rate, goods and shipping: [{"permille", "gross_cents", "vat_cents"}]."""

    placed_at = models.DateTimeField(_("ordered"), db_index=True)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    """When it was cancelled or refunded in full."""
    forgotten_at = models.DateTimeField(_("its customer was forgotten"), null=True, blank=True)
    """From then on it holds sums and bars, and nobody's name."""

    just_begun: Payment | None = None
    """In no table: the first attempt to pay, where it was written down with the order a moment ago."""

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-placed_at"]
        permissions = [("export_order", "Can export orders")]
        indexes = [
            models.Index(Lower("email"), name="order_of_address"),
            models.Index(fields=["placed_at", "paid_at"], name="order_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(total_cents=F("goods_cents") + F("shipping_cents")),
                name="order_total_is_goods_and_shipping",
            ),
            models.CheckConstraint(condition=Q(goods_cents__gt=0), name="order_costs_something"),
            models.CheckConstraint(
                condition=Q(gift_card_cents__lte=F("total_cents")),
                name="gift_cards_pay_no_more_than_the_total",
            ),
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
    def due_cents(self) -> int:
        """What is paid in money: all that gift cards do not pay."""
        return self.total_cents - self.gift_card_cents

    @property
    def is_under_review(self) -> bool:
        """Money may have come in that does not fit: nobody is asked to pay before staff have looked."""
        return self.payments.filter(state="review", looked_at=None).exists()

    def mark_paid(self, at: datetime) -> None:
        self.payment_state, self.paid_at = PaymentState.PAID, at
        self.save(update_fields=["payment_state", "paid_at"])

    def mark_refunded(self, at: datetime) -> None:
        self.payment_state, self.closed_at = PaymentState.REFUNDED, at
        self.save(update_fields=["payment_state", "closed_at"])
        Job.objects.filter(order_line__order=self).update(is_owed=False)

    def mark_cancelled(self, at: datetime) -> None:
        self.payment_state, self.closed_at = PaymentState.CANCELLED, at
        self.save(update_fields=["payment_state", "closed_at"])


class OrderBox(models.Model):
    """Gift boxes of one kind: the box itself. The bars in it are order lines that name it."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="boxes")
    place = models.PositiveSmallIntegerField()
    size = models.PositiveSmallIntegerField(_("bars in a box"))
    name = models.CharField(max_length=80)
    quantity = models.PositiveSmallIntegerField()
    unit_cents = models.PositiveIntegerField()
    """What the box costs without its bars."""
    vat_permille = models.PositiveSmallIntegerField()
    vat_cents = models.PositiveIntegerField()
    reduction_cents = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["order", "place"], name="one_order_box_per_place"),
            models.CheckConstraint(
                condition=Q(size__gte=BOX_HOLDS_AT_LEAST, size__lte=BOX_HOLDS_AT_MOST),
                name="order_box_size_is_possible",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=BOX_QUANTITY_MAX),
                name="order_box_quantity_1_to_20",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"

    @property
    def list_cents(self) -> int:
        return self.unit_cents * self.quantity

    @property
    def total_cents(self) -> int:
        """What is paid for the boxes themselves."""
        return self.list_cents - self.reduction_cents


class AsOrdered(models.Manager["OrderLine"]):
    """What was ordered and paid for, without what stands in for single bars of it."""

    def get_queryset(self) -> models.QuerySet[OrderLine]:
        return super().get_queryset().filter(instead_of=None)


class OrderLine(models.Model):
    """A design as it was when it was ordered, so that no later change reaches it.

    Where bars of one design go to countries with different VAT, each country has its line. A line `instead_of`
    another is one bar of it that is made with something else, because an ingredient ran out: the floor makes,
    labels and packs by it, and no sum of money knows it.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveSmallIntegerField()
    box = models.ForeignKey(
        OrderBox, on_delete=models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("box")
    )
    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=13)
    name = models.CharField(_("name"), max_length=120)
    family = models.CharField(max_length=40)
    family_name = models.CharField(_("form of the bar"), max_length=80)
    family_version = models.CharField(max_length=64)
    quantity = models.PositiveSmallIntegerField(_("quantity"))

    unit_cents = models.PositiveIntegerField()
    cents_per_kg = models.PositiveIntegerField()
    price_lines: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField()
    """[{"text", "cents", "module"}], summing to unit_cents."""
    tax_class = models.CharField(max_length=10)
    vat_permille = models.PositiveSmallIntegerField()
    vat_cents = models.PositiveIntegerField()
    """Included in the whole line less its reductions, rounded once per line."""
    reduction_cents = models.PositiveIntegerField(default=0)
    """Its share of vouchers and volume prices."""

    net_mg = models.PositiveIntegerField()
    recipe: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField()
    """[{"module", "slot", "mg", "name"}], summing to net_mg."""
    labels: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    """Locale → the whole label as printed: the customer's language and the destination's."""
    allergens: models.JSONField[list[str], list[str]] = models.JSONField()
    """Codes of what the bar contains."""
    instead_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="stand_ins", verbose_name=_("instead of")
    )

    # The first one answers for `order.lines`: whoever means every line says so.
    objects: ClassVar[AsOrdered] = AsOrdered()
    every: ClassVar[models.Manager[OrderLine]] = models.Manager()

    class Meta:
        verbose_name = _("bars of an order")
        verbose_name_plural = _("bars of an order")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["order", "place"], name="one_order_line_per_place"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=LINE_MAX), name="order_quantity_is_possible"
            ),
            models.CheckConstraint(
                condition=Q(reduction_cents__lte=F("unit_cents") * F("quantity")),
                name="order_line_is_not_reduced_below_nothing",
            ),
            models.CheckConstraint(
                condition=Q(instead_of=None) | Q(quantity=1, vat_cents=0, reduction_cents=0),
                name="order_line_that_stands_in_is_one_bar_and_no_money",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"

    @property
    def list_cents(self) -> int:
        return self.unit_cents * self.quantity

    @property
    def total_cents(self) -> int:
        """What is paid for the line."""
        return self.list_cents - self.reduction_cents

    @property
    def label(self) -> dict[str, Any]:
        """In the customer's language."""
        return dict(self.labels[self.order.locale])


class Objection(models.Model):
    """Whoever has this address wants no mail that an order does not need."""

    customer = models.CharField(max_length=64, primary_key=True)
    """A keyed digest of the e-mail address: to remember a no, nobody has to remember the address."""
    at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("objection to mails")
        verbose_name_plural = _("objections to mails")

    def __str__(self) -> str:
        return self.customer[:8]


Parts: TypeAlias = Sequence[OrderLine | OrderBox]
"""What an order is paid for, but for the way to its parcels."""
