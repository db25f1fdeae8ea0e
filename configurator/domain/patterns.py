"""Where the pieces of a pattern lie: evenly along its lines, as large as the bar allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, product
from math import isqrt
from typing import TypeAlias

from configurator.domain.design import LETTER
from configurator.domain.family import TenthMm
from configurator.domain.footprints import TURN_STEP, Outline, Spot, cosine_of, reach_of, sine_of
from configurator.domain.letters import HEIGHT, Point, Stroke, strokes_of
from configurator.domain.outlines import heart_outline, outline_points
from configurator.domain.room import RIM, Room

SEGMENTS = {"bar-100-moulded": (6, 4)}
"""Look of a bar → how many segments its mould has along and across."""
_MOULD_WALL: TenthMm = 10

# From neighbour to neighbour on a line, in thousandths of their size: round ones may touch.
_CLOSE, _CLOSE_CORNERS = 880, 1080
_STRETCHES = (100, 115, 130, 150, 175, 200, 230, 260)
_HEART_STRETCH, _LETTER_STRETCH = 150, 200
_MOST_LINES_OF_GRAINS = 4
_MOST_DEEP = 6
_MOST_DIAGONALS = 12
_MEETINGS = (0, 1, 2, 3, 5, 8, 12)
_MOST_LANES = 5
_MORE_ROWS = 4
_FEW_STRETCHES = 3
_FEWEST_READABLE = 5
_PROBES = 32
_EDGED = {"border", "heart"}
"""What follows the edge of a bar that is no oblong."""
_SCALES = range(720, 200, -40)
_LEVELS = (440, 490, 540, 590)
"""Where the middle of a pattern may lie on a heart, whose own is above that of its box."""
_CAUTION: TenthMm = 25
"""Further in from a curved edge, whose squares are counted with care."""


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
        return across * (_CLOSE_CORNERS if self.outline.square else _CLOSE) // 1000

    def clear(self, slant: int) -> TenthMm:
        """From centre to centre of pieces on different lines, which may lie askew to each other."""
        if slant == 0 and len(self.slants) > 1:
            return (self.least(0) + self.least(90)) // 2
        return self.least(slant) * 95 // 100


Lines: TypeAlias = tuple[Stroke, ...]
Chord: TypeAlias = tuple[Point, Point]


@lru_cache(maxsize=1024)
def seats(pattern: str, count: int, grain: Grain, room: Room, look: str) -> tuple[Seat, ...]:
    """At most ``count``, fewer when the pattern has no room for more. Not for what is scattered."""
    if pattern == "rows":
        if look in SEGMENTS and not grain.step:
            return tuple(_on_segments(count, grain.outline, room, *SEGMENTS[look]))
        return tuple(_rows(count, grain, room))
    if pattern == "diagonal":
        return _diagonals(count, grain, room)
    return _drawn(pattern, count, grain, room)


# ── Lines ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Frame:
    """How a pattern is drawn on a bar."""

    grain: Grain
    room: Room
    slant: int = 0
    """How far a piece is turned from its line."""
    stretch: int = 100
    """Per cent of the usual length along the bar."""
    scale: int = 1000
    """Thousandths of the largest that a box of the bar's size would take."""
    level: int = 500
    """Where the middle lies, in thousandths of the bar's width."""

    @property
    def middle(self) -> Point:
        return self.room.length // 2, self.room.width * self.level // 1000

    @property
    def high(self) -> TenthMm:
        """From the uppermost to the lowest centre of a piece."""
        return (self.room.width - 2 * RIM - self.grain.side - 2) * self.scale // 1000

    @property
    def across(self) -> TenthMm:
        """How far pieces reach from one side of their line to the other."""
        outline = self.grain.outline
        return {0: outline.width, 90: self.grain.side}.get(self.slant, (outline.length + outline.width) // 2)

    @property
    def longest(self) -> TenthMm:
        return self.room.length - 2 * RIM - self.grain.side


def _lines(pattern: str, frame: Frame, depth: int) -> Lines:
    """The lines of a pattern: 0 for the outermost, then inward. None where there is no room."""
    if pattern == "border":
        return _border(frame, depth)
    if pattern == "ring":
        return _ring(frame, depth)
    if pattern == "heart":
        return _heart(frame, depth)
    return _letter(pattern.removeprefix(LETTER), frame, depth)


def _border(frame: Frame, depth: int) -> Lines:
    grain, room = frame.grain, frame.room
    inset = RIM + frame.across // 2 + 2 + depth * grain.thick
    left, top, right, bottom = inset, inset, room.length - inset, room.width - inset
    if frame.stretch > 100 or bottom - top < room.width * 2 // 5:
        return ()
    if room.outline != "oblong":
        return _along_edge(frame.across, inset + _CAUTION, room)
    corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    return tuple(Stroke(pair, end=False) for pair in pairwise(corners))


def _along_edge(across: TenthMm, inset: TenthMm, room: Room) -> Lines:
    """The outline moved inward; where it would cross itself, at a notch or a tip, the short way round."""
    round_one = Outline(across, across)
    edge = outline_points(room.outline, room.length, room.width)
    points = []
    for before, here, after in zip((edge[-1], *edge), edge, (*edge[1:], edge[0]), strict=False):
        for start, end in ((before, after), (here, after)):
            way, down = end[0] - start[0], end[1] - start[1]
            long = max(1, isqrt(way * way + down * down))
            x, y = here if start == before else ((here[0] + after[0]) // 2, (here[1] + after[1]) // 2)
            inner = x - down * inset // long, y + way * inset // long
            if room.takes(round_one, 0, *inner):
                points.append(inner)
    return (Stroke((*points, points[0]), end=False),) if len(points) > 2 else ()


def _ring(frame: Frame, depth: int) -> Lines:
    x, y = frame.middle
    inset = depth * frame.grain.thick
    down = frame.high // 2 - inset
    across = frame.high * frame.stretch // 200 - inset
    if 5 * down < frame.high or 2 * (across + inset) > frame.longest:  # or it would be a disc
        return ()
    points = tuple(
        (x + across * cosine_of(turn) // 1024, y - down * sine_of(turn) // 1024)
        for turn in range(90, 90 - 361, -TURN_STEP)
    )
    return (Stroke(points, end=False),)


def _heart(frame: Frame, depth: int) -> Lines:
    """Clockwise from the tip; on a bar that is a heart, along its edge."""
    inset = depth * frame.grain.thick
    if frame.room.outline == "heart":
        within = RIM + _CAUTION + frame.grain.side // 2 + frame.room.width // 24 + inset
        return _along_edge(frame.grain.side, within, frame.room) if frame.stretch == 100 else ()
    whole = frame.high * 115 * frame.stretch // 10_000
    # What is within follows the outer line, so its tip and its notch keep more than its sides.
    length, width = whole - 2 * inset, frame.high - inset * 5 // 2
    if frame.stretch > _HEART_STRETCH or whole > frame.longest or width * 4 < frame.high or length <= 0:
        return ()
    x, y = frame.middle
    left, top = x - length // 2, y - frame.high // 2 + inset * 11 // 10
    points = heart_outline(length, width)
    tip = len(points) // 2
    around = (*points[tip:], *points[: tip + 1])
    return (Stroke(tuple((left + x, top + y) for x, y in around), end=False),)


def _letter(sign: str, frame: Frame, depth: int) -> Lines:
    strokes = strokes_of(sign)
    across = max(1, *(x for stroke in strokes for x, _ in stroke.points))
    wide = frame.high * across * frame.stretch // (HEIGHT * 100)
    if depth or frame.stretch > _LETTER_STRETCH or wide > frame.longest:
        return ()
    left, top = frame.middle[0] - wide // 2, frame.middle[1] - frame.high // 2

    def on_bar(point: Point) -> Point:
        return left + point[0] * wide // across, top + point[1] * frame.high // HEIGHT

    return tuple(replace(stroke, points=tuple(map(on_bar, stroke.points))) for stroke in strokes)


# ── Pieces along lines ───────────────────────────────────────────────────────────────────────────


def _drawn(pattern: str, count: int, grain: Grain, room: Room) -> tuple[Seat, ...]:
    """In one line if that is long enough, lengthwise if there is room; else stretched, turned, in more lines."""
    for depths in range(1, _MOST_DEEP + 1):
        if not _on_bar(pattern, depths, 100, 0, grain, room):
            break
        # Where strokes meet a piece may be one too many; then the others share out its place.
        # More lines fill a shape; drawn wide as well it would lose it.
        stretches = grain.stretches if depths == 1 else grain.stretches[:2]
        for slant, more, stretch in product(grain.slants, _MEETINGS, stretches):
            lines = _on_bar(pattern, depths, stretch, slant, grain, room)
            found = _strung(lines, count + more, grain, slant) if lines else ()
            if len(found) == count:
                return found
    return _crowded(pattern, count, grain, room)


def _strung(lines: Lines, count: int, grain: Grain, slant: int) -> tuple[Seat, ...]:
    """One beside the other; nothing if they would lie on each other all along."""
    if _closest(lines, count) < grain.least(slant):
        return ()
    if grain.step:
        return tuple(_along(lines, count, slant))
    return _apart(_along(lines, count, slant), grain.clear(slant))


def _apart(places: Iterable[Seat], least: TenthMm) -> tuple[Seat, ...]:
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


@lru_cache(maxsize=1024)
def _on_bar(pattern: str, depths: int, stretch: int, slant: int, grain: Grain, room: Room) -> Lines:
    """As large as the bar allows; empty when the pattern does not have that many lines."""
    fits_at_once = room.outline == "oblong" or pattern in _EDGED
    for scale, level in [(1000, 500)] if fits_at_once else product(_SCALES, _LEVELS):
        frame = Frame(grain, room, slant, stretch, scale, level)
        innermost = _lines(pattern, frame, depths - 1)
        if innermost and (fits_at_once or _is_inside(_lines(pattern, frame, 0), slant, frame)):
            outer = (stroke for depth in range(depths - 1) for stroke in _lines(pattern, frame, depth))
            return (*outer, *innermost)
    return ()


def _is_inside(lines: Lines, slant: int, frame: Frame) -> bool:
    probes = _along(lines, _PROBES, slant)
    return all(frame.room.takes(frame.grain.outline, probe.turn, probe.x, probe.y) for probe in probes)


def _crowded(pattern: str, count: int, grain: Grain, room: Room) -> tuple[Seat, ...]:
    """The lines grow thick; what they cannot hold is not laid."""
    slant = 0 if grain.step else grain.slants[-1]
    options = [
        _on_bar(pattern, depths, stretch, slant, grain, room)
        for depths, stretch in product(range(1, _MOST_DEEP + 1), grain.stretches[:_FEW_STRETCHES])
    ]
    options = [lines for lines in options if lines]
    if not options:
        return ()
    if grain.step:
        return tuple(_along(max(options, key=_longest), count, slant))
    best: tuple[Seat, ...] = ()
    for lanes, lines in product(range(2, _MOST_LANES + 1), options):
        if len(best) < count and lanes * grain.least(slant) * 5 <= 2 * _height(lines):
            best = max(best, _in_lanes(lines, count, lanes, grain, slant), key=len)
    best = best or _in_lanes(max(options, key=_longest), count, 1, grain, slant)
    if len(best) < _FEWEST_READABLE:
        # No pattern any more: what is left lies as near as it can.
        best += tuple(best[place % len(best)] for place in range(count - len(best)))
    return best[:count]


def _in_lanes(lines: Lines, count: int, lanes: int, grain: Grain, slant: int) -> tuple[Seat, ...]:
    """Several abreast all along the lines, without those that would be too many."""
    least = grain.least(slant)
    columns = -(-count // lanes)
    while columns > 1 and _closest(lines, columns) < least:
        columns -= 1
    beside = (grain.side if slant == 90 else grain.outline.width) * _CLOSE // 1000 if slant else least
    abreast = _apart(
        (
            _aside(seat, (2 * lane + 1 - lanes) * beside // 2, slant)
            for seat in _along(lines, columns, slant)
            for lane in range(lanes)
        ),
        grain.clear(slant),
    )
    if len(abreast) <= count:
        return abreast
    return tuple(abreast[place * len(abreast) // count] for place in range(count))


def _aside(seat: Seat, way: TenthMm, slant: int) -> Seat:
    turn = seat.turn - slant + 90
    return replace(seat, x=seat.x + way * cosine_of(turn) // 1024, y=seat.y - way * sine_of(turn) // 1024)


def _longest(lines: Lines) -> TenthMm:
    return sum(map(_length, lines))


def _height(lines: Lines) -> TenthMm:
    levels = [y for stroke in lines for _, y in stroke.points]
    return max(levels) - min(levels)


def _closest(lines: Lines, count: int) -> TenthMm:
    """The shortest way between two neighbours on a line, when all strokes have their share."""
    gaps = (
        (2 * length, _half_gaps(stroke, pieces))
        for stroke, length, pieces in zip(lines, map(_length, lines), _shared_out(lines, count), strict=True)
        if pieces
    )
    return min((length // halves for length, halves in gaps if length and halves > 1), default=10_000)


def _along(lines: Lines, count: int, slant: int) -> Iterator[Seat]:
    for stroke, pieces in zip(lines, _shared_out(lines, count), strict=True):
        total = _length(stroke)
        for piece in range(pieces):
            yield _at(stroke, _distance(stroke, total, piece, pieces), slant)


def _shared_out(lines: Lines, count: int) -> list[int]:
    """Pieces for each stroke, one after the other to where the gaps are widest."""
    lengths = [max(1, _length(stroke)) for stroke in lines]
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
            return Seat(*here, (_turn_of(*way) + slant) % 360)
        distance -= long
        before = x, y
    (x, y), (end, bottom) = stroke.points[-2:] if len(stroke.points) > 1 else stroke.points * 2
    return Seat(end, bottom, (_turn_of(end - x, bottom - y) + slant) % 360)


def _round_corner(arriving: Point, leaving: Point) -> Point:
    """How a piece lies on a corner: along the bend, but on a sharp one pointing out of it."""
    (a, b), (c, d) = arriving, leaving
    return (c - a, d - b) if a * c + b * d < 0 else (c + a, d + b)


@lru_cache(maxsize=512)
def _length(stroke: Stroke) -> int:
    return sum(isqrt((end - x) ** 2 + (bottom - y) ** 2) for (x, y), (end, bottom) in pairwise(stroke.points))


def _turn_of(across: int, down: int) -> int:
    """The nearest turn of a piece that lies along a direction; the ends of a piece are alike."""
    turns = range(0, 180, TURN_STEP)
    return max(turns, key=lambda turn: (abs(across * cosine_of(turn) - down * sine_of(turn)), -turn))


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────


def _rows(count: int, grain: Grain, room: Room) -> Iterator[Seat]:
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
        across, down = reach_of(outline, turn)
        columns = -(-count // rows)
        return min(length * 1000 // (columns * across), width * 1000 // (rows * down)), -turn, -rows

    turns = (0, 90) if outline.length != outline.width else (0,)
    return max(((turn, rows) for turn in turns for rows in range(1, min(count, 24) + 1)), key=room_of)


def _balanced(spans: Sequence[int], count: int) -> list[int]:
    """Pieces for each row by its length; odd ones to the outer rows, so that above mirrors below."""
    pieces = [0] * len(spans)
    if not spans:
        return pieces
    middle = len(spans) - 1
    for _ in range(count):
        fullest = max(
            range(len(spans)),
            key=lambda row: (spans[row] * 5040 // (pieces[row] + 1) // 64, abs(2 * row - middle), -row),
        )
        pieces[fullest] += 1
    return pieces


def _chords(outline: Outline, turn: int, room: Room, start: Point, end: Point) -> list[Chord]:
    """The parts of a line on which such a piece may lie."""
    inside = room.fits(outline).at(turn).inside
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1])) // 10
    chords: list[Chord] = []
    is_on = False
    for step in range(steps):
        x, y = (a + (b - a) * (2 * step + 1) // (2 * steps) for a, b in zip(start, end, strict=True))
        was_on, is_on = is_on, room.holds(x, y) and bool(inside >> room.bit(x, y) & 1)
        if is_on and was_on:
            chords[-1] = chords[-1][0], (x, y)
        elif is_on:
            chords.append(((x, y), (x, y)))
    return chords


def _on_segments(count: int, outline: Outline, room: Room, across: int, down: int) -> Iterator[Seat]:
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


# ── Diagonals ────────────────────────────────────────────────────────────────────────────────────


def _diagonals(count: int, grain: Grain, room: Room) -> tuple[Seat, ...]:
    """From the lower left to the upper right: one line, or as many as the pieces need."""
    for lines in range(1, 1 + (_MOST_LINES_OF_GRAINS if grain.step else _MOST_DIAGONALS)):
        strokes = _diagonal_strokes(lines, grain, room)
        for slant in grain.slants:
            if _closest(strokes, count) >= grain.least(slant) * 21 // 20:
                return tuple(_along(strokes, count, slant))
    return tuple(_along(strokes, count, slant))


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
