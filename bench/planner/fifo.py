"""What the set-up would be without a planner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from orders.production.planning.changeovers import SetUps
from orders.production.planning.kitchen import Kitchen
from orders.production.planning.values import Bar, Kind, Left, Seconds


def in_first_in_first_out(bars: Sequence[Bar], kitchen: Kitchen) -> Seconds:
    """One temperer per zone, bar after bar as they were paid."""
    return sum(_along((bar.kind for bar in of_zone), kitchen.set_ups) for of_zone in _by_zone(bars))


def by_the_day(bars: Sequence[Bar], kitchen: Kitchen) -> Seconds:
    """As many as a day holds, base by base and declaration by declaration as they first appear."""
    a_day = max(kitchen.limits(day).bars for day in kitchen.days)
    return sum(
        _along(dict.fromkeys(sorted_by_base([bar.kind for bar in of_zone])), kitchen.set_ups)
        for of_day in (bars[first : first + a_day] for first in range(0, len(bars), a_day))
        for of_zone in _by_zone(of_day)
    )


def sorted_by_base(kinds: list[Kind]) -> list[Kind]:
    first = list(dict.fromkeys(kind.base for kind in kinds))
    return sorted(kinds, key=lambda kind: first.index(kind.base))


def _by_zone(bars: Iterable[Bar]) -> tuple[list[Bar], list[Bar]]:
    free = [bar for bar in bars if bar.kind.zone == "F"]
    return free, [bar for bar in bars if bar.kind.zone == "O"]


def _along(kinds: Iterable[Kind], set_ups: SetUps) -> Seconds:
    # As if every bar began a day of its own: nobody who makes them as they come minds the courses.
    return sum(set_ups.opening(Left(before), after) for before, after in pairwise(kinds))
