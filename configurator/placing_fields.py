"""What the studio's form says of patterns, of pieces laid by hand and of photos, read strictly."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from configurator.domain.design import LETTER, LETTERS, PATTERNS, SCATTERED, Choice, Move, Photo

MOVE: Final = re.compile(
    r"(?P<slot>\w{1,40}):(?P<module>[\w-]{1,40}):(?P<index>\d{1,3}):(?P<x>\d{1,5}):(?P<y>\d{1,5}):(?P<turn>\d{1,3})"
)
PIECE: Final = re.compile(r"(?P<slot>\w{1,40}):(?P<module>[\w-]{1,40}):(?P<index>\d{1,3})")
MILLIMETRES: Final = re.compile(r"\d{1,3}([.,]\d{1,2})?")
DEGREES: Final = re.compile(r"-?\d{1,3}")
PHOTO: Final = re.compile(
    r"(?P<digest>[0-9a-f]{64}):(?P<left>\d{1,5}):(?P<top>\d{1,5}):(?P<width>\d{1,5}):(?P<height>\d{1,5})"
)


class MistypedError(ValueError):
    """In the customer's words: what could not be read, and what would be."""


def typed_pattern(posted: QueryDict, choice: Choice) -> str:
    """What is no pattern of ours counts as none: no control of our page sends it."""
    place = f"{choice.slot}-{choice.module}"
    pattern = posted.get(f"pattern-{place}", "")
    if pattern == "letter":
        typed = posted.get(f"letter-{place}", "").strip().upper()[:1]
        fallback = next((sign for sign in posted.get("name", "").upper() if sign in LETTERS), "A")
        return LETTER + (typed if typed in LETTERS else fallback)
    return pattern if pattern in PATTERNS else SCATTERED


def read_move(typed: str) -> Move:
    """Raises MistypedError."""
    found = MOVE.fullmatch(typed)
    if not found:
        raise MistypedError(_("Where a piece was laid could not be read. Lay it once more."))
    x, y, turn = (int(found[name]) for name in ("x", "y", "turn"))
    return Move(found["slot"], found["module"], int(found["index"]), x, y, turn % 360)


def read_placed(posted: QueryDict) -> Move:
    """Raises MistypedError."""
    piece = PIECE.fullmatch(posted.get("place-piece", ""))
    if not piece:
        raise MistypedError(_("Choose the piece that you want to lay."))
    x, y = (_tenths(posted.get(name, "")) for name in ("place-x", "place-y"))
    turn = posted.get("place-turn", "").strip() or "0"
    if not DEGREES.fullmatch(turn):
        raise MistypedError(_("The turn is a whole number of degrees, such as 45."))
    return Move(piece["slot"], piece["module"], int(piece["index"]), x, y, int(turn) % 360)


def _tenths(typed: str) -> int:
    if not MILLIMETRES.fullmatch(typed.strip()):
        raise MistypedError(_("Write both distances in millimetres, such as 42.5."))
    return int(Decimal(typed.strip().replace(",", ".")) * 10)


class PhotoField(forms.CharField):
    """A kept photo and its crop, as "digest:left:top:width:height"; empty for none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=120, **options)

    def clean(self, value: Any) -> Photo | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = PHOTO.fullmatch(typed)
        if not found:
            raise forms.ValidationError(_("The photo could not be read. Choose it once more."))
        return Photo(found["digest"], *(int(found[name]) for name in ("left", "top", "width", "height")))
