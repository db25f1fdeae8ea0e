"""When a customer's bank asks for money back, or suspects that it will."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.payment import Payment


class Dispute(models.Model):
    """As Stripe has it; the evidence is gathered from our own records when somebody looks."""

    class State(models.TextChoices):
        WARNING_NEEDS_RESPONSE = "warning_needs_response", _("inquiry: answer it")
        WARNING_UNDER_REVIEW = "warning_under_review", _("inquiry: the bank looks at our answer")
        WARNING_CLOSED = "warning_closed", _("inquiry closed, no money taken")
        NEEDS_RESPONSE = "needs_response", _("answer it")
        UNDER_REVIEW = "under_review", _("the bank looks at our answer")
        PREVENTED = "prevented", _("prevented")
        WON = "won", _("won")
        LOST = "lost", _("lost")

    WAITS_FOR_US = (State.WARNING_NEEDS_RESPONSE, State.NEEDS_RESPONSE)
    CLOSED = (State.WARNING_CLOSED, State.PREVENTED, State.WON, State.LOST)

    id = models.CharField(primary_key=True, max_length=255)
    """Stripe's own."""
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="disputes", verbose_name=_("payment")
    )
    state = models.CharField(_("state"), max_length=30, choices=State.choices)
    reason = models.CharField(_("reason"), max_length=60)
    """In Stripe's words, such as fraudulent or product_not_received."""
    cents = models.PositiveIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    refundable = models.BooleanField(_("may still be refunded"))
    opened_at = models.DateTimeField(_("opened"))
    answer_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last change"))

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"{self.payment}: {self.id}"

    @property
    def waits_for_us(self) -> bool:
        return self.state in self.WAITS_FOR_US


class FraudWarning(models.Model):
    """A card's bank suspects fraud, usually days before a dispute. A refund now often prevents it."""

    id = models.CharField(primary_key=True, max_length=255)
    """Stripe's own."""
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="fraud_warnings", verbose_name=_("payment")
    )
    kind = models.CharField(_("kind"), max_length=60)
    """In Stripe's words, such as made_with_stolen_card."""
    warned_at = models.DateTimeField(_("warned"))
    seen_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    """When a member of staff decided what to do."""

    class Meta:
        verbose_name = _("fraud warning")
        verbose_name_plural = _("fraud warnings")
        ordering = ["-warned_at"]

    def __str__(self) -> str:
        return f"{self.payment}: {self.kind}"
