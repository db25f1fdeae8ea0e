"""The steps of a design: where one was, where one is, where one can go again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MOST_STEPS: Final = 50
"""That can be undone; what is older is forgotten."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Digests of designs; ``future`` is kept as a stack, the next one last."""

    past: tuple[str, ...]
    now: str
    future: tuple[str, ...] = ()

    def changed(self, to: str) -> Steps:
        return self if to == self.now else Steps((*self.past, self.now)[-MOST_STEPS:], to)

    def undone(self) -> Steps:
        if not self.past:
            return self
        return Steps(self.past[:-1], self.past[-1], (*self.future, self.now))

    def redone(self) -> Steps:
        if not self.future:
            return self
        return Steps((*self.past, self.now), self.future[-1], self.future[:-1])

    def at(self, digest: str) -> Steps:
        """The same steps, seen from another one of them; a strange one counts as a change."""
        if digest == self.now:
            return self
        if digest in self.past:
            return self.undone().at(digest)
        if digest in self.future:
            return self.redone().at(digest)
        return self.changed(digest)

    def among(self, known: Iterable[str]) -> Steps:
        """Without the steps to designs that are no longer kept."""
        kept = frozenset(known)
        past = tuple(digest for digest in self.past if digest in kept)
        return Steps(past, self.now, tuple(digest for digest in self.future if digest in kept))
