"""A gift card is bought: an order that holds nothing else, paid and settled like every other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from configurator.domain.family import Cents
from orders.gifts import gift_card_codes
from orders.models import GiftCard, Order
from orders.models.gift_cards import new_seed

LEAST_CENTS: Final = 1000
MOST_CENTS: Final = 25000
OFFERED_CENTS: Final = (2500, 5000, 10000)


@dataclass(frozen=True, slots=True)
class Gift:
    """What the page asks."""

    cents: Cents
    currency: str
    name: str
    """Of whoever pays."""
    email: str
    sender: str = ""
    recipient: str = ""
    recipient_email: str = ""
    message: str = ""
    send_on: date | None = None


def order(gift: Gift, *, key: UUID, locale: str, at: datetime, account_id: int | None = None) -> Order:
    """Unpaid, and the card is worth nothing yet. The same key is the same order."""
    try:
        with transaction.atomic():
            return _ordered_before(key) or _ordered(gift, key, locale, at, account_id)
    except IntegrityError:
        # Two presses of the button at once end at the unique key.
        return Order.objects.get(gift_card__request_key=key)


def _ordered_before(key: UUID) -> Order | None:
    return Order.objects.filter(gift_card__request_key=key).first()


def _ordered(gift: Gift, key: UUID, locale: str, at: datetime, account_id: int | None) -> Order:
    """No VAT: a card that buys bars of any rate, to any country, is taxed when it buys them (docs/gift-cards.md)."""
    placed = Order.objects.create(
        sells_gift_card=True,
        account_id=account_id,
        locale=locale,
        email=gift.email,
        name=gift.name,
        currency=gift.currency,
        goods_cents=gift.cents,
        shipping_cents=0,
        total_cents=gift.cents,
        vat=[],
        placed_at=at,
    )
    seed = new_seed()
    GiftCard.objects.create(
        order=placed,
        request_key=key,
        seed=seed,
        digest=gift_card_codes.digest_of_new(seed),
        cents=gift.cents,
        currency=gift.currency,
        sender=gift.sender,
        recipient=gift.recipient,
        recipient_email=gift.recipient_email,
        message=gift.message,
        send_on=gift.send_on,
    )
    return placed
