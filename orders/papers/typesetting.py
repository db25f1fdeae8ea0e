"""Papers of the office, set by typst with the project's own fonts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final, Literal
from unicodedata import category

import typst
from PIL import ImageFont

from configurator.rendering.lettering import FONTS as SERIF_FONTS
from orders.production.tickets import FOLDER as FLOOR

FOLDER: Final = Path(__file__).parent
UNSHOWN: Final = "could not be displayed"
JOINERS: Final = ("Cf", "Mn", "Me")
"""Signs that only change others: without those they say nothing."""
_compiling = Lock()


def archived(file: str, *, made_at: int, **inputs: str) -> bytes:
    """As PDF/A-3a: readable for as long as it must be kept, by screen readers too.

    An archive takes no sign that its fonts cannot show; such a sign of a name becomes a question mark on paper.
    """
    try:
        return _compiled(file, made_at, inputs, "a-3a")
    except typst.TypstError as refused:
        if UNSHOWN not in str(refused):
            raise
    shown = inputs | {"sheet": "".join(map(_shown, inputs["sheet"]))}
    return _compiled(file, made_at, shown, "a-3a")


def printed(file: str, *, made_at: int, **inputs: str) -> bytes:
    return _compiled(file, made_at, inputs)


def _compiled(
    file: str, made_at: int, inputs: dict[str, str], standard: Literal["a-3a"] | None = None
) -> bytes:
    # One compiler serves a process; it is not made for two threads at once.
    with _compiling:
        pdf = _compiler(file).compile(
            format="pdf", sys_inputs=inputs, timestamp=made_at, pdf_standards=standard
        )
    assert isinstance(pdf, bytes)
    return pdf


def _shown(sign: str) -> str:
    if sign.isascii() or sign.isspace() or any(_has(face, sign) for face in _faces()):
        return sign
    return "" if category(sign) in JOINERS else "?"


def _has(face: ImageFont.FreeTypeFont, sign: str) -> bool:
    return bytes(face.getmask(sign)) != bytes(face.getmask("\uffff"))


@cache
def _faces() -> tuple[ImageFont.FreeTypeFont, ...]:
    files = (FLOOR / "fonts" / "HankenGrotesk-Regular.ttf", SERIF_FONTS / "NotoSerif-Bold.ttf")
    return tuple(ImageFont.truetype(file, 12) for file in files)


@cache
def _compiler(file: str) -> typst.Compiler:
    folders = [str(FLOOR / "fonts"), str(SERIF_FONTS)]
    fonts = typst.Fonts(include_system_fonts=False, font_paths=folders)
    return typst.Compiler(str(FOLDER / file), root=str(FOLDER), font_paths=fonts)
