"""Where on a bar the centre of a piece may lie, so that nothing of it reaches over the edge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from configurator.domain.family import OutlineName, TenthMm
from configurator.domain.footprints import CELL, TURN_STEP, TURNS, Footprint, Outline, footprint_of, reach_of
from configurator.domain.letters import Point
from configurator.domain.outlines import outline_points

RIM: TenthMm = 40
"""No piece comes nearer to the bar's edge."""
MIDDLE: TenthMm = 5
"""And none of a half nearer to the line between the halves."""

PAD = 44
"""Cells between two rows, so that what reaches over an edge does not come in again at the other."""
# Rastering moves an outline by up to a cell; the heart keeps that much more.
_HEART_RIM, _HEART_GROWTH = RIM + CELL, CELL


_Window: TypeAlias = tuple[int, int, tuple[tuple[int, int], ...]]
"""A disc, the bit of its middle, and the growing ones within: (radius, cells)."""


@dataclass(frozen=True, slots=True)
class Room:
    """The upper side of a bar, or a half of it, as a board of square millimetres in one whole number."""

    length: TenthMm
    width: TenthMm
    outline: OutlineName = "oblong"
    half: str = ""
    """"left", "right" or all of it."""
    stride: int = field(init=False, compare=False)
    first: TenthMm = field(init=False, compare=False)
    last: TenthMm = field(init=False, compare=False)

    def __post_init__(self) -> None:
        first = self.length // 2 + MIDDLE if self.half == "right" else RIM
        last = self.length // 2 - MIDDLE if self.half == "left" else self.length - RIM
        object.__setattr__(self, "stride", self.length // CELL + PAD)
        object.__setattr__(self, "first", first)
        object.__setattr__(self, "last", last)

    def bit(self, x: TenthMm, y: TenthMm) -> int:
        return y // CELL * self.stride + x // CELL

    def centre(self, bit: int) -> tuple[TenthMm, TenthMm]:
        row, column = divmod(bit, self.stride)
        return column * CELL + CELL // 2, row * CELL + CELL // 2

    def holds(self, x: TenthMm, y: TenthMm) -> bool:
        return 0 <= x < self.length and 0 <= y < self.width

    def fits(self, outline: Outline) -> Fits:
        return _fits(self, outline)

    def takes(self, outline: Outline, turn: int, x: TenthMm, y: TenthMm) -> bool:
        return self.holds(x, y) and bool(self.fits(outline).at(turn).inside >> self.bit(x, y) & 1)

    def clamped(self, outline: Outline, turn: int, x: TenthMm, y: TenthMm) -> tuple[TenthMm, TenthMm]:
        """That place if the piece may lie there, else the nearest one."""
        across, down = reach_of(outline, turn)
        x = max(self.first + across, min(self.last - across, x))
        y = max(RIM + down, min(self.width - RIM - down, y))
        if self.outline == "oblong" or self.takes(outline, turn, x, y):
            return x, y
        return self.nearest_place(outline, turn, x, y)

    def nearest_place(self, outline: Outline, turn: int, x: TenthMm, y: TenthMm) -> tuple[TenthMm, TenthMm]:
        """The centre of the square millimetre next to a point on which such a piece may lie."""
        inside = self.fits(outline).at(turn).inside
        nearest = nearest_bit(self, inside, self.bit(x, y), point=(x, y))
        return self.centre(nearest) if nearest is not None else (x, y)


@dataclass(frozen=True, slots=True)
class Places:
    """For a turned piece: the cells on which its centre may lie, and the box around them."""

    footprint: Footprint
    corner: int
    """From the bit of the centre back to the footprint's first bit."""
    left: int
    columns: int
    top: int
    rows: int
    inside: int


class Fits:
    """The places for each turn of a piece, worked out when they are asked for."""

    def __init__(self, room: Room, outline: Outline) -> None:
        self._room, self._outline = room, outline
        # Half a turn fits the same places, and so does any turn of what is round.
        self._turns = 1 if outline.length == outline.width and not outline.square else TURNS // 2
        self._places: list[Places | None] = [None] * self._turns

    def at(self, turn: int) -> Places:
        step = turn // TURN_STEP % self._turns
        places = self._places[step]
        if places is None:
            places = self._places[step] = _places(self._room, self._outline, step * TURN_STEP)
        return places

    @property
    def turns(self) -> int:
        """How many turns differ in the places they fit."""
        return self._turns


@lru_cache(maxsize=256)
def _fits(room: Room, outline: Outline) -> Fits:
    return Fits(room, outline)


def blocked(occupied: int, footprint: Footprint, stride: int) -> int:
    """A bit for each centre from which the footprint would touch what is occupied."""
    touched, smeared, span, middle = 0, occupied, 1, footprint.half * (stride + 1)
    for cells, rows in footprint.runs:
        while span < cells:
            # Widening by doubling: a cell is smeared when anything lies within so many cells of it.
            step = min(span, cells - span)
            smeared |= smeared >> step
            span += step
        for row, first in rows:
            away = middle - row * stride - first
            # As shifted has it; written out, because it is asked hundreds of times a bar.
            touched |= smeared << away if away >= 0 else smeared >> -away
    return touched


def shifted(bits: int, left: int) -> int:
    return bits << left if left >= 0 else bits >> -left


def nearest_bit(
    room: Room, bits: int, start: int, *, within: TenthMm = 10_000, point: Point | None = None
) -> int | None:
    """The cell among these that is nearest to another or to a point in it, to a millimetre or two."""
    for window, middle, discs in _discs(room.stride):
        # What lies around is cut out once, and then looked through in small numbers.
        around = shifted(bits, middle - start) & window
        if around:
            for radius, disc in discs:
                if radius * CELL > within + CELL:
                    return None
                found = around & disc
                if found:
                    return start - middle + _next_bit(found, middle, start - middle, room, point)
    return _next_bit(bits, max(0, start), 0, room, point) if bits and within >= 10_000 else None


def _next_bit(bits: int, middle: int, before: int, room: Room, point: Point | None) -> int:
    """In a ring around a point all are about as near: the first one on its row or after, or the last before.

    The bits are counted from a cell that comes so many after the board's first.
    """
    after, up_to = bits >> middle, bits & ((1 << middle) - 1)
    following, last = middle + (after & -after).bit_length() - 1, up_to.bit_length() - 1
    if not up_to:
        return following
    if not after:
        return last
    wanted = point or room.centre(before + middle)
    ahead, behind = room.centre(before + following), room.centre(before + last)
    return following if _distance(ahead, wanted) <= _distance(behind, wanted) else last


def _distance(one: Point, other: Point) -> int:
    """Squared."""
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


@lru_cache(maxsize=32)
def _discs(stride: int) -> tuple[_Window, ...]:
    return tuple(
        _window(radii, stride)
        for radii in ((1, 2, 3, 4, 5, 6), (7, 8, 10, 12, 14), (16, 19, 22, 26), (30, 35, 40))
    )


def _window(radii: tuple[int, ...], stride: int) -> _Window:
    made = [(radius, footprint_of(Outline(20 * radius, 20 * radius), 0, stride)) for radius in radii]
    widest = made[-1][1]
    discs = tuple((radius, disc.bits << (widest.half - disc.half) * (stride + 1)) for radius, disc in made)
    return widest.bits, widest.half * (stride + 1), discs


def _places(room: Room, outline: Outline, turn: int) -> Places:
    across, down = reach_of(outline, turn)
    footprint = footprint_of(outline, turn, room.stride)
    left, columns = _range(room.first + across, room.last - across)
    top, rows = _range(RIM + down, room.width - RIM - down)
    row = ((1 << columns) - 1) << left
    inside = _stacked(row, rows, room.stride) << (top * room.stride)
    if room.outline != "oblong":
        wider = footprint_of(outline.grown(_HEART_GROWTH), turn, room.stride)
        inside &= ~blocked(_outside(room), wider, room.stride)
    return Places(footprint, footprint.half * (room.stride + 1), left, columns, top, rows, inside)


def _stacked(row: int, rows: int, stride: int) -> int:
    """So many rows alike, by doubling."""
    stacked, height = row, 1
    while height < rows:
        more = min(height, rows - height)
        stacked |= stacked << more * stride
        height += more
    return stacked


def _range(low: TenthMm, high: TenthMm) -> tuple[int, int]:
    """The first of the cells whose centres lie between, and how many; the middle when there is no room."""
    first, last = -(-(low - CELL // 2) // CELL), (high - CELL // 2) // CELL
    return (first, last - first + 1) if first <= last else ((low + high) // 2 // CELL, 1)


@lru_cache(maxsize=32)
def _outside(room: Room) -> int:
    """Every cell that is not on the bar, or too near to its edge."""
    stride = room.stride
    inside = 0
    for row in range(-(-room.width // CELL)):
        for low, high in _spans(
            outline_points(room.outline, room.length, room.width), row * CELL + CELL // 2
        ):
            first, last = -(-(low - CELL // 2) // CELL), (high - CELL // 2) // CELL
            inside |= ((1 << max(0, last - first + 1)) - 1) << (row * stride + first)
    for x, y in _on_edge(outline_points(room.outline, room.length, room.width)):
        inside &= ~(1 << room.bit(x, y))
    everywhere = (1 << ((room.width // CELL + PAD) * stride)) - 1
    rim = footprint_of(Outline(2 * _HEART_RIM, 2 * _HEART_RIM), 0, stride)
    return everywhere & (blocked(everywhere & ~inside, rim, stride) | ~inside)


def _on_edge(points: tuple[tuple[TenthMm, TenthMm], ...]) -> Iterator[tuple[TenthMm, TenthMm]]:
    """Close together along a closed line: a notch may be narrower than a cell."""
    for (x, y), (end, bottom) in zip(points, (*points[1:], points[0]), strict=True):
        steps = max(abs(end - x), abs(bottom - y)) * 2 // CELL + 1
        for step in range(steps):
            yield x + (end - x) * step // steps, y + (bottom - y) * step // steps


def _spans(points: tuple[tuple[TenthMm, TenthMm], ...], y: TenthMm) -> Iterator[tuple[TenthMm, TenthMm]]:
    """From where to where a closed line holds the level ``y``."""
    crossings = sorted(
        x + (y - top) * (end - x) // (bottom - top)
        for (x, top), (end, bottom) in zip(points, (*points[1:], points[0]), strict=True)
        if min(top, bottom) <= y < max(top, bottom)
    )
    return zip(crossings[::2], crossings[1::2], strict=True)
