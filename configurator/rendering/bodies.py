"""The bar itself on its ground: painted, recoloured from a painted one, or an empty mould."""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from configurator.domain.family import Family
from configurator.domain.outlines import outline_points
from configurator.rendering import ready
from configurator.rendering.paintings import Painting, Sprite, as_painted, manifest
from configurator.rendering.sample_boxes import sample_box
from configurator.rendering.shelf import Shelf
from configurator.rendering.solids import Colour, deeper, hex_colour, lightness, towards
from configurator.rendering.sprites import MARGIN_MM, scale_of
from configurator.rendering.tinting import middle_colour, recoloured

GROUND: Colour = (246, 239, 230)

_KEPT_WIDTH = 1200
"""Larger ones are rare, and each fills as much of the disk as a hundred sprites."""


def bare_bar(family: Family, look: str, base: str, width: int) -> Image.Image:
    """The bar without anything on it, an empty mould for no base; whoever draws on it takes a copy."""
    colours = tuple((module.key, module.colour) for module in family.seats[family.base_slot.key])
    key = ("bar", look or family.key, (family.length, family.width), family.outline, base, colours, width)

    def make() -> Sprite:
        return Sprite(_on_ground(family, look or family.key, base, width), 0, 0)

    kept = width <= _KEPT_WIDTH
    return _BARS.find_or_make(key, lambda: ready.find_or_make(key, make) if kept else make()).picture


_BARS: Shelf[Sprite] = Shelf(32 * 2**20)


def cut_out_body(family: Family, look: str, base: str, width: int) -> Image.Image:
    """The same bar, but with nothing under its shadow; premultiplied."""
    picture = Image.new("RGBA", (width, picture_height(family, width)))
    body, place = _placed(family, look or family.key, base, width)
    picture.alpha_composite(body, place)
    return picture.convert("RGBa")


def picture_mm(family: Family) -> tuple[float, float]:
    """What a picture shows: the bar and the ground around it."""
    return family.length / 10 + 2 * MARGIN_MM, family.width / 10 + 2 * MARGIN_MM


def picture_height(family: Family, width: int) -> int:
    across, down = picture_mm(family)
    return round(width * down / across)


def ground(size: tuple[int, int]) -> Image.Image:
    """The page's own warm off-white, even to the edge: the bar lies on the page, not in a box."""
    return Image.new("RGB", size, GROUND)


def _on_ground(family: Family, look: str, base: str, width: int) -> Image.Image:
    picture = ground((width, picture_height(family, width)))
    body, place = _placed(family, look, base, width)
    picture.paste(body.convert("RGB"), place, body.getchannel("A"))
    return picture


def _placed(family: Family, look: str, base: str, width: int) -> tuple[Image.Image, tuple[int, int]]:
    """The body, and where its upper left corner comes to lie in a picture that shows the bar in its middle."""
    scale = scale_of(family.length, width)
    colour_of = {module.key: hex_colour(module.colour) for module in family.seats[family.base_slot.key]}
    if family.is_bar:
        body = _painted(look, family, base, colour_of, scale) or _mould(family, colour_of.get(base), scale)
    else:
        body = sample_box(look, family, scale)
    x, y = width / 2 - body.centre[0], picture_height(family, width) / 2 - body.centre[1]
    if x >= 0 and y >= 0:
        return body.picture, (round(x), round(y))
    # alpha_composite wants no negative corner: a painting a pixel larger than its picture loses that pixel.
    left, top = max(0, -round(x)), max(0, -round(y))
    return body.picture.crop((left, top, *body.picture.size)), (max(0, round(x)), max(0, round(y)))


def _painted(
    look: str, family: Family, base: str, colour_of: dict[str, Colour], scale: float
) -> Painting | None:
    """The painted body, or for a base that nobody has painted the one most like it in its colour."""
    bars: dict[str, dict[str, Any]] = manifest()["bars"]
    bodies = bars.get(look) or bars.get(family.key) or {}
    painted = {key: body for key, body in bodies.items() if key in colour_of}
    if base not in colour_of or not painted:
        return None
    light = lightness(colour_of[base])
    like = min(painted, key=lambda key: (key != base, abs(lightness(colour_of[key]) - light)))
    body = Painting(as_painted(painted[like]["file"]), tuple(painted[like]["centre"]))
    body = body.at_scale(scale / manifest()["px_per_mm"])
    if like == base:
        return body
    return Painting(_recoloured(body.picture, colour_of[like], colour_of[base]), body.centre)


def _recoloured(body: Image.Image, old: Colour, new: Colour) -> Image.Image:
    """The light that lay on the painted colour lies on the new one too."""
    seen = middle_colour(body)
    red, green, blue = (
        max(2, min(250, there + round(0.8 * (here - before))))
        for here, before, there in zip(seen, old, new, strict=True)
    )
    return recoloured(body, seen, (red, green, blue))


def _mould(family: Family, colour: Colour | None, scale: float) -> Painting:
    """The form in which the bar will be cast; filled evenly if its size has not been painted."""
    mask = _form(family, scale)
    flat = colour or towards(GROUND, (214, 196, 172), 0.5)
    step = max(1, round(1.4 * scale))
    # Shade falls in from the upper left.
    outside = ImageChops.invert(ImageChops.offset(mask, step, step)).filter(
        ImageFilter.GaussianBlur(1.6 * scale)
    )
    hollow = Image.new("RGB", mask.size, flat)
    if colour is None:
        hollow.paste(deeper(flat, 0.62), mask=outside.point(lambda level: level * 0.6))
    hollow.putalpha(mask)
    return Painting(hollow, (mask.width / 2, mask.height / 2))


def _form(family: Family, scale: float) -> Image.Image:
    """Drawn at twice its size, so that its edge is smooth."""
    size = [round((side / 10 + 2 * MARGIN_MM) * scale) for side in (family.length, family.width)]
    mask = Image.new("L", (2 * size[0], 2 * size[1]))
    points = [
        (2 * scale * (x / 10 + MARGIN_MM), 2 * scale * (y / 10 + MARGIN_MM))
        for x, y in outline_points(family.outline, family.length, family.width)
    ]
    ImageDraw.Draw(mask).polygon(points, fill=255)
    if family.outline == "oblong":
        mask = mask.filter(ImageFilter.GaussianBlur(6 * scale)).point(lambda level: 255 * (level > 96))
    return mask.resize((size[0], size[1]), Image.Resampling.BOX)
