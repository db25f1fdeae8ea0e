"""The ground that a turned piece covers: as bits for counting quickly, and exactly for the last word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt
from typing import NamedTuple, TypeAlias

from configurator.domain.family import TenthMm

CELL: TenthMm = 10
TURN_STEP = 15
TURNS = 360 // TURN_STEP

_QUARTER = (1024, 989, 887, 724, 512, 265, 0)
"""Cosines of 0, 15 ... 90 degrees, times 1024."""
_HALF = (*_QUARTER, *(-cosine for cosine in _QUARTER[5::-1]))
_COSINES = (*_HALF, *_HALF[11:0:-1])
_NOWHERE = (1, -1)
_SLICE: TenthMm = 4

Span: TypeAlias = tuple[TenthMm, TenthMm]
"""From where to where on a line."""
_Rows: TypeAlias = list[tuple[int, int, int]]
"""Of a raster, each as (row, first cell, cells)."""


class Outline(NamedTuple):
    length: TenthMm
    width: TenthMm
    square: bool = False

    def grown(self, by: TenthMm) -> Outline:
        """Longer and wider by so much, or smaller."""
        return Outline(max(1, self.length + by), max(1, self.width + by), self.square)


class Spot(NamedTuple):
    """A centre, the nearest turn that pieces can have, and a number from which the individual is picked."""

    x: TenthMm
    y: TenthMm
    turn: int
    variant: int


@dataclass(frozen=True, slots=True)
class Footprint:
    """The square millimetres under a turned piece, as bits from the upper left cell of its box."""

    bits: int
    half: int
    runs: tuple[tuple[int, tuple[tuple[int, int], ...]], ...]
    """Rows by how many cells they cover, few first: (cells, ((row, first cell), ...))."""


def reach_of(outline: Outline, turn: int) -> tuple[TenthMm, TenthMm]:
    """How far a turned piece reaches from its centre, across and down."""
    cosine, sine = abs(cosine_of(turn)), abs(sine_of(turn))
    if outline.square:
        across = (outline.length * cosine + outline.width * sine) // 2048
        down = (outline.length * sine + outline.width * cosine) // 2048
    else:
        across = isqrt((outline.length * cosine) ** 2 + (outline.width * sine) ** 2) // 2048
        down = isqrt((outline.length * sine) ** 2 + (outline.width * cosine) ** 2) // 2048
    return across + 1, down + 1


def footprint_of(outline: Outline, turn: int, stride: int) -> Footprint:
    # Half a turn covers the same ground, and so does any turn of what is round.
    is_round = outline.length == outline.width and not outline.square
    return _footprint_of(outline, 0 if is_round else turn % 180, stride)


@lru_cache(maxsize=4096)
def _footprint_of(outline: Outline, turn: int, stride: int) -> Footprint:
    if turn > 90:
        return _footprint(_left_for_right(_footprint_of(outline, 180 - turn, stride)), outline, turn, stride)
    return _footprint(_rastered(outline, turn), outline, turn, stride)


def _footprint(rows: _Rows, outline: Outline, turn: int, stride: int) -> Footprint:
    bits = 0
    by_length: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for row, first, cells in rows:
        bits |= ((1 << cells) - 1) << (row * stride + first)
        by_length[cells].append((row, first))
    runs = tuple((length, tuple(by_length[length])) for length in sorted(by_length))
    return Footprint(bits, _half(outline, turn), runs)


def _half(outline: Outline, turn: int) -> int:
    """Cells from the middle of the box to its edge."""
    return -(-max(reach_of(outline, turn)) // CELL)


def _left_for_right(footprint: Footprint) -> _Rows:
    """What is turned the other way is its mirror image."""
    last = 2 * footprint.half
    return [(row, last - first - cells + 1, cells) for cells, rows in footprint.runs for row, first in rows]


def _rastered(outline: Outline, turn: int) -> _Rows:
    half = _half(outline, turn)
    # A cell in the middle is always covered, however thin the piece is.
    thick = Outline(max(outline.length, CELL), max(outline.width, CELL), outline.square)
    span_at = spans_of(thick, turn)
    upper: _Rows = []
    for row in range(half + 1):
        low, high = span_at((row - half) * CELL)
        first, last = -(-low // CELL) + half, high // CELL + half
        if first <= last:
            upper.append((row, first, last - first + 1))
    # Half a turn covers the same ground, so what lies below is what lies above, upside down.
    lower = [
        (2 * half - row, 2 * half - first - cells + 1, cells) for row, first, cells in upper if row < half
    ]
    return upper + lower[::-1]


def shared_permille(one: Outline, here: Spot, other: Outline, there: Spot) -> int:
    """How much of the smaller one lies under or on the other, in thousandths of its area."""
    far = (one.length + other.length) * 3 // 4  # no farther than corners reach
    if abs(there.x - here.x) >= far or abs(there.y - here.y) >= far:
        return 0
    (across, down), (wide, high) = reach_of(one, here.turn), reach_of(other, there.turn)
    if abs(there.x - here.x) >= across + wide or abs(there.y - here.y) >= down + high:
        return 0
    shared, span_of_one, span_of_other = 0, spans_of(one, here.turn), spans_of(other, there.turn)
    for y in range(max(here.y - down, there.y - high), min(here.y + down, there.y + high) + 1, _SLICE):
        low, far = span_of_one(y - here.y)
        near, end = span_of_other(y - there.y)
        shared += max(0, min(far + here.x, end + there.x) - max(low + here.x, near + there.x) + 1)
    return 1000 * _SLICE * shared // max(1, min(area_of(one), area_of(other)))


def area_of(outline: Outline) -> int:
    """Square tenths of a millimetre."""
    box = outline.length * outline.width
    return box if outline.square else box * 355 // 452


def spans_of(outline: Outline, turn: int) -> Callable[[TenthMm], Span]:
    """Tells from where to where it covers the line so far below its centre."""
    along, beside = outline.length << 9, outline.width << 9  # half axes, times 1024
    cosine, sine = cosine_of(turn), sine_of(turn)
    if outline.square:
        return _spans_of_box(along, beside, cosine, sine)
    return _spans_of_ellipse(along, beside, cosine, sine)


def _spans_of_ellipse(along: int, beside: int, cosine: int, sine: int) -> Callable[[TenthMm], Span]:
    square = (cosine * beside) ** 2 + (sine * along) ** 2
    linear = cosine * sine * (along**2 - beside**2)
    falling, constant = (sine * beside) ** 2 + (cosine * along) ** 2, (along * beside) ** 2

    def span_at(y: TenthMm) -> Span:
        half_linear = y * linear
        under_root = half_linear**2 - square * (y * y * falling - constant)
        if under_root < 0:
            return _NOWHERE
        root = isqrt(under_root)
        return -((half_linear + root) // square), (root - half_linear) // square

    return span_at


def _spans_of_box(along: int, beside: int, cosine: int, sine: int) -> Callable[[TenthMm], Span]:
    def span_at(y: TenthMm) -> Span:
        low_a, high_a = _band(cosine, along, y * sine)
        low_b, high_b = _band(sine, beside, -y * cosine)
        return max(low_a, low_b), min(high_a, high_b)

    return span_at


def _band(slope: int, half: int, offset: int) -> Span:
    """The x for which ``slope * x`` is within ``half`` of ``offset``."""
    if not slope:
        return (-(10**6), 10**6) if abs(offset) <= half else _NOWHERE
    if slope < 0:
        slope, offset = -slope, -offset
    return -((half - offset) // slope), (half + offset) // slope


def cosine_of(turn: int) -> int:
    """Times 1024, of the nearest turn that pieces can have."""
    return _COSINES[(turn + TURN_STEP // 2) // TURN_STEP % TURNS]


def sine_of(turn: int) -> int:
    return cosine_of(turn - 90)
