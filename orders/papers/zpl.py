"""A paper for a label printer: the picture of its very PDF, so that no printer sets type of its own.

ZPL II, ``^GF`` with the printer's own shorthand for repeated digits and rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from threading import Lock
from typing import Final

from PIL import Image
from pypdfium2 import PdfDocument

DOTS_PER_INCH: Final = 300
POINTS_PER_INCH: Final = 72
DARK_BELOW: Final = 128
MOST_IN_A_SIGN: Final = 20
_rendering = Lock()


def zpl(pdf: bytes, *, has_pictures: bool = False) -> str:
    """One label a page."""
    return "".join(_label(page) for page in pages(pdf, has_pictures=has_pictures))


def pages(pdf: bytes, *, has_pictures: bool = False) -> list[Image.Image]:
    """Black and white, a pixel for each dot of the printer.

    A picture is told in dots, and its page lies with the short side across, for printers are narrow.
    """
    # The renderer is not made for two threads at once.
    with _rendering, PdfDocument(pdf) as paper:
        shots = [
            page.render(scale=DOTS_PER_INCH / POINTS_PER_INCH, grayscale=True).to_pil().convert("L")
            for page in paper
        ]
    if has_pictures:
        return [_upright(shot).convert("1") for shot in shots]
    return [shot.point(lambda grey: 255 * (grey >= DARK_BELOW), "1") for shot in shots]


def _upright(shot: Image.Image) -> Image.Image:
    return shot.transpose(Image.Transpose.ROTATE_90) if shot.width > shot.height else shot


def _label(page: Image.Image) -> str:
    # A set bit is a black dot for the printer, and a white one for us.
    rows = bytes(~octet & 0xFF for octet in page.tobytes())
    across = (page.width + 7) // 8
    spare = (1 << (8 * across - page.width)) - 1
    lines = [int.from_bytes(rows[start : start + across]) & ~spare for start in range(0, len(rows), across)]
    graphic = "".join(_rows(f"{line:0{2 * across}X}" for line in lines))
    size = across * page.height
    return (
        f"^XA^PW{page.width}^LL{page.height}^LH0,0\n^FO0,0^GFA,{size},{size},{across},{graphic}^FS\n^PQ1^XZ\n"
    )


def _rows(lines: Iterator[str]) -> Iterator[str]:
    before = None
    for line in lines:
        yield ":" if line == before else _short(line)
        before = line


def _short(line: str) -> str:
    """Zeros at its end are a comma, ones an exclamation mark; what is repeated is counted."""
    for digit, end in (("0", ","), ("F", "!")):
        if line.endswith(digit):
            return _counted(line.rstrip(digit)) + end
    return _counted(line)


def _counted(line: str) -> str:
    return "".join(_count(len(list(run))) + digit for digit, run in groupby(line))


def _count(times: int) -> str:
    """G to Y are 1 to 19, g to z the twenties up to 400."""
    if times == 1:
        return ""
    most, rest = divmod(times, MOST_IN_A_SIGN)
    twenties = "z" * (most // MOST_IN_A_SIGN)
    most %= MOST_IN_A_SIGN
    return twenties + (chr(ord("g") + most - 1) if most else "") + (chr(ord("G") + rest - 1) if rest else "")
