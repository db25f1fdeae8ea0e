"""Where the pieces of a pattern lie: evenly along its lines, as large as the bar allows."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from configurator.domain.frames import Frame, lines_of
from configurator.domain.room import Room
from configurator.domain.rows import diagonals, on_segments, rows
from configurator.domain.seating import CLOSE, Grain, Seat
from configurator.domain.strokes import Lines, along, apart, aside, closest, height, longest

SEGMENTS = {"bar-100-moulded": (6, 4)}
"""Look of a bar → how many segments its mould has along and across."""

_MOST_DEEP = 6
"""Lines within each other."""
_MEETINGS = (0, 1, 2, 3, 5, 8, 12)
"""How many seats may be one too many where strokes meet."""
_MOST_LANES = 5
"""Pieces abreast."""
_FEW_STRETCHES = 3
_FEWEST_READABLE = 5
_PROBES = 32
"""Places along a line at which it is tried whether a piece fits the bar."""
_EDGED = {"border", "heart"}
"""What follows the edge of a bar that is no oblong."""
_SCALES = range(720, 200, -40)
_LEVELS = (440, 490, 540, 590)
"""Where the middle of a pattern may lie on a heart, whose own is above that of its box."""
_SMALLER = tuple(product(_SCALES, _LEVELS))


@lru_cache(maxsize=1024)
def seats(pattern: str, count: int, grain: Grain, room: Room, look: str) -> tuple[Seat, ...]:
    """At most ``count``, fewer when the pattern has no room for more. Not for what is scattered."""
    if pattern == "rows":
        if look in SEGMENTS and not grain.step:
            return tuple(on_segments(count, grain.outline, room, *SEGMENTS[look]))
        return tuple(rows(count, grain, room))
    if pattern == "diagonal":
        return diagonals(count, grain, room)
    return _drawn(pattern, count, grain, room)


def _drawn(pattern: str, count: int, grain: Grain, room: Room) -> tuple[Seat, ...]:
    """In one line if that is long enough, lengthwise if there is room; else stretched, turned, in more lines."""
    # Where strokes meet a piece may be one too many; then the others share out its place.
    meetings = _MEETINGS[:1] if grain.step else _MEETINGS
    for depths in range(1, _MOST_DEEP + 1):
        if not _on_bar(pattern, depths, 100, 0, grain, room):
            break
        # More lines fill a shape; drawn wide as well it would lose it.
        stretches = grain.stretches if depths == 1 else grain.stretches[:2]
        for slant, more, stretch in product(grain.slants, meetings, stretches):
            lines = _on_bar(pattern, depths, stretch, slant, grain, room)
            found = _strung(lines, count, more, grain, slant) if lines else ()
            if found:
                return found
    return _crowded(pattern, count, grain, room)


def _strung(lines: Lines, count: int, more: int, grain: Grain, slant: int) -> tuple[Seat, ...]:
    """One beside the other; nothing if they would lie on each other all along, or other than ``more`` must go."""
    if closest(lines, count + more) < grain.least(slant):
        return ()
    places = along(lines, count + more, slant)
    found = tuple(places) if grain.step else apart(places, grain.clear(slant), more)
    return found if len(found) == count else ()


@lru_cache(maxsize=1024)
def _on_bar(pattern: str, depths: int, stretch: int, slant: int, grain: Grain, room: Room) -> Lines:
    """As large as the bar allows; empty when the pattern does not have that many lines."""
    if room.outline == "oblong" or pattern in _EDGED:
        return _drawn_in(Frame(grain, room, slant, stretch), pattern, depths)
    for scale, level in _SMALLER[_first_inside(pattern, stretch, slant, grain, room) :]:
        frame = Frame(grain, room, slant, stretch, scale, level)
        lines = _drawn_in(frame, pattern, depths)
        if lines and _is_inside(pattern, frame):
            return lines
    return ()


def _drawn_in(frame: Frame, pattern: str, depths: int) -> Lines:
    innermost = lines_of(pattern, frame, depths - 1)
    if not innermost:
        return ()
    outer = (stroke for depth in range(depths - 1) for stroke in lines_of(pattern, frame, depth))
    return (*outer, *innermost)


@lru_cache(maxsize=1024)
def _first_inside(pattern: str, stretch: int, slant: int, grain: Grain, room: Room) -> int:
    """Which of the smaller and smaller frames is the first on the bar, whatever is drawn within its outer line."""
    frames = (Frame(grain, room, slant, stretch, scale, level) for scale, level in _SMALLER)
    return next((place for place, frame in enumerate(frames) if _is_inside(pattern, frame)), len(_SMALLER))


def _is_inside(pattern: str, frame: Frame) -> bool:
    lines, room, fits = lines_of(pattern, frame, 0), frame.room, frame.room.fits(frame.grain.outline)
    return bool(lines) and all(
        room.holds(probe.x, probe.y) and fits.at(probe.turn).inside >> room.bit(probe.x, probe.y) & 1
        for probe in along(lines, _PROBES, frame.slant)
    )


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
        return tuple(along(max(options, key=longest), count, slant))
    best: tuple[Seat, ...] = ()
    for lanes, lines in product(range(2, _MOST_LANES + 1), options):
        if len(best) < count and lanes * grain.least(slant) * 5 <= 2 * height(lines):
            best = max(best, _in_lanes(lines, count, lanes, grain, slant), key=len)
    best = best or _in_lanes(max(options, key=longest), count, 1, grain, slant)
    if len(best) < _FEWEST_READABLE:
        # No pattern any more: what is left lies as near as it can.
        best += tuple(best[place % len(best)] for place in range(count - len(best)))
    return best[:count]


def _in_lanes(lines: Lines, count: int, lanes: int, grain: Grain, slant: int) -> tuple[Seat, ...]:
    """Several abreast all along the lines, without those that would be too many."""
    least = grain.least(slant)
    columns = -(-count // lanes)
    while columns > 1 and closest(lines, columns) < least:
        columns -= 1
    beside = (grain.side if slant == 90 else grain.outline.width) * CLOSE // 1000 if slant else least
    abreast = apart(
        (
            aside(seat, (2 * lane + 1 - lanes) * beside // 2, slant)
            for seat in along(lines, columns, slant)
            for lane in range(lanes)
        ),
        grain.clear(slant),
    )
    if len(abreast) <= count:
        return abreast
    return tuple(abreast[place * len(abreast) // count] for place in range(count))
