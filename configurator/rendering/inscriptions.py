"""The customer's words or picture on the chocolate: piped on a plaque, printed in one colour on the bar."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from configurator.domain.design import Design
from configurator.domain.family import Family, Module
from configurator.domain.scene import lay_out, outline_of
from configurator.rendering.lettering import (
    PIPED,
    Lettered,
    TextTooLong,
    TextTooWide,
    draw,
    fit,
    squeezed,
)
from configurator.rendering.shelf import Shelf
from configurator.rendering.solids import Colour, hex_colour, lightness

PRINT, PLAQUE = "transfer_print", "choc_plaque"
MOST_LINES = 3

COCOA_BUTTER: Colour = (252, 246, 233)
COCOA: Colour = (58, 28, 16)
GLEAM: Colour = (214, 160, 118)
LIGHT_FROM = 0.65
"""A base lighter than this is printed on in brown, a darker one in white."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a print or a plaque carries; a print shows the photo if there is one."""

    text: str
    photo: Image.Image | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How one module carries words: its margins as shares of its sides, and its type in millimetres."""

    margin: tuple[float, float]
    largest: float
    smallest: float
    thick: float
    """What the piping bag adds to every stroke."""


_MANNERS = {
    PRINT: Manner((0.11, 0.15), largest=17, smallest=4.0, thick=0),
    PLAQUE: Manner((0.075, 0.11), largest=9.5, smallest=3.6, thick=0.16),
}


def words_of(design: Design, photo: Image.Image | None = None) -> Words:
    """Without words of its own it says the bar's name; a photo speaks for itself."""
    return Words(design.inscription.text or ("" if photo else design.name), photo)


def carries_words(module: Module) -> bool:
    return module.key in _MANNERS


def carried_mm(design: Design, family: Family, key: str) -> tuple[float, float]:
    """How large the print or plaque lies on this bar, which may have less room than its catalogue size."""
    alone = replace(design, choices=tuple(c for c in design.choices if c.module == key), moves=())
    scene, module = lay_out(alone, family), family.modules[key]
    size = scene.pieces[0].size if scene.pieces else 1000
    outline = outline_of(module, 1, scene.length, scene.width, size)
    return outline.length / 10, outline.width / 10


def lettered_on(key: str, text: str, size_mm: tuple[float, float]) -> Lettered:
    """The text as a print or plaque of that size carries it. Raises TextTooLong and TextTooWide."""
    return _lettered(key, text, size_mm)


def inscribed(
    module: Module, words: Words, size_px: tuple[int, int], ground: Colour | str, px_per_mm: float
) -> Image.Image:
    """What lies on the blank plaque or print of that size, RGBA, its middle on the blank's middle."""
    size_mm = size_px[0] / px_per_mm, size_px[1] / px_per_mm
    colour = hex_colour(ground) if isinstance(ground, str) else ground
    ink = ink_on(colour)
    if module.key == PRINT and words.photo is not None:
        return _pictured(words, size_px, size_mm, ink)
    key = (module.key, words.text, size_px, size_mm, ink)
    return FINISHED.find_or_make(key, lambda: _Finished(_worded(*key))).picture


@dataclass(frozen=True, slots=True)
class _Finished:
    picture: Image.Image

    @property
    def bytes(self) -> int:
        return self.picture.width * self.picture.height * len(self.picture.getbands())


FINISHED: Shelf[_Finished] = Shelf(8 * 2**20)
"""A bar is drawn again with every choice, and its words stay the same."""


def _worded(
    key: str, text: str, size_px: tuple[int, int], size_mm: tuple[float, float], ink: Colour
) -> Image.Image:
    if key == PLAQUE:
        return _piped(text, size_px, size_mm)
    return _printed(text, size_px, size_mm, ink)


def ink_on(ground: Colour) -> Colour:
    """Of the two that there are, the one that can be seen on this chocolate."""
    return COCOA if lightness(ground) > LIGHT_FROM else COCOA_BUTTER


