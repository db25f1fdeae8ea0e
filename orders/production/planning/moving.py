"""A person puts a run elsewhere; what the guard forbids is refused with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Literal, TypeAlias

from orders.production.planning.changeovers import SetUps
from orders.production.planning.kitchen import Kitchen
from orders.production.planning.values import Day, Kind, Left, Plan, Run, Shift, Temperer, Zone


@dataclass(frozen=True, slots=True)
class Place:
    on: date
    temperer: str
    position: int
    """Among the runs of that temperer on that day, from 1; what is beyond the last comes last."""


Short: TypeAlias = Literal["temperer", "hands", "cavities"]


class MoveRefused(Exception):
    """The guard does not agree."""


class RunHasBegun(MoveRefused):
    """What is on the temperer stays there."""


class NobodyWorksThere(MoveRefused):
    """A day that is closed or not in the calendar, or a temperer that stands still or is unknown."""


class OtherZone(MoveRefused):
    def __init__(self, zone: Zone) -> None:
        super().__init__(zone)
        self.zone = zone
        """In which alone the run may be made."""


class AllergenOrder(MoveRefused):
    def __init__(self, before: Kind, after: Kind) -> None:
        super().__init__(before.base, after.base)
        self.before, self.after = before, after
        """Which would have to follow which."""


class DayIsFull(MoveRefused):
    def __init__(self, short: Short, *, needed: int, free: int) -> None:
        super().__init__(short, needed, free)
        self.short, self.needed, self.free = short, needed, free
        """In seconds of the temperer, or in bars."""


def moved(plan: Plan, run: Run, to: Place, kitchen: Kitchen) -> Plan:
    """The plan with the run pinned there; all others keep their places. Raises MoveRefused."""
    if run.running:
        raise RunHasBegun
    day, temperer = _place(to, kitchen)
    if temperer.zone != run.kind.zone:
        raise OtherZone(run.kind.zone)
    left_over = [_timed(_without(shift, run), kitchen) for shift in plan.shifts]
    target = next((s for s in left_over if _is(s, day, temperer)), Shift(day, temperer))
    grown = _timed(_put(target, run, to.position), kitchen)
    others = [shift for shift in left_over if shift.runs and not _is(shift, day, temperer)]
    _refuse_wrong_order(grown, _left(grown, kitchen), kitchen.set_ups)
    _refuse_too_much(grown, target, (shift for shift in others if shift.day.on == day.on), kitchen)
    return replace(plan, shifts=tuple(sorted((*others, grown), key=lambda s: (s.day.on, s.temperer.key))))


def _place(to: Place, kitchen: Kitchen) -> tuple[Day, Temperer]:
    for day in kitchen.days:
        if day.on == to.on and day.seconds:
            for temperer in kitchen.at_work(day):
                if temperer.key == to.temperer:
                    return day, temperer
    raise NobodyWorksThere


def _is(shift: Shift, day: Day, temperer: Temperer) -> bool:
    return (shift.day.on, shift.temperer.key) == (day.on, temperer.key)


def _without(shift: Shift, run: Run) -> Shift:
    return shift.holding(*(other for other in shift.runs if other != run))


def _put(shift: Shift, run: Run, position: int) -> Shift:
    begun = sum(other.running for other in shift.runs)
    place = max(begun, min(position - 1, len(shift.runs)))
    return shift.holding(*shift.runs[:place], replace(run, pinned=True), *shift.runs[place:])


def _timed(shift: Shift, kitchen: Kitchen) -> Shift:
    """With the set-ups that its order asks for; what has begun keeps its own."""
    kinds = (run.kind for run in shift.runs)
    set_ups = kitchen.set_ups.each(kinds, left=_left(shift, kitchen))
    return shift.holding(
        *(
            run if run.running else replace(run, set_up=set_up)
            for run, set_up in zip(shift.runs, set_ups, strict=True)
        )
    )


def _left(shift: Shift, kitchen: Kitchen) -> Left | None:
    return shift.temperer.left if shift.day.on == kitchen.days[0].on else None


def _refuse_wrong_order(shift: Shift, left: Left | None, set_ups: SetUps) -> None:
    made_today = [left.kind] if left and left.same_day else []
    for before, after in pairwise([*made_today, *(run.kind for run in shift.runs)]):
        if not set_ups.may_follow(before, after):
            raise AllergenOrder(before, after)


def _refuse_too_much(grown: Shift, target: Shift, others: Iterable[Shift], kitchen: Kitchen) -> None:
    more, day = grown.seconds - target.seconds, grown.day
    if grown.seconds > day.seconds:
        raise DayIsFull("temperer", needed=more, free=max(0, day.seconds - target.seconds))
    bars = grown.bars - target.bars
    made = target.bars + sum(shift.bars for shift in others)
    most: dict[Short, int] = {"hands": day.hands // kitchen.work.hands, "cavities": day.cavities}
    for short, room in most.items():
        if made + bars > room:
            raise DayIsFull(short, needed=bars, free=max(0, room - made))
