"""A seat of a pattern, and what is to sit there."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt

from configurator.domain.family import TenthMm
from configurator.domain.footprints import Outline, Spot
from configurator.domain.room import Room

# From neighbour to neighbour on a line, in thousandths of their size: round ones may touch.
CLOSE, CLOSE_CORNERS = 880, 1080
_STRETCHES = (100, 115, 130, 150, 175, 200, 230, 260)


@dataclass(frozen=True, slots=True)
class Seat:
    x: TenthMm
    y: TenthMm
    turn: int

    def spot(self, room: Room, variant: int) -> Spot:
        """On the nearest whole square millimetre."""
        return Spot(*room.centre(room.bit(self.x, self.y)), self.turn, variant)


@dataclass(frozen=True, slots=True)
class Grain:
    """What is laid along a line: pieces beside each other, or pinches that flow together."""

    outline: Outline
    step: TenthMm = 0
    """How much of the line a pinch fills; 0 for pieces, which must not lie on each other."""

    @property
    def side(self) -> TenthMm:
        return max(self.outline.length, self.outline.width)

    @property
    def thick(self) -> TenthMm:
        """From one line to the next."""
        share = 36 if self.step else 51
        return (self.outline.length + self.outline.width) * share // 100

    @property
    def slants(self) -> tuple[int, ...]:
        """Lengthwise while there is room, then aslant, then crosswise."""
        is_long = self.outline.length * 10 > self.outline.width * 12
        return (0, 45, 90) if is_long and not self.outline.square else (0,)

    @property
    def stretches(self) -> tuple[int, ...]:
        """Pieces ask for a longer line; pinches flow into a thicker one."""
        return _STRETCHES[:1] if self.step else _STRETCHES

    def least(self, slant: int) -> TenthMm:
        """From centre to centre along a line."""
        if self.step:
            return self.step
        length, width = self.outline.length, self.outline.width
        if slant == 45:
            # Two ellipses side by side, both at 45 degrees to their line.
            across = isqrt(2 * (length * width) ** 2 // (length**2 + width**2))
        else:
            across = width if slant == 90 else length
        return across * (CLOSE_CORNERS if self.outline.square else CLOSE) // 1000

    def clear(self, slant: int) -> TenthMm:
        """From centre to centre of pieces on different lines, which may lie askew to each other."""
        if slant == 0 and len(self.slants) > 1:
            return (self.least(0) + self.least(90)) // 2
        return self.least(slant) * 95 // 100
