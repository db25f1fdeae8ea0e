"""Type: which face can set a text, how large it stands in its room, and setting it.

Lengths are millimetres; sizes are those of the em.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

from PIL import Image, ImageDraw, ImageFont

from configurator.rendering.solids import Colour

FONTS = Path(__file__).resolve().parent / "fonts"
LONGEST = 200
"""Signs. A longer text is refused before anything is measured, so that it costs nothing."""
MEASURED_AT = 1000
ASCENT, DESCENT = 0.74, 0.24
"""Of an em: what a line of these faces takes above and below the line it stands on."""


class TextTooLong(ValueError):
    def __init__(self, signs: int) -> None:
        super().__init__(f"{signs} signs are more than any paper of ours holds")
        self.signs = signs


class TextTooWide(ValueError):
    """Even in the smallest type that can be read."""

    def __init__(self, needed_mm: float, room_mm: float) -> None:
        super().__init__(f"The text needs {needed_mm:.1f} mm, there are {room_mm:.1f} mm")
        self.needed_mm, self.room_mm = needed_mm, room_mm


@dataclass(frozen=True, slots=True)
class Voice:
    """A manner of setting text: the faces that are tried in turn, and what is asked of them."""

    faces: tuple[str, ...]
    features: tuple[str, ...] = ()
    tracking: float = 0.0
    """Of an em, between letters."""


NAME = Voice(("Vollkorn-Bold", "NotoSerif-Bold"))
WORDS = Voice(("Vollkorn-Italic", "NotoSerif-Italic"))
CAPITALS = Voice(("Vollkorn-Medium", "NotoSerif-Bold"), ("smcp", "c2sc", "lnum"), 0.14)
FIGURES = Voice(("Vollkorn-Medium", "NotoSerif-Bold"), ("lnum",), 0.08)
PIPED = Voice(("PipedScript-Bold", "Vollkorn-Italic", "NotoSerif-Italic"))


@dataclass(frozen=True, slots=True)
class Lettered:
    """A text as it is set: every line in one face and one size."""

    lines: tuple[str, ...]
    voice: Voice
    face: str
    size: float
    leading: float
    width: float
    """Of the longest line."""

    @property
    def height(self) -> float:
        return self.size * (ASCENT + DESCENT + self.leading * (len(self.lines) - 1))

    def baselines(self, top: float) -> tuple[float, ...]:
        first = top + self.size * ASCENT
        return tuple(first + self.size * self.leading * place for place in range(len(self.lines)))


def fit(
    text: str,
    room: tuple[float, float],
    voice: Voice,
    *,
    largest: float,
    smallest: float,
    most_lines: int = 1,
    leading: float = 1.12,
) -> Lettered:
    """As large as the room allows, in as many lines as that takes. Raises TextTooLong and TextTooWide."""
    if len(text) > LONGEST:
        raise TextTooLong(len(text))
    face = face_for(text, voice)
    set_ = [
        _set(lines, voice, face, room, largest=largest, leading=leading)
        for lines in _broken(text, voice, face, most_lines)
    ]
    best = max(set_, key=lambda one: (round(one.size, 3), -len(one.lines)))
    if best.size < smallest:
        tightest = min(set_, key=lambda one: one.width / one.size)
        raise TextTooWide(tightest.width / tightest.size * smallest, room[0])
    return best


def squeezed(text: str, room: tuple[float, float], voice: Voice, *, largest: float) -> Lettered:
    """For the picture of a design that cannot be ordered yet: smaller than can be printed, but all of it."""
    return fit(text[:LONGEST], room, voice, largest=largest, smallest=0, most_lines=4)


def face_for(text: str, voice: Voice) -> str:
    """The first face that has all the signs; the last one has every sign we print."""
    return next((face for face in voice.faces if all(_has(face, sign) for sign in text)), voice.faces[-1])


@lru_cache(maxsize=2048)
def width_of(text: str, voice: Voice, face: str) -> float:
    """In ems."""
    font = _font(face, MEASURED_AT)
    parts = _parts(text, voice)
    widths = sum(font.getlength(part, features=list(voice.features) or None) for part in parts)
    return widths / MEASURED_AT + voice.tracking * (len(parts) - 1)


def draw(
    picture: Image.Image,
    lettered: Lettered,
    place: tuple[float, float],
    colour: Colour | int,
    px_per_mm: float,
    *,
    thick: float = 0,
) -> None:
    """Centred on the place's x, its top on y. ``thick`` widens every stroke, in millimetres."""
    pen, font = ImageDraw.Draw(picture), _font(lettered.face, lettered.size * px_per_mm)
    features = list(lettered.voice.features) or None
    stroke = thick * px_per_mm
    for line, baseline in zip(lettered.lines, lettered.baselines(place[1]), strict=True):
        for part, x in _places(line, lettered, place[0]):
            where = (x * px_per_mm, baseline * px_per_mm)
            pen.text(where, part, colour, font, "ls", features=features, stroke_width=stroke)


