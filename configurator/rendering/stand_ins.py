"""Plain, clean drawings for modules that have not been painted yet: by shape, size and colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, cos, hypot, pi, sin

from PIL import Image, ImageDraw, ImageFilter

from configurator.domain.family import Module
from configurator.rendering import silhouettes
from configurator.rendering.dice import Dice
from configurator.rendering.solids import (
    Colour,
    Finish,
    Polygon,
    Sheet,
    deeper,
    hex_colour,
    margin_for,
    model,
    mottled,
    towards,
)

INDIVIDUALS = 8
"""Drawings of each module, an eighth of a turn apart."""

_FINEST_LINES, _FINEST_SMALL, _FINEST = 20.0, 14.0, 7.0
"""Pixels per millimetre below which edges would show steps; smaller pictures are drawn larger first."""


@dataclass(slots=True)
class Subject:
    """One piece on its sheet, while it is drawn."""

    module: Module
    index: int
    length: float
    width: float
    height: float
    colour: Colour
    turn: float
    dice: Dice
    sheet: Sheet

    def mask(self, *outlines: Polygon) -> Image.Image:
        return self.sheet.mask(*(silhouettes.turned(outline, self.turn) for outline in outlines))

    def line(self, mask: Image.Image, points: Polygon, thick: float, level: int = 255) -> Image.Image:
        return self.sheet.stroke(mask, silhouettes.turned(points, self.turn), thick, level)


Draw = Callable[[Subject], Image.Image]


def draw(module: Module, index: int, px_per_mm: float) -> Image.Image:
    """One individual as RGBA with its shadow, its middle in the middle of the picture."""
    finest = _FINEST if module.shape.length > 60 else _FINEST_SMALL
    if module.shape.hint == "sheet":
        finest = _FINEST_LINES
    times = max(1, ceil(finest / px_per_mm))
    subject = _subject(module, index, px_per_mm * times)
    large = _BY_KEY.get(module.key, _BY_HINT.get(module.shape.hint, _chunk))(subject)
    size = (max(1, round(large.width / times)), max(1, round(large.height / times)))
    return large.resize(size, Image.Resampling.BOX) if times > 1 else large


def mound(module: Module, px_per_mm: float) -> Image.Image:
    """A spoonful of powder or a piped dollop of paste, for browsing."""
    times = max(1, ceil(_FINEST / px_per_mm))
    scale = px_per_mm * times
    dice = Dice("mound", module.key)
    sheet = Sheet(26, 26, scale)
    subject = Subject(module, 0, 17, 15, 5, hex_colour(module.colour), dice.between(0, 40), dice, sheet)
    large = _dollop(subject) if module.shape.hint == "swirl" else _spoonful(subject)
    size = (max(1, round(large.width / times)), max(1, round(large.height / times)))
    return large.resize(size, Image.Resampling.BOX)


def turn_of(index: int) -> int:
    return index * 360 // INDIVIDUALS


def _subject(module: Module, index: int, scale: float) -> Subject:
    dice = Dice("stand-in", module.key, index)
    shape = module.shape
    # 30 by 6 mm when the catalogue gives no size: a pinch of powder, a swirl of paste.
    length, width, height = (
        max(0.5, tenths / 10) if shape.length else usual
        for tenths, usual in ((shape.length, 19.0), (shape.width, 19.0), (shape.height, 0.5))
    )
    palette = _PALETTES.get(module.key)
    colour = hex_colour(palette[index % len(palette)] if palette else module.colour)
    if not palette:
        colour = towards(colour, (255, 244, 225) if index % 2 else (40, 20, 10), dice.between(0, 0.07))
    size = dice.around(1, 0.06)
    side = (hypot(length, width) if shape.hint != "sheet" else length) + 2 * margin_for(height)
    down = side if shape.hint != "sheet" else width + 2 * margin_for(height)
    turn = 0.0 if shape.hint == "sheet" else turn_of(index) + dice.between(-8, 8)
    sheet = Sheet(side, down, scale)
    return Subject(module, index, length * size, width * size, height, colour, turn, dice, sheet)


def _finish(subject: Subject, usual: Finish) -> Finish:
    return _FINISHES.get(subject.module.key, usual)


def _solid(
    subject: Subject,
    mask: Image.Image,
    finish: Finish,
    *,
    skin: Image.Image | None = None,
    facets: Image.Image | None = None,
    rise: float | None = None,
) -> Image.Image:
    return model(
        subject.sheet,
        mask,
        skin or mottled(subject.sheet, subject.colour, finish, subject.dice),
        finish,
        breadth=min(subject.length, subject.width),
        rise=subject.height if rise is None else rise,
        facets=facets,
    )


# ── Round things ─────────────────────────────────────────────────────────────────────────────────


def _ellipsoid(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.55, gloss=0.32, mottle=0.14, grain=1.6))
    tip = _TIPS.get(subject.module.key, 0.25)
    outline = silhouettes.tipped(subject.length, subject.width, tip)
    outline = silhouettes.wobbly(outline, subject.dice, 0.025)
    skin = mottled(subject.sheet, subject.colour, finish, subject.dice)
    if subject.module.key in _STRIPED:
        _stripes(subject, skin)
    return _solid(subject, subject.mask(outline), finish, skin=skin)


def _half_ellipsoid(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.55, gloss=0.45, mottle=0.08))
    skin = mottled(subject.sheet, subject.colour, finish, subject.dice)
    crease = [(x * subject.length / 20, 0.09 * subject.width * sin(x / 3)) for x in range(-10, 11)]
    _engrave(subject, skin, [crease], 0.9, deeper(subject.colour, 0.3))
    outline = silhouettes.ellipse(subject.length, subject.width)
    return _solid(subject, subject.mask(outline), finish, skin=skin)


def _sphere(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.62, gloss=0.38, mottle=0.12, grain=1.5))
    outline = silhouettes.wobbly(silhouettes.ellipse(subject.length, subject.width), subject.dice, 0.02)
    return _solid(subject, subject.mask(outline), finish)


def _bead(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.62, gloss=0.75, mottle=0.0))
    outline = silhouettes.ellipse(subject.length, subject.width)
    return _solid(subject, subject.mask(outline), finish)


def _lentil(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.5, gloss=0.55, mottle=0.03, depth=0.8))
    return _solid(subject, subject.mask(silhouettes.ellipse(subject.length, subject.width)), finish)


def _kidney(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.5, gloss=0.28, mottle=0.10, grain=2.2))
    length, width = subject.length, subject.width
    thick = width * 0.58
    mask = Image.new("L", subject.sheet.size)
    for step in range(-12, 13):
        share = step / 12
        angle = share * 1.25
        x, y = sin(angle) * (length - thick) / 1.9, (cos(angle) - 0.72) * -width * 0.62
        swell = thick * (1.04 - 0.22 * abs(share) + 0.10 * share)
        subject.line(mask, [(x, y), (x + 0.01, y)], swell)
    return _solid(subject, mask, finish)


def _half_kernel(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.5, gloss=0.25, mottle=0.2, grain=2.0))
    length, width, dice = subject.length, subject.width, subject.dice
    skin = mottled(subject.sheet, subject.colour, finish, dice)
    grooves = [
        [
            (x * length / 22, lane * width * (1 - (x / 11) ** 2) ** 0.5 + dice.between(-0.25, 0.25))
            for x in range(-10, 11)
        ]
        for lane in (-0.31, -0.17, 0, 0.17, 0.31)
    ]
    _engrave(subject, skin, grooves, 0.8, deeper(subject.colour, 0.45))
    outline = silhouettes.wobbly(silhouettes.ellipse(length, width, taper=0.12), dice, 0.035, 6)
    return _solid(subject, subject.mask(outline), finish, skin=skin)


def _raisin(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.5, gloss=0.35, mottle=0.22, grain=1.4, clear=0.25))
    outline = silhouettes.ellipse(subject.length, subject.width, taper=0.1)
    outline = silhouettes.wobbly(outline, subject.dice, 0.07, 6)
    return _solid(subject, subject.mask(outline), finish, facets=_wrinkles(subject, 1.5))


def _drop(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.62, gloss=0.3, mottle=0.02, depth=0.85))
    return _tiered(subject, finish, (0.62, 0.30))


def _kiss(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.6, gloss=0.04, mottle=0.03, depth=0.9))
    return _tiered(subject, finish, (0.74, 0.5, 0.26))


def _tiered(subject: Subject, finish: Finish, tiers: tuple[float, ...]) -> Image.Image:
    """Piped: each turn of the bag lies a little higher and nearer to the middle."""
    foot = silhouettes.wobbly(silhouettes.ellipse(subject.length, subject.width), subject.dice, 0.02)
    body = _solid(subject, subject.mask(foot), finish)
    for place, share in enumerate(tiers):
        drift = (
            0.03 * subject.length * (place + 1) * cos(subject.turn),
            0.03 * subject.width * sin(subject.turn),
        )
        mask = subject.sheet.mask(silhouettes.scaled(foot, share, drift))
        breadth = min(subject.length, subject.width) * share
        mask = mask.filter(ImageFilter.GaussianBlur(0.024 * subject.length * subject.sheet.scale))
        skin = mottled(subject.sheet, subject.colour, finish, subject.dice)
        ring = model(subject.sheet, mask, skin, finish, breadth=breadth, rise=0.35)
        body = Image.alpha_composite(body, ring)
    return body


# ── Broken, cut and pressed things ───────────────────────────────────────────────────────────────


def _chunk(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.3, gloss=0.12, mottle=0.26, grain=0.9))
    dice = subject.dice
    corners = silhouettes.broken(subject.length, subject.width, dice, 6 + subject.index % 3)
    facets = _facets(subject, corners, dice.between(0.45, 0.6))
    outline = silhouettes.rounded(corners, 0.16, 1)
    return _solid(subject, subject.mask(outline), finish, facets=facets)


def _popcorn(subject: Subject) -> Image.Image:
    """Burst: pale lobes around a seam of caramel."""
    finish = Finish(round=0.55, gloss=0.3, mottle=0.22, grain=2.4)
    dice, popped = subject.dice, Image.new("RGBA", subject.sheet.size)
    for place in range(7):
        angle = 2 * pi * place / 6 + dice.between(-0.3, 0.3)
        away = 0.27 * dice.around(1, 0.25) if place < 6 else 0.0
        across = subject.length * dice.between(0.40, 0.54)
        lobe = silhouettes.wobbly(silhouettes.ellipse(across, across * 0.9), dice, 0.07)
        lobe = silhouettes.scaled(
            lobe, 1, (away * subject.length * cos(angle), away * subject.width * sin(angle))
        )
        pale = towards(subject.colour, (250, 236, 205), dice.between(0.0, 0.75))
        mask = subject.mask(lobe)
        skin = mottled(subject.sheet, pale, finish, dice)
        rise = 5 if place < 6 else 1.2
        popped = Image.alpha_composite(
            popped, model(subject.sheet, mask, skin, finish, breadth=across, rise=rise)
        )
    return popped


def _cube(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.22, gloss=0.22, mottle=0.10, grain=1.6))
    dice = subject.dice
    corners = [
        (x + dice.between(-0.05, 0.05) * subject.length, y + dice.between(-0.05, 0.05) * subject.width)
        for x, y in silhouettes.box(subject.length * 0.94, subject.width * 0.94)
    ]
    facets = _facets(subject, corners, 0.74)
    return _solid(subject, subject.mask(silhouettes.rounded(corners, 0.11)), finish, facets=facets)


def _crystal(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.3, gloss=0.7, mottle=0.1, grain=0.8, clear=0.6))
    corners = silhouettes.broken(subject.length, subject.width, subject.dice, 5 + subject.index % 2)
    return _solid(subject, subject.mask(corners), finish, facets=_facets(subject, corners, 0.5))


def _crystal_flake(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.2, gloss=0.5, mottle=0.08, grain=0.8, clear=0.6))
    corners = silhouettes.broken(subject.length, subject.width, subject.dice, 4 + subject.index % 2)
    return _solid(subject, subject.mask(corners), finish, facets=_facets(subject, corners, 0.62), rise=0.9)


def _granule(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.4, gloss=0.1, mottle=0.12, grain=0.7))
    corners = silhouettes.rounded(silhouettes.broken(subject.length, subject.width, subject.dice, 5), 0.2, 1)
    return _solid(subject, subject.mask(corners), finish, rise=0.6)


def _sliver(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.4, gloss=0.18, mottle=0.1, grain=1.5))
    outline = silhouettes.ellipse(
        subject.length, subject.width, power=5, taper=subject.dice.between(-0.15, 0.15)
    )
    outline = silhouettes.bent(outline, subject.dice.between(-0.3, 0.3) * subject.width, subject.length)
    return _solid(subject, subject.mask(outline), finish)


def _flake(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.32, gloss=0.12, mottle=0.2, grain=2.0, depth=0.9))
    base = silhouettes.ellipse(subject.length, subject.width, taper=0.08)
    outline = silhouettes.wobbly(base, subject.dice, 0.06, 7)
    waves = _wrinkles(subject, max(1.0, subject.width / 2.2))
    return _solid(subject, subject.mask(outline), finish, facets=waves, rise=max(1.4, subject.height))


def _chip(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.35, gloss=0.12, mottle=0.06, grain=3))
    outline = silhouettes.ellipse(subject.length, subject.width * 0.72, power=2.8)
    outline = silhouettes.bent(outline, subject.width * subject.dice.between(0.25, 0.5), subject.length)
    skin = mottled(subject.sheet, subject.colour, finish, subject.dice)
    rind = outline[len(outline) // 2 : len(outline) // 2 + len(outline) // 2 - 3]
    _engrave(subject, skin, [rind], 1.0, (150, 98, 52))
    waves = _wrinkles(subject, subject.width / 2)
    return _solid(subject, subject.mask(outline), finish, skin=skin, facets=waves, rise=2.2)


def _petal(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.4, gloss=0.04, mottle=0.18, grain=2.5, depth=0.95))
    length, dice = subject.length, subject.dice
    outline = silhouettes.wobbly(silhouettes.petal(length, subject.width, dice), dice, 0.03, 5)
    skin = mottled(subject.sheet, subject.colour, finish, dice)
    veins = [
        [(-length / 2 + length * step / 8, slant * subject.width * step / 8) for step in range(9)]
        for slant in (-0.42, -0.2, 0, 0.2, 0.42)
    ]
    _engrave(subject, skin, veins, 0.28, deeper(subject.colour, 0.72))
    waves = _wrinkles(subject, max(1.2, subject.width / 2.5))
    return _solid(subject, subject.mask(outline), finish, skin=skin, facets=waves, rise=1.6)


def _rod(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.55, gloss=0.25, mottle=0.1, grain=1.5))
    bend = subject.dice.between(-0.06, 0.06) * subject.length
    line = [(x * subject.length / 16, bend * ((x / 8) ** 2 - 0.4)) for x in range(-7, 8)]
    mask = subject.line(Image.new("L", subject.sheet.size), line, subject.width)
    return _solid(subject, mask, finish)


def _cylinder(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.42, gloss=0.06, mottle=0.03, grain=2))
    outline = silhouettes.ellipse(subject.length * 1.05, subject.width * 0.95, power=4.5)
    return _solid(subject, subject.mask(outline), finish)


def _heart(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.4, gloss=0.3, mottle=0.03))
    return _solid(subject, subject.mask(silhouettes.heart(subject.length, subject.width)), finish)


def _bear(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.34, gloss=0.55, mottle=0.03, clear=0.55))
    return _solid(subject, subject.mask(*silhouettes.bear(subject.length, subject.width * 1.15)), finish)


def _pretzel(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.3, gloss=0.4, mottle=0.16, grain=1.4))
    line = silhouettes.pretzel_line(subject.length * 0.84, subject.width * 1.25)
    mask = subject.line(Image.new("L", subject.sheet.size), line, subject.width * 0.24)
    return _solid(subject, mask, finish, rise=3)


def _slice(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.14, gloss=0.12, mottle=0.12, grain=1.6, depth=0.8))
    outline = silhouettes.wobbly(silhouettes.ellipse(subject.length, subject.width), subject.dice, 0.02)
    skin = mottled(subject.sheet, subject.colour, finish, subject.dice)
    _FRUIT.get(subject.module.key, _plain_flesh)(subject, skin)
    return _solid(subject, subject.mask(outline), finish, skin=skin, rise=2.2)


# ── Flesh of sliced fruit ────────────────────────────────────────────────────────────────────────


def _plain_flesh(subject: Subject, skin: Image.Image) -> None:
    _disc_of(subject, skin, 0.62, towards(subject.colour, (255, 250, 235), 0.35), 0.9)


def _kiwi_flesh(subject: Subject, skin: Image.Image) -> None:
    _disc_of(subject, skin, 0.93, towards(subject.colour, (196, 220, 110), 0.35), 0.8)
    rays = [[_polar(subject, 0.2, angle), _polar(subject, 0.86, angle)] for angle in range(0, 360, 15)]
    _engrave(subject, skin, rays, 0.5, towards(subject.colour, (235, 242, 190), 0.45))
    _disc_of(subject, skin, 0.34, (240, 240, 205), 0.9)
    seeds = [
        [_polar(subject, 0.40, angle + wobble), _polar(subject, 0.52 + wobble / 90, angle + wobble)]
        for angle, wobble in ((angle, subject.dice.between(-6, 6)) for angle in range(0, 360, 20))
    ]
    _engrave(subject, skin, seeds, 0.95, (38, 32, 24), soft=0.1)


def _banana_flesh(subject: Subject, skin: Image.Image) -> None:
    _disc_of(subject, skin, 0.90, towards(subject.colour, (255, 246, 214), 0.4), 0.8)
    rays = [[(0.0, 0.0), _polar(subject, 0.34, angle)] for angle in (80, 200, 320)]
    _engrave(subject, skin, rays, 1.3, deeper(subject.colour, 0.74))
    seeds = [[_polar(subject, 0.2, a), _polar(subject, 0.27, a)] for a in (60, 100, 180, 222, 300, 340)]
    _engrave(subject, skin, seeds, 0.7, (92, 66, 40), soft=0.1)


def _strawberry_flesh(subject: Subject, skin: Image.Image) -> None:
    _disc_of(subject, skin, 0.80, towards(subject.colour, (250, 190, 180), 0.45), 1.2)
    _disc_of(subject, skin, 0.34, (252, 232, 222), 1.2)
    seeds = [[_polar(subject, 0.90, angle), _polar(subject, 0.93, angle)] for angle in range(0, 360, 24)]
    _engrave(subject, skin, seeds, 0.8, (238, 205, 120), soft=0.1)


def _disc_of(subject: Subject, skin: Image.Image, share: float, colour: Colour, soft: float) -> None:
    disc = subject.mask(silhouettes.ellipse(subject.length * share, subject.width * share))
    skin.paste(colour, mask=disc.filter(ImageFilter.GaussianBlur(soft * subject.sheet.scale)))


def _polar(subject: Subject, share: float, degrees: float) -> tuple[float, float]:
    angle = degrees * pi / 180
    return cos(angle) * share * subject.length / 2, sin(angle) * share * subject.width / 2


# ── Powders, pastes, leaf and sheets ─────────────────────────────────────────────────────────────


def _powder(subject: Subject) -> Image.Image:
    """A dusting: dense in the middle, running out to single specks."""
    sheet, dice = subject.sheet, subject.dice
    columns, rows = sheet.size
    fall = Image.radial_gradient("L").resize((columns, rows)).point(lambda level: max(0, 196 - level * 1.55))
    specks = Image.blend(
        dice.clouds(sheet.size, 0.34 * sheet.scale), dice.clouds(sheet.size, 2.6 * sheet.scale), 0.4
    )
    veil = Image.composite(fall, Image.new("L", sheet.size), specks.point(lambda level: (level - 96) * 3.2))
    dust = mottled(sheet, subject.colour, Finish(mottle=0.25, grain=0.7), dice).convert("RGBA")
    dust.putalpha(veil)
    return dust


def _swirl(subject: Subject) -> Image.Image:
    finish = _finish(subject, Finish(round=0.5, gloss=0.5, mottle=0.05, grain=3))
    outline = silhouettes.ribbon(subject.length, subject.width, subject.dice, 2.2)
    return _solid(subject, subject.mask(outline), finish)


def _spoonful(subject: Subject) -> Image.Image:
    dust = _powder(subject)
    finish = Finish(round=0.75, gloss=0.0, mottle=0.32, grain=0.55, depth=0.9)
    foot = silhouettes.wobbly(
        silhouettes.ellipse(subject.length * 0.86, subject.width * 0.86), subject.dice, 0.04
    )
    return Image.alpha_composite(dust, _solid(subject, subject.mask(foot), finish, rise=3))


def _dollop(subject: Subject) -> Image.Image:
    return _tiered(subject, Finish(round=0.6, gloss=0.4, mottle=0.04, grain=2.5), (0.72, 0.46, 0.22))


def _leaf(subject: Subject) -> Image.Image:
    """Beaten metal: torn, crumpled, bright and dark at once."""
    finish = _finish(subject, Finish(round=0.16, gloss=0.0, mottle=0.3, grain=0.9, depth=1.25))
    corners = silhouettes.broken(subject.length, subject.width, subject.dice, 9)
    outline = silhouettes.wobbly(corners, subject.dice, 0.10, 5)
    folds = Image.blend(_wrinkles(subject, 1.1), _wrinkles(subject, 2.6), 0.5)
    return _solid(subject, subject.mask(outline), finish, facets=folds.point(_harder), rise=0.8)


def _sheet(subject: Subject) -> Image.Image:
    thick = subject.height >= 1
    finish = Finish(round=0.08 if thick else 0.02, gloss=0.0, mottle=0.02, grain=6, depth=0.7)
    outline = silhouettes.ellipse(subject.length, subject.width, power=9 if thick else 14)
    paper = subject.colour if thick else (248, 240, 224)
    ink = (92, 54, 32) if thick else (70, 58, 52)
    skin = mottled(subject.sheet, paper, finish, subject.dice)
    _ornament(subject, skin, ink)
    return _solid(subject, subject.mask(outline), finish, skin=skin, rise=subject.height if thick else 0.2)


def _ornament(subject: Subject, skin: Image.Image, ink: Colour) -> None:
    """A frame, scrolls and a heart: says 'your words here' without words."""
    length, width = subject.length, subject.width
    thin = width * 0.016
    for share in (0.86, 0.80):
        frame = silhouettes.ellipse(length * (1 - (1 - share) * width / length), width * share, power=9)
        _engrave(subject, skin, [[*frame, frame[0]]], thin, ink, soft=0.04)
    for side in (-1, 1):
        for up in (-1, 1):
            scroll = silhouettes.spiral(0.21 * width, 1.35, 0.62)
            scroll = [(side * (0.29 * length - x), up * (0.105 * width + y)) for x, y in scroll]
            _engrave(subject, skin, [scroll], thin * 1.5, ink, soft=0.03)
    heart = subject.mask(silhouettes.heart(width * 0.34, width * 0.32))
    skin.paste(towards(ink, (168, 36, 44), 0.75), mask=heart)


# ── Strokes and surfaces shared by the shapes ────────────────────────────────────────────────────


def _engrave(
    subject: Subject,
    skin: Image.Image,
    lines: list[Polygon],
    thick: float,
    colour: Colour,
    *,
    soft: float = 0.22,
) -> None:
    mask = Image.new("L", subject.sheet.size)
    for line in lines:
        subject.line(mask, line, thick)
    skin.paste(colour, mask=mask.filter(ImageFilter.GaussianBlur(soft * subject.sheet.scale)))


def _stripes(subject: Subject, skin: Image.Image) -> None:
    length, width, dice = subject.length, subject.width, subject.dice
    lanes = [-0.36, -0.22, -0.08, 0.07, 0.2, 0.35]
    lines = [
        [
            (x * length / 20, lane * width * (1 - (x / 11) ** 2) ** 0.5 + dice.between(-0.12, 0.12))
            for x in range(-10, 11)
        ]
        for lane in lanes
    ]
    _engrave(subject, skin, lines, 0.3, deeper(subject.colour, 0.6), soft=0.16)


def _facets(subject: Subject, corners: Polygon, crown: float) -> Image.Image:
    """Faces of a broken or cut body: each as bright as it looks to the light."""
    sheet, dice = subject.sheet, subject.dice
    shade = Image.new("L", sheet.size, 128)
    draw_on = ImageDraw.Draw(shade)
    outer = silhouettes.turned(corners, subject.turn)
    drift = (dice.between(-0.06, 0.06) * subject.length, dice.between(-0.06, 0.06) * subject.width)
    inner = silhouettes.scaled(outer, crown, drift)
    for place, (x, y) in enumerate(outer):
        onward = (place + 1) % len(outer)
        out_x, out_y = (y - outer[onward][1]) * -1, (x - outer[onward][0])
        size = hypot(out_x, out_y) or 1
        towards_light = -(out_x + out_y) / size / 1.414
        face = [outer[place], outer[onward], inner[onward], inner[place]]
        draw_on.polygon(sheet.pixels(face), fill=round(128 + 92 * towards_light + dice.between(-14, 14)))
    draw_on.polygon(sheet.pixels(inner), fill=round(146 + dice.between(-10, 12)))
    return shade.filter(
        ImageFilter.GaussianBlur(0.05 * min(subject.length, subject.width) * sheet.scale + 0.5)
    )


def _wrinkles(subject: Subject, cell: float) -> Image.Image:
    """The slope of a bumpy surface, 128 where level."""
    hills = subject.dice.clouds(subject.sheet.size, cell * subject.sheet.scale)
    relief = hills.filter(ImageFilter.GaussianBlur(0.18 * cell * subject.sheet.scale))
    step = max(1, round(0.22 * cell * subject.sheet.scale))
    slope = Image.blend(_moved(relief, -step), _moved(relief, step).point(lambda level: 255 - level), 0.5)
    return slope.point(lambda level: 128 + (level - 128) * 1.5)


def _moved(image: Image.Image, step: int) -> Image.Image:
    moved = Image.new("L", image.size, 128)
    moved.paste(image, (step, step))
    return moved


def _harder(level: int) -> float:
    return 128 + (level - 128) * 1.6


_BY_HINT: dict[str, Draw] = {
    "ellipsoid": _ellipsoid,
    "half_ellipsoid": _half_ellipsoid,
    "sphere": _sphere,
    "bead": _bead,
    "lentil": _lentil,
    "kidney": _kidney,
    "half_kernel": _half_kernel,
    "raisin": _raisin,
    "drop": _drop,
    "kiss": _kiss,
    "irregular_chunk": _chunk,
    "cube": _cube,
    "crystal": _crystal,
    "crystal_flake": _crystal_flake,
    "granule": _granule,
    "sliver": _sliver,
    "flake": _flake,
    "chip": _chip,
    "petal": _petal,
    "rod": _rod,
    "cylinder": _cylinder,
    "heart": _heart,
    "bear": _bear,
    "pretzel_twist": _pretzel,
    "slice_disc": _slice,
    "powder": _powder,
    "swirl": _swirl,
    "leaf_sheet": _leaf,
    "sheet": _sheet,
}

_BY_KEY: dict[str, Draw] = {"popcorn_caramel": _popcorn}

_FRUIT: dict[str, Callable[[Subject, Image.Image], None]] = {
    "kiwi_fd": _kiwi_flesh,
    "banana_fd": _banana_flesh,
    "banana_chips": _banana_flesh,
    "strawberry_fd": _strawberry_flesh,
}

_PALETTES: dict[str, tuple[str, ...]] = {
    "nonpareils": ("#E94F8A", "#F6C634", "#4FA9DC", "#7CC25B", "#F58B3C", "#FFFFFF", "#B070C8", "#E8413C"),
    "sprinkles_rainbow": (
        "#F2C230",
        "#E94F6A",
        "#55A8DC",
        "#7CBF5A",
        "#F58B3C",
        "#F7F3EA",
        "#B070C8",
        "#E8413C",
    ),
    "gummy_bears": ("#D9423B", "#F0A030", "#6DB33F", "#F2D544", "#E8E4CE", "#C2303A", "#F08A3C", "#8DC04A"),
    "choc_lentils": ("#3E9ED6", "#E5484D", "#F4C63D", "#6BB04A", "#F08A36", "#8A5AA8", "#3E9ED6", "#F4C63D"),
    "popping_candy": ("#F6B8C6", "#F7E3E3", "#F4A6BA", "#F9F2F2", "#F2C6D0", "#F7DADA", "#F3B3C2", "#FBF3F3"),
}
"""Where the pieces of one module differ in colour."""

_TIPS = {
    "almond_whole": 0.9,
    "almond_caramelised": 0.5,
    "pine_nuts": 0.8,
    "pumpkin_seeds": 0.75,
    "sunflower_seeds": 0.85,
    "peanut_salted": 0.05,
    "rice_puffed": 0.1,
    "sesame_toasted": 0.8,
    "sesame_black": 0.8,
    "flax_seeds": 0.7,
}

_STRIPED = {"almond_whole", "sunflower_seeds", "anise_seed", "pistachio_whole_salted"}

_MATT = Finish(round=0.32, gloss=0.0, mottle=0.34, grain=0.8)
_CARAMEL = Finish(round=0.24, gloss=0.5, mottle=0.06, grain=2.0, clear=0.3)
_JELLY = Finish(round=0.3, gloss=0.42, mottle=0.12, grain=1.4, clear=0.45)
_AIRY = Finish(round=0.4, gloss=0.0, mottle=0.3, grain=1.0, depth=0.85)
_CHOCOLATE = Finish(round=0.22, gloss=0.34, mottle=0.04, grain=2.0)
_FREEZE_DRIED = Finish(round=0.36, gloss=0.0, mottle=0.34, grain=1.1)

_FINISHES = {
    "almond_caramelised": Finish(round=0.5, gloss=0.6, mottle=0.36, grain=1.3, clear=0.2),
    "coconut_desiccated": Finish(round=0.4, gloss=0.0, mottle=0.02, depth=0.3),
    "rice_puffed": _AIRY,
    "quinoa_puffed": _AIRY,
    "amaranth_puffed": _AIRY,
    "marshmallow_mini": Finish(round=0.42, gloss=0.0, mottle=0.02, depth=0.6),
    "marshmallow_vegan": Finish(round=0.42, gloss=0.0, mottle=0.02, depth=0.6),
    "liquorice_pieces": Finish(round=0.42, gloss=0.55, mottle=0.0),
    "oat_crunch": _MATT,
    "butter_biscuit": _MATT,
    "speculoos": _MATT,
    "graham_pieces": _MATT,
    "gingerbread": _MATT,
    "cocoa_cookie_crumbs": _MATT,
    "halva_crumbs": _MATT,
    "honeycomb": Finish(round=0.3, gloss=0.4, mottle=0.4, grain=1.0, clear=0.25),
    "toffee_pieces": _CARAMEL,
    "caramel_salted": _CARAMEL,
    "hazelnut_brittle": Finish(round=0.3, gloss=0.5, mottle=0.3, grain=1.0, clear=0.2),
    "fudge_cubes": Finish(round=0.24, gloss=0.08, mottle=0.14, grain=1.0),
    "marzipan_cubes": Finish(round=0.24, gloss=0.03, mottle=0.12, grain=0.9),
    "dark_chunks": _CHOCOLATE,
    "apricot_dried": _JELLY,
    "orange_peel_candied": _JELLY,
    "ginger_candied": _JELLY,
    "mango_dried": _JELLY,
    "fig_pieces": Finish(round=0.36, gloss=0.2, mottle=0.42, grain=0.9, clear=0.2),
    "date_pieces": Finish(round=0.36, gloss=0.4, mottle=0.2, grain=1.6, clear=0.2),
    "raspberry_fd": _FREEZE_DRIED,
    "mango_fd": _FREEZE_DRIED,
    "passionfruit_fd": _FREEZE_DRIED,
    "pineapple_fd": _FREEZE_DRIED,
    "apple_dried": _FREEZE_DRIED,
    "blackcurrant_fd": Finish(round=0.55, gloss=0.05, mottle=0.34, grain=1.1),
    "pink_pepper": Finish(round=0.6, gloss=0.2, mottle=0.3, grain=1.0),
    "violet_candied": Finish(round=0.32, gloss=0.25, mottle=0.4, grain=0.6, clear=0.2),
    "mulberries_white": Finish(round=0.5, gloss=0.05, mottle=0.5, grain=1.3),
}
