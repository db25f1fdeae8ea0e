"""What a module looks like before it is chosen: one piece or a small heap, at a scale that is known.

Every picture of one scale shows a catalogue's millimetre as the same number of pixels, so that a
walnut is as much larger than a raisin as in the hand. Small things are shown at a larger scale,
which a card can print beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import cos, hypot, pi, sin

from PIL import Image, ImageDraw, ImageFilter

from configurator.domain.family import Family, Module
from configurator.rendering.bodies import GROUND, bare_bar, ground
from configurator.rendering.dice import Dice
from configurator.rendering.inscriptions import Words, carries_words, inscribed
from configurator.rendering.paintings import Sprite, cut_out
from configurator.rendering.solids import SHADOW
from configurator.rendering.sprites import (
    LEANS,
    MARGIN_MM,
    individuals,
    leaning,
    painting,
)

FRAME_MM = 36.0
"""Across a picture of scale 1:1."""

_LARGEST_MM = 31.0
"""What fits such a picture with its shadow."""

_SCALES = tuple(Fraction(*pair) for pair in ((4, 1), (2, 1), (1, 1), (1, 2), (1, 4)))
_WANTED_MM = {Fraction(4): 2.6, Fraction(2): 7.0, Fraction(1): _LARGEST_MM, Fraction(1, 2): 2 * _LARGEST_MM}
"""The longest piece that is shown at this scale."""

_MOST = 60

SAMPLE = Words("Merci")
"""What a print or a plaque says before it has a customer's words."""


def module_picture(module: Module, family: Family, width: int) -> Image.Image:
    """Square, RGB."""
    if module.kind == "base":
        return _corner(module, family, width)
    scale = width / frame_mm(module)
    picture = ground((width, width))
    places = list(_places(module))
    if len(places) > 1:
        _shade(picture, max(_reach(places), 1.0) * scale, scale)
    for sprite, (x, y) in zip(_sprites(module, scale, len(places)), places, strict=True):
        sprite.paste_on(picture, width / 2 + x * scale, width / 2 + y * scale)
    if carries_words(module):
        _write_on(picture, module, scale)
    return picture


def picture_scale(module: Module) -> Fraction:
    """1 as everything else, 2 for twice as large, 1/2 for half as large."""
    if module.kind == "base":
        return Fraction(1)
    length = _size(module)[0]
    return next((scale for scale in _SCALES if length <= _WANTED_MM.get(scale, length)), _SCALES[-1])


def scale_words(module: Module) -> str:
    """As a card prints it: 1:1, 2:1, 1:2."""
    scale = picture_scale(module)
    return f"{scale.numerator}:{scale.denominator}"


def frame_mm(module: Module) -> float:
    """Millimetres across the picture."""
    return FRAME_MM / float(picture_scale(module))


def _corner(base: Module, family: Family, width: int) -> Image.Image:
    scale = width / FRAME_MM
    bar_width = round((family.length / 10 + 2 * MARGIN_MM) * scale)
    bar = bare_bar(family, family.key, base.key, bar_width)
    # The corner with the shadow: there a white bar stands out from the ground too.
    right, low = (round(size - 4.5 * scale) for size in bar.size)
    return bar.crop((right - width, low - width, right, low))


def _write_on(picture: Image.Image, module: Module, scale: float) -> None:
    """A blank print could not be seen, and a blank plaque would not say what it is for."""
    length, width = _size(module)
    layer = inscribed(module, SAMPLE, (round(length * scale), round(width * scale)), GROUND, scale)
    place = ((picture.width - layer.width) // 2, (picture.height - layer.height) // 2)
    picture.paste(layer, place, layer)


def _sprites(module: Module, scale: float, count: int) -> Iterator[Sprite]:
    """One individual after the other, so that neighbours do not look alike."""
    choice, dice = individuals(module), Dice("picture", module.key)
    start = round(dice.between(0, len(choice) - 1))
    for place in range(count):
        one = choice[(start + place) % len(choice)]
        lean = dice.one_of(LEANS) if count > 1 else 0
        yield cut_out(painting(leaning(one, lean), scale))


def _places(module: Module) -> Iterator[tuple[float, float]]:
    """Millimetres from the middle, in painting order: the middle ones last, on top."""
    length, width = _size(module)
    frame = frame_mm(module)
    loose = {"powder": (4.5, 9), "swirl": (0.13 * frame, 3)}
    if module.shape.hint not in loose and (module.shape.hint == "sheet" or length > 0.47 * frame):
        yield 0.0, 0.0
        return
    dice = Dice("heap", module.key)
    if module.shape.hint in loose:
        radius, count = loose[module.shape.hint]
    else:
        radius = 0.36 * frame - 0.4 * length
        apart = (length * max(width, length / 3)) ** 0.5
        count = max(3, min(_MOST, round(1.5 * (radius / apart) ** 2 * pi)))
    # A sunflower's turn fills the round evenly; a little chance keeps it from looking like one.
    heap = []
    for place in range(count):
        away = radius * ((place + 0.4) / count) ** 0.5 * dice.between(0.86, 1.08)
        angle = place * 2.39996 + dice.between(-0.3, 0.3)
        heap.append((away * cos(angle), 0.92 * away * sin(angle)))
    yield from reversed(heap)


def _reach(places: list[tuple[float, float]]) -> float:
    return max(hypot(x, y) for x, y in places)


def _shade(picture: Image.Image, radius: float, scale: float) -> None:
    """A heap throws a soft shadow of its own to the lower right."""
    middle, step = picture.width / 2, 0.12 * radius
    shade = Image.new("L", picture.size)
    box = [middle - radius + step, middle - 0.9 * radius + step]
    box += [middle + radius + step, middle + 0.9 * radius + step]
    ImageDraw.Draw(shade).ellipse(box, fill=64)
    picture.paste(SHADOW, mask=shade.filter(ImageFilter.GaussianBlur(0.22 * radius)))


def _size(module: Module) -> tuple[float, float]:
    """Millimetres; what has no pieces is shown as a spoonful of it."""
    shape = module.shape
    if shape.hint == "powder" or not shape.length:
        return 19.0, 19.0
    return shape.length / 10, shape.width / 10
