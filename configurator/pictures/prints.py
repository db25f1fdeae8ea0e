"""What goes to a printer: the sleeve for the press, and the sheet on which a bar is laid at true size."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import cos, pi, radians, sin
from pathlib import Path
from threading import Lock
from typing import Any, Final

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from PIL import Image, ImageChops, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from configurator.domain.design import Design
from configurator.domain.family import Family, Module, TenthMm
from configurator.domain.label.words import written
from configurator.domain.outlines import outline_points
from configurator.domain.recipe import grams, numbered
from configurator.domain.scene import Piece, Scene, fitting, lay_out, outline_of
from configurator.pictures import photos
from configurator.pictures.photos import PhotoUnknown
from configurator.rendering.flat_sleeves import FlatSleeve, flat_sleeve
from configurator.rendering.inscriptions import COCOA, PRINT, carried_mm, ink_on, inscribed, words_of
from configurator.rendering.lettering import FONTS, Lettered
from configurator.rendering.papers import BLEED, Shape
from configurator.rendering.solids import Colour, hex_colour
from configurator.rendering.wrapping import Box, Setting

FOLDER: Final = Path(__file__).parent / "press"
ROOM: Final = 10.0
"""Millimetres around the trimmed sleeve: the bleed, the marks and a line of words."""
POINTS_PER_MM: Final = 72 / 25.4
FINEST_DPI: Final = 400
"""More than that a press cannot show; a photo with more is reduced to it."""
GROUND: Final[Colour] = (246, 239, 230)
"""What a bar without a base is drawn on."""
MADE_AT: Final = 0
"""The same bytes for the same design: a file says nothing of when it was made."""
_STYLES: Final = {"Bold": (700, "normal"), "Medium": (500, "normal"), "Italic": (400, "italic")}
_FAMILIES: Final = {"Vollkorn": "Vollkorn", "NotoSerif": "Noto Serif", "PipedScript": "Piped Script"}
_compiling = Lock()


# ── The sleeve ───────────────────────────────────────────────────────────────────────────────────


def wrapper_pdf(design: Design, family: Family) -> bytes:
    """With trim and bleed boxes, crop and fold marks, and its type embedded."""
    photo = photos.printed(design.wrapper.photo)
    sleeve = flat_sleeve(design, family, photo=photo is not None, shop=settings.SHOP_NAME)
    said = {
        "title": f"{design.code} · {family.key}",
        "width": sleeve.width,
        "height": sleeve.height,
        "bleed": BLEED,
        "room": ROOM,
        "paper": _hex(sleeve.palette.paper),
        "settings": [_typed(setting) for setting in sleeve.settings],
        "photo": _box(sleeve.photo) if photo and sleeve.photo else None,
        "code": _box(sleeve.code),
        "folds": list(sleeve.folds),
        "slug": f"{design.code}  ·  {family.key}  ·  {sleeve.width:g} × {sleeve.height:g} mm  ·  sRGB",
    }
    pdf = compiled(
        "wrapper.typ",
        sleeve=json.dumps(said),
        shapes=_svg(sleeve.shapes, sleeve.width, sleeve.height, BLEED),
        code=_scanned(design),
        photo=_photo_svg(photo, sleeve.photo) if photo and sleeve.photo else "",
    )
    return _boxed(pdf, sleeve)


def _typed(setting: Setting) -> dict[str, Any]:
    lettered = setting.lettered
    return {
        "lines": [
            {"text": line, "baseline": baseline}
            for line, baseline in zip(lettered.lines, lettered.baselines(setting.top), strict=True)
        ],
        "x": setting.x,
        "size": lettered.size,
        "colour": _hex(setting.colour),
        "features": list(lettered.voice.features),
        "tracking": lettered.voice.tracking,
        **_face(lettered),
    }


def _face(lettered: Lettered) -> dict[str, Any]:
    family, style = lettered.face.split("-")
    weight, slant = _STYLES[style]
    return {"family": _FAMILIES[family], "weight": weight, "style": slant}


def _scanned(design: Design) -> str:
    # On every pack the same address, whoever prints it; it leads each visitor on in their own language.
    with translation.override(settings.LANGUAGE_CODE):
        address = settings.SHOP_URL + reverse("configurator:design", args=[design.digest])
    return segno.make(address, error="m", micro=False).svg_inline(border=0, dark="#1a1210")


def _photo_svg(photo: Image.Image, box: Box) -> str:
    """As many pixels as it has, up to what the press can show."""
    dots = FINEST_DPI / 25.4
    share = min(photo.width / box.width, photo.height / box.height, dots)
    size = (round(box.width * share), round(box.height * share))
    return _picture_svg(ImageOps.fit(photo, size, Image.Resampling.LANCZOS))


def _svg(shapes: Sequence[Shape], width: float, height: float, bleed: float) -> str:
    """The pattern as lines and areas, cut at the bleed."""
    parts = "".join(map(_path, shapes))
    box = f"{-bleed} {-bleed} {width + 2 * bleed} {height + 2 * bleed}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{parts}</svg>'


def _path(shape: Shape) -> str:
    points = "L".join(f"{x:.3f} {y:.3f}" for x, y in shape.points)
    if shape.thick:
        look = (
            f'fill="none" stroke="{_hex(shape.colour)}" stroke-width="{shape.thick}" stroke-linejoin="round"'
        )
        return f'<path d="M{points}" {look}/>'
    return f'<path d="M{points}Z" fill="{_hex(shape.colour)}"/>'


def _boxed(pdf: bytes, sleeve: FlatSleeve) -> bytes:
    """Where the sheet is cut and how far it is printed, in the words of PDF."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    page = writer.pages[0]
    page.trimbox = _rectangle(sleeve, 0)
    page.bleedbox = _rectangle(sleeve, BLEED)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def _rectangle(sleeve: FlatSleeve, out: float) -> RectangleObject:
    """PDF counts from the lower left corner."""
    left = (ROOM - out) * POINTS_PER_MM
    width, height = ((side + 2 * out) * POINTS_PER_MM for side in (sleeve.width, sleeve.height))
    return RectangleObject((left, left, left + width, left + height))


