"""A pinch: many small pieces strewn over a round patch, made once and pasted as one sprite."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

from PIL import Image

from configurator.domain.family import Module
from configurator.rendering.dice import Dice
from configurator.rendering.paintings import Painting, Sprite

PATCHES = 6
"""Different patches of the same number of pieces."""
MOST_DRAWN = 240
"""More would only cover each other; a design may ask for any number of grams."""


def strewn(
    grains: Sequence[Sprite], module: Module, count: int, radius: float, patch: int, px_per_mm: float
) -> Painting:
    dice = Dice("pinch", module.key, count, patch)
    reach = max(0.0, radius - module.shape.length / 20)
    side = round((2 * radius + 8) * px_per_mm)
    picture = Image.new("RGBa", (side, side))
    taken: list[tuple[float, float]] = []
    for _ in range(min(count, MOST_DRAWN)):
        spots = [_spot(dice, reach) for _ in range(4)]
        x, y = max(spots, key=lambda spot: _clearance(spot, taken[-24:]))
        taken.append((x, y))
        dice.one_of(grains).paste_on(picture, side / 2 + x * px_per_mm, side / 2 + y * px_per_mm)
    return Painting(picture, (side / 2, side / 2))


def _spot(dice: Dice, reach: float) -> tuple[float, float]:
    away, angle = reach * dice.between(0, 1) ** 0.52, dice.between(0, 2 * pi)
    return away * cos(angle), away * sin(angle)


def _clearance(spot: tuple[float, float], taken: list[tuple[float, float]]) -> float:
    return min(((spot[0] - x) ** 2 + (spot[1] - y) ** 2 for x, y in taken), default=0)
