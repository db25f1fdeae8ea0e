"""How a piece may lie in each of its turns: where its centre may be, what must be free, what it covers."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, TypeAlias

from configurator.domain.family import TenthMm
from configurator.domain.footprints import CELL, TURN_STEP, TURNS, Footprint, Outline, footprint_of
from configurator.domain.room import Fits, Room
from configurator.domain.seeded import cell_of

_SMALL: TenthMm = 50
"""Below this width a square millimetre is coarse, and pieces keep one more apart."""

Stamp: TypeAlias = tuple[int, int]
"""Cells, from the first of them on, and how far that one comes before the centre."""


class Way(NamedTuple):
    """A piece in one of its turns."""

    first: int
    """The bit of the upper left one of the places that its centre may take; on a heart not all of them."""
    columns: int
    rows: int
    inside: int
    probe: int
    """The cells that must be free."""
    probe_before: int
    cover: int
    """The cells that it covers."""
    cover_before: int


class Find(NamedTuple):
    """A place for a piece."""

    bit: int
    """Of its centre."""
    turn: int
    variant: int


class Ways:
    """The way for each turn, worked out when it is asked for."""

    def __init__(self, room: Room, outline: Outline, probe: Outline) -> None:
        self.fits: Fits = room.fits(outline)
        self.probe, self.firm = probe, firm(outline)
        self.room, self.is_anywhere = room, room.outline == "oblong"
        """On an oblong bar all places of the box are inside."""
        self.known: list[Way | None] = [None] * TURNS
        """By steps of a turn."""

    def centre(self, number: int) -> int:
        """The bit to which a seeded number leads; on a heart it may be outside."""
        way = self.at(number % TURNS)
        return way.first + cell_of(number, way.columns, way.rows, self.room.stride)

    def at(self, step: int) -> Way:
        way = self.known[step]
        if way is None:
            way = self.known[step] = self._way(step)
        return way

    def _way(self, step: int) -> Way:
        # Half a turn fits the same places, and so does any turn of what is round.
        alike = step % self.fits.turns
        if alike != step:
            return self.at(alike)
        turn = step * TURN_STEP
        places, stride = self.fits.at(turn), self.room.stride
        first = places.top * stride + places.left
        return Way(
            first,
            places.columns,
            places.rows,
            places.inside,
            *_on_board(stamp(footprint_of(self.probe, turn, stride), stride), first),
            *_on_board(stamp(footprint_of(self.firm, turn, stride), stride), first),
        )


def found_by(bit: int, number: int) -> Find:
    return Find(bit, number % TURNS * TURN_STEP, number >> 48)


@lru_cache(maxsize=512)
def ways(room: Room, outline: Outline, probe: Outline) -> Ways:
    return Ways(room, outline, probe)


def stamp(footprint: Footprint, stride: int) -> Stamp:
    empty = (footprint.bits & -footprint.bits).bit_length() - 1
    return footprint.bits >> empty, footprint.half * (stride + 1) - empty


def _on_board(cells: Stamp, first: int) -> Stamp:
    """Of a piece larger than the bar only what does not come before the board's first cell."""
    bits, before = cells
    over = max(0, before - first)
    return bits >> over, before - over


def firm(outline: Outline) -> Outline:
    """What others keep clear of."""
    return outline.grown(CELL) if min(outline.length, outline.width) < _SMALL else outline
