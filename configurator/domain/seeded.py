"""Numbers that look random and are the same on every machine and Python version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from struct import Struct
from typing import NamedTuple

_MASK = 2**64 - 1
_GAMMA = 0x9E3779B97F4A7C15
FRACTION_BITS = 20
FRACTION = (1 << FRACTION_BITS) - 1
_LANE = 128
"""Bits for each number of a row, so that none runs into the next one while it is multiplied."""


class _Lanes(NamedTuple):
    ones: int
    mask: int
    steps: int
    numbers: Struct

    def apart(self, side_by_side: int) -> tuple[int, ...]:
        return self.numbers.unpack(side_by_side.to_bytes(self.numbers.size, "little"))


@lru_cache(maxsize=64)
def _lanes(count: int) -> _Lanes:
    ones = sum(1 << _LANE * lane for lane in range(count))
    steps = sum(((lane + 1) * _GAMMA & _MASK) << _LANE * lane for lane in range(count))
    return _Lanes(ones, ones * _MASK, steps, Struct("<" + count * "Q8x"))


@dataclass(frozen=True, slots=True)
class Stream:
    """A numbered row of 64-bit numbers (SplitMix64); any place can be read without its forerunners."""

    seed: int

    def at(self, place: int) -> int:
        mixed = (self.seed + (place + 1) * _GAMMA) & _MASK
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def row(self, first: int, count: int) -> Row:
        """The numbers from a place on: worked out side by side, in a quarter of the time."""
        lanes = _lanes(count)
        mixed = (lanes.ones * ((self.seed + first * _GAMMA) & _MASK) + lanes.steps) & lanes.mask
        mixed = ((mixed ^ (mixed >> 30)) & lanes.mask) * 0xBF58476D1CE4E5B9 & lanes.mask
        mixed = ((mixed ^ (mixed >> 27)) & lanes.mask) * 0x94D049BB133111EB & lanes.mask
        return Row((mixed ^ (mixed >> 31)) & lanes.mask, lanes)


class Row:
    """Numbers that follow each other in a stream, held in one whole number."""

    def __init__(self, side_by_side: int, lanes: _Lanes) -> None:
        self._side_by_side, self._lanes = side_by_side, lanes

    def numbers(self) -> tuple[int, ...]:
        return self._lanes.apart(self._side_by_side)

    def cells(self, columns: int, rows: int, stride: int, first: int = 0) -> tuple[int, ...]:
        """For each number the cell to which it leads, as ``cell_of`` finds it, counted on from the first."""
        lanes = self._lanes
        fractions, wholes = lanes.ones * FRACTION, lanes.ones * 0xFFFF
        column = ((self._side_by_side >> 8 & fractions) * columns >> FRACTION_BITS) & wholes
        row = ((self._side_by_side >> 28 & fractions) * rows >> FRACTION_BITS) & wholes
        return lanes.apart(row * stride + column + lanes.ones * first)


def cell_of(number: int, columns: int, rows: int, stride: int) -> int:
    """The cell of a box to which a number leads, counted from its upper left one, with ``stride`` cells to a row."""
    column = columns * (number >> 8 & FRACTION) >> FRACTION_BITS
    return (rows * (number >> 28 & FRACTION) >> FRACTION_BITS) * stride + column


def stream(*words: str | int) -> Stream:
    text = "\x1f".join(str(word) for word in words)
    return Stream(int.from_bytes(sha256(text.encode()).digest()[:8], "big"))
