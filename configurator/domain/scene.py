"""What to draw: every piece of a bar with its place, in tenths of a millimetre."""

from __future__ import annotations

from dataclasses import dataclass

from configurator.domain.family import TenthMm


@dataclass(frozen=True, slots=True)
class Piece:
    """One sprite. ``x`` runs right and ``y`` down from the bar's upper left corner."""

    module: str
    slot: str
    x: TenthMm
    y: TenthMm
    turn: int
    """Degrees, 0-359, counter-clockwise: what the floor's map shows and the sprite is chosen by."""
    variant: int
    """Seeded number from which the renderer picks the individual; any number fits any art."""
    count: int = 1
    """Real pieces that this sprite stands for: a pinch of small ones is drawn as one patch."""


@dataclass(frozen=True, slots=True)
class Bump:
    """A mixed-in piece that lifts the surface from below."""

    module: str
    x: TenthMm
    y: TenthMm
    diameter: TenthMm
    variant: int


@dataclass(frozen=True, slots=True)
class Scene:
    family: str
    length: TenthMm
    width: TenthMm
    base: str
    bumps: tuple[Bump, ...]
    pieces: tuple[Piece, ...]
    """In painting order: heavy ones first, fragile ones last."""
