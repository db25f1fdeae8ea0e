"""The bar itself on its ground: painted, recoloured from a painted one, or drawn."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from configurator.domain.family import Family, Module
from configurator.rendering.dice import Dice
from configurator.rendering.solids import (
    SHADOW,
    WARM_LIGHT,
    Colour,
    deeper,
    hex_colour,
    lightness,
    towards,
)
from configurator.rendering.sprites import MARGIN_MM, Painting, manifest, opened, scale_of

GROUND: Colour = (246, 239, 230)
_CORNER_MM = 6.0


def canvas_size(family: Family, width: int) -> tuple[int, int]:
    length_mm, width_mm = family.length / 10 + 2 * MARGIN_MM, family.width / 10 + 2 * MARGIN_MM
    return width, round(width * width_mm / length_mm)


@lru_cache(maxsize=96)
def bare_bar(family_key: str, length: int, width_of_bar: int, base: Module | None, width: int) -> Image.Image:
    """Kept as it is: whoever draws on it takes a copy."""
    size = (width, round(width * (width_of_bar / 10 + 2 * MARGIN_MM) / (length / 10 + 2 * MARGIN_MM)))
    scale = scale_of(length, width)
    picture = ground(size)
    body = _body(family_key, base, scale) or _drawn(length, width_of_bar, base, scale)
    x, y = size[0] / 2 - body.centre[0], size[1] / 2 - body.centre[1]
    picture.paste(body.picture.convert("RGB"), (round(x), round(y)), body.picture.getchannel("A"))
    return picture


@lru_cache(maxsize=16)
def ground(size: tuple[int, int]) -> Image.Image:
    """Warm off-white, a little darker towards the edges."""
    picture = Image.new("RGB", size, GROUND)
    far = Image.radial_gradient("L").resize(size, Image.Resampling.BICUBIC)
    picture.paste(
        towards(GROUND, (214, 199, 180), 0.6), mask=far.point(lambda level: max(0, level - 118) * 0.8)
    )
    return picture


def _body(family_key: str, base: Module | None, scale: float) -> Painting | None:
    painted = manifest()["bars"].get(family_key, {})
    if base is None or not painted:
        return None
    share = scale / manifest()["px_per_mm"]
    if base.key in painted:
        return _opened(painted[base.key]).at_scale(share)
    colour = hex_colour(base.colour)
    source = _opened(painted[min(painted, key=lambda key: _likeness(colour, painted[key]))]).at_scale(share)
    return Painting(_recoloured(source.picture, colour), source.centre)


def _opened(entry: dict[str, Any]) -> Painting:
    return opened(entry["file"], entry["centre"])


def _likeness(colour: Colour, entry: dict[str, Any]) -> float:
    return abs(lightness(colour) - lightness(_tint(entry["file"], tuple(entry["centre"]))))


@lru_cache(maxsize=32)
def _tint(file: str, centre: tuple[float, float]) -> Colour:
    return _middle_colour(opened(file, centre).picture)


def _middle_colour(body: Image.Image) -> Colour:
    wide, high = body.size
    middle = body.crop((wide // 4, high // 4, wide * 3 // 4, high * 3 // 4)).convert("RGB")
    red, green, blue = (round(level) for level in ImageStat.Stat(middle).median)
    return red, green, blue


def _recoloured(body: Image.Image, colour: Colour) -> Image.Image:
    """The painted surface in another colour: black stays black and gloss stays light."""
    own = _middle_colour(body)
    bands = [
        band.point(_bent_through(source, target))
        for band, source, target in zip(body.convert("RGB").split(), own, colour, strict=True)
    ]
    recoloured = Image.merge("RGB", bands).convert("RGBA")
    recoloured.putalpha(body.getchannel("A"))
    return recoloured


def _bent_through(source: int, target: int) -> list[int]:
    source = max(1, min(254, source))
    below = [round(level * target / source) for level in range(source + 1)]
    above = [
        round(target + (level - source) * (255 - target) / (255 - source)) for level in range(source + 1, 256)
    ]
    return below + above


def _drawn(length: int, width: int, base: Module | None, scale: float) -> Painting:
    """A plain body for a base or a size that nobody has painted; a faint mould while none is chosen."""
    colour = hex_colour(base.colour) if base else towards(GROUND, (190, 168, 142), 0.35)
    room = 2 * MARGIN_MM
    size = (round((length / 10 + room) * scale), round((width / 10 + room) * scale))
    edge = MARGIN_MM * scale
    mask = Image.new("L", (size[0] * 2, size[1] * 2))
    box = (2 * edge, 2 * edge, 2 * (size[0] - edge), 2 * (size[1] - edge))
    ImageDraw.Draw(mask).rounded_rectangle(box, 2 * _CORNER_MM * scale, fill=255)
    mask = mask.resize(size, Image.Resampling.BOX)
    body = _surface(mask, colour, scale, Dice("body", base.key if base else ""))
    body.putalpha(mask if base else mask.point(lambda level: level * 0.55))
    shade = Image.new("RGBA", size, SHADOW)
    shade.putalpha(_cast(mask, scale, 1.0 if base else 0.25))
    return Painting(Image.alpha_composite(shade, body), (size[0] / 2, size[1] / 2))


def _surface(mask: Image.Image, colour: Colour, scale: float, dice: Dice) -> Image.Image:
    body = Image.new("RGB", mask.size, colour)
    swell = mask.filter(ImageFilter.GaussianBlur(2.2 * scale))
    step = max(1, round(1.1 * scale))
    light = ImageChops.subtract(
        ImageChops.offset(swell, -step, -step), ImageChops.offset(swell, step, step), scale=1, offset=128
    )
    body.paste(towards(colour, WARM_LIGHT, 0.5), mask=light.point(lambda level: max(0, level - 132) * 1.2))
    body.paste(deeper(colour, 0.4), mask=light.point(lambda level: max(0, 124 - level) * 1.3))
    clouds = Image.blend(dice.clouds(mask.size, 38 * scale), dice.clouds(mask.size, 9 * scale), 0.3)
    body.paste(towards(colour, WARM_LIGHT, 0.35), mask=clouds.point(lambda level: max(0, level - 110) * 0.55))
    sheen = Image.linear_gradient("L").rotate(52).resize(mask.size, Image.Resampling.BICUBIC)
    body.paste(
        towards(colour, WARM_LIGHT, 0.45), mask=sheen.point(lambda level: max(0, 46 - abs(level - 96)) * 1.6)
    )
    return body


def _cast(mask: Image.Image, scale: float, strength: float) -> Image.Image:
    step, near = round(2.6 * scale), max(1, round(0.7 * scale))
    far = ImageChops.offset(mask, step, step).filter(ImageFilter.GaussianBlur(2.8 * scale))
    close = ImageChops.offset(mask, near, near).filter(ImageFilter.GaussianBlur(0.9 * scale))
    return ImageChops.lighter(
        far.point(lambda level: level * 0.36 * strength), close.point(lambda level: level * 0.42 * strength)
    )
