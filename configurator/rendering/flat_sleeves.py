"""The whole sleeve before it is folded: front, spine, back, spine and flap, one under the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.rendering import lettering
from configurator.rendering.papers import BLEED, Palette, Shape, shapes
from configurator.rendering.wrapping import (
    Box,
    Setting,
    face_mm,
    label_shapes,
    paper_of,
    rule_shapes,
    set_text,
    sheet,
    weight_of,
)

FLAP = 14.0
"""Glued under the front."""
CODE_MM = 25.0
"""The side of the square that a telephone reads."""


@dataclass(frozen=True, slots=True)
class FlatSleeve:
    """In millimetres from the trimmed upper left corner of the front."""

    width: float
    height: float
    palette: Palette
    shapes: tuple[Shape, ...]
    settings: tuple[Setting, ...]
    photo: Box | None
    code: Box
    folds: tuple[float, ...]
    """From the top."""


def spine_mm(family: Family) -> float:
    """As thick as the bar lies in its foil; a heart lies in a carton."""
    return 9.0 if family.outline == "oblong" else 20.0


def flat_sleeve(design: Design, family: Family, *, photo: bool, shop: str) -> FlatSleeve:
    front = sheet(design, family, photo=photo, shop=shop)
    width, face = face_mm(family)
    spine = spine_mm(family)
    folds = (face, face + spine, 2 * face + spine, 2 * face + 2 * spine)
    height = folds[-1] + FLAP
    back = Box(0, folds[1], width, face)
    ground = shapes(design.wrapper.pattern, front.palette, (width, folds[2]))
    plain_from = _bare(Box(0, folds[2], width, height - folds[2]), front.palette)
    back_shapes, back_settings, code = _back(design, family, back, front.palette, shop)
    spine_shapes, spine_settings = _spine(design, Box(0, folds[0], width, spine), front.palette)
    return FlatSleeve(
        width,
        height,
        front.palette,
        (*ground, plain_from, *front.shapes[_of_pattern(design, family) :], *spine_shapes, *back_shapes),
        (*front.settings, *spine_settings, *back_settings),
        front.photo and replace(front.photo, height=min(front.photo.height, face + BLEED)),
        code,
        folds,
    )


def _of_pattern(design: Design, family: Family) -> int:
    """How many of the front's shapes are its pattern, which here runs on over the spine."""
    return len(shapes(design.wrapper.pattern, paper_of(design, family), face_mm(family)))


def _back(
    design: Design, family: Family, back: Box, palette: Palette, shop: str
) -> tuple[tuple[Shape, ...], tuple[Setting, ...], Box]:
    """A label with the name, the code that orders the bar again, and the same for a telephone."""
    margin = 0.11 * min(back.width, back.height)
    label = back.inset(margin, margin)
    side = min(CODE_MM, label.height * 0.62)
    edge = label.height * 0.12 + 1.5
    code = Box(label.right - edge - side, label.top + (label.height - side) / 2, side, side)
    words = Box(label.left + edge, label.top, code.left - label.left - 2 * edge, label.height)
    room = (words.width, label.height * 0.3)
    name = set_text(design.name, room, lettering.NAME, label.height * 0.16, 2, leading=1.0)
    number = set_text(design.code, (words.width, 6), lettering.FIGURES, 4.2, 1)
    foot = set_text(f"{shop} · {weight_of(family)}", (words.width, 5), lettering.FIGURES, 3.0, 1)
    gap = label.height * 0.045
    tall = name.height + number.height + foot.height + 4 * gap
    top = label.top + (label.height - tall) / 2
    middle = words.middle
    number_top = top + name.height + 3 * gap
    settings = (
        Setting(name, middle, top, palette.ink),
        Setting(number, middle, number_top, palette.ink),
        Setting(foot, middle, number_top + number.height + gap, palette.accent),
    )
    rule = rule_shapes(middle, top + name.height + 1.5 * gap, min(words.width * 0.6, 34), palette.accent)
    return (*label_shapes(label, palette), *rule), settings, code


def _spine(design: Design, spine: Box, palette: Palette) -> tuple[tuple[Shape, ...], tuple[Setting, ...]]:
    """So that a bar in a drawer can be told by its edge."""
    name = set_text(design.name, (spine.width * 0.8, spine.height * 0.62), lettering.CAPITALS, 3.6, 1)
    top = spine.top + (spine.height - name.height) / 2
    return (_bare(spine, palette),), (Setting(name, spine.middle, top, palette.on_paper),)


def _bare(box: Box, palette: Palette) -> Shape:
    """Paper without a pattern, over the sides and, at the end of the sheet, below it."""
    left, right, low = box.left - BLEED - 2, box.right + BLEED + 2, box.low
    if box.height > FLAP:
        low += BLEED + 2
    return Shape(((left, box.top), (right, box.top), (right, low), (left, low)), palette.paper)
