"""The pieces on a bar, as the fields for laying them by hand name them."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.utils import formats

from configurator.designs import Review
from configurator.domain.family import TenthMm
from configurator.domain.pieces import is_movable
from configurator.domain.scene import Piece

register = template.Library()


@dataclass(frozen=True, slots=True)
class LyingPiece:
    key: str
    number: int
    x_mm: str
    y_mm: str


@dataclass(frozen=True, slots=True)
class LyingHeap:
    name: str
    pieces: tuple[LyingPiece, ...]


@register.simple_tag
def lying(review: Review) -> list[LyingHeap]:
    heaps: dict[tuple[str, str], list[Piece]] = {}
    for piece in review.scene.pieces:
        if is_movable(review.family.modules[piece.module]):
            heaps.setdefault((piece.slot, piece.module), []).append(piece)
    return [
        LyingHeap(
            review.family.modules[module].name.to(review.locale),
            tuple(_lying(piece) for piece in sorted(pieces, key=lambda piece: piece.index)),
        )
        for (_, module), pieces in heaps.items()
    ]


def _lying(piece: Piece) -> LyingPiece:
    key = f"{piece.slot}:{piece.module}:{piece.index}"
    return LyingPiece(key, piece.index + 1, _in_words(piece.x), _in_words(piece.y))


def _in_words(tenths: TenthMm) -> str:
    return str(formats.localize(tenths / 10))


@register.filter
def tenths_as_mm(tenths: TenthMm) -> str:
    """For a field's limits, where a point is a point in every language."""
    return f"{tenths / 10:g}"
