"""How large letters are in their type: read from the font file, where the law is measured."""

from __future__ import annotations

from functools import cache
from struct import unpack_from

from configurator.rendering.lettering import FONTS

# Offsets in the tables of the OpenType specification.
UNITS_PER_EM = 18
X_HEIGHT = 86
CAP_HEIGHT = 88
FIRST_OUTLINE_VERSION = 2


class TypeUnmeasured(ValueError):
    """The font file does not say how large its letters are."""


def x_ratio(face: str) -> float:
    """Height of the small x, as a share of the type size."""
    return _of_em(face, X_HEIGHT)


def digit_ratio(face: str) -> float:
    """Lining digits stand a hair lower than capitals; 1.5 % make sure that they are never too small."""
    return _of_em(face, CAP_HEIGHT) * 0.985


@cache
def _of_em(face: str, offset: int) -> float:
    file = (FONTS / f"{face}.ttf").read_bytes()
    os2, head = _table(file, b"OS/2"), _table(file, b"head")
    (version,) = unpack_from(">H", file, os2)
    if version < FIRST_OUTLINE_VERSION:
        raise TypeUnmeasured(face)
    (height,) = unpack_from(">h", file, os2 + offset)
    (units,) = unpack_from(">H", file, head + UNITS_PER_EM)
    return float(height / units)


def _table(file: bytes, tag: bytes) -> int:
    (tables,) = unpack_from(">H", file, 4)
    for number in range(tables):
        name, _checksum, offset, _length = unpack_from(">4sLLL", file, 12 + 16 * number)
        if name == tag:
            return int(offset)
    raise TypeUnmeasured(tag.decode())