# ── The transfer print ───────────────────────────────────────────────────────────────────────────


class NothingToPrint(LookupError):
    """No transfer print lies on this bar."""


def transfer_pdf(design: Design, family: Family) -> bytes:
    """The customer's photo or words as the picture shows them. Raises NothingToPrint and PhotoUnknown."""
    if not design.has(PRINT):
        raise NothingToPrint(design.digest)
    photo = photos.printed(design.inscription.photo)
    if design.inscription.photo and photo is None:
        raise PhotoUnknown(design.inscription.photo.digest)
    width, height = carried_mm(design, family, PRINT)
    dots = FINEST_DPI / 25.4
    ground = hex_colour(family.modules[design.base].colour) if design.base else GROUND
    words, size = words_of(design, photo), (round(width * dots), round(height * dots))
    film = inscribed(family.modules[PRINT], words, size, ground, dots).getchannel("A")
    ink = "brown" if ink_on(ground) == COCOA else "white"
    said = {
        "title": f"{design.code} · {family.key}",
        "width": width,
        "height": height,
        "room": ROOM,
        "slug": f"{design.code}  ·  {family.key}  ·  {width:g} × {height:g} mm  ·  black prints {ink}",
    }
    picture = _picture_svg(ImageChops.invert(film))
    return compiled("transfer.typ", transfer=json.dumps(said), picture=picture)


# ── The sheet to lay a bar on ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    name: str
    grams: str
    pieces: int


def placement_pdf(design: Design, family: Family, locale: str) -> bytes:
    """Every piece at its true place and size, on A4: print it at 100 %."""
    scene = lay_out(design, family)
    numbers = numbered(design, family)
    rows = _rows(design, family, scene, locale)
    said = {
        "title": design.name or design.code,
        "code": design.code,
        "family": family.name.to(locale),
        "base": family.modules[design.base].name.to(locale) if design.base else "",
        "length": family.length / 10,
        "width": family.width / 10,
        "rows": [[row.number, row.name, f"{row.grams} g", row.pieces] for row in rows],
        "numbers": [_number(piece, family, scene, numbers) for piece in scene.pieces],
        "words": _WORDS[locale if locale in _WORDS else "en"],
    }
    return compiled("placement.typ", plan=json.dumps(said), drawing=_plan_svg(scene, family))


def _rows(design: Design, family: Family, scene: Scene, locale: str) -> list[_Row]:
    """What lies on top, by the numbers of the ticket."""
    on_top = [
        (numbered(design, family)[choice.slot, choice.module], choice, family.modules[choice.module])
        for slot in family.slots
        if "mix-in" not in slot.kinds
        for choice in design.in_slot(slot.key)
    ]
    return [
        _Row(
            number, module.name.to(locale), written(grams(choice.mg), locale), fitting(choice, module, scene)
        )
        for number, choice, module in sorted(on_top, key=lambda row: row[0])
    ]


def _number(
    piece: Piece, family: Family, scene: Scene, numbers: dict[tuple[str, str], int]
) -> dict[str, float | int | bool]:
    outline = outline_of(family.modules[piece.module], piece.count, scene.length, scene.width, piece.size)
    return {
        "number": numbers[piece.slot, piece.module],
        "x": piece.x / 10,
        "y": piece.y / 10,
        "room": min(outline.length, outline.width) / 10,
        "strewn": piece.count != 1,
    }


