"""The papers: a colour for every base, and patterns drawn as shapes, for the screen as for the press.

Millimetres from the trimmed paper's upper left corner; patterns reach over the edge, into the bleed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from math import cos, pi, sin
from typing import TypeAlias

from configurator.domain.seeded import stream
from configurator.rendering.solids import Colour, hex_colour, lightness, towards

Point: TypeAlias = tuple[float, float]
BLEED = 3.0
_OVER = BLEED + 2


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled outline, or a stroked line when it has a thickness."""

    points: tuple[Point, ...]
    colour: Colour
    thick: float = 0.0


@dataclass(frozen=True, slots=True)
class Palette:
    paper: Colour
    figure: Colour
    """The pattern, close to the paper."""
    spark: Colour
    """What glints in the pattern."""
    label: Colour
    ink: Colour
    """Words on the label."""
    accent: Colour
    """Rules and small words on the label."""
    on_paper: Colour
    """Words on the bare paper."""

    @property
    def accent_on_paper(self) -> Colour:
        return towards(self.on_paper, self.spark, 0.6)


def palette_of(base: str, colour: str) -> Palette:
    """Its own for every base we know; for a new one a paper in its colour."""
    return _PALETTES.get(base) or _around(hex_colour(colour))


@lru_cache(maxsize=48)
def shapes(pattern: str, palette: Palette, size: tuple[float, float]) -> tuple[Shape, ...]:
    """What is drawn on the paper under everything else; nothing for a plain one."""
    draw = _PATTERNS.get(pattern)
    return tuple(draw(palette, *size)) if draw else ()


def circle(x: float, y: float, radius: float, colour: Colour, points: int = 28) -> Shape:
    turns = [2 * pi * place / points for place in range(points)]
    return Shape(tuple((x + radius * cos(turn), y + radius * sin(turn)) for turn in turns), colour)


# ── Patterns ─────────────────────────────────────────────────────────────────────────────────────


def _stripes(palette: Palette, width: float, height: float) -> Iterator[Shape]:
    """Broad bands with a fine line beside each, as on a sweet shop's awning."""
    pitch = 11.0
    middle = width / 2 - round(width / 2 / pitch) * pitch - 2 * pitch
    for place in range(round(width / pitch) + 5):
        x = middle + place * pitch
        yield _upright(x - 2.6, x + 2.6, height, palette.figure)
        yield _upright(x + 5.3, x + 5.7, height, palette.spark)


def _upright(left: float, right: float, height: float, colour: Colour) -> Shape:
    top, low = -_OVER, height + _OVER
    return Shape(((left, top), (right, top), (right, low), (left, low)), colour)


def _dots(palette: Palette, width: float, height: float) -> Iterator[Shape]:
    across, down = 8.4, 7.3
    rows, columns = int((height + 2 * _OVER) / down) + 2, int((width + 2 * _OVER) / across) + 3
    for row in range(rows):
        for column in range(columns):
            x = -_OVER + (column - (row % 2) / 2) * across
            y = -_OVER + row * down
            yield circle(x, y, 1.75, palette.figure)
            yield circle(x + across / 2, y, 0.42, palette.spark, 14)


def _leaves(palette: Palette, width: float, height: float) -> Iterator[Shape]:
    """Leaves and small pods of the cocoa tree, each turned its own way."""
    across, down = 17.0, 14.0
    numbers = _numbers("leaves")
    for row in range(int((height + 2 * _OVER) / down) + 2):
        for column in range(int((width + 2 * _OVER) / across) + 3):
            x = -_OVER + (column + (row % 2) / 2 - 0.5) * across + next(numbers) % 21 / 10 - 1
            y = -_OVER + row * down + next(numbers) % 21 / 10 - 1
            turn = next(numbers) % 360 * pi / 180
            if (row + 2 * column) % 5 == 0:
                yield from _pod(palette, x, y, turn)
            else:
                yield from _leaf(palette, x, y, turn, 10.5 + next(numbers) % 30 / 10)


def _leaf(palette: Palette, x: float, y: float, turn: float, length: float) -> Iterator[Shape]:
    share = [place / 14 for place in range(15)]
    upper = [((s - 0.5) * length, -0.21 * length * sin(pi * s**0.82)) for s in share]
    lower = [((s - 0.5) * length, 0.21 * length * sin(pi * s**0.82)) for s in reversed(share)]
    yield Shape(_turned([*upper, *lower], x, y, turn), palette.figure)
    rib = [((s - 0.56) * length, 0.0) for s in share[:13]]
    yield Shape(_turned(rib, x, y, turn), palette.spark, 0.28)
    for start in (0.26, 0.42, 0.58):
        reach = 0.15 * length * sin(pi * (start + 0.1) ** 0.82)
        for side in (-1, 1):
            vein = [((start - 0.5) * length, 0.0), ((start - 0.36) * length, side * reach)]
            yield Shape(_turned(vein, x, y, turn), palette.spark, 0.18)


def _pod(palette: Palette, x: float, y: float, turn: float) -> Iterator[Shape]:
    for share, colour in (
        (1.0, palette.spark),
        (0.86, palette.figure),
        (0.52, palette.spark),
        (0.4, palette.figure),
    ):
        outline = [
            (3.9 * cos(t) * (1 + 0.08 * cos(t)), 2.1 * share * sin(t))
            for t in (2 * pi * place / 32 for place in range(32))
        ]
        yield Shape(
            _turned([(px * (0.94 if share < 1 else 1), py) for px, py in outline], x, y, turn), colour
        )


