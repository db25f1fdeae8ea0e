"""What the studio's form says of patterns, of pieces laid by hand and of photos, read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
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


TYPED_MAX: Final = 100
"""No piece's name and no distance is longer; what is stays out of the next address."""


class MistypedError(ValueError):
    """In the customer's words: what could not be read, and what would be."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class Placing:
    """What the fields for placing by hand say: a move, or what was mistyped and stays to be put right."""

    move: Move | None = None
    mistake: str = ""
    field: str = ""
    piece: str = ""
    x: str = ""
    y: str = ""
    turn: str = ""

    @property
    def query(self) -> Mapping[str, str]:
        """So that the next page shows it too; empty when nothing was mistyped."""
        if not self.mistake:
            return {}
        return {
            "place": "1",
            "place-piece": self.piece,
            "place-x": self.x,
            "place-y": self.y,
            "place-turn": self.turn,
        }


def read_placing(typed: QueryDict) -> Placing:
    """Counts only when their button was pressed; until then what is typed stays, whatever else changes."""
    piece, x, y, turn = (typed.get(f"place-{name}", "")[:TYPED_MAX] for name in ("piece", "x", "y", "turn"))
    if "place" not in typed:
        return Placing(None, "", "", piece, x, y, turn)
    try:
        return Placing(_read_placed(typed))
    except MistypedError as mistaken:
        return Placing(None, str(mistaken), mistaken.field, piece, x, y, turn)


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


def _read_placed(posted: QueryDict) -> Move:
    """Raises MistypedError."""
    piece = PIECE.fullmatch(posted.get("place-piece", ""))
    if not piece:
        raise MistypedError(_("Choose the piece that you want to lay."), "piece")
    x, y = (_tenths(posted, name) for name in ("x", "y"))
    turn = posted.get("place-turn", "").strip() or "0"
    if not DEGREES.fullmatch(turn):
        raise MistypedError(_("The turn is a whole number of degrees, such as 45."), "turn")
    return Move(piece["slot"], piece["module"], int(piece["index"]), x, y, int(turn) % 360)


def _tenths(posted: QueryDict, name: str) -> int:
    typed = posted.get(f"place-{name}", "").strip()
    if not MILLIMETRES.fullmatch(typed):
        raise MistypedError(_("Write both distances in millimetres, such as 42.5."), name)
    return int(Decimal(typed.replace(",", ".")) * 10)


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
