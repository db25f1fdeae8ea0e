"""Stripe's test cards. Any other number is refused, so that nobody types a real one in earnest."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Decline:
    code: str
    decline_code: str | None
    message: str


@dataclass(frozen=True)
class Card:
    number: str
    does: str
    decline: Decline | None = None
    asks_3ds: bool = False
    is_disputed: bool = False
    pays_later: bool = False

    @property
    def spaced(self) -> str:
        return " ".join(re.findall(r"\d{1,4}", self.number))

    @property
    def last4(self) -> str:
        return self.number[-4:]


AUTHENTICATION_FAILED = Decline(
    "payment_intent_authentication_failure",
    None,
    "We are unable to authenticate your payment method. Please choose a different payment method "
    "and try again.",
)
CARDS = (
    Card("4242424242424242", "succeeds"),
    Card(
        "4000000000000002",
        "is declined",
        Decline("card_declined", "generic_decline", "Your card was declined."),
    ),
    Card(
        "4000000000009995",
        "has insufficient funds",
        Decline("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    ),
    Card("4000002760003184", "asks for 3-D Secure", asks_3ds=True),
    Card("4000000000000069", "is expired", Decline("expired_card", None, "Your card has expired.")),
    Card(
        "4000000000000127",
        "has a wrong security code",
        Decline("incorrect_cvc", None, "Your card's security code is incorrect."),
    ),
    Card("4000000000000259", "succeeds, then is disputed", is_disputed=True),
    # No card, but the way to a method that settles days later.
    Card("bankdebit", "settles later", pays_later=True),
)
BY_NUMBER = {card.number: card for card in CARDS}


def card_of(typed: str) -> Card | None:
    return BY_NUMBER.get(re.sub(r"[\s-]", "", typed))
