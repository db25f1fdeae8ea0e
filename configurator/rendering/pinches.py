"""A pinch: many small pieces strewn over a round patch, made once and pasted as one sprite."""

from __future__ import annotations

from math import cos, pi, sin

from PIL import Image

from configurator.domain.family import Module
from configurator.domain.scatter import Outline
from configurator.rendering.dice import Dice
from configurator.rendering.sprites import (
    LEANS,
    SHELF,
    Painting,
    Sprite,
    cut_out,
    individuals,
    leaning,
    sprite,
)

PATCHES = 6
"""Different patches of the same number of pieces."""
MOST_DRAWN = 240
"""More would only cover each other; a design may ask for any number of grams."""


def pinch(module: Module, count: int, outline: Outline, variant: int, px_per_mm: float) -> Sprite:
    patch = variant % PATCHES
    key = ("pinch", module.key, module.shape, module.colour, count, outline, patch, px_per_mm)
    return SHELF.find_or_make(key, lambda: cut_out(strewn(module, count, outline, patch, px_per_mm)))


def strewn(module: Module, count: int, outline: Outline, patch: int, px_per_mm: float) -> Painting:
    dice = Dice("pinch", module.key, count, patch)
    radius = outline.length / 20
    reach = max(0.0, radius - module.shape.length / 20)
    side = round((2 * radius + 8) * px_per_mm)
    picture = Image.new("RGBA", (side, side))
    choice = individuals(module)
    taken: list[tuple[float, float]] = []
    for _ in range(min(count, MOST_DRAWN)):
        spots = [_spot(dice, reach) for _ in range(4)]
        x, y = max(spots, key=lambda spot: _clearance(spot, taken[-24:]))
        taken.append((x, y))
        grain = sprite(module, leaning(dice.one_of(choice), dice.one_of(LEANS)), px_per_mm)
        _lay(picture, grain, side / 2 + x * px_per_mm, side / 2 + y * px_per_mm)
    return Painting(picture, (side / 2, side / 2))


def _spot(dice: Dice, reach: float) -> tuple[float, float]:
    away, angle = reach * dice.between(0, 1) ** 0.52, dice.between(0, 2 * pi)
    return away * cos(angle), away * sin(angle)


def _clearance(spot: tuple[float, float], taken: list[tuple[float, float]]) -> float:
    return min(((spot[0] - x) ** 2 + (spot[1] - y) ** 2 for x, y in taken), default=0)


def _lay(picture: Image.Image, grain: Sprite, x: float, y: float) -> None:
    piece = grain.colour.convert("RGBA")
    piece.putalpha(grain.mask)
    left, top = round(x) - grain.left, round(y) - grain.top
    if left < 0 or top < 0:
        piece = piece.crop((max(0, -left), max(0, -top), piece.width, piece.height))
    picture.alpha_composite(piece, (max(0, left), max(0, top)))
