"""How much the photo of a finished bar looks like its design: a hint for a person, never a verdict.

Both pictures are cut down to the bar, laid over a coarse grid, and compared in two ways: whether light, dark and
coloured places lie where they should (correlation, so that lamp and camera matter little), and whether the bar
has the right colour at all. A bar may be photographed upside down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import sqrt
from typing import Final

from PIL import Image, ImageChops, ImageFilter

ACROSS: Final = 24
DOWN: Final = 12
"""Cells of the grid: about the size of a nut on a bar of 100 g."""
LOOKED_AT: Final = 320
"""Pixels across are enough to find the bar."""
UNLIKE_GROUND: Final = 36
"""Of 255: what differs more from the table belongs to the bar."""
LEAST_OF_PHOTO: Final = 0.08
"""A smaller spot is no bar: then the whole photo counts."""
RIM: Final = 0.07
"""Of the bar, at each of its edges."""
NUDGES: Final = (-0.04, -0.02, 0.0, 0.02, 0.04)
"""Of the bar: so far off it is looked for."""
GROWN: Final = (-0.025, 0.0, 0.025)
SOLID: Final = 200
"""Of 255: what lets less through is bar and no shadow."""
FARTHEST: Final = 90
"""Of 255: so far away a colour has nothing in common any more."""
STREWN: Final = 14.0
"""So much the cells of a bar differ on which something lies."""
STRUCTURE: Final = 0.65
"""Of the whole; the rest is its colour."""

ALIKE: Final = 700
UNLIKE: Final = 450

Box = tuple[float, float, float, float]
Cells = tuple[list[float], list[float], list[float]]
"""Lightness and two colours, of those cells that are bar."""


def likeness(photo: Image.Image, drawn: Image.Image) -> int:
    """Permille: 1000 for the very same picture. ``drawn`` is the bar cut out, on nothing."""
    bar, inside = _on_its_own(drawn)
    wanted = _cells(bar, _middle(bar), inside)
    taken = _bar_in(photo)
    both_ways = (taken, taken.transpose(Image.Transpose.ROTATE_180))
    return max(_alike(_cells(each, box, inside), wanted) for each in both_ways for box in _nearby(each))


def _alike(taken: Cells, wanted: Cells) -> int:
    colour = max(0.0, 1 - _colour_apart(taken, wanted) / FARTHEST)
    # Where nothing lies on either, there is nothing to correlate.
    weight = min(1.0, max(_spread(wanted), _spread(taken)) / STREWN) * STRUCTURE
    structure = max(0.0, _correlation(taken, wanted)) if weight else 0.0
    return round(1000 * (weight * structure + (1 - weight) * colour))


# ── Down to the bar ──────────────────────────────────────────────────────────────────────────────


def _bar_in(photo: Image.Image) -> Image.Image:
    """What differs from the table at the photo's edge, lying across."""
    picture = photo.convert("RGB")
    picture.thumbnail((LOOKED_AT, LOOKED_AT))
    ground = Image.new("RGB", picture.size, _ground(picture))
    apart = ImageChops.difference(picture, ground)
    most = _largest(apart).filter(ImageFilter.MedianFilter(5))
    box = most.point(lambda level: 255 * (level > UNLIKE_GROUND)).getbbox()
    if box and (box[2] - box[0]) * (box[3] - box[1]) >= LEAST_OF_PHOTO * picture.width * picture.height:
        picture = picture.crop(box)
    if picture.height > picture.width:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
    return picture


def _ground(picture: Image.Image) -> tuple[int, int, int]:
    """The colour in the middle of those around the edge."""
    width, height = picture.size
    rim = [
        *(picture.crop((0, y, width, y + 1)) for y in (0, height - 1)),
        *(picture.crop((x, 0, x + 1, height)) for x in (0, width - 1)),
    ]
    bands = ([level for strip in rim for level in strip.getchannel(band).tobytes()] for band in range(3))
    red, green, blue = (sorted(levels)[len(levels) // 2] for levels in bands)
    return red, green, blue


def _largest(apart: Image.Image) -> Image.Image:
    red, green, blue = apart.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _on_its_own(drawn: Image.Image) -> tuple[Image.Image, list[bool]]:
    """Cut to its outline; and which cells are bar: a heart has empty corners."""
    body = drawn.convert("RGBA")
    solid = body.getchannel("A").point(lambda level: 255 * (level > SOLID))
    box = solid.getbbox() or (0, 0, *body.size)
    body, solid = body.crop(box), solid.crop(box)
    grid = solid.resize((ACROSS, DOWN), Image.Resampling.BOX, box=_middle(body))
    return body.convert("RGB"), [level > SOLID for level in grid.tobytes()]


# ── Comparing ────────────────────────────────────────────────────────────────────────────────────


def _middle(bar: Image.Image, *, across: float = 0, down: float = 0, larger: float = 0) -> Box:
    """Without the rim, which is the same on every bar; moved and grown by shares of the bar."""
    rim = RIM - larger
    return (
        (rim + across) * bar.width,
        (rim + down) * bar.height,
        (1 - rim + across) * bar.width,
        (1 - rim + down) * bar.height,
    )


def _nearby(bar: Image.Image) -> Iterator[Box]:
    """A bar is rarely found to the millimetre."""
    for across, down, larger in product(NUDGES, NUDGES, GROWN):
        yield _middle(bar, across=across, down=down, larger=larger)


def _cells(bar: Image.Image, box: Box, inside: list[bool]) -> Cells:
    grid = bar.resize((ACROSS, DOWN), Image.Resampling.BOX, box=box).convert("YCbCr")
    light, blue, red = (
        [
            float(level)
            for level, is_bar in zip(grid.getchannel(band).tobytes(), inside, strict=True)
            if is_bar
        ]
        for band in range(3)
    )
    return light, blue, red


def _correlation(one: Cells, other: Cells) -> float:
    """Over all three, each by itself around its mean: −1 to 1."""
    first = [level for band in one for level in _around_mean(band)]
    second = [level for band in other for level in _around_mean(band)]
    both = sqrt(sum(a * a for a in first) * sum(b * b for b in second))
    return sum(a * b for a, b in zip(first, second, strict=True)) / both if both else 0.0


def _colour_apart(one: Cells, other: Cells) -> float:
    # How light a photo is depends on the lamp, so that counts half.
    light, blue, red = (abs(_mean(a) - _mean(b)) for a, b in zip(one, other, strict=True))
    return sqrt((light / 2) ** 2 + (2 * blue) ** 2 + (2 * red) ** 2)


def _spread(cells: Cells) -> float:
    levels = [level for band in cells for level in _around_mean(band)]
    return sqrt(sum(level * level for level in levels) / len(cells[0]))


def _around_mean(levels: Sequence[float]) -> list[float]:
    mean = _mean(levels)
    return [level - mean for level in levels]


def _mean(levels: Sequence[float]) -> float:
    return sum(levels) / len(levels)
