"""Gift cards: money that was paid before anybody knew for what, and the book of where it went."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from configurator.domain import codes
from orders.models.append_only import AppendOnly, RecordIsAppendOnly
from orders.models.cart import Cart
from orders.models.order import Order
from orders.models.payment import Refund

NUMBER_SIGNS = 8
MESSAGE_MAX = 300


def new_card_number() -> str:
    """What customers and staff call a card by. It buys nothing: that takes the code."""
    return "G-" + "".join(secrets.choice(codes.ALPHABET) for _sign in range(NUMBER_SIGNS))


def new_seed() -> str:
    return secrets.token_urlsafe(24)


class GiftCard(models.Model):
    """Bought by an order that holds nothing else. It is worth nothing until that order is paid.

    The code is not kept: it follows from the seed and the shop's secret key (gift_card_codes.py), so that neither
    the database nor its backups are enough to spend a card. Its digest finds the card.
    """

    number = models.CharField(
        _("number"), max_length=10, unique=True, default=new_card_number, editable=False
    )
    seed = models.CharField(max_length=32, default=new_seed, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="gift_card", verbose_name=_("bought by")
    )
    request_key = models.UUIDField(unique=True, editable=False)
    """The button pressed twice is one card."""
    cents = models.PositiveIntegerField(_("value in cents"))
    currency = models.CharField(_("currency"), max_length=3)
    balance_cents = models.PositiveIntegerField(_("left in cents"), default=0)
    """What its entries sum to; changed only together with them."""

    sender = models.CharField(_("from"), max_length=100, blank=True)
    recipient = models.CharField(_("for"), max_length=100, blank=True)
    recipient_email = models.EmailField(_("sent to"), blank=True)
    """Empty: to whoever bought it, to be printed."""
    message = models.CharField(_("message"), max_length=MESSAGE_MAX, blank=True)
    send_on = models.DateField(_("sent on"), null=True, blank=True)

    issued_at = models.DateTimeField(_("valid since"), null=True, blank=True)
    expires_on = models.DateField(_("last day"), null=True, blank=True)
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("blocked by"),
    )
    blocked_why = models.CharField(_("why it is blocked"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("gift card")
        verbose_name_plural = _("gift cards")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="gift_card_is_worth_something"),
            models.CheckConstraint(
                condition=Q(issued_at=None, expires_on=None, balance_cents=0)
                | Q(issued_at__isnull=False, expires_on__isnull=False),
                name="gift_card_holds_money_once_it_is_issued",
            ),
            models.CheckConstraint(
                condition=Q(balance_cents__lte=F("cents")), name="gift_card_holds_no_more_than_was_paid"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def spent_cents(self) -> int:
        return self.cents - self.balance_cents

    def has_run_out(self, on: date) -> bool:
        return self.expires_on is not None and on > self.expires_on


class GiftCardEntry(models.Model):
    """Money went onto a card or off it. Append-only: what was wrong is set right by another entry."""

    class Kind(models.TextChoices):
        ISSUED = "issued", _("paid for")
        REDEEMED = "redeemed", _("paid an order with it")
        RELEASED = "released", _("back: the order was not paid")
        GIVEN_BACK = "given_back", _("back: refund of an order")
        TAKEN_BACK = "taken_back", _("the card itself was given back")
        RESTORED = "restored", _("the refund of the card failed")

    card = models.ForeignKey(
        GiftCard, on_delete=models.PROTECT, related_name="entries", verbose_name=_("gift card")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="gift_card_entries", verbose_name=_("order")
    )
    """That bought it, or that was paid with it."""
    refund = models.ForeignKey(
        Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="gift_card_entries"
    )
    cents = models.IntegerField(_("amount"))
    """Negative when it left the card."""
    at = models.DateTimeField(_("booked"))

    objects: ClassVar[models.Manager[GiftCardEntry]] = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        verbose_name = _("movement of a gift card")
        verbose_name_plural = _("movements of gift cards")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["card", "kind", "order"],
                condition=Q(refund=None),
                name="gift_card_moves_once_for_an_order",
            ),
            models.UniqueConstraint(
                fields=["card", "kind", "refund"],
                condition=Q(refund__isnull=False),
                name="gift_card_moves_once_for_a_refund",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["issued", "redeemed", "released"], refund=None)
                    | Q(kind__in=["given_back", "taken_back", "restored"], refund__isnull=False)
                ),
                name="gift_card_entry_names_its_refund",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["issued", "released", "given_back", "restored"], cents__gt=0)
                    | Q(kind__in=["redeemed", "taken_back"], cents__lt=0)
                ),
                name="gift_card_entry_has_the_sign_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card}: {self.kind} {self.cents}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RecordIsAppendOnly(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise RecordIsAppendOnly(type(self).__name__)


class CartGiftCard(models.Model):
    """A card whose code somebody typed into a cart. It holds nothing: only an order takes money from it."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="gift_cards")
    card = models.ForeignKey(GiftCard, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "card"], name="one_gift_card_once_per_cart"),
        ]