def _lettered(key: str, text: str, size_mm: tuple[float, float]) -> Lettered:
    manner = _MANNERS[key]
    return fit(
        text,
        _room(manner, size_mm),
        PIPED,
        largest=manner.largest,
        smallest=manner.smallest,
        most_lines=MOST_LINES,
        leading=1.0,
    )


def _somehow(key: str, text: str, size_mm: tuple[float, float]) -> Lettered:
    """A design with a text that does not fit has a problem, and all the same a picture."""
    try:
        return _lettered(key, text, size_mm)
    except (TextTooLong, TextTooWide):
        manner = _MANNERS[key]
        return squeezed(text, _room(manner, size_mm), PIPED, largest=manner.largest)


def _room(manner: Manner, size_mm: tuple[float, float]) -> tuple[float, float]:
    """A small print has small margins."""
    return size_mm[0] * (1 - 2 * manner.margin[0]), size_mm[1] * (1 - 2 * manner.margin[1])


# ── Piped ────────────────────────────────────────────────────────────────────────────────────────


def _piped(text: str, size_px: tuple[int, int], size_mm: tuple[float, float]) -> Image.Image:
    """A round thread of dark chocolate: light on its upper left, its shadow on the lower right."""
    finer = 2
    size = (size_px[0] * finer, size_px[1] * finer)
    scale = size[0] / size_mm[0]
    thread = _mask(PLAQUE, text, size, size_mm, thick=_MANNERS[PLAQUE].thick)
    body = Image.new("RGB", size, COCOA)
    swell = thread.filter(ImageFilter.GaussianBlur(0.16 * scale))
    step = max(1, round(0.10 * scale))
    lit = ImageChops.subtract(_moved(swell, step, step), _moved(swell, -step, -step), 1, 128)
    body.paste((22, 10, 6), mask=lit.point(_dark))
    body.paste(GLEAM, mask=lit.point(_bright))
    fall = _moved(thread, round(0.16 * scale), round(0.22 * scale)).filter(
        ImageFilter.GaussianBlur(0.16 * scale)
    )
    picture = Image.new("RGBA", size, (70, 40, 20, 0))
    picture.putalpha(fall.point(_half))
    body.putalpha(thread)
    picture = Image.alpha_composite(picture, body)
    return _reduced(picture, size_px)


def _dark(level: int) -> float:
    return max(0, level - 140) * 2.2


def _bright(level: int) -> float:
    return min(255, max(0, 112 - level) * 3.0)


def _half(level: int) -> float:
    return level * 0.5


# ── Printed ──────────────────────────────────────────────────────────────────────────────────────


def _printed(text: str, size_px: tuple[int, int], size_mm: tuple[float, float], ink: Colour) -> Image.Image:
    """One flat colour, a little uneven, within a fine frame."""
    finer = 2
    size = (size_px[0] * finer, size_px[1] * finer)
    mask = _mask(PRINT, text, size, size_mm, thick=0)
    _frame(mask, size[0] / size_mm[0], size_mm)
    return _reduced(_inked(mask, ink), size_px)


def _frame(mask: Image.Image, scale: float, size_mm: tuple[float, float]) -> None:
    """A line that bows inward at its corners, a dot in each."""
    pen, bow = ImageDraw.Draw(mask), 3.2 * scale
    line = max(2, round(0.28 * scale))
    left, top = 2.0 * scale, 2.0 * scale
    right, low = size_mm[0] * scale - left, size_mm[1] * scale - top
    pen.line((left + bow, top, right - bow, top), 255, line)
    pen.line((left + bow, low, right - bow, low), 255, line)
    pen.line((left, top + bow, left, low - bow), 255, line)
    pen.line((right, top + bow, right, low - bow), 255, line)
    for x, y, start in ((left, top, 0), (right, top, 90), (right, low, 180), (left, low, 270)):
        pen.arc((x - bow, y - bow, x + bow, y + bow), start, start + 90, 255, line)
        inward = (bow * 0.30 if x == left else -bow * 0.30), (bow * 0.30 if y == top else -bow * 0.30)
        dot = 0.45 * scale
        pen.ellipse((x + inward[0] - dot, y + inward[1] - dot, x + inward[0] + dot, y + inward[1] + dot), 255)


