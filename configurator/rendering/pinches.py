"""A pinch: many small pieces strewn over a round patch, made once and pasted as one sprite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, pi, sin

from PIL import Image

from configurator.domain.family import Module
from configurator.rendering.dice import Dice
from configurator.rendering.paintings import Painting, Sprite

PATCHES = 6
"""Different patches of the same number of pieces."""
MOST_DRAWN = 240
"""More would only cover each other; a design may ask for any number of grams."""


def drawn_count(count: int) -> int:
    """A step near the real count: few enough steps that patches are found again, near enough to weigh the same."""
    steps = 8 if count > 16 else 32
    step = max(1, (1 << count.bit_length()) // (2 * steps))
    return min(MOST_DRAWN, max(2, (count + step // 2) // step * step))


def strewn(
    grains: Sequence[Sprite], module: Module, count: int, radius: float, patch: int, px_per_mm: float
) -> Painting:
    dice = Dice("pinch", module.key, count, patch)
    reach = max(0.0, radius - module.shape.length / 20)
    side = round((2 * radius + 8) * px_per_mm)
    picture = Image.new("RGBa", (side, side))
    for x, y in _spots(dice, count, reach):
        dice.one_of(grains).paste_on(picture, side / 2 + x * px_per_mm, side / 2 + y * px_per_mm)
    return Painting(picture, (side / 2, side / 2))


def _spots(dice: Dice, count: int, reach: float) -> Iterator[tuple[float, float]]:
    """The seeds of a sunflower lie evenly and nowhere in line; chance keeps it from looking like one."""
    loose = 0.55 * reach / count**0.5
    for place in range(count):
        away, angle = reach * ((place + 0.5) / count) ** 0.52, place * _SUNFLOWER
        aside = 2 * pi * dice.between(0, 1)
        yield away * cos(angle) + loose * cos(aside), away * sin(angle) + loose * sin(aside)


_SUNFLOWER = pi * (3 - 5**0.5)
