"""What customers tell us about an order after they have placed it, and what became of it."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order, OrderLine
from orders.models.payment import Refund
from orders.models.production import Job

WORDS_MAX: Final = 2000


class Message(models.Model):
    """Words about an order, by its customer or by the house; never changed afterwards."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="messages", verbose_name=_("order")
    )
    by_customer = models.BooleanField(_("by the customer"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    """Who of the house; none for a receipt that writes itself."""
    words = models.TextField(_("words"), max_length=2 * WORDS_MAX)
    at = models.DateTimeField(_("written"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    """Of the customer's: when somebody of the house wrote or said that nothing is left to say."""

    class Meta:
        verbose_name = _("message about an order")
        verbose_name_plural = _("messages about orders")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(
                fields=["at"], condition=Q(by_customer=True, answered_at=None), name="unanswered_messages"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="message_says_something"),
            models.CheckConstraint(
                condition=Q(by_customer=False, answered_at=None) | Q(by_customer=True, by=None),
                name="message_is_of_the_customer_or_of_the_house",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.words[:40]}"


class Claim(models.Model):
    """Something about bars that a customer has, or a withdrawal: staff decide what becomes of it."""

    class Kind(models.TextChoices):
        WITHDRAWAL = "withdrawal", _("Withdrawal from the contract")
        BROKEN = "broken", _("It arrived broken")
        MELTED = "melted", _("It arrived melted")
        WRONG = "wrong", _("It is not the bar I ordered")
        MISSING = "missing", _("It was not in the parcel")
        TASTE = "taste", _("It tastes or looks bad")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", _("to be decided")
        REMADE = "remade", _("made again")
        REFUNDED = "refunded", _("money back")
        DECLINED = "declined", _("declined")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="claims", verbose_name=_("order"))
    kind = models.CharField(_("what is wrong"), max_length=12, choices=Kind.choices)
    job = models.ForeignKey(
        Job, on_delete=models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("bar")
    )
    """Of everything but a withdrawal."""
    lines = models.ManyToManyField(OrderLine, related_name="+", verbose_name=_("bars"))
    name = models.CharField(_("name"), max_length=100, blank=True)
    """Of a withdrawal: who declares it."""
    words = models.TextField(_("words"), max_length=WORDS_MAX, blank=True)
    at = models.DateTimeField(_("received"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.TextField(_("answer to the customer"), max_length=WORDS_MAX, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    refund = models.OneToOneField(
        Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("refund")
    )

    class Meta:
        verbose_name = _("claim or withdrawal")
        verbose_name_plural = _("claims and withdrawals")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["job"], condition=Q(state="open"), name="one_open_claim_per_bar"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(kind="withdrawal", state="open"),
                name="one_open_withdrawal_per_order",
            ),
            models.CheckConstraint(
                condition=Q(kind="withdrawal", job=None) | ~Q(kind="withdrawal") & Q(job__isnull=False),
                name="claim_is_about_a_bar",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None)
                | ~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="claim_is_open_or_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="refunded", refund__isnull=False) | ~Q(state="refunded") & Q(refund=None),
                name="claim_refunded_has_its_refund",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_withdrawal(self) -> bool:
        return self.kind == self.Kind.WITHDRAWAL


class ClaimPhoto(models.Model):
    """What a customer shows of it. Developed anew: nothing but pixels is kept."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="photos")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.digest[:8]

    @property
    def file_name(self) -> str:
        return f"claims/{self.digest}.jpg"
