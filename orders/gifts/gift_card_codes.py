"""The code of a gift card: read aloud and typed like a pack code, and kept nowhere."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Final

from django.conf import settings

from configurator.domain import codes
from configurator.domain.codes import CodeMistyped
from orders.models.gift_cards import GiftCard

SIGNS: Final = 15
"""Beside the check sign: 31 to the power of 15, which nobody guesses."""
GROUP: Final = 4


class CodeLost(LookupError):
    """The secret key it was made with is not among ours any more. The code itself still buys."""


def code_of(card: GiftCard) -> str:
    """As it stands on the card. Raises CodeLost."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        signs = _signs(card.seed, key)
        if hmac.compare_digest(digest_of(signs), card.digest):
            return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))
    raise CodeLost(card.number)


def digest_of_new(seed: str) -> str:
    return digest_of(_signs(seed, settings.SECRET_KEY))


def digest_of(signs: str) -> str:
    """No key and no salt: nobody can try out as many codes as there are."""
    return sha256(f"gift card {signs}".encode()).hexdigest()


def read(typed: str) -> str:
    """What a person typed → the digest to look for; empty for what cannot be a card's code."""
    try:
        return digest_of(codes.read(typed, SIGNS)) if len(typed) < 80 else ""
    except CodeMistyped:
        return ""


def _signs(seed: str, key: str) -> str:
    number = int.from_bytes(hmac.digest(key.encode(), f"gift card {seed}".encode(), "sha256"), "big")
    body = ""
    for _sign in range(SIGNS):
        number, sign = divmod(number, len(codes.ALPHABET))
        body += codes.ALPHABET[sign]
    return codes.checked(body)