def _waves(palette: Palette, width: float, height: float) -> Iterator[Shape]:
    """Poured chocolate: scallops over scallops, each with two finer ones inside."""
    across, down = 14.0, 5.6
    rows = int((height + 2 * _OVER) / down) + 4
    for row in range(rows):
        y = -_OVER + row * down
        for column in range(int((width + 2 * _OVER) / across) + 3):
            x = -_OVER + (column - (row % 2) / 2) * across
            for radius, colour in (
                (7.0, palette.figure),
                (6.3, palette.paper),
                (4.9, palette.figure),
                (4.3, palette.paper),
                (2.7, palette.spark),
                (2.2, palette.paper),
            ):
                yield circle(x, y, radius, colour, 48)


def _confetti(palette: Palette, width: float, height: float) -> Iterator[Shape]:
    colours = (palette.figure, palette.spark, palette.figure, palette.label, palette.accent)
    pitch = 6.2
    numbers = _numbers("confetti")
    for row in range(int((height + 2 * _OVER) / pitch) + 2):
        for column in range(int((width + 2 * _OVER) / pitch) + 2):
            x = -_OVER + column * pitch + next(numbers) % 38 / 10
            y = -_OVER + row * pitch + next(numbers) % 38 / 10
            colour = colours[next(numbers) % len(colours)]
            turn = next(numbers) % 180 * pi / 180
            yield _snippet(x, y, turn, colour, next(numbers) % 4)


def _snippet(x: float, y: float, turn: float, colour: Colour, kind: int) -> Shape:
    if kind == 0:
        return circle(x, y, 0.85, colour, 20)
    if kind == 1:
        curl = [((s - 5) * 0.42, 0.5 * sin(s * 1.15)) for s in range(11)]
        return Shape(_turned(curl, x, y, turn), colour, 0.5)
    long, thin = (1.5, 0.42) if kind == 2 else (0.85, 0.85)
    corners = [(-long, -thin), (long, -thin), (long, thin), (-long, thin)]
    return Shape(_turned(corners, x, y, turn), colour)


def _numbers(pattern: str) -> Iterator[int]:
    """Always the same ones: a paper looks the same on every bar."""
    return map(stream("paper", pattern).at, count())


def _turned(points: list[Point], x: float, y: float, turn: float) -> tuple[Point, ...]:
    cosine, sine = cos(turn), sin(turn)
    return tuple((x + px * cosine - py * sine, y + px * sine + py * cosine) for px, py in points)


_PATTERNS: dict[str, Callable[[Palette, float, float], Iterator[Shape]]] = {
    "stripes": _stripes,
    "dots": _dots,
    "leaves": _leaves,
    "waves": _waves,
    "confetti": _confetti,
}


# ── Colours ──────────────────────────────────────────────────────────────────────────────────────


def _palette(
    paper: str, figure: str, spark: str, label: str, ink: str, accent: str, on_paper: str
) -> Palette:
    return Palette(*map(hex_colour, (paper, figure, spark, label, ink, accent, on_paper)))


def _around(colour: Colour) -> Palette:
    """A paper for a base that has none of its own."""
    ink = towards(colour, (30, 16, 10), 0.75)
    dark = lightness(colour) < 0.43
    paper = towards(colour, (30, 30, 34), 0.35) if dark else towards(colour, (255, 250, 240), 0.45)
    cream: Colour = (250, 242, 226)
    return Palette(
        paper,
        towards(paper, cream if dark else ink, 0.16),
        towards(paper, (214, 170, 96) if dark else (120, 78, 30), 0.6),
        cream,
        ink,
        towards(ink, (150, 100, 40), 0.45),
        cream if dark else ink,
    )


_CREAM = "#FAF2E2"
_PALETTES = {
    # base: paper, figure, spark, label, ink, accent, words on the paper
    "dark_60": _palette("#24423A", "#315648", "#C9A25C", _CREAM, "#2A1A12", "#8A6524", "#F6EBD4"),
    "dark_65_nas": _palette("#26404F", "#345567", "#D0A878", _CREAM, "#1F2A30", "#85592A", "#F3EADA"),
    "dark_72": _palette("#3B2140", "#503056", "#D3A15E", _CREAM, "#2B1526", "#8B5A1E", "#F7E9D6"),
    "dark_85": _palette("#211D20", "#353034", "#BF7F4F", "#F4EBDD", "#1E1614", "#8E4F24", "#F0E2CF"),
    "milk_37": _palette("#E4B77C", "#D79F5C", "#A5602A", "#FDF4E3", "#4B2411", "#9A5218", "#4B2411"),
    "milk_50": _palette("#A5492F", "#B86045", "#F0C58E", "#FBF0DF", "#48190F", "#9B3F22", "#FCEBD6"),
    "gianduja_milk": _palette("#C8AF86", "#B6986A", "#7C5A2E", "#FAF3E3", "#3C2813", "#7C5420", "#3C2813"),
    "white_32": _palette("#C7D6D9", "#AFC4C9", "#5F868F", "#FCF9F1", "#22393F", "#446C75", "#22393F"),
    "blond_33": _palette("#F0CB84", "#E6B660", "#A86E1C", "#FFF8E8", "#4A2E0B", "#8C5A10", "#4A2E0B"),
    "ruby_35": _palette("#E9B3B9", "#DD959F", "#A33050", "#FFF4F1", "#571428", "#9B2747", "#571428"),
    "vegan_almond": _palette("#A9B891", "#94A67A", "#56663A", "#F9F6E9", "#2A3319", "#546232", "#26301A"),
    "vegan_rice": _palette("#4F7264", "#62877A", "#E0C58D", "#F7F4E6", "#1C3028", "#46695B", "#F4EDD8"),
    "vegan_white": _palette("#DCE5CB", "#C5D3AE", "#7E9460", "#FDFBF2", "#303C1E", "#5F7440", "#303C1E"),
}
