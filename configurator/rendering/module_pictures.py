"""What a module looks like before it is chosen: a few pieces, a small heap, a corner of the bar."""

from __future__ import annotations

from math import cos, pi, sin

from PIL import Image

from configurator.domain.family import Family, Module
from configurator.rendering import stand_ins
from configurator.rendering.bodies import bare_bar, ground
from configurator.rendering.dice import Dice
from configurator.rendering.paintings import Painting, cut_out
from configurator.rendering.sprites import MARGIN_MM, individuals, sprite

_TURNS = (0, 3, 1, 6, 2, 5, 7, 4)
"""Which individual comes next, so that neighbours do not lie alike."""

_CORNER_MM = 34.0
"""How much of a bar the picture of a base shows."""


def module_picture(module: Module, family: Family, width: int) -> Image.Image:
    """Square, RGB."""
    if module.kind == "base":
        return _corner(module, family, width)
    picture = ground((width, width))
    if module.shape.hint in {"powder", "swirl"}:
        _paste_mound(picture, module, width)
    else:
        _paste_pieces(picture, module, width)
    return picture


def _corner(base: Module, family: Family, width: int) -> Image.Image:
    scale = width / _CORNER_MM
    bar_width = round((family.length / 10 + 2 * MARGIN_MM) * scale)
    bar = bare_bar(family, family.key, base.key, bar_width)
    # The corner with the shadow: there a white bar stands out from the ground too.
    right, low = (round(size - 4.5 * scale) for size in bar.size)
    return bar.crop((right - width, low - width, right, low))


def _paste_mound(picture: Image.Image, module: Module, width: int) -> None:
    mound = stand_ins.mound(module, width / 26)
    made = cut_out(Painting(mound, (mound.width / 2, mound.height / 2)))
    made.paste_on(picture, width / 2, width / 2)


def _paste_pieces(picture: Image.Image, module: Module, width: int) -> None:
    frame_mm, places = _arranged(module)
    scale = width / frame_mm
    choice = individuals(module)
    for place, (x, y) in enumerate(places):
        one = choice[_TURNS[place % len(_TURNS)] % len(choice)]
        sprite(module, one, scale).paste_on(picture, width / 2 + x * scale, width / 2 + y * scale)


def _arranged(module: Module) -> tuple[float, list[tuple[float, float]]]:
    """Millimetres across the picture, and where the pieces lie in it."""
    length, width = max(0.6, module.shape.length / 10), max(0.6, module.shape.width / 10)
    if module.shape.hint == "sheet":
        return length * 1.2, [(0, 0)]
    if length > 4 * width:
        return _sheaf(module, length)
    if length >= 24:
        step = (length + width) / 2 * 0.36
        return length * 1.75, [(-step, -step * 0.75), (step, step * 0.75)]
    if length >= 15:
        step = (length + width) / 2 * 0.52
        return length * 2.25, [(-step, -step * 0.72), (step, -step * 0.35), (-step * 0.15, step * 0.85)]
    if length >= 7:
        return length * 3.3, _pile(module, length, width)
    return _heap(module, length, width)


def _pile(module: Module, length: float, width: float) -> list[tuple[float, float]]:
    """Seven dropped close together: six around in no order, one on them."""
    dice = Dice("pile", module.key)
    start, reach = dice.between(0, 2 * pi), max((length + width) / 2, 0.86 * length)
    around = []
    for place in range(6):
        angle = start + 2 * pi * place / 6 + dice.between(-0.3, 0.3)
        away = reach * dice.between(0.68, 1.02)
        around.append((away * cos(angle), away * sin(angle) * 0.92))
    return [*around, (dice.between(-0.2, 0.2) * reach, dice.between(-0.2, 0.2) * reach)]


def _sheaf(module: Module, length: float) -> tuple[float, list[tuple[float, float]]]:
    """Thin things lie across each other."""
    dice, reach = Dice("sheaf", module.key), 0.55 * length
    places = [(dice.between(-reach, reach), dice.between(-reach, reach)) for _ in range(18)]
    return 2.5 * length, places


def _heap(module: Module, length: float, width: float) -> tuple[float, list[tuple[float, float]]]:
    """As many small ones as a fingertip holds, the middle ones on top."""
    dice = Dice("heap", module.key)
    radius = 2.6 * (length * max(width, length / 2)) ** 0.5 + 0.6
    places = []
    for _ in range(46):
        away, angle = radius * dice.between(0, 1) ** 0.6, dice.between(0, 2 * pi)
        places.append((away * cos(angle), away * sin(angle)))
    places.sort(key=lambda place: -(place[0] ** 2 + place[1] ** 2))
    return 2.9 * radius, places
