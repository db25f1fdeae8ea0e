from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order


class Payment(models.Model):
    """One attempt to pay an order: one Checkout Session at Stripe."""

    class State(models.TextChoices):
        CREATED = "created", _("created, not at Stripe yet")
        OPEN = "open", _("the customer may pay")
        PROCESSING = "processing", _("the bank is working")
        PAID = "paid", _("paid")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("expired")
        ABANDONED = "abandoned", _("never reached the customer")
        REVIEW = "review", _("does not fit the order: look at it")

    ACTIVE = (State.CREATED, State.OPEN, State.PROCESSING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="payments", verbose_name=_("order")
    )
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.CREATED)
    amount_cents = models.PositiveIntegerField(_("amount in cents"))
    currency = models.CharField(_("currency"), max_length=3)
    livemode = models.BooleanField(_("real money"))
    request: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("asked of Stripe"))
    """What is asked of Stripe, frozen: a repeated request must be the same one."""
    url = models.URLField(max_length=1000, blank=True)
    # NULL, not "", so that the database can keep each of Stripe's ids unique.
    session_id = models.CharField(_("session at Stripe"), max_length=255, unique=True, null=True, blank=True)
    intent_id = models.CharField(_("intent at Stripe"), max_length=255, unique=True, null=True, blank=True)
    charge_id = models.CharField(_("charge at Stripe"), max_length=255, unique=True, null=True, blank=True)
    captured_cents = models.PositiveIntegerField(_("received in cents"), default=0)
    accepted = models.BooleanField(_("for the order"), default=False)
    """The order took this money. Paid but not accepted money goes back by a Refund."""
    disputed = models.BooleanField(_("disputed"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    """Of one that needed a review: when somebody decided what it comes to."""
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("begun"))
    look_at = models.DateTimeField(_("to be looked at again"))
    """While active: when to ask Stripe again if nobody has rung."""

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["order", "attempt"]
        indexes = [
            models.Index(
                fields=["look_at"],
                name="active_payments_by_look_at",
                condition=Q(state__in=["created", "open", "processing"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "attempt"], name="payment_attempts_are_counted"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["created", "open", "processing"]),
                name="one_active_payment_per_order",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(accepted=True), name="one_accepted_payment_per_order"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(captured_cents=F("amount_cents")),
                name="paid_means_all_captured",
            ),
            models.CheckConstraint(
                condition=Q(accepted=False) | Q(state="paid"), name="only_paid_money_is_accepted"
            ),
            models.CheckConstraint(
                condition=Q(looked_at=None, looked_by=None)
                | Q(looked_at__isnull=False, looked_by__isnull=False, state="review"),
                name="payment_looked_at_was_under_review",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}/{self.attempt}"

    @property
    def active(self) -> bool:
        return self.state in self.ACTIVE

    @property
    def is_under_review(self) -> bool:
        """Nobody has looked at it yet."""
        return self.state == self.State.REVIEW and self.looked_at is None

    @property
    def idempotency_key(self) -> str:
        return f"checkout-{self.pk}"


class StripeEvent(models.Model):
    """The inbox: what Stripe told us, kept before anything is done about it."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        WORKING = "working", _("being worked on")
        DONE = "done", _("done")
        IGNORED = "ignored", _("not ours")
        FAILED = "failed", _("failed")

    ATTEMPTS_MAX = 8

    id = models.CharField(primary_key=True, max_length=255)
    type = models.CharField(_("kind"), max_length=100)
    created_at = models.DateTimeField(_("at Stripe"))
    """At Stripe."""
    received_at = models.DateTimeField(_("received"))
    api_version = models.CharField(max_length=60, blank=True)
    source = models.CharField(
        _("from"), max_length=10, choices=[("webhook", _("webhook")), ("poll", _("poll"))]
    )
    payload: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    """Ids only: names, addresses and cards stay with Stripe."""
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField()
    """Not to be tried before; while working: when the worker is taken for dead."""
    error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("event at Stripe")
        verbose_name_plural = _("events at Stripe")
        ordering = ["-received_at"]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="waiting_stripe_events",
                condition=Q(state__in=["new", "working", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"


class Refund(models.Model):
    """Money that goes back, written down before Stripe is asked."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("to be sent")
        PENDING = "pending", _("on its way")
        SUCCEEDED = "succeeded", _("arrived")
        FAILED = "failed", _("failed: look at it")

    class Reason(models.TextChoices):
        PAID_TWICE = "paid_twice", _("the order was already paid")
        CANCELLED = "cancelled", _("the customer cancelled before it was begun")
        ORDER_CLOSED = "order_closed", _("the order was cancelled")
        SOLD_OUT = "sold_out", _("sold out while it was being paid")
        MISMATCH = "mismatch", _("the money did not fit the order")
        STAFF = "staff", _("decided by staff")
        WITHDRAWN = "withdrawn", _("the customer withdrew")
        DAMAGED = "damaged", _("arrived broken or melted")
        MISSING = "missing", _("missing or wrong bar")
        LATE = "late", _("arrived too late")
        RAN_OUT = "ran_out", _("an ingredient ran out")
        GOODWILL = "goodwill", _("goodwill")
        FRAUD = "fraud", _("suspected fraud")
        AT_STRIPE = "at_stripe", _("made at Stripe itself")

    BY_STAFF = (
        Reason.WITHDRAWN,
        Reason.DAMAGED,
        Reason.MISSING,
        Reason.LATE,
        Reason.RAN_OUT,
        Reason.GOODWILL,
        Reason.FRAUD,
        Reason.STAFF,
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("payment")
    )
    amount_cents = models.PositiveIntegerField(_("amount in cents"))
    """What Stripe gives back."""
    gift_card_cents = models.PositiveIntegerField(_("to gift cards in cents"), default=0)
    """What went back to the gift cards that had paid, in the moment it was asked for."""
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    request_key = models.CharField(max_length=80, unique=True)
    """The same wish twice, by a double click or a second worker, is one refund."""
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REQUESTED)
    stripe_id = models.CharField(_("at Stripe"), max_length=255, unique=True, null=True, blank=True)
    sendings = models.PositiveSmallIntegerField(_("sent"), default=1)
    """Counted up by staff when Stripe broke at it: only a new key is not answered by the old 500."""
    words = models.CharField(_("note for colleagues"), max_length=200, blank=True)
    """What staff wrote about why."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("asked for"))
    look_at = models.DateTimeField(_("to be looked at again"))

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0) | Q(gift_card_cents__gt=0), name="refunds_return_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment}: {self.amount_cents}"

    @property
    def total_cents(self) -> int:
        """All that goes back, by whatever way."""
        return self.amount_cents + self.gift_card_cents

    @property
    def idempotency_key(self) -> str:
        return f"refund-{self.pk}" if self.sendings == 1 else f"refund-{self.pk}-{self.sendings}"

    def later(self, at: datetime, *, note: str) -> None:
        self.look_at, self.note = at, note[:300]
        self.save(update_fields=["look_at", "note"])


class RefundLine(models.Model):
    """The share of a refund that is for one part of the order."""

    SHIPPING = "shipping"

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="lines")
    part = models.CharField(_("part"), max_length=24)
    """"line-7" and "box-2" by their primary keys, or "shipping"."""
    cents = models.PositiveIntegerField(_("cents"))

    class Meta:
        verbose_name = _("part of a refund")
        verbose_name_plural = _("parts of a refund")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["refund", "part"], name="one_refund_line_per_part"),
            models.CheckConstraint(condition=Q(cents__gt=0), name="refund_lines_return_something"),
        ]

    def __str__(self) -> str:
        return f"{self.part}: {self.cents}"
