"""Which bars are made on which day.

Day by day: first what is late, due or made once more; then what later days could not hold any more; then what
needs no set-up, because its kind is made that day anyway; then the rest by its day, as long as it stays fresh.
Too much work moves days. It never loses a bar.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Final

from orders.production.planning.filling import FilledDay
from orders.production.planning.kitchen import Kitchen
from orders.production.planning.values import Bar, Kind, Plan, Run, Shift, Zone

CLOSELY_DAYS: Final = 2
"""So many days are put in the best order that can be found; those after them are planned again before they come."""


@dataclass(slots=True)
class Stack:
    """Bars of one kind that are due on one day; the last in the list is taken first."""

    due: date
    remake: bool
    kind: Kind
    bars: list[Bar]


def planned(bars: Iterable[Bar], kitchen: Kitchen, *, held: Iterable[Shift] = ()) -> Plan:
    """``held``: shifts with the runs that have begun or were put there by somebody. Their bars are not asked for again."""
    held = [_kept(shift, kitchen) for shift in held]
    taken = {bar.key for shift in held for run in shift.runs for bar in run.bars}
    pool = Pool((bar for bar in bars if bar.key not in taken), kitchen)
    shifts: list[Shift] = []
    at_work = 0
    for number, day in enumerate(kitchen.days):
        of_day = [shift for shift in held if shift.day.on == day.on]
        if not (of_day or pool.stacks):
            continue
        filled = FilledDay(day, kitchen, of_day, first=number == 0)
        pool.fill(filled, number)
        finished = list(filled.finished(closely=at_work < CLOSELY_DAYS))
        at_work += bool(finished)
        shifts += finished
    return Plan(tuple(shifts), tuple(pool.bars))


def _kept(shift: Shift, kitchen: Kitchen) -> Shift:
    """Without the runs that cannot stay, for the temperer is gone, the day closed or another run in the way:
    their bars are planned like all others."""
    if shift.temperer.key not in {temperer.key for temperer in kitchen.temperers}:
        return shift.holding()
    day = next((day for day in kitchen.days if day.on == shift.day.on), None)
    if day is None:
        return shift.holding()
    can_be_used = day.seconds and shift.temperer.key not in day.idle
    kept: list[Run] = []
    for run in shift.runs:
        follows = not kept or kitchen.set_ups.may_follow(kept[-1].kind, run.kind)
        if run.running or (can_be_used and follows and run.kind.zone == shift.temperer.zone):
            kept.append(run)
    return shift.holding(*kept)


class Pool:
    """All bars without a day."""

    def __init__(self, bars: Iterable[Bar], kitchen: Kitchen) -> None:
        self._kitchen = kitchen
        self._room = _Room(kitchen)
        zones = {temperer.zone for temperer in kitchen.temperers}
        stacks = _stacks(bars, kitchen)
        self.stacks = [stack for stack in stacks if stack.kind.zone in zones]
        self._without_temperer = [stack for stack in stacks if stack.kind.zone not in zones]

    @property
    def bars(self) -> Iterator[Bar]:
        for stack in (*self.stacks, *self._without_temperer):
            yield from reversed(stack.bars)

    def fill(self, filled: FilledDay, number: int) -> None:
        if not filled.day.seconds:
            return
        fresh = self._fresh_until(number)
        self._put_what_is_due(filled)
        self._put_what_presses(filled, number)
        soon = [stack for stack in self.stacks if stack.due <= fresh]
        for stack in soon:
            if stack.bars and filled.has(stack.kind):
                filled.put(stack.bars)
        for stack in soon:
            if stack.bars:
                filled.put(stack.bars)
        self.stacks = [stack for stack in self.stacks if stack.bars]

    def _fresh_until(self, number: int) -> date:
        """What leaves by that day may be made today."""
        today, *after = self._kitchen.days[number:]
        ahead = [day.on for day in after if day.seconds][: self._kitchen.work.ahead_days]
        return ahead[-1] if ahead else today.on

    def _put_what_is_due(self, filled: FilledDay) -> None:
        for stack in self.stacks:
            if (stack.remake or stack.due <= filled.day.on) and not filled.put(stack.bars):
                filled.put_alone(stack.bars)

    def _put_what_presses(self, filled: FilledDay, number: int) -> None:
        zones: list[Zone | None] = ["F", "O", None]
        for zone in zones:
            pressing = self._room.pressing(self.stacks, number, zone)
            for stack in self.stacks:
                if pressing <= 0:
                    break
                if stack.bars and zone in {None, stack.kind.zone}:
                    pressing -= filled.put(stack.bars, most=pressing)


class _Room:
    """How many bars the days hold, as sums over all days before each."""

    def __init__(self, kitchen: Kitchen) -> None:
        self._dates = [day.on for day in kitchen.days]
        by_zone: dict[Zone | None, list[int]] = {
            zone: [min(kitchen.limits(day).bars, kitchen.of_zone(day, zone)) for day in kitchen.days]
            for zone in sorted({temperer.zone for temperer in kitchen.temperers})
        }
        every = {**by_zone, None: [kitchen.limits(day).bars for day in kitchen.days]}
        self._before = {zone: [0, *accumulate(bars)] for zone, bars in every.items()}

    def pressing(self, stacks: Iterable[Stack], number: int, zone: Zone | None) -> int:
        """Bars that must be made today, for the days after it do not hold them by the day they are due."""
        before = self._before.get(zone)
        if before is None:
            return 0
        due: Counter[date] = Counter()
        for stack in stacks:
            if zone in {None, stack.kind.zone}:
                due[stack.due] += len(stack.bars)
        wanted = most = 0
        for day in sorted(due):
            wanted += due[day]
            last = max(bisect_right(self._dates, day), number + 1)
            room = before[last] - before[number + 1]
            most = max(most, wanted - room)
        return most


def _stacks(bars: Iterable[Bar], kitchen: Kitchen) -> list[Stack]:
    """Remakes first, then by the day they are due, then in the order of the wheel."""
    stacks: dict[tuple[bool, date, Kind], list[Bar]] = {}
    for bar in bars:
        stacks.setdefault((bar.remake, bar.due, bar.kind), []).append(bar)
    places = {kind: kitchen.set_ups.place_on_wheel(kind) for _remake, _due, kind in stacks}
    ordered = sorted(stacks, key=lambda key: (not key[0], key[1], places[key[2]]))
    return [
        Stack(due, remake, kind, sorted(stacks[remake, due, kind], key=lambda bar: -bar.key))
        for remake, due, kind in ordered
    ]
