"""The first day by which the kitchen can have made one more parcel, beside all that it has promised.

It counts what the plan counts: on each line, that is the temperers of a zone, seconds of work and of set-up
between the kinds of the day; and bars, as many as hands, moulds and cooling can take. Of all of them only the
part that may be promised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from orders.production.planning.kitchen import Kitchen
from orders.production.planning.values import Day, Kind, Seconds, Zone

Bars: TypeAlias = Mapping[Kind, int]
"""How many of each kind."""
NO_BARS: Final[Bars] = {}


class NoDayInSight(Exception):
    """There is no room for so many bars as far as the calendar goes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One parcel, and when it may leave at the earliest if somebody has a wish."""

    bars: Bars
    not_before: date | None = None


@dataclass(frozen=True, slots=True)
class Promised:
    dispatch_on: date
    bars_by_day: Mapping[date, Bars]
    """Which days the bars take up; together all of the parcel."""


def earliest(
    wanted: Wanted, days: Iterable[Day], promised: Mapping[date, Bars], kitchen: Kitchen
) -> Promised:
    """The earliest of these working days by which there is room for all bars, and they are made as late as
    possible: so they are fresh, and the near days stay free for others. Raises NoDayInSight."""
    rooms: list[Room] = []
    most: Counter[Zone] = Counter()
    asked = _by_zone(wanted.bars)
    for day in days:
        rooms.append(room := Room(day, promised.get(day.on, NO_BARS), kitchen))
        for zone in asked:
            most[zone] += room.most(zone)
        too_early = wanted.not_before is not None and day.on < wanted.not_before
        if not too_early and all(most[zone] >= bars for zone, bars in asked.items()):
            made = _as_late_as_possible(rooms, wanted.bars)
            if made is not None:
                return Promised(day.on, made)
    raise NoDayInSight


class Room:
    """What of a day may still be promised."""

    def __init__(self, day: Day, promised: Bars, kitchen: Kitchen) -> None:
        self.day, self._promised, self._kitchen = day, promised, kitchen
        self.bars = max(0, kitchen.promised_bars(day) - sum(promised.values()))

    def most(self, zone: Zone) -> int:
        """No more bars than this, whatever is made beside them."""
        limit = self._limit(zone)
        if limit is None or not self.bars:
            return self.bars
        free = limit - line_seconds(self._promised, zone, self._kitchen)
        return min(self.bars, max(0, free) // self._kitchen.work.bar)

    def holds(self, more: Bars) -> bool:
        together = Counter(self._promised) + Counter(more)
        return sum(more.values()) <= self.bars and all(
            self._is_kept(zone, together) for zone in _by_zone(more)
        )

    def taken(self, wanted: Bars) -> dict[Kind, int]:
        """As many as fit: first what is made that day anyway, for it needs no set-up."""
        taken: dict[Kind, int] = {}
        together, room = Counter(self._promised), self.bars
        wheel = self._kitchen.set_ups.place_on_wheel
        for kind in sorted(wanted, key=lambda kind: (kind not in self._promised, wheel(kind))):
            fitting = self._fitting(kind, min(wanted[kind], room), together)
            if fitting:
                taken[kind] = fitting
                together[kind] += fitting
                room -= fitting
        return taken

    def lines(self) -> dict[Zone, tuple[Seconds, Seconds]]:
        """Of each zone with temperers: promised, and what may be promised."""
        zones: list[Zone] = sorted({temperer.zone for temperer in self._kitchen.temperers})
        limits = ((zone, self._limit(zone) or 0) for zone in zones)
        return {zone: (line_seconds(self._promised, zone, self._kitchen), limit) for zone, limit in limits}

    def _fitting(self, kind: Kind, wanted: int, there: Mapping[Kind, int]) -> int:
        """The most of so many for which the line has time."""
        none, all_of_them = 0, wanted
        while none < all_of_them:
            middle = (none + all_of_them + 1) // 2
            if self._is_kept(kind.zone, {**there, kind: there.get(kind, 0) + middle}):
                none = middle
            else:
                all_of_them = middle - 1
        return none

    def _is_kept(self, zone: Zone, bars: Bars) -> bool:
        limit = self._limit(zone)
        return limit is None or line_seconds(bars, zone, self._kitchen) <= limit

    def _limit(self, zone: Zone) -> Seconds | None:
        return self._kitchen.promised_seconds(self.day, zone)


def line_seconds(bars: Bars, zone: Zone, kitchen: Kitchen) -> Seconds:
    """Work, and set-up along the wheel: the plan never needs more for the same kinds."""
    kinds = [kind for kind in bars if kind.zone == zone]
    set_up = kitchen.set_ups.along(kitchen.set_ups.wheel(kinds))
    return set_up + sum(kitchen.work.seconds(bars[kind]) for kind in kinds)


def together(days: Iterable[Mapping[date, Bars]]) -> dict[date, dict[Kind, int]]:
    """What several take up of each day."""
    sums: dict[date, Counter[Kind]] = {}
    for by_day in days:
        for day, bars in by_day.items():
            sums.setdefault(day, Counter()).update(bars)
    return {day: dict(bars) for day, bars in sums.items()}


def _as_late_as_possible(rooms: Sequence[Room], bars: Bars) -> dict[date, Bars] | None:
    """None: the lines have no time for all of them."""
    left = Counter(bars)
    made: dict[date, Bars] = {}
    for room in reversed(rooms):
        if room.bars and (taken := room.taken(left)):
            made[room.day.on] = taken
            left -= Counter(taken)
        if not left:
            return made
    return None


def _by_zone(bars: Bars) -> Counter[Zone]:
    sums: Counter[Zone] = Counter()
    for kind, number in bars.items():
        sums[kind.zone] += number
    return sums
