"""Short codes for paper: read aloud and typed without mistakes, and a mistake is noticed."""

from __future__ import annotations

# No 0/O, 1/I and no U: what is read aloud or typed from paper cannot be misread.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"


class CodeMistyped(ValueError):
    """The check sign does not fit: at least one sign was misread."""


def checked(body: str) -> str:
    """The signs with their check sign behind them."""
    # Weights 1, 2, 3 ... modulo the prime 31 reveal every single misread sign and every swap of two.
    weighted = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(body, 1))
    return body + ALPHABET[weighted % len(ALPHABET)]


def read(typed: str, length: int) -> str:
    """What a person typed → the signs with their check sign. Raises CodeMistyped."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    body = signs[:length]
    if set(signs) - set(ALPHABET) or len(signs) != length + 1 or checked(body) != signs:
        raise CodeMistyped(typed)
    return signs
