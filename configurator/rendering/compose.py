"""Scene → picture: only placing; everything that is slow has been done when a sprite was made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from PIL import Image

from configurator.domain.family import Family
from configurator.domain.scene import Bump, Piece, Scene
from configurator.rendering.bodies import bare_bar
from configurator.rendering.bumps import bump
from configurator.rendering.paintings import Sprite
from configurator.rendering.sprites import (
    LEANS,
    MARGIN_MM,
    individuals,
    is_painted,
    leaning,
    scale_of,
    sprite,
    sprite_of,
)


def compose(scene: Scene, family: Family, width: int) -> Image.Image:
    """The bar from above, light from the upper left, as RGB. The same pixels for the same scene."""
    picture = bare_bar(family, scene.base, width).copy()
    scale = scale_of(scene.length, width)
    for hill in scene.bumps:
        _sprite_of_bump(hill, family, scale).paste_on(picture, *_place(hill, scale))
    for piece in scene.pieces:
        module = family.modules[piece.module]
        sprite_of(piece, module, scene, scale).paste_on(picture, *_place(piece, scale))
    return picture


def preload(families: Sequence[Family], widths: Sequence[int]) -> None:
    """Decode and scale what is painted before the first customer comes."""
    sizes = [(family, width) for family in families for width in widths]
    for base in {base.key for family in families for base in family.seats[family.base_slot.key]}:
        for family, width in sizes:
            bare_bar(family, base, width)
    # Picture by picture, not size by size: a file just opened need not be decoded again.
    for module in {key: module for family in families for key, module in family.modules.items()}.values():
        if is_painted(module):
            for one, lean, (family, width) in product(individuals(module), LEANS, sizes):
                sprite(module, leaning(one, lean), scale_of(family.length, width))


def _sprite_of_bump(hill: Bump, family: Family, scale: float) -> Sprite:
    return bump(family.modules[hill.module], hill.diameter, hill.variant, scale)


def _place(thing: Piece | Bump, scale: float) -> tuple[float, float]:
    return (thing.x / 10 + MARGIN_MM) * scale, (thing.y / 10 + MARGIN_MM) * scale
