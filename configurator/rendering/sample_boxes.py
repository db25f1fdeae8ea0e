"""A box of samples without what is in its bags: dark card, straw of paper, and a numbered bag for each."""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, sin
from typing import Final, TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from configurator.domain.family import Family
from configurator.domain.sample_scene import (
    WINDOW_BELOW_MIDDLE,
    WINDOW_LENGTH,
    WINDOW_WIDTH,
    Bag,
    bags_in,
)
from configurator.domain.samples import BAG_LENGTH, BAG_WIDTH
from configurator.rendering.dice import Dice
from configurator.rendering.lettering import FONTS
from configurator.rendering.paintings import Painting
from configurator.rendering.solids import SHADOW, Colour, deeper, towards

_SMOOTH: Final = 2
"""Drawn so many times as large as it is shown."""

CARD: Final[Colour] = (74, 43, 31)
STRAW: Final[Colour] = (226, 204, 166)
KRAFT: Final[Colour] = (198, 161, 117)
LABEL: Final[Colour] = (252, 246, 236)
INSIDE: Final[Colour] = (240, 228, 209)
INK: Final[Colour] = (42, 23, 16)
ACCENT: Final[Colour] = (162, 33, 62)
WHITE: Final[Colour] = (255, 255, 255)

WALL_MM: Final = 4.0
_AROUND_MM: Final = 5.0
_TEETH: Final = 15
_STRAWS_PER_CM2: Final = 6.5

_Box: TypeAlias = tuple[float, float, float, float]


