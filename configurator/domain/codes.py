"""Short codes for paper: read aloud and typed without mistakes, and a mistake is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

# No 0/O, 1/I and no U: what is read aloud or typed from paper cannot be misread.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
STRANGE: Final = {"0": "DQ", "O": "DQ", "1": "LJ7", "I": "LJ7", "U": "V"}
"""Signs that no code has, and what was perhaps on the paper."""
STRANGE_MOST: Final = 3
ALIKE: Final = ("2Z", "5S", "8B", "6G", "4A", "VY", "DQ", "CG", "EF", "MN", "VW", "LJ", "7T")


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


def readings(typed: str, length: int) -> tuple[str, ...]:
    """What was perhaps on the paper: as typed, or else with signs that look alike and fit the check sign."""
    try:
        return (read(typed, length),)
    except CodeMistyped:
        return tuple(dict.fromkeys(_readings(typed, length)))


def _readings(typed: str, length: int) -> Iterator[str]:
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    strange = sum(sign not in ALPHABET for sign in signs)
    if len(signs) != length + 1 or strange > STRANGE_MOST:
        return
    for reading in _without_strange(signs) if strange else _one_sign_otherwise(signs):
        if checked(reading[:length]) == reading:
            yield reading


def _without_strange(signs: str) -> Iterator[str]:
    seats = (sign if sign in ALPHABET else STRANGE.get(sign, "") for sign in signs)
    return ("".join(reading) for reading in product(*seats))


def _one_sign_otherwise(signs: str) -> Iterator[str]:
    for place, sign in enumerate(signs):
        for pair in ALIKE:
            if sign in pair:
                yield f"{signs[:place]}{pair.replace(sign, '')}{signs[place + 1 :]}"
