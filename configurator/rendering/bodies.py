"""The bar itself on its ground: painted, recoloured from a painted one, or drawn."""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from configurator.domain.family import Family, TenthMm
from configurator.rendering.dice import Dice
from configurator.rendering.paintings import Painting, as_painted, manifest
from configurator.rendering.shelf import Shelf
from configurator.rendering.solids import (
    SHADOW,
    WARM_LIGHT,
    Colour,
    deeper,
    hex_colour,
    lightness,
    towards,
)
from configurator.rendering.sprites import MARGIN_MM, scale_of
from configurator.rendering.tinting import middle_colour, recoloured

GROUND: Colour = (246, 239, 230)
_CORNER_MM = 6.0


def bare_bar(family: Family, base: str, width: int) -> Image.Image:
    """The bar without anything on it, an empty mould for no base; whoever draws on it takes a copy."""
    colours = tuple((module.key, module.colour) for module in family.seats[family.base_slot.key])
    bar = (family.length, family.width)
    key = (family.key, bar, base, colours, width)
    return _BARS.find_or_make(key, lambda: Painting(_on_ground(*key), (0, 0))).picture


_BARS: Shelf[Painting] = Shelf(128 * 2**20)


def _on_ground(
    family: str, bar: tuple[TenthMm, TenthMm], base: str, colours: tuple[tuple[str, str], ...], width: int
) -> Image.Image:
    length, height = bar
    size = (width, round(width * (height / 10 + 2 * MARGIN_MM) / (length / 10 + 2 * MARGIN_MM)))
    scale = scale_of(length, width)
    colour_of = {key: hex_colour(colour) for key, colour in colours}
    body = _painted(family, bar, base, colour_of, scale) or _drawn(bar, base, colour_of.get(base), scale)
    picture = ground(size)
    x, y = size[0] / 2 - body.centre[0], size[1] / 2 - body.centre[1]
    picture.paste(body.picture.convert("RGB"), (round(x), round(y)), body.picture.getchannel("A"))
    return picture


def ground(size: tuple[int, int]) -> Image.Image:
    """The page's own warm off-white, even to the edge: the bar lies on the page, not in a box."""
    return Image.new("RGB", size, GROUND)


def _painted(
    family: str, bar: tuple[TenthMm, TenthMm], base: str, colour_of: dict[str, Colour], scale: float
) -> Painting | None:
    """The painted body, or the painted body of the base that is most like it in another colour."""
    painted = {key: body for key, body in _bodies_for(family).items() if key in colour_of}
    if base not in colour_of or not painted:
        return None
    light = lightness(colour_of[base])
    like = min(painted, key=lambda key: (key != base, abs(lightness(colour_of[key]) - light)))
    body = Painting(as_painted(painted[like]["file"]), tuple(painted[like]["centre"]))
    if family not in manifest()["bars"] or like not in manifest()["bars"][family]:
        body = _smaller(body, bar)
    body = body.at_scale(scale / manifest()["px_per_mm"])
    if like == base:
        return body
    return Painting(_recoloured(body.picture, colour_of[like], colour_of[base]), body.centre)


def _bodies_for(family: str) -> dict[str, dict[str, Any]]:
    """Its own paintings, or those of another size from which a smaller bar can be cut."""
    bars: dict[str, dict[str, dict[str, Any]]] = manifest()["bars"]
    return bars.get(family) or next((bodies for bodies in bars.values() if bodies), {})


def _smaller(body: Painting, bar: tuple[TenthMm, TenthMm]) -> Painting:
    """The four corners moved together; what lay between them is blended away."""
    across, down = (round((length / 10 + 2 * MARGIN_MM) * manifest()["px_per_mm"]) for length in bar)
    narrow = _drawn_together(body.picture, across)
    sideways = _drawn_together(narrow.transpose(Image.Transpose.TRANSPOSE), down)
    picture = sideways.transpose(Image.Transpose.TRANSPOSE)
    return Painting(picture, (picture.width / 2, picture.height / 2))


def _drawn_together(picture: Image.Image, width: int) -> Image.Image:
    if width >= picture.width:
        return picture
    overlap = width // 5
    half = (width + overlap) // 2
    left = picture.crop((0, 0, half, picture.height))
    right = picture.crop((picture.width - (width - half + overlap), 0, picture.width, picture.height))
    seam = (overlap, picture.height)
    fade = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).resize(seam)
    together = Image.new("RGBA", (width, picture.height))
    together.paste(left, (0, 0))
    together.paste(right, (half - overlap, 0))
    blended = Image.composite(
        right.crop((0, 0, *seam)), left.crop((half - overlap, 0, half, picture.height)), fade
    )
    together.paste(blended, (half - overlap, 0))
    return together


def _recoloured(body: Image.Image, old: Colour, new: Colour) -> Image.Image:
    """The light that lay on the painted colour lies on the new one too."""
    seen = middle_colour(body)
    red, green, blue = (
        max(2, min(250, there + round(0.8 * (here - before))))
        for here, before, there in zip(seen, old, new, strict=True)
    )
    return recoloured(body, seen, (red, green, blue))


def _drawn(bar: tuple[TenthMm, TenthMm], base: str, colour: Colour | None, scale: float) -> Painting:
    """A plain body for a size that nobody has painted; a faint mould while no base is chosen."""
    length, width = bar
    room = 2 * MARGIN_MM
    size = (round((length / 10 + room) * scale), round((width / 10 + room) * scale))
    edge = MARGIN_MM * scale
    mask = Image.new("L", (size[0] * 2, size[1] * 2))
    box = (2 * edge, 2 * edge, 2 * (size[0] - edge), 2 * (size[1] - edge))
    ImageDraw.Draw(mask).rounded_rectangle(box, 2 * _CORNER_MM * scale, fill=255)
    mask = mask.resize(size, Image.Resampling.BOX)
    if colour is None:
        return Painting(_hollow(mask, scale), (size[0] / 2, size[1] / 2))
    body = _surface(mask, colour, scale, Dice("body", base))
    body.putalpha(mask)
    shade = Image.new("RGBA", size, SHADOW)
    shade.putalpha(_cast(mask, scale))
    return Painting(Image.alpha_composite(shade, body), (size[0] / 2, size[1] / 2))


def _hollow(mask: Image.Image, scale: float) -> Image.Image:
    """The mould, waiting: shade falls in from the upper left."""
    colour = towards(GROUND, (214, 196, 172), 0.5)
    step = max(1, round(1.4 * scale))
    outside = ImageChops.invert(ImageChops.offset(mask, step, step)).filter(
        ImageFilter.GaussianBlur(1.6 * scale)
    )
    hollow = Image.new("RGB", mask.size, colour)
    hollow.paste(deeper(colour, 0.62), mask=outside.point(lambda level: level * 0.6))
    hollow.putalpha(mask)
    return hollow


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
    return body


def _cast(mask: Image.Image, scale: float) -> Image.Image:
    step, near = round(2.6 * scale), max(1, round(0.7 * scale))
    far = ImageChops.offset(mask, step, step).filter(ImageFilter.GaussianBlur(2.8 * scale))
    close = ImageChops.offset(mask, near, near).filter(ImageFilter.GaussianBlur(0.9 * scale))
    return ImageChops.lighter(far.point(lambda level: level * 0.36), close.point(lambda level: level * 0.42))
