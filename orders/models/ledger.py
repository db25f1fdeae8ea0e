"""Our own book of every movement of money, and the proof that an order was fulfilled once."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.append_only import AppendOnly, RecordIsAppendOnly
from orders.models.order import Order
from orders.models.payment import Payment


class LedgerEntry(models.Model):
    """Money came in or went out at Stripe. Append-only: what was wrong is set right by another entry."""

    class Kind(models.TextChoices):
        """Named as Stripe names them in the reports of its balance."""

        CHARGE = "charge", _("paid in")
        REFUND = "refund", _("given back")
        REFUND_FAILURE = "refund_failure", _("came back: a refund failed")
        DISPUTE = "dispute", _("taken by the customer's bank")
        DISPUTE_REVERSAL = "dispute_reversal", _("returned by the customer's bank")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    stripe_id = models.CharField(_("at Stripe"), max_length=255)
    """Of the charge, the refund or the dispute that moved it."""
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="entries", verbose_name=_("payment")
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="entries", verbose_name=_("order")
    )
    cents = models.IntegerField(_("amount"))
    """Negative when it left us. Fees stay between Stripe and the bookkeeping."""
    currency = models.CharField(_("currency"), max_length=3)
    at = models.DateTimeField(_("booked"))

    objects: ClassVar[models.Manager[LedgerEntry]] = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "stripe_id"], name="money_moves_once"),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["charge", "refund_failure", "dispute_reversal"], cents__gt=0)
                    | Q(kind__in=["refund", "dispute"], cents__lt=0)
                ),
                name="ledger_entry_has_the_sign_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.stripe_id}: {self.cents}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RecordIsAppendOnly(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise RecordIsAppendOnly(type(self).__name__)


class Discrepancy(models.Model):
    """Our ledger and Stripe's balance did not agree about one movement of money."""

    kind = models.CharField(_("kind"), max_length=16, choices=LedgerEntry.Kind.choices)
    stripe_id = models.CharField(_("at Stripe"), max_length=255)
    ours_cents = models.IntegerField(_("in our ledger"), null=True)
    theirs_cents = models.IntegerField(_("at Stripe"), null=True)
    """NULL: there is no such movement."""
    currency = models.CharField(_("currency"), max_length=3)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="discrepancies", verbose_name=_("payment")
    )
    found_at = models.DateTimeField(_("found"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    """When a later comparison found that both agree again."""

    class Meta:
        verbose_name = _("discrepancy")
        verbose_name_plural = _("discrepancies")
        ordering = ["-found_at"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "stripe_id"], name="one_discrepancy_per_movement"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.stripe_id}"


class Fulfilment(models.Model):
    """This order was paid by this payment, and its work was released: once, says the database."""

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, primary_key=True, related_name="fulfilment", verbose_name=_("order")
    )
    payment = models.OneToOneField(
        Payment, on_delete=models.PROTECT, related_name="fulfilment", verbose_name=_("payment")
    )
    at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("fulfilment")
        verbose_name_plural = _("fulfilments")

    def __str__(self) -> str:
        return str(self.order)