def _pictured(
    words: Words, size_px: tuple[int, int], size_mm: tuple[float, float], ink: Colour
) -> Image.Image:
    """The photo in dots of one colour: the eye mixes them with the chocolate between."""
    assert words.photo is not None
    finer = 2
    size = (size_px[0] * finer, size_px[1] * finer)
    scale = size[0] / size_mm[0]
    tone = ImageOps.autocontrast(ImageOps.fit(words.photo.convert("L"), size), cutoff=1)
    if ink == COCOA:
        tone = ImageOps.invert(tone)
    mask = ImageChops.multiply(_dotted(tone, scale), _soft_edge(size, scale))
    if words.text:
        _with_caption(mask, words.text, size_mm)
    return _reduced(_inked(mask, ink), size_px)


def _dotted(tone: Image.Image, scale: float) -> Image.Image:
    """A screen at 45 degrees where its dots can be told apart, plain tone where they cannot."""
    pitch = round(0.62 * scale)
    if pitch < 6:
        return tone.point(lambda level: level * 0.9)
    cell = Image.radial_gradient("L").resize((pitch, pitch), Image.Resampling.BILINEAR)
    screen = Image.new("L", tone.size)
    half = pitch // 2
    for row, y in enumerate(range(-pitch, tone.height + pitch, half)):
        for x in range(-pitch - (row % 2) * half, tone.width + pitch, pitch):
            screen.paste(ImageChops.darker(cell, cell), (x, y))
    threshold = ImageChops.subtract(tone, screen, 1, 64)
    return threshold.point(lambda level: min(255, max(0, (level - 40) * 6)))


def _soft_edge(size: tuple[int, int], scale: float) -> Image.Image:
    edge = 1.4 * scale
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rounded_rectangle((edge, edge, size[0] - edge, size[1] - edge), 2.4 * scale, 255)
    return mask.filter(ImageFilter.GaussianBlur(0.35 * scale))


def _with_caption(mask: Image.Image, text: str, size_mm: tuple[float, float]) -> None:
    """Words over a photo stand on a band of bare chocolate."""
    scale = mask.width / size_mm[0]
    room = (size_mm[0] - 16, size_mm[1] * 0.2)
    lettered = squeezed(text, room, PIPED, largest=room[1])
    top = size_mm[1] - 2.6 - lettered.height
    ImageDraw.Draw(mask).rectangle((0, (top - 1) * scale, mask.width, mask.height), 0)
    draw(mask, lettered, (size_mm[0] / 2, top), 255, scale)


# ── Both ─────────────────────────────────────────────────────────────────────────────────────────


def _mask(
    key: str, text: str, size: tuple[int, int], size_mm: tuple[float, float], *, thick: float
) -> Image.Image:
    mask = Image.new("L", size)
    lettered = _somehow(key, text, size_mm)
    top = (size_mm[1] - lettered.height) / 2
    draw(mask, lettered, (size_mm[0] / 2, top), 255, size[0] / size_mm[0], thick=thick)
    return mask


def _inked(mask: Image.Image, ink: Colour) -> Image.Image:
    picture = Image.new("RGBA", mask.size, (*ink, 0))
    picture.putalpha(mask.point(_film))
    return picture


def _film(level: int) -> float:
    return level * 0.93


def _moved(image: Image.Image, right: int, down: int) -> Image.Image:
    moved = Image.new("L", image.size)
    moved.paste(image, (right, down))
    return moved


def _reduced(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture.convert("RGBa").resize(size, Image.Resampling.BOX).convert("RGBA")
