"""The bar as it is given: beside its paper sleeve, and on the card that is shared with its name."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from configurator.rendering.bodies import GROUND

SHARE_SIZE = (1200, 630)

INK = (43, 27, 19)
SOFT_INK = (121, 96, 80)

_FONTS = Path(__file__).resolve().parent / "fonts"
_NAME_FONT, _SHOP_FONT = "Vollkorn-Bold.ttf", "Vollkorn-Medium.ttf"
_NAME_SIZES = (76, 64, 54, 46, 38, 32)
_NAME_LINES = 4
_COLUMN = 330
"""Pixels of the shared card that belong to the words."""
_EDGE = 44


def beside(bar: Image.Image, sleeve: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Both at the same scale on one ground, the sleeve further back, the bar over its lower edge."""
    picture = Image.new("RGB", size, GROUND)
    _lay(picture, sleeve, 0.0, 0.0)
    _lay(picture, bar, 1.0, 1.0)
    return picture


def alone(thing: Image.Image, size: tuple[int, int]) -> Image.Image:
    """In the middle of its ground."""
    picture = Image.new("RGB", size, GROUND)
    _lay(picture, thing, 0.5, 0.5)
    return picture


def wrapped_height(width: int) -> int:
    return round(width * 0.75)


def scale_for(size: tuple[int, int], *things: tuple[float, float]) -> float:
    """Pixels per millimetre at which things of these sizes lie before each other in such a picture."""
    width = max(thing[0] for thing in things) * 1.2
    height = max(thing[1] for thing in things) * 1.42
    return min(size[0] / width, size[1] / height)


def share(both: Image.Image, name: str, shop: str) -> Image.Image:
    """A card of 1200 x 630: the picture of bar and sleeve on the left, its name and the shop's on the right."""
    card = Image.new("RGB", SHARE_SIZE, GROUND)
    card.paste(both, (0, (SHARE_SIZE[1] - both.height) // 2))
    _write(ImageDraw.Draw(card), name, shop)
    return card


def share_picture_size() -> tuple[int, int]:
    return SHARE_SIZE[0] - _COLUMN - _EDGE, SHARE_SIZE[1]


def _lay(picture: Image.Image, thing: Image.Image, across: float, down: float) -> None:
    """At that share of the room that is left over."""
    place = (
        round(across * (picture.width - thing.width)),
        round(down * (picture.height - thing.height)),
    )
    premultiplied = thing.convert("RGBa")
    picture.paste(premultiplied, place, premultiplied)


def _write(draw: ImageDraw.ImageDraw, name: str, shop: str) -> None:
    left = SHARE_SIZE[0] - _COLUMN - _EDGE
    font, lines = _fitting(name)
    line_height = round(font.size * 1.12)
    shop_font = _font(_SHOP_FONT, 30)
    top = (SHARE_SIZE[1] - line_height * len(lines) - 70) / 2
    for place, line in enumerate(lines):
        draw.text((left, top + place * line_height), line, INK, font)
    below = top + len(lines) * line_height + 26
    draw.rectangle((left, below, left + 64, below + 3), fill=(162, 33, 62))
    draw.text((left, below + 18), _cut(shop, shop_font), SOFT_INK, shop_font)


def _fitting(name: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """As large as four lines of it fit."""
    for size in _NAME_SIZES:
        font = _font(_NAME_FONT, size)
        lines = _lines(name, font)
        if len(lines) <= _NAME_LINES and all(font.getlength(line) <= _COLUMN for line in lines):
            return font, lines
    return font, [_cut(line, font) for line in lines[:_NAME_LINES]]


def _lines(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > _COLUMN:
            lines.append(word)
        else:
            lines[-1] = longer
    return [line for line in lines if line]


def _cut(text: str, font: ImageFont.FreeTypeFont) -> str:
    if font.getlength(text) <= _COLUMN:
        return text
    while text and font.getlength(f"{text}…") > _COLUMN:
        text = text[:-1]
    return f"{text}…"


def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / file), size)
