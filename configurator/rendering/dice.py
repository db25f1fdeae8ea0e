"""Seeded chance for drawing: the same sprite every time it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import shake_128
from typing import TypeVar

from PIL import Image

from configurator.domain.seeded import stream

T = TypeVar("T")


class Dice:
    def __init__(self, *words: str | int) -> None:
        self._stream = stream(*words)
        self._words = words
        self._thrown = 0

    def between(self, low: float, high: float) -> float:
        self._thrown += 1
        return low + (high - low) * (self._stream.at(self._thrown) >> 11) / 2**53

    def around(self, middle: float, share: float) -> float:
        return middle * self.between(1 - share, 1 + share)

    def one_of(self, things: Sequence[T]) -> T:
        return things[int(self.between(0, len(things)))]

    def clouds(self, size: tuple[int, int], cell: float) -> Image.Image:
        """Grey noise whose blots are about ``cell`` pixels wide."""
        self._thrown += 1
        columns, rows = (max(2, round(length / max(1.0, cell)) + 2) for length in size)
        seed = "\x1f".join(str(word) for word in (*self._words, self._thrown))
        grains = shake_128(seed.encode()).digest(columns * rows)
        return Image.frombytes("L", (columns, rows), grains).resize(size, Image.Resampling.BICUBIC)
