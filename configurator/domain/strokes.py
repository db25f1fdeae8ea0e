"""Seats along lines: evenly, and as far apart as those who sit there need."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias

from configurator.domain.family import TenthMm
from configurator.domain.footprints import TURN_STEP, cosine_of, sine_of
from configurator.domain.letters import Point, Stroke
from configurator.domain.seating import Seat

Lines: TypeAlias = tuple[Stroke, ...]

_TURNS = tuple((turn, cosine_of(turn), sine_of(turn)) for turn in range(0, 180, TURN_STEP))


def closest(lines: Lines, count: int) -> TenthMm:
    """The shortest way between two neighbours on a line, when all strokes have their share."""
    least = 10_000
    for stroke, pieces in zip(lines, _shared_out(lines, count), strict=True):
        halves = _half_gaps(stroke, pieces) if pieces else 0
        if halves > 1 and stroke.length:
            least = min(least, 2 * stroke.length // halves)
    return least


def along(lines: Lines, count: int, slant: int) -> Iterator[Seat]:
    for stroke, pieces in zip(lines, _shared_out(lines, count), strict=True):
        total = stroke.length
        for piece in range(pieces):
            yield _at(stroke, _distance(stroke, total, piece, pieces), slant)


def _shared_out(lines: Lines, count: int) -> list[int]:
    """Pieces for each stroke, one after the other to where the gaps are widest."""
    if len(lines) < 2:
        return [count] * len(lines)
    lengths = [max(1, stroke.length) for stroke in lines]
    whole = sum(lengths)
    pieces = [max(0, count * length // whole - 2) for length in lengths]
    gaps = [_gap(*share) for share in zip(lines, lengths, pieces, strict=True)]
    for _ in range(count - sum(pieces)):
        widest = gaps.index(max(gaps))
        pieces[widest] += 1
        gaps[widest] = _gap(lines[widest], lengths[widest], pieces[widest])
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
    points, ways = stroke.points, stroke.ways
    if not ways:
        return Seat(*points[0], slant)
    leg = bisect_left(ways, distance)
    (x, y), (end, bottom) = points[leg], points[leg + 1]
    before = ways[leg - 1] if leg else 0
    long = max(1, ways[leg] - before)
    across, down = end - x, bottom - y
    here = x + across * (distance - before) // long, y + down * (distance - before) // long
    if not distance and len(points) > 2 and points[0] == points[-1]:
        across, down = _round_corner((x - points[-2][0], y - points[-2][1]), (across, down))
    return Seat(*here, (turn_of(across, down) + slant) % 360)


def _round_corner(arriving: Point, leaving: Point) -> Point:
    """How a piece lies on a corner: along the bend, but on a sharp one pointing out of it."""
    (a, b), (c, d) = arriving, leaving
    return (c - a, d - b) if a * c + b * d < 0 else (c + a, d + b)


@lru_cache(maxsize=2048)
def turn_of(across: int, down: int) -> int:
    """The nearest turn of a piece that lies along a direction; the ends of a piece are alike."""
    nearest, longest_shadow = 0, 0
    for turn, cosine, sine in _TURNS:
        shadow = abs(across * cosine - down * sine)
        if shadow > longest_shadow:
            nearest, longest_shadow = turn, shadow
    return nearest


def apart(places: Iterable[Seat], least: TenthMm, most_left_out: int = 10_000) -> tuple[Seat, ...]:
    """Without those that are too near to an earlier one; nothing if more would have to be left out."""
    found: list[Seat] = []
    square = least * least
    # Whoever is too near is in the same square of that width or in one next to it.
    squares: dict[Point, list[Point]] = {}
    for seat in places:
        x, y = seat.x, seat.y
        column, row = x // least, y // least
        if _is_clear(x, y, square, _around(squares, column, row)):
            found.append(seat)
            squares.setdefault((column, row), []).append((x, y))
        elif most_left_out:
            most_left_out -= 1
        else:
            return ()
    return tuple(found)


def _around(squares: dict[Point, list[Point]], column: int, row: int) -> Iterator[list[Point]]:
    for across in (column, column - 1, column + 1):
        for down in (row, row - 1, row + 1):
            if (across, down) in squares:
                yield squares[across, down]


def _is_clear(x: int, y: int, square: int, around: Iterable[list[Point]]) -> bool:
    for others in around:
        for there, below in others:
            if (x - there) ** 2 + (y - below) ** 2 < square:
                return False
    return True


def aside(seat: Seat, way: TenthMm, slant: int) -> Seat:
    turn = seat.turn - slant + 90
    return Seat(seat.x + way * cosine_of(turn) // 1024, seat.y - way * sine_of(turn) // 1024, seat.turn)


def longest(lines: Lines) -> TenthMm:
    return sum(stroke.length for stroke in lines)


def height(lines: Lines) -> TenthMm:
    levels = [y for stroke in lines for _, y in stroke.points]
    return max(levels) - min(levels)
