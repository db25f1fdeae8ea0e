"""Seats along lines: evenly, and as far apart as those who sit there need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise, product
from math import isqrt
from typing import TypeAlias

from configurator.domain.family import TenthMm
from configurator.domain.footprints import TURN_STEP, cosine_of, sine_of
from configurator.domain.letters import Point, Stroke
from configurator.domain.seating import Seat

Lines: TypeAlias = tuple[Stroke, ...]


def closest(lines: Lines, count: int) -> TenthMm:
    """The shortest way between two neighbours on a line, when all strokes have their share."""
    gaps = (
        (2 * length, _half_gaps(stroke, pieces))
        for stroke, length, pieces in zip(lines, map(length, lines), _shared_out(lines, count), strict=True)
        if pieces
    )
    return min((length // halves for length, halves in gaps if length and halves > 1), default=10_000)


def along(lines: Lines, count: int, slant: int) -> Iterator[Seat]:
    for stroke, pieces in zip(lines, _shared_out(lines, count), strict=True):
        total = length(stroke)
        for piece in range(pieces):
            yield _at(stroke, _distance(stroke, total, piece, pieces), slant)


def _shared_out(lines: Lines, count: int) -> list[int]:
    """Pieces for each stroke, one after the other to where the gaps are widest."""
    lengths = [max(1, length(stroke)) for stroke in lines]
    pieces = [max(0, count * length // sum(lengths) - 2) for length in lengths]
    for _ in range(count - sum(pieces)):
        widest = max(
            range(len(lines)),
            key=lambda place: (_gap(lines[place], lengths[place], pieces[place]), -place),
        )
        pieces[widest] += 1
    return pieces


def _gap(stroke: Stroke, length: int, pieces: int) -> int:
    halves = _half_gaps(stroke, pieces)
    # First each stroke has a piece of its own, be it no more than a dot.
    return length * 100 // halves if halves else 10**7 + length


def _half_gaps(stroke: Stroke, pieces: int) -> int:
    """Twice the gaps between so many pieces on a stroke."""
    if stroke.start and stroke.end:
        return 2 * (pieces - 1) if pieces > 1 else pieces
    if stroke.start or stroke.end:
        return 2 * pieces
    return 2 * pieces + 2


def _distance(stroke: Stroke, total: int, piece: int, pieces: int) -> int:
    if stroke.start and stroke.end:
        return total * piece // (pieces - 1) if pieces > 1 else total // 2
    if stroke.start:
        return total * piece // pieces
    if stroke.end:
        return total * (piece + 1) // pieces
    return total * (piece + 1) // (pieces + 1)


def _at(stroke: Stroke, distance: int, slant: int) -> Seat:
    before: Point | None = None
    if stroke.points[0] == stroke.points[-1] and len(stroke.points) > 2:
        before = stroke.points[-2]
    for (x, y), (end, bottom) in pairwise(stroke.points):
        long = isqrt((end - x) ** 2 + (bottom - y) ** 2)
        if distance <= long:
            along = max(1, long)
            here = x + (end - x) * distance // along, y + (bottom - y) * distance // along
            way = end - x, bottom - y
            if distance == 0 and before is not None:
                way = _round_corner((x - before[0], y - before[1]), way)
            return Seat(*here, (turn_of(*way) + slant) % 360)
        distance -= long
        before = x, y
    (x, y), (end, bottom) = stroke.points[-2:] if len(stroke.points) > 1 else stroke.points * 2
    return Seat(end, bottom, (turn_of(end - x, bottom - y) + slant) % 360)


def _round_corner(arriving: Point, leaving: Point) -> Point:
    """How a piece lies on a corner: along the bend, but on a sharp one pointing out of it."""
    (a, b), (c, d) = arriving, leaving
    return (c - a, d - b) if a * c + b * d < 0 else (c + a, d + b)


@lru_cache(maxsize=512)
def length(stroke: Stroke) -> int:
    return sum(isqrt((end - x) ** 2 + (bottom - y) ** 2) for (x, y), (end, bottom) in pairwise(stroke.points))


def turn_of(across: int, down: int) -> int:
    """The nearest turn of a piece that lies along a direction; the ends of a piece are alike."""
    turns = range(0, 180, TURN_STEP)
    return max(turns, key=lambda turn: (abs(across * cosine_of(turn) - down * sine_of(turn)), -turn))


def apart(places: Iterable[Seat], least: TenthMm) -> tuple[Seat, ...]:
    """Without those that are too near to an earlier one."""
    found: list[Seat] = []
    # Whoever is too near is in the same square of that width or in one next to it.
    squares: dict[Point, list[Seat]] = {}
    for seat in places:
        column, row = seat.x // least, seat.y // least
        around = product((column - 1, column, column + 1), (row - 1, row, row + 1))
        if all(
            (seat.x - other.x) ** 2 + (seat.y - other.y) ** 2 >= least * least
            for square in around
            for other in squares.get(square, ())
        ):
            found.append(seat)
            squares.setdefault((column, row), []).append(seat)
    return tuple(found)


def aside(seat: Seat, way: TenthMm, slant: int) -> Seat:
    turn = seat.turn - slant + 90
    return replace(seat, x=seat.x + way * cosine_of(turn) // 1024, y=seat.y - way * sine_of(turn) // 1024)


def longest(lines: Lines) -> TenthMm:
    return sum(map(length, lines))


def height(lines: Lines) -> TenthMm:
    levels = [y for stroke in lines for _, y in stroke.points]
    return max(levels) - min(levels)
