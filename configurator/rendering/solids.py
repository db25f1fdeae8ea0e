"""Turn a flat outline into something that lies there: roundness, gloss, texture and a soft shadow.

The light is that of the painted sprites: from the upper left. Lengths are millimetres until they
meet ``scale``, the pixels per millimetre of the drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from configurator.rendering.dice import Dice

Colour: TypeAlias = tuple[int, int, int]
Point: TypeAlias = tuple[float, float]
Polygon: TypeAlias = list[Point]

SHADOW: Colour = (40, 22, 12)
WARM_LIGHT: Colour = (255, 248, 234)


@dataclass(frozen=True, slots=True)
class Finish:
    round: float = 0.5
    """Share of the half width over which the surface bends away: 0.15 is a bevel, 0.6 a ball."""
    gloss: float = 0.3
    depth: float = 1.0
    """Strength of light and shade."""
    mottle: float = 0.16
    """How much lighter and darker spots differ."""
    grain: float = 1.2
    """Size of the spots in millimetres."""
    clear: float = 0.0
    """Share of light that shines through: jelly, sugar, salt."""


@dataclass(slots=True)
class Sheet:
    """A drawing board in millimetres, its origin in the middle."""

    width: float
    height: float
    scale: float

    @property
    def size(self) -> tuple[int, int]:
        return max(3, round(self.width * self.scale)), max(3, round(self.height * self.scale))

    def pixels(self, points: Polygon) -> list[tuple[float, float]]:
        columns, rows = self.size
        return [(columns / 2 + x * self.scale, rows / 2 + y * self.scale) for x, y in points]

    def mask(self, *polygons: Polygon) -> Image.Image:
        mask = Image.new("L", self.size)
        draw = ImageDraw.Draw(mask)
        for polygon in polygons:
            draw.polygon(self.pixels(polygon), fill=255)
        return mask

    def stroke(self, mask: Image.Image, line: Polygon, thick: float, level: int = 255) -> Image.Image:
        draw = ImageDraw.Draw(mask)
        points, radius = self.pixels(line), max(0.5, thick * self.scale / 2)
        draw.line(points, fill=level, width=max(1, round(2 * radius)), joint="curve")
        for x, y in (points[0], points[-1]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=level)
        return mask


def mottled(sheet: Sheet, colour: Colour, finish: Finish, dice: Dice) -> Image.Image:
    """The bare colour of a surface, with lighter and darker spots."""
    skin = Image.new("RGB", sheet.size, colour)
    if not finish.mottle:
        return skin
    coarse = dice.clouds(sheet.size, finish.grain * sheet.scale)
    fine = dice.clouds(sheet.size, finish.grain * sheet.scale / 3.5)
    spots = Image.blend(coarse, fine, 0.45)
    gain = 2 * finish.mottle
    skin.paste(towards(colour, WARM_LIGHT, 0.55), mask=spots.point(_ramp(128, 255, gain)))
    skin.paste(deeper(colour, 0.5), mask=spots.point(_ramp(128, 0, gain)))
    return skin


def model(
    sheet: Sheet,
    mask: Image.Image,
    skin: Image.Image,
    finish: Finish,
    *,
    breadth: float,
    rise: float,
    facets: Image.Image | None = None,
) -> Image.Image:
    """A lit body with its shadow, as RGBA. ``breadth`` is its width, ``rise`` its height."""
    colour = _mean(skin, mask)
    swell = mask.filter(ImageFilter.GaussianBlur(max(0.8, finish.round * breadth / 2 * sheet.scale)))
    light = _slope(swell, max(1, round(0.22 * breadth * finish.round * sheet.scale) + 1))
    if facets is not None:
        light = Image.blend(light, facets, 0.62)
    body = _lit(skin, colour, light, swell, finish)
    _shine(body, mask, sheet, finish, breadth)
    body.putalpha(mask)
    ground = _shadow(sheet, mask, rise, finish)
    return Image.alpha_composite(ground, body)


def _slope(swell: Image.Image, step: int) -> Image.Image:
    """128 where flat, more where the surface looks to the light in the upper left."""
    return ImageChops.subtract(
        ImageChops.offset(swell, -step, -step), ImageChops.offset(swell, step, step), scale=2, offset=128
    )


def _lit(
    skin: Image.Image, colour: Colour, light: Image.Image, swell: Image.Image, finish: Finish
) -> Image.Image:
    body = skin.copy()
    bright = towards(colour, WARM_LIGHT, 0.62)
    dark = towards(deeper(colour, 0.36), colour, max(0.55 * finish.clear, 0.62 * _paleness(colour)))
    body.paste(bright, mask=light.point(_ramp(134, 255, 1.05 * finish.depth)))
    body.paste(dark, mask=light.point(_ramp(122, 0, 1.15 * finish.depth)))
    body.paste(
        towards(deeper(colour, 0.45), colour, 0.5 * _paleness(colour)),
        mask=swell.point(_ramp(168, 90, 0.42 * (1 - finish.clear) * min(1.0, finish.depth))),
    )
    if finish.clear:
        # Light that entered above leaves below: clear things glow on the side away from the lamp.
        body.paste(towards(colour, WARM_LIGHT, 0.7), mask=light.point(_ramp(118, 40, 0.5 * finish.clear)))
    return body


def _paleness(colour: Colour) -> float:
    """1 for white: what is pale throws light back into its own shade."""
    return max(0.0, min(1.0, (lightness(colour) - 0.55) / 0.4))


def _shine(body: Image.Image, mask: Image.Image, sheet: Sheet, finish: Finish, breadth: float) -> None:
    if not finish.gloss:
        return
    columns, rows = sheet.size
    shrunk = mask.resize((max(1, round(columns * 0.34)), max(1, round(rows * 0.34))), Image.Resampling.BOX)
    spot = Image.new("L", sheet.size)
    shift = 0.17 * breadth * sheet.scale
    spot.paste(
        shrunk,
        (round((columns - shrunk.width) / 2 - shift), round((rows - shrunk.height) / 2 - shift)),
    )
    spot = spot.filter(
        ImageFilter.GaussianBlur(max(0.6, (0.13 - 0.07 * finish.gloss) * breadth * sheet.scale))
    )
    body.paste(WARM_LIGHT, mask=spot.point(lambda level: level * min(0.95, finish.gloss)))


def _shadow(sheet: Sheet, mask: Image.Image, rise: float, finish: Finish) -> Image.Image:
    strength = 1 - 0.45 * finish.clear
    lift = max(0.12, min(4.0, rise * 0.30))
    step = max(1, round(lift * 0.75 * sheet.scale))
    cast = ImageChops.offset(mask, step, step).filter(ImageFilter.GaussianBlur(lift * 0.62 * sheet.scale))
    near = round(min(0.3, lift) * sheet.scale)
    contact = ImageChops.offset(mask, near, near).filter(
        ImageFilter.GaussianBlur(max(0.7, min(0.55, lift * 0.8) * sheet.scale))
    )
    shade = ImageChops.lighter(
        cast.point(lambda level: level * 0.52 * strength),
        contact.point(lambda level: level * 0.55 * strength),
    )
    ground = Image.new("RGBA", sheet.size, SHADOW)
    ground.putalpha(shade)
    return ground


def margin_for(rise: float) -> float:
    """Room around a body in which its shadow fades to nothing."""
    return 1.4 + 1.9 * min(4.0, max(0.12, rise * 0.30))


def towards(colour: Colour, goal: Colour, share: float) -> Colour:
    red, green, blue = (
        round(here + (there - here) * share) for here, there in zip(colour, goal, strict=True)
    )
    return red, green, blue


def deeper(colour: Colour, share: float) -> Colour:
    """A shade of the same warmth: chocolate light never falls to grey."""
    red, green, blue = colour
    return round(red * share), round(green * share * 0.94), round(blue * share * 0.9)


def hex_colour(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def lightness(colour: Colour) -> float:
    red, green, blue = colour
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def _ramp(start: int, end: int, gain: float) -> list[int]:
    """A table that rises from 0 at ``start`` to ``gain`` × 255 at ``end``."""
    span = end - start
    return [max(0, min(255, round(255 * gain * (level - start) / span))) for level in range(256)]


def _mean(skin: Image.Image, mask: Image.Image) -> Colour:
    small, where = skin.resize((24, 24), Image.Resampling.BOX), mask.resize((24, 24), Image.Resampling.BOX)
    weights = where.tobytes()
    total = sum(weights) or 1
    red, green, blue = (
        round(sum(level * weight for level, weight in zip(band.tobytes(), weights, strict=True)) / total)
        for band in small.split()
    )
    return red, green, blue