def sample_box(look: str, family: Family, scale: float) -> Painting:
    """``look`` ends in the number of bags; light falls from the upper left, as on every bar."""
    count = int(look.rpartition("-")[2]) if look.rpartition("-")[2].isdigit() else 0
    fine = scale * _SMOOTH
    around = _AROUND_MM
    size = (
        round((family.length / 10 + 2 * around) * fine),
        round((family.width / 10 + 2 * around) * fine),
    )
    picture = Image.new("RGBA", size)
    brush = _Brush(picture, around, fine)
    _walls(brush, family)
    _straw(brush, family)
    for bag in bags_in(count, family):
        _lay(_bag(bag.number, fine), brush, bag)
    shown = picture.resize((size[0] // _SMOOTH, size[1] // _SMOOTH), Image.Resampling.LANCZOS)
    return Painting(shown, (shown.width / 2, shown.height / 2))


class _Brush:
    """Draws in millimetres from the box's upper left corner."""

    def __init__(self, picture: Image.Image, around: float, scale: float) -> None:
        self.picture, self.scale, self._around = picture, scale, around

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (x + self._around) * self.scale, (y + self._around) * self.scale

    def box(self, box: _Box) -> list[float]:
        return [*self.at(box[0], box[1]), *self.at(box[2], box[3])]

    def mask(self) -> Image.Image:
        return Image.new("L", self.picture.size)

    def rounded(self, box: _Box, radius: float) -> Image.Image:
        mask = self.mask()
        ImageDraw.Draw(mask).rounded_rectangle(self.box(box), radius * self.scale, fill=255)
        return mask

    def polygon(self, points: Iterable[tuple[float, float]]) -> Image.Image:
        mask = self.mask()
        ImageDraw.Draw(mask).polygon([self.at(x, y) for x, y in points], fill=255)
        return mask

    def fill(self, colour: Colour, mask: Image.Image, strength: float = 1.0) -> None:
        if strength < 1:
            mask = mask.point(lambda level: level * strength)
        self.picture.alpha_composite(_tinted(colour, mask))

    def shadow(self, mask: Image.Image, away: float, blur: float, strength: float) -> None:
        """Of what stands so many millimetres above what is drawn already."""
        step = round(away * self.scale)
        moved = ImageChops.offset(mask, step, step).filter(ImageFilter.GaussianBlur(blur * self.scale))
        self.fill(SHADOW, moved, strength)

    def hollow(self, mask: Image.Image, away: float, blur: float, strength: float) -> None:
        """The shade that an edge throws into what lies below it."""
        step = round(away * self.scale)
        lit = ImageChops.offset(mask, step, step).filter(ImageFilter.GaussianBlur(blur * self.scale))
        self.fill(SHADOW, ImageChops.multiply(ImageChops.invert(lit), mask), strength)

    def glow(self, mask: Image.Image, strength: float) -> None:
        """The light along an upper left edge."""
        step = max(1, round(0.35 * self.scale))
        edge = ImageChops.subtract(mask, ImageChops.offset(mask, step, step))
        self.fill(WHITE, edge.filter(ImageFilter.GaussianBlur(0.15 * self.scale)), strength)


def _tinted(colour: Colour, mask: Image.Image) -> Image.Image:
    layer = Image.new("RGBA", mask.size, colour)
    layer.putalpha(mask)
    return layer


def _walls(brush: _Brush, family: Family) -> None:
    outer = brush.rounded((0, 0, family.length / 10, family.width / 10), 2.5)
    brush.shadow(outer, 1.8, 1.8, 0.42)
    brush.fill(CARD, outer)
    brush.glow(outer, 0.34)
    brush.fill(towards(CARD, WHITE, 0.10), brush.rounded(_grown(_inside(family), 1.0), 1.6))
    brush.fill(deeper(STRAW, 0.7), brush.rounded(_inside(family), 1.2))


def _inside(family: Family) -> _Box:
    return _grown((0, 0, family.length / 10, family.width / 10), -WALL_MM)


def _straw(brush: _Brush, family: Family) -> None:
    """Crinkled strips of paper, the lower ones in the shade of the upper ones."""
    length, width = family.length / 10, family.width / 10
    inner = brush.rounded(_inside(family), 1.2)
    layer = Image.new("RGBA", brush.picture.size)
    pen, dice = ImageDraw.Draw(layer), Dice("straw", family.key)
    strips = round(length * width / 100 * _STRAWS_PER_CM2)
    for place in range(strips):
        shade = deeper(STRAW, 0.8 + 0.26 * place / strips + dice.between(-0.05, 0.04))
        points = _strip(dice, length, width)
        thick = max(2, round(dice.between(1.1, 1.6) * brush.scale))
        line = [brush.at(x, y) for x, y in points]
        under = [(x + 0.35 * brush.scale, y + 0.35 * brush.scale) for x, y in line]
        pen.line(under, fill=(*deeper(STRAW, 0.6), 255), width=thick, joint="curve")
        pen.line(line, fill=_no_brighter(shade), width=thick, joint="curve")
    layer.putalpha(ImageChops.multiply(layer.getchannel("A"), inner))
    brush.picture.alpha_composite(layer)
    brush.hollow(inner, 2.6, 2.4, 0.55)


def _strip(dice: Dice, length: float, width: float) -> list[tuple[float, float]]:
    x, y, turn = dice.between(0, length), dice.between(0, width), dice.between(0, 6.3)
    points = [(x, y)]
    for _fold in range(5):
        turn += dice.between(-0.8, 0.8)
        step = dice.between(3.0, 5.0)
        x, y = x + step * cos(turn), y + step * sin(turn)
        points.append((x, y))
    return points


def _no_brighter(colour: Colour) -> Colour:
    red, green, blue = (min(250, part) for part in colour)
    return red, green, blue


def _lay(bag: Image.Image, brush: _Brush, place: Bag) -> None:
    x, y = brush.at(place.x / 10, place.y / 10)
    brush.picture.alpha_composite(bag, (round(x - bag.width / 2), round(y - bag.height / 2)))


def _bag(number: int, scale: float) -> Image.Image:
    """On its own, with room for its shadow."""
    right, low = BAG_LENGTH / 10, BAG_WIDTH / 10
    left, top = 0.0, 0.0
    size = (round((right + 2 * _AROUND_MM) * scale), round((low + 2 * _AROUND_MM) * scale))
    brush = _Brush(Image.new("RGBA", size), _AROUND_MM, scale)
    paper = brush.polygon(_cut(left, top, right, low))
    brush.shadow(paper, 1.5, 1.3, 0.55)
    brush.fill(KRAFT, paper)
    _folds(brush, paper, (left, top, right, low))
    brush.glow(paper, 0.5)
    window = _window(right / 2, low / 2)
    pane = brush.rounded(window, 3.0)
    brush.fill(deeper(KRAFT, 0.72), brush.rounded(_grown(window, 0.35), 3.3))
    brush.fill(INSIDE, pane)
    brush.hollow(pane, 0.9, 0.9, 0.42)
    _label(brush, number, (left + 3.2, top + 3.8, right - 3.2, window[1] - 2.0))
    return brush.picture


def _cut(left: float, top: float, right: float, low: float) -> list[tuple[float, float]]:
    """The upper edge is cut in teeth, as bags are."""
    tooth = (right - left) / (2 * _TEETH)
    teeth = [(left + place * tooth, top + (0.0 if place % 2 else 1.1)) for place in range(2 * _TEETH + 1)]
    return [*teeth, (right, low), (left, low)]


def _folds(brush: _Brush, paper: Image.Image, box: _Box) -> None:
    """Gussets at the sides, and the round of what is in it."""
    left, top, right, low = box
    light = brush.rounded((left + 4, top + 2, (left + right) / 2, low - 8), 6).filter(
        ImageFilter.GaussianBlur(4.5 * brush.scale)
    )
    brush.fill(WHITE, ImageChops.multiply(light, paper), 0.20)
    dark = brush.polygon([(right - 2.4, top), (right, top), (right, low), (right - 2.4, low)])
    brush.fill(SHADOW, ImageChops.multiply(dark, paper), 0.16)
    dark = brush.polygon([(left, low - 1.6), (right, low - 1.6), (right, low), (left, low)])
    brush.fill(SHADOW, ImageChops.multiply(dark.filter(ImageFilter.GaussianBlur(brush.scale)), paper), 0.30)


def _window(x: float, middle: float) -> _Box:
    y = middle + WINDOW_BELOW_MIDDLE / 10
    across, down = WINDOW_LENGTH / 20 + 0.6, WINDOW_WIDTH / 20 + 0.6
    return x - across, y - down, x + across, y + down


def _grown(box: _Box, by: float) -> _Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _label(brush: _Brush, number: int, box: _Box) -> None:
    """Its number and lines of print: the words themselves are on the page, in the visitor's language."""
    left, top, right, low = box
    paper = brush.rounded(box, 0.8)
    brush.shadow(paper, 0.35, 0.35, 0.4)
    brush.fill(LABEL, paper)
    high = low - top
    middle = top + high / 2
    seal = brush.mask()
    ImageDraw.Draw(seal).ellipse(
        brush.box((left + 1.6, middle - 0.37 * high, left + 1.6 + 0.74 * high, middle + 0.37 * high)),
        fill=255,
    )
    brush.fill(ACCENT, seal)
    figure = ImageFont.truetype(FONTS / "Vollkorn-Bold.ttf", round(0.56 * high * brush.scale))
    words = brush.mask()
    at = brush.at(left + 1.6 + 0.37 * high, middle)
    ImageDraw.Draw(words).text(at, str(number), font=figure, fill=255, anchor="mm", features=["lnum"])
    brush.fill(LABEL, words)
    start, dice = left + 3.4 + 0.74 * high, Dice("label", number)
    for line, (share, thick) in enumerate(((0.82, 0.9), (1.0, 0.42), (0.94, 0.42), (0.7, 0.42))):
        y = top + high * (0.24 + 0.19 * line)
        end = start + (right - 2.0 - start) * share * dice.between(0.88, 1.0)
        brush.fill(
            INK, brush.rounded((start, y - thick / 2, end, y + thick / 2), 0.2), 0.8 if line == 0 else 0.45
        )
