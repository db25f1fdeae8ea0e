"""Seeded chance for drawing: the same sprite every time it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

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

    def one_of(self, things: Sequence[T]) -> T:
        return things[int(self.between(0, len(things)))]
