"""What it takes to go from one kind of bars to the next on one temperer, and when it must not be done at all.

A base is changed by emptying, scraping, refilling and tempering anew. Allergens that the next label does not
declare are cleaned away. On one day the courses only rise: what has none of an allergen's mass before what is
made of it, so that a cleaning that was not perfect can harm nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from orders.production.planning.values import MINUTE, Kind, Left, Seconds

IMPOSSIBLE: Final[Seconds] = 10**9
"""Longer than any plan: what must not follow is never chosen, whatever else it would save."""


@dataclass(frozen=True, slots=True)
class Base:
    course: int
    """When on a day: a nut mass after all others."""
    colour: int
    """From light to dark."""


FIRST, LAST = 0, 1
BASES: Final[Mapping[str, Base]] = {
    "white_32": Base(FIRST, 0),
    "vegan_white": Base(FIRST, 0),
    "blond_33": Base(FIRST, 1),
    "ruby_35": Base(FIRST, 2),
    "milk_37": Base(FIRST, 3),
    "milk_50": Base(FIRST, 5),
    "dark_60": Base(FIRST, 6),
    "dark_65_nas": Base(FIRST, 6),
    "dark_72": Base(FIRST, 7),
    "dark_85": Base(FIRST, 8),
    "vegan_rice": Base(FIRST, 4),
    "gianduja_milk": Base(LAST, 3),
    "vegan_almond": Base(LAST, 4),
}
LAST_IN_FREE_ZONE: Final = frozenset({"vegan_rice"})
"""What its suppliers cannot rule out is more than what those of dark chocolate cannot."""
UNKNOWN: Final = Base(LAST, 9)
"""A base that nobody has described yet comes after all others."""


@dataclass(frozen=True, slots=True)
class SetUps:
    """The figures of the kitchen, and what follows from them."""

    base: Seconds = 18 * MINUTE
    """Empty, scrape, refill, temper anew."""
    darker_before: Seconds = 12 * MINUTE
    """More, so that the lighter one shows no streaks."""
    nut_mass_before: Seconds = 25 * MINUTE
    """More, to get a nut mass out of the machine."""
    clean: Seconds = 10 * MINUTE
    clean_per_allergen: Seconds = 5 * MINUTE
    bases: Mapping[str, Base] = field(default_factory=lambda: BASES)
    nut_masses: frozenset[str] = frozenset({"gianduja_milk", "vegan_almond"})
    _known: dict[tuple[Kind, Kind], Seconds] = field(default_factory=dict, compare=False, repr=False)
    """Asked for again and again while a day is filled."""

    def may_follow(self, before: Kind, after: Kind) -> bool:
        return before.zone == after.zone and self._course(before) <= self._course(after)

    def between(self, before: Kind, after: Kind) -> Seconds:
        """On one day."""
        known = self._known.get((before, after))
        if known is None:
            known = self._seconds(before, after) if self.may_follow(before, after) else IMPOSSIBLE
            self._known[before, after] = known
        return known

    def opening(self, left: Left | None, first: Kind) -> Seconds:
        """A new day may begin with any course, for the temperer is made ready for it."""
        if left is None:
            return 0
        return self.between(left.kind, first) if left.same_day else self._seconds(left.kind, first)

    def each(self, kinds: Iterable[Kind], *, left: Left | None = None) -> Iterator[Seconds]:
        """Before every one of them."""
        path = list(kinds)
        if path:
            yield self.opening(left, path[0])
        for before, after in pairwise(path):
            yield self.between(before, after)

    def along(self, kinds: Iterable[Kind], *, left: Left | None = None) -> Seconds:
        return sum(self.each(kinds, left=left))

    def wheel(self, kinds: Iterable[Kind]) -> tuple[Kind, ...]:
        """The order that a kitchen knows by heart: courses, light to dark, inside a base more and more allergens."""
        return tuple(sorted(kinds, key=self.place_on_wheel))

    def place_on_wheel(self, kind: Kind) -> tuple[str, int, int, str, int, list[str]]:
        base = self._of(kind)
        return (
            kind.zone,
            self._course(kind),
            base.colour,
            kind.base,
            len(kind.declared),
            sorted(kind.declared),
        )

    def _seconds(self, before: Kind, after: Kind) -> Seconds:
        return max(self._change(before, after), self._clean(before, after))

    def _change(self, before: Kind, after: Kind) -> Seconds:
        if before.base == after.base:
            return 0
        darker = self._of(before).colour > self._of(after).colour
        nuts = before.base in self.nut_masses
        return self.base + darker * self.darker_before + nuts * self.nut_mass_before

    def _clean(self, before: Kind, after: Kind) -> Seconds:
        too_much = len(before.declared - after.declared)
        return self.clean + too_much * self.clean_per_allergen if too_much else 0

    def _course(self, kind: Kind) -> int:
        return LAST if kind.zone == "F" and kind.base in LAST_IN_FREE_ZONE else self._of(kind).course

    def _of(self, kind: Kind) -> Base:
        return self.bases.get(kind.base, UNKNOWN)
