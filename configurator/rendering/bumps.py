"""What is mixed in lifts the surface: light and shade over the base's own colour."""

from __future__ import annotations

from itertools import pairwise
from math import pi, sin

from PIL import Image, ImageChops, ImageFilter

from configurator.domain.family import Module, TenthMm
from configurator.rendering import ready, silhouettes
from configurator.rendering.dice import Dice
from configurator.rendering.paintings import Painting, Sprite, as_painted, cut_out, manifest
from configurator.rendering.solids import Sheet, hex_colour
from configurator.rendering.sprites import LEANS, SHELF, individuals, is_painted, leaning, least_alike, sprite

LIGHT, SHADE = 0.9, 2.1

_KINDS = 6


ROOM = 1.25
"""The circle around a streak that others keep out of, beside the one it is said to fill."""


def bump(module: Module, diameter: TenthMm, variant: int, px_per_mm: float) -> Sprite:
    if is_painted(module) and not module.shape.piece_ug:
        choice = individuals(module)
        one = leaning(choice[variant % len(choice)], LEANS[variant // 64 % len(LEANS)])
        return sprite(module, one, px_per_mm, min(1.0, diameter * ROOM / module.shape.length))
    if module.shape.piece_ug:
        kind = variant % (len(manifest()["bumps"]) or _KINDS)
        key: tuple[object, ...] = ("bump", diameter, kind, px_per_mm)

        def make() -> Sprite:
            return cut_out(_hill(diameter, kind, px_per_mm))
    else:
        kind = variant % _KINDS
        key = ("streak", module.key, module.colour, diameter, kind, px_per_mm)

        def make() -> Sprite:
            return cut_out(_streak(module, diameter / 10, kind, px_per_mm))

    return SHELF.find_or_make(key, lambda: ready.find_or_make(key, make))


def alike(module: Module, variant: int) -> int:
    """The least variant that gets the same picture: one picture, one name."""
    if is_painted(module) and not module.shape.piece_ug:
        return least_alike(variant, len(individuals(module)))
    return variant % ((len(manifest()["bumps"]) if module.shape.piece_ug else 0) or _KINDS)


def _hill(diameter: TenthMm, kind: int, px_per_mm: float) -> Painting:
    painted = manifest()["bumps"]
    if not painted:
        return _drawn_hill(diameter / 10, kind, px_per_mm)
    entry = painted[kind]
    share = diameter / 10 / entry["diameter_mm"] * px_per_mm / manifest()["px_per_mm"]
    return _deepened(Painting(as_painted(entry["file"]), tuple(entry["centre"]))).at_scale(share)


def _deepened(hill: Painting) -> Painting:
    """Under a film of chocolate the shade reads weaker than it was painted, the light stronger."""
    alpha = hill.picture.getchannel("A")
    is_light = hill.picture.getchannel("R").point(lambda level: 255 * (level > 128))
    relief = hill.picture.copy()
    relief.putalpha(
        Image.composite(
            alpha.point(lambda level: level * LIGHT), alpha.point(lambda level: level * SHADE), is_light
        )
    )
    return Painting(relief, hill.centre)


def _drawn_hill(diameter: float, kind: int, px_per_mm: float) -> Painting:
    dice = Dice("bump", kind)
    scale = max(px_per_mm, 60 / diameter)
    sheet = Sheet(diameter * 1.7, diameter * 1.7, scale)
    outline = silhouettes.ellipse(diameter, diameter * dice.between(0.72, 0.95))
    outline = silhouettes.turned(silhouettes.wobbly(outline, dice, 0.06), dice.between(0, 180))
    swell = sheet.mask(outline).filter(ImageFilter.GaussianBlur(0.20 * diameter * scale))
    step = max(1, round(0.10 * diameter * scale))
    slope = ImageChops.subtract(
        ImageChops.offset(swell, -step, -step), ImageChops.offset(swell, step, step), scale=1, offset=128
    )
    light = slope.point(lambda level: max(0, level - 128) * 0.40)
    shade = slope.point(lambda level: max(0, 128 - level) * 0.62)
    hill = Image.merge("RGB", [slope.point(lambda level: 255 if level > 128 else 12)] * 3).convert("RGBA")
    hill.putalpha(ImageChops.lighter(light, shade))
    hill = hill.resize((max(3, round(sheet.width * px_per_mm)),) * 2, Image.Resampling.BOX)
    return Painting(hill, (hill.width / 2, hill.height / 2))


def _streak(module: Module, diameter: float, kind: int, px_per_mm: float) -> Painting:
    """A paste folded in: soft veins of its own colour."""
    dice = Dice("streak", module.key, kind)
    sheet = Sheet(diameter, diameter, px_per_mm)
    path = silhouettes.spiral(diameter * 0.46, dice.between(1.5, 2.1), dice.between(0.5, 0.7))
    path = silhouettes.turned(path, dice.between(0, 360))
    mask, thick = Image.new("L", sheet.size), diameter * dice.between(0.05, 0.075)
    for place, (start, end) in enumerate(pairwise(path)):
        swell = sin(pi * (place + 1) / (len(path) + 1)) ** 0.5
        sheet.stroke(mask, [start, end], thick * swell)
    vein = Image.new("RGBA", sheet.size, hex_colour(module.colour))
    soft = mask.filter(ImageFilter.GaussianBlur(0.5 * px_per_mm))
    vein.putalpha(soft.point(lambda level: level * 0.6))
    return Painting(vein, (vein.width / 2, vein.height / 2))
