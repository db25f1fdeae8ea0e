"""Signs that pieces can be laid in, as strokes of whole numbers in a box 120 high."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, pairwise
from math import isqrt
from typing import TypeAlias

Point: TypeAlias = tuple[int, int]

HEIGHT = 120


@dataclass(frozen=True)
class Stroke:
    """A line along which pieces are laid. An end that touches another stroke belongs to that one."""

    points: tuple[Point, ...]
    start: bool = True
    end: bool = True

    @cached_property
    def ways(self) -> tuple[int, ...]:
        """How far along the line each of its points lies, but for the first; none for a dot."""
        legs = pairwise(self.points)
        return tuple(accumulate(isqrt((end - x) ** 2 + (bottom - y) ** 2) for (x, y), (end, bottom) in legs))

    @property
    def length(self) -> int:
        return self.ways[-1] if self.ways else 0


# Strokes are parted by "|"; a "~" marks an end that belongs to another stroke; a line that ends where
# it began is closed.
_BOWL = "40,0 60,5 73,17 79,36 80,60 79,84 73,103 60,115 40,120"
_SIGNS = {
    "A": "0,120 20,60 40,0 | ~ 40,0 60,60 80,120 | ~ 16,78 64,78 ~",
    "B": "0,0 0,60 0,120 | ~ 0,0 46,0 62,5 70,16 70,40 62,52 46,57 0,57 ~"
    " | ~ 46,57 66,63 76,75 76,100 66,114 48,120 0,120 ~",
    "C": "78,26 68,11 54,3 40,0 24,3 11,14 3,32 0,60 3,88 11,106 24,117 40,120 54,117 68,109 78,94",
    "D": "0,0 0,60 0,120 | ~ 0,0 36,0 56,6 70,20 78,40 80,60 78,80 70,100 56,114 36,120 0,120 ~",
    "E": "72,0 0,0 0,120 72,120 | ~ 0,58 60,58",
    "F": "72,0 0,0 0,120 | ~ 0,58 58,58",
    "G": "78,24 68,10 54,3 40,0 24,3 11,14 3,32 0,60 3,88 11,106 24,117 42,120 62,114 78,100 78,64 48,64",
    "H": "0,0 0,120 | 80,0 80,120 | ~ 0,60 80,60 ~",
    "I": "0,0 0,120",
    "J": "60,0 60,84 56,104 46,116 32,120 18,116 8,106 2,90",
    "K": "0,0 0,120 | 76,0 0,72 ~ | ~ 28,46 80,120",
    "L": "0,0 0,120 70,120",
    "M": "0,120 0,0 | ~ 0,0 50,78 100,0 ~ | 100,0 100,120",
    "N": "0,120 0,0 | ~ 0,0 84,120 ~ | 84,120 84,0",
    "O": f"{_BOWL} 20,115 7,103 1,84 0,60 1,36 7,17 20,5 40,0",
    "P": "0,120 0,0 | ~ 0,0 46,0 64,5 74,18 74,46 64,59 46,64 0,64 ~",
    "Q": f"{_BOWL} 20,115 7,103 1,84 0,60 1,36 7,17 20,5 40,0 | 52,90 84,124",
    "R": "0,120 0,0 | ~ 0,0 46,0 64,5 74,18 74,44 64,57 46,62 0,62 ~ | ~ 40,62 78,120",
    "S": "74,22 66,9 54,2 38,0 20,4 8,14 4,30 10,45 24,54 56,65 70,75 75,90 70,106 58,116 38,120 20,117 8,108 0,95",
    "T": "0,0 42,0 84,0 | ~ 42,0 42,120",
    "U": "0,0 0,76 4,98 14,112 28,119 40,120 52,119 66,112 76,98 80,76 80,0",
    "V": "0,0 42,120 | ~ 42,120 84,0",
    "W": "0,0 28,120 | ~ 28,120 56,24 84,120 ~ | 84,120 112,0",
    "X": "0,0 80,120 | 80,0 40,60 ~ | ~ 40,60 0,120",
    "Y": "0,0 42,58 | ~ 42,58 84,0 | ~ 42,58 42,120",
    "Z": "0,0 80,0 0,120 80,120",
    "0": f"{_BOWL} 20,115 7,103 1,84 0,60 1,36 7,17 20,5 40,0",
    "1": "8,26 40,0 40,120",
    "2": "2,30 8,13 22,3 40,0 58,4 70,16 73,32 68,48 0,120 78,120",
    "3": "2,14 18,3 38,0 58,4 69,15 70,34 60,49 36,56 | ~ 36,56 62,62 75,76 76,94 66,110 46,119 24,118 0,104",
    "4": "62,120 62,0 | ~ 62,0 0,84 | ~ 0,84 62,84 ~ | ~ 62,84 84,84",
    "5": "70,0 10,0 6,52 24,46 44,46 62,54 73,68 75,86 68,104 54,116 36,120 18,116 0,104",
    "6": "66,8 48,0 30,8 14,26 4,52 0,80 4,102 16,115 38,120 60,115 74,100 76,82 70,64 56,54 38,51 18,58 4,74 ~",
    "7": "0,0 80,0 30,120",
    "8": "40,0 60,4 70,15 70,38 60,51 40,56 20,51 10,38 10,15 20,4 40,0"
    " | ~ 40,56 64,62 78,76 79,98 66,114 40,120 14,114 1,98 2,76 16,62 40,56 ~",
    "9": "10,112 28,120 46,112 62,94 72,68 76,40 72,18 60,5 38,0 16,5 2,20 0,38 6,56 20,66 38,69 58,62 72,46 ~",
    "&": "88,120 26,44 20,30 20,16 28,5 42,0 56,5 64,16 62,30 50,43 18,64 4,80 2,98 12,112 32,120 52,114 70,98 86,68",
    "!": "0,0 0,76 | 0,120",
    "?": "2,28 8,12 22,3 38,0 56,4 68,15 70,32 62,48 44,62 38,84 | 38,120",
}


@cache
def strokes_of(sign: str) -> tuple[Stroke, ...]:
    return tuple(_stroke(written.split()) for written in _SIGNS[sign].split("|"))


def _stroke(words: list[str]) -> Stroke:
    start, end = words[0] != "~", words[-1] != "~"
    points = tuple(_point(word) for word in words if word != "~")
    is_closed = len(points) > 2 and points[0] == points[-1]
    return Stroke(points, start, end and not is_closed)


def _point(word: str) -> Point:
    x, y = word.split(",")
    return int(x), int(y)
