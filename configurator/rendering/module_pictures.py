"""What a module looks like before it is chosen: a few pieces, a small heap, a corner of the bar."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, pi, sin

from PIL import Image

from configurator.domain.family import Family, Module
from configurator.rendering import stand_ins
from configurator.rendering.bodies import bare_bar, ground
from configurator.rendering.dice import Dice
from configurator.rendering.sprites import MARGIN_MM, Painting, cut_out, individuals, sprite

_CORNER_MM = 34.0
"""How much of a bar the picture of a base shows."""


def module_picture(module: Module, family: Family, width: int) -> Image.Image:
    """Square, RGB."""
    if module.kind == "base":
        return _corner(module, family, width)
    picture = ground((width, width)).copy()
    if module.shape.hint in {"powder", "swirl"}:
        _paste_mound(picture, module, width)
    else:
        _paste_pieces(picture, module, width)
    return picture


def _corner(base: Module, family: Family, width: int) -> Image.Image:
    scale = width / _CORNER_MM
    bar_width = round((family.length / 10 + 2 * MARGIN_MM) * scale)
    bar = bare_bar(family.key, family.length, family.width, base, bar_width)
    edge = round(5.0 * scale)
    return bar.crop((edge, edge, edge + width, edge + width))


def _paste_mound(picture: Image.Image, module: Module, width: int) -> None:
    mound = stand_ins.mound(module, width / 26)
    made = cut_out(Painting(mound, (mound.width / 2, mound.height / 2)))
    made.paste_on(picture, width / 2, width / 2)


def _paste_pieces(picture: Image.Image, module: Module, width: int) -> None:
    frame_mm, places = _arranged(module)
    scale = width / frame_mm
    choice = individuals(module)
    for place, (x, y) in enumerate(places):
        one = choice[(place * 3 + place // len(choice)) % len(choice)]
        sprite(module, one, scale).paste_on(picture, width / 2 + x * scale, width / 2 + y * scale)


def _arranged(module: Module) -> tuple[float, list[tuple[float, float]]]:
    """Millimetres across the picture, and where the pieces lie in it."""
    length, width = max(0.6, module.shape.length / 10), max(0.6, module.shape.width / 10)
    if module.shape.hint == "sheet":
        return length * 1.2, [(0, 0)]
    if length >= 24:
        step = (length + width) / 2 * 0.36
        return length * 1.75, [(-step, -step * 0.75), (step, step * 0.75)]
    if length >= 15:
        step = (length + width) / 2 * 0.52
        return length * 2.25, [(-step, -step * 0.72), (step, -step * 0.35), (-step * 0.15, step * 0.85)]
    if length >= 7:
        return length * 3.1, list(_ring(length * 0.82, 6, module))
    return _heap(module, length, width)


def _ring(radius: float, count: int, module: Module) -> Iterator[tuple[float, float]]:
    dice = Dice("ring", module.key)
    for place in range(count):
        angle = 2 * pi * place / count + dice.between(-0.15, 0.15)
        reach = radius * dice.between(0.88, 1.08)
        yield reach * cos(angle), reach * sin(angle)
    yield 0.0, 0.0


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
