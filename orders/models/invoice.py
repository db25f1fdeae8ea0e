"""Invoices and credit notes: numbered without a gap, frozen when they are made, kept for good."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.append_only import AppendOnly, RecordIsAppendOnly
from orders.models.order import Order
from orders.models.payment import Refund


class InvoiceKind(models.TextChoices):
    INVOICE = "invoice", _("invoice")
    CREDIT_NOTE = "credit_note", _("credit note")
    REVERSAL = "reversal", _("cancelling invoice")


class InvoiceSeries(models.Model):
    """One row of numbers for each kind and year, drawn one after the other under its lock."""

    kind = models.CharField(_("kind"), max_length=12, choices=InvoiceKind.choices)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of invoices")
        verbose_name_plural = _("series of invoices")
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="one_series_per_kind_and_year")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"


class Frozen(models.Model):
    """Added once and never touched again: guarded here, in the queryset and by triggers of the database."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RecordIsAppendOnly(type(self).__name__)
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise RecordIsAppendOnly(type(self).__name__)


class Invoice(Frozen):
    """What was charged for an order, what of it is given back (a credit note), or what of that never arrived."""

    kind = models.CharField(_("kind"), max_length=12, choices=InvoiceKind.choices)
    year = models.PositiveSmallIntegerField(_("year"))
    place = models.PositiveIntegerField(_("place in its series"))
    number = models.CharField(_("number"), max_length=20, unique=True)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="invoices", verbose_name=_("order")
    )
    refund = models.OneToOneField(
        Refund,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_note",
        verbose_name=_("refund"),
    )
    reverses = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversal",
        verbose_name=_("takes back"),
    )
    """Of a cancelling invoice: the credit note whose money did not reach the customer."""
    issued_on = models.DateField(_("date"))
    issued_at = models.DateTimeField(_("made"))
    currency = models.CharField(_("currency"), max_length=3)
    net_cents = models.PositiveIntegerField(_("net"))
    vat_cents = models.PositiveIntegerField(_("VAT"))
    total_cents = models.PositiveIntegerField(_("total"))
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("what stands on it"))
    """All that is printed (orders/money/invoiced.py), as it was on that day."""
    digest = models.CharField(_("digest"), max_length=64)
    """SHA-256 of the content, so that a change made past all guards is seen."""

    objects: ClassVar[models.Manager[Invoice]] = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices and credit notes")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "place"], name="invoice_number_is_drawn_once"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(kind="invoice"), name="one_invoice_per_order"
            ),
            models.CheckConstraint(condition=Q(place__gte=1), name="invoices_are_counted_from_one"),
            models.CheckConstraint(
                condition=Q(total_cents=F("net_cents") + F("vat_cents"), total_cents__gt=0),
                name="invoice_total_is_net_and_vat",
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", refund=None, reverses=None)
                | Q(kind="credit_note", refund__isnull=False, reverses=None)
                | Q(kind="reversal", refund=None, reverses__isnull=False),
                name="a_credit_note_is_for_a_refund",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit_note(self) -> bool:
        return self.kind == InvoiceKind.CREDIT_NOTE

    @property
    def is_reversal(self) -> bool:
        return self.kind == InvoiceKind.REVERSAL


class InvoicePaper(Frozen):
    """The file that was made of an invoice: the same bytes for as long as it is kept."""

    invoice = models.OneToOneField(
        Invoice,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="paper",
        verbose_name=_("invoice"),
    )
    file = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)
    """SHA-256 of the file."""
    made_at = models.DateTimeField(_("made"))

    objects: ClassVar[models.Manager[InvoicePaper]] = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        verbose_name = _("file of an invoice")
        verbose_name_plural = _("files of invoices")

    def __str__(self) -> str:
        return self.file