def _plan_svg(scene: Scene, family: Family) -> str:
    edge = _outline(family)
    pieces = "".join(
        _piece_path(piece, family.modules[piece.module], scene)
        for piece in sorted(scene.pieces, key=lambda piece: piece.count == 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {family.length / 10 + 2} {family.width / 10 + 2}">'
        f"{_grid(family)}{pieces}"
        f'<path d="{edge}" fill="none" stroke="#000" stroke-width="0.4"/></svg>'
    )


def _outline(family: Family) -> str:
    points = outline_points(family.outline, family.length, family.width)
    return _closed([(x / 10, y / 10) for x, y in points])


def _grid(family: Family) -> str:
    """Every centimetre a line, every five a stronger one."""
    length, width = family.length / 10, family.width / 10
    upright = "".join(
        f'<path d="M{x} 0V{width}" stroke="#000" stroke-opacity="0.35" stroke-width="{_thick(x)}"/>'
        for x in range(0, int(length) + 1, 10)
    )
    level = "".join(
        f'<path d="M0 {y}H{length}" stroke="#000" stroke-opacity="0.35" stroke-width="{_thick(y)}"/>'
        for y in range(0, int(width) + 1, 10)
    )
    return upright + level


def _thick(place: int) -> float:
    return 0.18 if place % 50 == 0 else 0.08


def _piece_path(piece: Piece, module: Module, scene: Scene) -> str:
    outline = outline_of(module, piece.count, scene.length, scene.width, piece.size)
    points = (
        _rectangle_points(outline.length, outline.width)
        if outline.square
        else _oval(outline.length, outline.width)
    )
    turned = _turned(points, piece.turn, piece.x, piece.y)
    colour = hex_colour(module.colour)
    strewn = 'stroke-dasharray="0.8 0.6" fill-opacity="0.12"' if piece.count != 1 else 'fill-opacity="0.42"'
    return f'<path d="{_closed(turned)}" fill="{_hex(colour)}" {strewn} stroke="#000" stroke-width="0.2"/>'


def _rectangle_points(length: TenthMm, width: TenthMm) -> list[tuple[float, float]]:
    along, beside = length / 2, width / 2
    return [(-along, -beside), (along, -beside), (along, beside), (-along, beside)]


def _oval(length: TenthMm, width: TenthMm) -> list[tuple[float, float]]:
    turns = [2 * pi * place / 40 for place in range(40)]
    return [(length / 2 * cos(turn), width / 2 * sin(turn)) for turn in turns]


def _turned(
    points: list[tuple[float, float]], degrees: int, x: TenthMm, y: TenthMm
) -> list[tuple[float, float]]:
    """Counter-clockwise, where y runs down; tenths of a millimetre become millimetres."""
    cosine, sine = cos(radians(degrees)), sin(radians(degrees))
    return [((x + px * cosine + py * sine) / 10, (y - px * sine + py * cosine) / 10) for px, py in points]


def _closed(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.3f} {y:.3f}" for x, y in points) + "Z"


_WORDS: Final = {
    "en": {
        "scale": "Print at 100 %. This line is exactly 100 mm long:",
        "grid": "Grid 10 mm. Dashed: an area to strew.",
        "pieces": "pcs",
    },
    "de": {
        "scale": "Mit 100 % drucken. Diese Linie ist genau 100 mm lang:",
        "grid": "Raster 10 mm. Gestrichelt: eine Fläche zum Streuen.",
        "pieces": "Stk.",
    },
}


# ── Both ─────────────────────────────────────────────────────────────────────────────────────────


def compiled(file: str, **inputs: str) -> bytes:
    # One compiler serves a process; it is not made for two threads at once.
    with _compiling:
        pdf = _compiler(file).compile(format="pdf", sys_inputs=inputs, timestamp=MADE_AT)
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _compiler(file: str) -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(str(FOLDER / file), root=str(FOLDER), font_paths=fonts)


def _picture_svg(picture: Image.Image) -> str:
    # typst takes pictures as files or text; a picture inside an SVG needs no file.
    file = BytesIO()
    picture.save(file, "JPEG", quality=94, subsampling=0)
    width, height = picture.size
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'xlink:href="data:image/jpeg;base64,{b64encode(file.getvalue()).decode()}"/></svg>'
    )


def _box(box: Box) -> dict[str, float]:
    return {"left": box.left, "top": box.top, "width": box.width, "height": box.height}


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
