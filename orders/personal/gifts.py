"""Gift cards: the money on one stays for whoever has its code; names, address and words go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from orders.models import GiftCard, Letter, Order
from orders.personal import office
from orders.personal.people import Person


def tell_bought(order: Order) -> dict[str, Any] | None:
    card = GiftCard.objects.filter(order=order).first()
    if card is None:
        return None
    return {
        "number": card.number,
        "cents": card.cents,
        "left_cents": card.balance_cents,
        "currency": card.currency,
        "from": card.sender,
        "for": card.recipient,
        "sent_to": card.recipient_email,
        "message": card.message,
        "valid_until": card.expires_on,
    }


def forget_bought(order: Order, _at: datetime) -> None:
    GiftCard.objects.filter(order=order).update(
        sender="", recipient="", recipient_email="", message="", blocked_why=""
    )


def tell_received(person: Person) -> list[dict[str, Any]]:
    """Without the words of whoever gave it away before it was sent."""
    cards = GiftCard.objects.filter(person.wrote("recipient_email"), issued_at__isnull=False)
    return [
        {
            "number": card.number,
            "for": card.recipient,
            "sent_to": card.recipient_email,
            "message": card.message,
        }
        for card in cards.exclude(person.wrote("order__email"))
        if Letter.objects.filter(gift_card=card, done_at__isnull=False).exists()
    ]


def forget_received(person: Person, _at: datetime) -> None:
    """One that is still to be sent goes to whoever bought it, to be printed."""
    cards = GiftCard.objects.filter(person.wrote("recipient_email"))
    office.forget_changes_of(cards)
    Letter.objects.filter(gift_card__in=cards.values("pk")).update(last_error="")
    cards.update(recipient="", recipient_email="")
