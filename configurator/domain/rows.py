"""Straight rows across a bar, in the segments of a mould, and rows that rise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from configurator.domain.family import TenthMm
from configurator.domain.footprints import CELL, Outline, reach_of
from configurator.domain.letters import Point, Stroke
from configurator.domain.room import RIM, Room
from configurator.domain.seating import Grain, Seat
from configurator.domain.strokes import Lines, along, closest

Chord: TypeAlias = tuple[Point, Point]

_MOULD_WALL: TenthMm = 10
_MORE_ROWS = 4
_MOST_LINES_OF_GRAINS = 4
_MOST_DIAGONALS = 12


def rows(count: int, grain: Grain, room: Room) -> Iterator[Seat]:
    outline = grain.outline
    turn, rows = _grid(count, outline, room.length - 2 * RIM, room.width - 2 * RIM)
    if grain.step:
        rows = max(1, (room.width - 2 * RIM) * 3 // (5 * outline.width))
    reach = reach_of(outline, turn)[0]
    # On a heart some levels are short: then one more row, until the pieces have room.
    chords = max(
        (_levels(rows + more, outline, turn, room) for more in range(_MORE_ROWS)),
        key=lambda chords: min(count, sum(_span(chord, reach) // (2 * reach) for chord in chords)),
    )
    spans = [_span(chord, reach) for chord in chords]
    for (start, end), span, pieces in zip(chords, spans, _balanced(spans, count), strict=True):
        for piece in range(pieces):
            x = start[0] - reach + span * (2 * piece + 1) // (2 * pieces)
            yield Seat(max(start[0], min(end[0], x)), start[1], turn)


def _levels(rows: int, outline: Outline, turn: int, room: Room) -> list[Chord]:
    high = room.width - 2 * RIM
    levels = (RIM + high * (2 * row + 1) // (2 * rows) for row in range(rows))
    return [chord for y in levels for chord in _chords(outline, turn, room, (0, y), (room.length, y))]


def _span(chord: Chord, reach: TenthMm) -> TenthMm:
    """From the end of its first piece to the end of its last."""
    (start, _), (end, _) = chord
    return end - start + 2 * reach


def _grid(count: int, outline: Outline, length: TenthMm, width: TenthMm) -> tuple[int, int]:
    """The turn and the number of rows that give each piece the most room."""

    def room_of(way: tuple[int, int]) -> tuple[int, int, int]:
        turn, rows = way
        across, down = reaches[turn]
        columns = -(-count // rows)
        return min(length * 1000 // (columns * across), width * 1000 // (rows * down)), -turn, -rows

    reaches = {
        turn: reach_of(outline, turn) for turn in ((0, 90) if outline.length != outline.width else (0,))
    }
    return max(((turn, rows) for turn in reaches for rows in range(1, min(count, 24) + 1)), key=room_of)


def _balanced(spans: Sequence[int], count: int) -> list[int]:
    """Pieces for each row by its length; odd ones to the outer rows, so that above mirrors below."""

    def room_in(row: int) -> tuple[int, int, int]:
        return spans[row] * 5040 // (pieces[row] + 1) // 64, abs(2 * row - middle), -row

    pieces = [0] * len(spans)
    if not spans:
        return pieces
    middle = len(spans) - 1
    rooms = [room_in(row) for row in range(len(spans))]
    for _ in range(count):
        fullest = rooms.index(max(rooms))
        pieces[fullest] += 1
        rooms[fullest] = room_in(fullest)
    return pieces


def _chords(outline: Outline, turn: int, room: Room, start: Point, end: Point) -> list[Chord]:
    """The parts of a line on which such a piece may lie."""
    (x, y), across, down = start, end[0] - start[0], end[1] - start[1]
    places = room.fits(outline).at(turn)
    steps = max(abs(across), abs(down)) // CELL

    def at(step: int) -> Point:
        return x + across * (2 * step + 1) // (2 * steps), y + down * (2 * step + 1) // (2 * steps)

    first, last = _between(x, across, steps, places.left * CELL, (places.left + places.columns) * CELL)
    upper, lower = _between(y, down, steps, places.top * CELL, (places.top + places.rows) * CELL)
    first, last = max(first, upper), min(last, lower)
    if first >= last:
        return []
    if room.outline == "oblong":
        return [(at(first), at(last - 1))]
    return list(_on(places.inside, room, map(at, range(first, last))))


def _between(start: int, way: int, steps: int, low: int, high: int) -> tuple[int, int]:
    """The first step along one side that is within these bounds, and the first after it that is not."""

    def reaching(bound: int) -> int:
        # The step's middle is at start + way * (2 * step + 1) // (2 * steps).
        wanted = (bound - start) * 2 * steps
        step = -(-wanted // way) // 2 if way > 0 else (wanted // way + 1) // 2
        return max(0, min(steps, step))

    if not way:
        return (0, steps) if low <= start < high else (0, 0)
    return (reaching(low), reaching(high)) if way > 0 else (reaching(high), reaching(low))


def _on(inside: int, room: Room, points: Iterable[Point]) -> Iterator[Chord]:
    first: Point | None = None
    for point in points:
        if inside >> room.bit(*point) & 1:
            first, last = first or point, point
        elif first:
            yield first, last
            first = None
    if first:
        yield first, last


def on_segments(count: int, outline: Outline, room: Room, across: int, down: int) -> Iterator[Seat]:
    """In the middles of a mould's segments, each its share, so that every bite has some."""
    per_row = [count // down + (row < count % down) for row in _outer_first(down)]
    wide, high = (room.length - 2 * _MOULD_WALL) // across, (room.width - 2 * _MOULD_WALL) // down
    for row, pieces in enumerate(per_row):
        for column, here in enumerate(_by_column(pieces, across, mirrored=row % 2 == 1)):
            corner = _MOULD_WALL + column * wide, _MOULD_WALL + row * high
            yield from _in_segment(here, outline, room, corner, wide, high)


def _outer_first(down: int) -> list[int]:
    order = sorted(range(down), key=lambda row: (-abs(2 * row - down + 1), row))
    return [order.index(row) for row in range(down)]


def _by_column(pieces: int, across: int, *, mirrored: bool) -> list[int]:
    each, left = divmod(pieces, across)
    columns = [each] * across
    for place in range(left):
        columns[(2 * place + 1) * across // (2 * left)] += 1
    return columns[::-1] if mirrored else columns


def _in_segment(
    count: int, outline: Outline, room: Room, corner: Point, wide: TenthMm, high: TenthMm
) -> Iterator[Seat]:
    if count:
        turn, rows = _grid(count, outline, wide, high)
        columns = -(-count // rows)
        for piece in range(count):
            row, column = divmod(piece, columns)
            in_row = columns if row < rows - 1 else count - columns * (rows - 1)
            x = corner[0] + wide * (2 * column + 1) // (2 * max(1, in_row))
            y = corner[1] + high * (2 * row + 1) // (2 * rows)
            yield Seat(*room.clamped(outline, turn, x, y), turn)


def diagonals(count: int, grain: Grain, room: Room) -> tuple[Seat, ...]:
    """From the lower left to the upper right: one line, or as many as the pieces need."""
    for lines in range(1, 1 + (_MOST_LINES_OF_GRAINS if grain.step else _MOST_DIAGONALS)):
        strokes = _diagonal_strokes(lines, grain, room)
        for slant in grain.slants:
            if closest(strokes, count) >= grain.least(slant) * 21 // 20:
                return tuple(along(strokes, count, slant))
    return tuple(along(strokes, count, slant))


@lru_cache(maxsize=256)
def _diagonal_strokes(lines: int, grain: Grain, room: Room) -> Lines:
    inset = RIM + grain.side // 2 + 2
    round_one = Outline(grain.side, grain.side)
    strokes = []
    for line in range(lines):
        shift = room.length * (2 * line + 1 - lines) * 3 // (lines * 4)
        start, end = (inset + shift, room.width - inset), (room.length - inset + shift, inset)
        across, down = end[0] - start[0], end[1] - start[1]
        longer = (start[0] - across, start[1] - down), (end[0] + across, end[1] + down)
        strokes += [Stroke(chord) for chord in _chords(round_one, 0, room, *longer)]
    return tuple(strokes)
