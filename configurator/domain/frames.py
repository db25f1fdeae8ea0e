"""The lines that a pattern is made of, as large as the bar allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import isqrt

from configurator.domain.design import LETTER
from configurator.domain.family import TenthMm
from configurator.domain.footprints import TURN_STEP, Outline, cosine_of, sine_of
from configurator.domain.letters import HEIGHT, Point, Stroke, strokes_of
from configurator.domain.outlines import heart_outline, outline_points
from configurator.domain.room import RIM, Room
from configurator.domain.seating import Grain
from configurator.domain.strokes import Lines

_HEART_STRETCH, _LETTER_STRETCH = 150, 200
_CAUTION: TenthMm = 25
"""Further in from a curved edge, whose squares are counted with care."""
_CLOCKWISE = tuple((cosine_of(turn), sine_of(turn)) for turn in range(90, 90 - 361, -TURN_STEP))
"""All around, from the top."""


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


def lines_of(pattern: str, frame: Frame, depth: int) -> Lines:
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


@lru_cache(maxsize=64)
def _along_edge(across: TenthMm, inset: TenthMm, room: Room) -> Lines:
    """The outline moved inward; where it would cross itself, at a notch or a tip, the short way round."""
    inside = room.fits(Outline(across, across)).at(0).inside
    edge = outline_points(room.outline, room.length, room.width)
    points = []
    for before, here, after in zip((edge[-1], *edge), edge, (*edge[1:], edge[0]), strict=False):
        for start, end in ((before, after), (here, after)):
            way, down = end[0] - start[0], end[1] - start[1]
            long = max(1, isqrt(way * way + down * down))
            x, y = here if start == before else ((here[0] + after[0]) // 2, (here[1] + after[1]) // 2)
            inner = x - down * inset // long, y + way * inset // long
            if room.holds(*inner) and inside >> room.bit(*inner) & 1:
                points.append(inner)
    return (Stroke((*points, points[0]), end=False),) if len(points) > 2 else ()


def _ring(frame: Frame, depth: int) -> Lines:
    x, y = frame.middle
    inset = depth * frame.grain.thick
    down = frame.high // 2 - inset
    across = frame.high * frame.stretch // 200 - inset
    if 5 * down < frame.high or 2 * (across + inset) > frame.longest:  # or it would be a disc
        return ()
    points = tuple((x + across * cosine // 1024, y - down * sine // 1024) for cosine, sine in _CLOCKWISE)
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
