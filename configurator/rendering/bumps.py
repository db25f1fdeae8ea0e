"""What is mixed in lifts the surface: light and shade over the base's own colour; a paste marbles it."""

from __future__ import annotations

from functools import cache
from itertools import product

from PIL import Image

from configurator.domain.family import Family, Module, TenthMm
from configurator.domain.scene import bump_diameter
from configurator.rendering import ready
from configurator.rendering.paintings import Painting, Sprite, as_painted, cut_out, manifest
from configurator.rendering.sprites import LEANS, SHELF, individuals, leaning, least_alike, sprite

LIGHT, SHADE = 0.9, 2.1

ROOM = 1.25
"""The circle around a streak that others keep out of, beside the one it is said to fill."""


def bump(module: Module, diameter: TenthMm, variant: int, px_per_mm: float) -> Sprite:
    return (
        _hill(diameter, variant, px_per_mm)
        if module.shape.piece_ug
        else _streak(module, diameter, variant, px_per_mm)
    )


def alike(module: Module, variant: int) -> int:
    """The least variant that gets the same picture: one picture, one name."""
    if module.shape.piece_ug:
        return variant % len(manifest()["bumps"])
    return least_alike(variant, len(individuals(module)))


def make_hills_ready(family: Family, px_per_mm: float) -> None:
    """All that a bar of this family may show."""
    diameters = {bump_diameter(module) for module in family.modules.values() if module.shape.piece_ug}
    for diameter, kind in product(sorted(diameters), range(len(manifest()["bumps"]))):
        _hill(diameter, kind, px_per_mm)


def _streak(module: Module, diameter: TenthMm, variant: int, px_per_mm: float) -> Sprite:
    choice = individuals(module)
    one = leaning(choice[variant % len(choice)], LEANS[variant // 64 % len(LEANS)])
    length = max(1, module.shape.length)
    return sprite(one, px_per_mm, min(1.0, diameter * ROOM / length))


def _hill(diameter: TenthMm, variant: int, px_per_mm: float) -> Sprite:
    kind = variant % len(manifest()["bumps"])
    key = ("bump", diameter, kind, px_per_mm)
    return SHELF.find_or_make(
        key, lambda: ready.find_or_make(key, lambda: cut_out(_painted_hill(diameter, kind, px_per_mm)))
    )


def _painted_hill(diameter: TenthMm, kind: int, px_per_mm: float) -> Painting:
    share = diameter / 10 / manifest()["bumps"][kind]["diameter_mm"] * px_per_mm / manifest()["px_per_mm"]
    return _deepened(kind).at_scale(share)


@cache
def _deepened(kind: int) -> Painting:
    """Under a film of chocolate the shade reads weaker than it was painted, the light stronger."""
    entry = manifest()["bumps"][kind]
    hill = Painting(as_painted(entry["file"]), tuple(entry["centre"]))
    alpha = hill.picture.getchannel("A")
    is_light = hill.picture.getchannel("R").point(lambda level: 255 * (level > 128))
    relief = hill.picture.copy()
    relief.putalpha(
        Image.composite(
            alpha.point(lambda level: level * LIGHT), alpha.point(lambda level: level * SHADE), is_light
        )
    )
    return Painting(relief, hill.centre)
