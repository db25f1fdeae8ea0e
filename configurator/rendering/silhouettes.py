"""Outlines of things as polygons in millimetres around (0, 0), x right, y down, before they are turned."""

from __future__ import annotations

import math
from math import cos, pi, radians, sin

from configurator.rendering.dice import Dice
from configurator.rendering.solids import Point, Polygon

_STEPS = 56


def ellipse(length: float, width: float, *, taper: float = 0.0, power: float = 2.0) -> Polygon:
    """``taper`` makes one end slimmer, a ``power`` over 2 makes the outline boxier."""
    outline = []
    for angle in _angles():
        x, y = _signed(cos(angle), 2 / power), _signed(sin(angle), 2 / power)
        outline.append((x * length / 2, y * width / 2 * (1 - taper * x)))
    return outline


def tipped(length: float, width: float, tip: float) -> Polygon:
    """An egg that runs out in a point on the right: almonds, seeds."""
    outline = []
    for angle in _angles():
        x, y = cos(angle), sin(angle)
        slim = 1 - tip * max(0.0, x) ** 2.2 * 0.75
        outline.append((x * length / 2, y * width / 2 * slim))
    return outline


def wobbly(outline: Polygon, dice: Dice, share: float, waves: int = 4) -> Polygon:
    """Nothing in nature is exactly round."""
    tones = [
        (wave, dice.between(0, 2 * pi), dice.between(0.3, 1) * share / wave**0.6)
        for wave in range(2, 2 + waves)
    ]
    wobbled = []
    for place, (x, y) in enumerate(outline):
        angle = 2 * pi * place / len(outline)
        swell = 1 + sum(size * sin(wave * angle + phase) for wave, phase, size in tones)
        wobbled.append((x * swell, y * swell))
    return wobbled


def broken(length: float, width: float, dice: Dice, corners: int) -> Polygon:
    """A chunk: straight breaks between a handful of corners."""
    outline = []
    for corner in range(corners):
        angle = 2 * pi * (corner + dice.between(-0.28, 0.28)) / corners
        reach = dice.between(0.84, 1.06)
        outline.append((cos(angle) * length / 2 * reach, sin(angle) * width / 2 * reach))
    return outline


def rounded(outline: Polygon, share: float = 0.25, times: int = 2) -> Polygon:
    """Corners cut again and again (Chaikin) become curves."""
    for _ in range(times):
        softer = []
        for (x, y), (onward_x, onward_y) in zip(outline, outline[1:] + outline[:1], strict=True):
            softer.append((x + (onward_x - x) * share, y + (onward_y - y) * share))
            softer.append((onward_x + (x - onward_x) * share, onward_y + (y - onward_y) * share))
        outline = softer
    return outline


def box(length: float, width: float) -> Polygon:
    return [
        (-length / 2, -width / 2),
        (length / 2, -width / 2),
        (length / 2, width / 2),
        (-length / 2, width / 2),
    ]


def bent(outline: Polygon, depth: float, length: float) -> Polygon:
    """A banana's bend: the ends go down by ``depth``."""
    return [(x, y + depth * ((2 * x / length) ** 2 - 0.4)) for x, y in outline]


def petal(length: float, width: float, dice: Dice) -> Polygon:
    notch = dice.between(0.04, 0.16)
    outline = []
    for angle in _angles():
        x = cos(angle)
        broad = 0.35 + 0.65 * ((x + 1) / 2) ** 0.7
        dent = 1 - notch * max(0.0, cos(2 * angle)) ** 6 * (x > 0)
        outline.append((x * length / 2 * dent, sin(angle) * width / 2 * broad))
    return outline


def heart(length: float, width: float) -> Polygon:
    outline = []
    for angle in _angles():
        x = 16 * sin(angle) ** 3
        y = 13 * cos(angle) - 5 * cos(2 * angle) - 2 * cos(3 * angle) - cos(4 * angle)
        outline.append((x / 33 * length, -(y + 2.5) / 29 * width))
    return outline


def ribbon(length: float, width: float, dice: Dice, waves: float) -> Polygon:
    """A strip that snakes along x and runs out at both ends."""
    phase, swing = dice.between(0, 2 * pi), width * dice.between(0.25, 0.4)
    upper, lower = [], []
    for step in range(_STEPS + 1):
        share = step / _STEPS
        x = (share - 0.5) * length
        middle = swing * sin(phase + waves * 2 * pi * share)
        half = width / 2 * 0.55 * sin(pi * share) ** 0.5 * (1 + 0.25 * sin(phase * 2 + 9 * share))
        upper.append((x, middle - half))
        lower.append((x, middle + half))
    return upper + lower[::-1]


def spiral(radius: float, rounds: float, flat: float) -> Polygon:
    """A line that rolls in: paste drawn through chocolate with a stick."""
    line = []
    for step in range(_STEPS + 1):
        share = step / _STEPS
        angle, reach = 2 * pi * rounds * share, radius * (1 - 0.86 * share**0.8)
        line.append((cos(angle) * reach, sin(angle) * reach * flat))
    return line


def pretzel_line(length: float, width: float) -> Polygon:
    """The knot as a line to be drawn with a thick pen."""
    line = []
    for step in range(-60, 61):
        turn = step / 15
        line.append(((3.3 - 0.4 * turn**2) * sin(turn), -(2.5 - 0.3 * turn**2) * cos(turn)))
    wide, high = (max(part) - min(part) for part in zip(*line, strict=True))
    middle = (max(y for _, y in line) + min(y for _, y in line)) / 2
    return [(x / wide * length, (y - middle) / high * width) for x, y in line]


def bear(length: float, width: float) -> list[Polygon]:
    """Seen from above, head to the left: the parts overlap to one outline."""

    def ball(x: float, y: float, across: float, down: float) -> Polygon:
        return [(px + x * length, py + y * width) for px, py in ellipse(across * length, down * width)]

    return [
        ball(0.08, 0, 0.56, 0.74),
        ball(-0.27, 0, 0.40, 0.72),
        ball(-0.40, -0.33, 0.17, 0.34),
        ball(-0.40, 0.33, 0.17, 0.34),
        ball(-0.04, -0.36, 0.17, 0.36),
        ball(-0.04, 0.36, 0.17, 0.36),
        ball(0.34, -0.27, 0.32, 0.42),
        ball(0.34, 0.27, 0.32, 0.42),
    ]


def turned(outline: Polygon, degrees: float) -> Polygon:
    """Counter-clockwise as seen, although y runs down."""
    cosine, sine = cos(radians(degrees)), sin(radians(degrees))
    return [(x * cosine + y * sine, -x * sine + y * cosine) for x, y in outline]


def scaled(outline: Polygon, share: float, by: Point = (0, 0)) -> Polygon:
    return [(x * share + by[0], y * share + by[1]) for x, y in outline]


def _angles() -> list[float]:
    return [2 * pi * step / _STEPS for step in range(_STEPS)]


def _signed(value: float, power: float) -> float:
    return math.copysign(math.pow(abs(value), power), value)
