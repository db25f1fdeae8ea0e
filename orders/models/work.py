"""The work still owed to an order, and the letters among it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from configurator.purposes import Purpose
from orders.models.order import Order
from orders.models.production import Job
from orders.models.reminders import Reminder

OWED_TO = (
    *("job", "order", "refund", "shipment", "payment"),
    *("gift_card", "message", "reminder", "reminder_day"),
    *("stock", "run_out"),
)
"""What a piece of work can be for: one of these, never two."""


def _is_for(owed_to: str, *kinds: str) -> Q:
    return Q(kind__in=kinds, **{f"{each}__isnull": each != owed_to for each in OWED_TO})


class PendingWork(models.Model):
    """Something slow that an order is owed. The row is the truth, Celery only rings a bell."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("Print-size picture")
        TICKET = "ticket", _("Ticket")
        CONFIRMATION = "confirmation", _("Confirmation mail")
        REFUND = "refund", _("Mail about money that goes back")
        PRODUCTION = "production", _("Mail that the bars are being made")
        SHIPPED = "shipped", _("Mail that a parcel has left")
        UNPAID = "unpaid", _("Mail that a payment failed")
        REVIEW = "review", _("Mail that asks how the bars were")
        GIFT_CARD = "gift_card", _("Mail with a gift card")
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")
        REVERSAL = "reversal", _("Cancelling invoice")
        MESSAGE = "message", _("Mail with our answer")
        REMINDER_ASK = "reminder_ask", _("Mail that asks whether we shall remind")
        REMINDER = "reminder", _("Mail that reminds of a day")
        SHORTAGE = "shortage", _("Whether there is enough of an ingredient")
        CONSENT = "consent", _("What the customer allowed if an ingredient runs out")

    LETTERS = (
        Kind.CONFIRMATION,
        Kind.REFUND,
        Kind.PRODUCTION,
        Kind.SHIPPED,
        Kind.UNPAID,
        Kind.REVIEW,
        Kind.GIFT_CARD,
        Kind.MESSAGE,
        Kind.REMINDER_ASK,
        Kind.REMINDER,
    )

    PURPOSES: ClassVar[Mapping[str, Purpose]] = {
        Kind.INVOICE: Purpose.MONEY,
        Kind.CREDIT_NOTE: Purpose.MONEY,
        Kind.REVERSAL: Purpose.MONEY,
        Kind.TICKET: Purpose.FLOOR,
        Kind.SHORTAGE: Purpose.FLOOR,
        Kind.CONSENT: Purpose.MONEY,
        Kind.PICTURE: Purpose.PICTURES,
        **dict.fromkeys(LETTERS, Purpose.MAIL),
    }

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    job = models.ForeignKey(
        Job, models.CASCADE, null=True, blank=True, related_name="work", verbose_name=_("job")
    )
    order = models.ForeignKey(
        "orders.Order", models.CASCADE, null=True, blank=True, related_name="work", verbose_name=_("order")
    )
    refund = models.ForeignKey(
        "orders.Refund", models.CASCADE, null=True, blank=True, related_name="work", verbose_name=_("refund")
    )
    shipment = models.ForeignKey(
        "orders.Shipment",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="work",
        verbose_name=_("parcel"),
    )
    payment = models.ForeignKey(
        "orders.Payment",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="work",
        verbose_name=_("payment"),
    )
    gift_card = models.ForeignKey(
        "orders.GiftCard",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="work",
        verbose_name=_("gift card"),
    )
    message = models.ForeignKey(
        "orders.Message",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="work",
        verbose_name=_("message"),
    )
    reminder = models.ForeignKey(
        "orders.Reminder",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="work",
        verbose_name=_("reminder"),
    )
    reminder_day = models.ForeignKey(
        "orders.ReminderDay",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="work",
        verbose_name=_("day of a reminder"),
    )
    stock = models.ForeignKey(
        "orders.Stock",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="work",
        verbose_name=_("stock of a module"),
    )
    run_out = models.ForeignKey(
        "orders.RunOut",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="work",
        verbose_name=_("ingredient that ran out"),
    )
    created_at = models.DateTimeField(_("since"))
    try_at = models.DateTimeField(_("not before"))
    rung_at = models.DateTimeField(_("bell last rung"))
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    lease = models.UUIDField(_("lease"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    sendings = models.PositiveSmallIntegerField(_("sent"), default=1)
    """Of a letter: counted up when staff send it again, for mailboxes drop what they believe to have."""
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    stuck_at = models.DateTimeField(_("given up"), null=True, blank=True)

    class Meta:
        verbose_name = _("pending work")
        verbose_name_plural = _("pending work")
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(
                fields=["kind", "rung_at"], condition=Q(done_at=None, stuck_at=None), name="pending_work_open"
            ),
            models.Index(
                fields=["try_at"], condition=Q(done_at=None, stuck_at=None), name="pending_work_due"
            ),
            models.Index(
                fields=["kind"],
                condition=Q(done_at=None) & (Q(stuck_at__isnull=False) | ~Q(last_error="")),
                name="pending_work_failing",
            ),
        ]
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["kind", owed_to],
                    condition=~Q(**{owed_to: None}),
                    name=f"pending_work_once_per_{owed_to}",
                )
                for owed_to in OWED_TO
            ),
            models.CheckConstraint(
                condition=(
                    _is_for("job", "picture", "ticket")
                    | _is_for("order", "confirmation", "production", "review", "invoice")
                    | _is_for("refund", "refund", "credit_note", "reversal")
                    | _is_for("shipment", "shipped")
                    | _is_for("payment", "unpaid")
                    | _is_for("gift_card", "gift_card")
                    | _is_for("message", "message")
                    | _is_for("reminder", "reminder_ask")
                    | _is_for("reminder_day", "reminder")
                    | _is_for("stock", "shortage")
                    | _is_for("run_out", "consent")
                ),
                name="pending_work_is_for_what_its_kind_is_about",
            ),
            models.CheckConstraint(
                condition=Q(lease=None, leased_until=None)
                | Q(lease__isnull=False, leased_until__isnull=False),
                name="pending_work_lease_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(stuck_at=None),
                name="pending_work_done_is_not_stuck",
            ),
        ]

    def __str__(self) -> str:
        ids = (getattr(self, f"{owed_to}_id") for owed_to in OWED_TO)
        return f"{self.kind} {next(filter(None, ids), None)}"

    @property
    def purpose(self) -> Purpose:
        return self.PURPOSES[self.kind]

    @property
    def to_reminder(self) -> Reminder | None:
        """Of a mail that belongs to no order."""
        return self.reminder_day.reminder if self.reminder_day else self.reminder

    @property
    def to_order(self) -> Order:
        """The order it is about, whatever of it owes the work; reminders have none."""
        if self.order:
            return self.order
        if self.job:
            return self.job.order_line.order
        if self.gift_card:
            return self.gift_card.order
        of_money = self.refund and self.refund.payment
        owner = self.shipment or self.payment or self.message or self.run_out or of_money
        assert owner, "work is for an order, or something of one"
        return owner.order

    @property
    def to_email(self) -> str:
        """Who gets the letter: who ordered, who is given a gift card, or who wants to be reminded."""
        if self.to_reminder:
            return self.to_reminder.email
        return (self.gift_card and self.gift_card.recipient_email) or self.to_order.email


class Letters(models.Manager["Letter"]):
    def get_queryset(self) -> models.QuerySet[Letter]:
        return super().get_queryset().filter(kind__in=PendingWork.LETTERS)


class Letter(PendingWork):
    """The pending work that is a mail to the customer, sent or not: the outbox that staff see."""

    objects: ClassVar[Letters] = Letters()

    class Meta:
        proxy = True
        verbose_name = _("mail to a customer")
        verbose_name_plural = _("mails to customers")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.to_reminder or self.to_order}: {self.get_kind_display()}"