def _places(line: str, lettered: Lettered, middle: float) -> Iterator[tuple[str, float]]:
    """Each part that is drawn at once, with the left end of its baseline."""
    x = middle - width_of(line, lettered.voice, lettered.face) * lettered.size / 2
    single = Voice(lettered.voice.faces, lettered.voice.features)
    for part in _parts(line, lettered.voice):
        yield part, x
        x += (width_of(part, single, lettered.face) + lettered.voice.tracking) * lettered.size


def _parts(text: str, voice: Voice) -> Sequence[str]:
    """Spaced letters stand one by one; an accent stays with its letter."""
    if not voice.tracking:
        return [text]
    parts: list[str] = []
    for sign in text:
        if parts and unicodedata.combining(sign):
            parts[-1] += sign
        else:
            parts.append(sign)
    return parts


def _set(
    lines: tuple[str, ...],
    voice: Voice,
    face: str,
    room: tuple[float, float],
    *,
    largest: float,
    leading: float,
) -> Lettered:
    ems = max(width_of(line, voice, face) for line in lines)
    tall = ASCENT + DESCENT + leading * (len(lines) - 1)
    size = min(largest, room[0] / max(ems, 0.01), room[1] / tall)
    return Lettered(lines, voice, face, size, leading, ems * size)


def _broken(text: str, voice: Voice, face: str, most_lines: int) -> Iterator[tuple[str, ...]]:
    """For each number of lines the breaks that make the longest line shortest."""
    words = text.split() or [""]
    ends = _ends(words, voice, face)
    for count in range(1, min(most_lines, len(words)) + 1):
        starts = (*_balanced(ends, count), len(words))
        yield tuple(" ".join(words[start:end]) for start, end in pairwise(starts))


def _ends(words: list[str], voice: Voice, face: str) -> list[tuple[float, float]]:
    """Where each word begins and ends on one long line. Each is measured by itself, which is near enough
    to choose by: what shaping does between words is measured with the lines that were chosen."""
    gap = width_of("a a", voice, face) - 2 * width_of("a", voice, face)
    ends, x = [], 0.0
    for word in words:
        width = width_of(word, voice, face)
        ends.append((x, x + width))
        x += width + gap
    return ends


_Breaks: TypeAlias = tuple[float, tuple[int, ...]]
"""How long the longest line is, and which words begin the lines."""


def _balanced(ends: list[tuple[float, float]], count: int) -> tuple[int, ...]:
    best: list[_Breaks] = [(0.0, ()), *([_NEVER] * len(ends))]
    for _ in range(count):
        best = [_best_end(ends[:end], best) for end in range(len(ends) + 1)]
    return best[-1][1]


def _best_end(ends: list[tuple[float, float]], before: list[_Breaks]) -> _Breaks:
    """The last line begins with whichever word keeps the longest line shortest."""
    ways = (
        (max(before[start][0], ends[-1][1] - ends[start][0]), (*before[start][1], start))
        for start in range(len(ends))
        if before[start] is not _NEVER
    )
    return min(ways, default=_NEVER)


_NEVER: Final[_Breaks] = (float("inf"), ())


@lru_cache(maxsize=4096)
def _has(face: str, sign: str) -> bool:
    font = ImageFont.truetype(FONTS / f"{face}.ttf", 40, layout_engine=ImageFont.Layout.BASIC)
    return bytes(font.getmask(sign)) != bytes(font.getmask("\uffff"))


@lru_cache(maxsize=64)
def _font(face: str, px: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"{face}.ttf", px, layout_engine=ImageFont.Layout.RAQM)
