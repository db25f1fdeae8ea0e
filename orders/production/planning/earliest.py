"""From which day on the kitchen can keep another promise, by the same figures as the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import accumulate
from typing import Final

from orders.production.planning.kitchen import Kitchen
from orders.production.planning.values import Zone

PROMISED_PERCENT: Final = 85
"""Of what a day holds; the rest is for bars that fail and days that go wrong."""


def earliest_day(
    wanted: Mapping[Zone, int],
    due: Mapping[tuple[Zone, date], int],
    kitchen: Kitchen,
    *,
    percent: int = PROMISED_PERCENT,
) -> date | None:
    """The first working day by which the wanted bars can be made without making any that are due late.

    ``due``: how many bars are to be made for each day. None: no day as far as the calendar goes.
    """
    tests = [_kept(kitchen, due, wanted, None, percent)]
    tests += [_kept(kitchen, due, wanted, zone, percent) for zone in wanted]
    days = kitchen.days
    for number in reversed(range(len(days))):
        if not all(kept[number] for kept in tests):
            later = (day.on for day in days[number + 1 :] if day.seconds)
            return next(later, None)
    return next((day.on for day in days if day.seconds), None)


def _kept(
    kitchen: Kitchen,
    due: Mapping[tuple[Zone, date], int],
    wanted: Mapping[Zone, int],
    zone: Zone | None,
    percent: int,
) -> list[bool]:
    """For each day, whether all that is due by it can be made by it, and the wanted bars as well."""
    by_day: Counter[date] = Counter()
    for (of_zone, day), bars in due.items():
        if zone in {None, of_zone}:
            by_day[day] += bars
    more = sum(bars for of_zone, bars in wanted.items() if zone in {None, of_zone})
    first = kitchen.days[0].on
    late = sum(bars for day, bars in by_day.items() if day < first)
    room = accumulate(_bars(kitchen, number, zone) * percent // 100 for number in range(len(kitchen.days)))
    asked = accumulate((by_day[day.on] for day in kitchen.days), initial=late + more)
    next(asked)
    return [needed <= there for needed, there in zip(asked, room, strict=True)]


def _bars(kitchen: Kitchen, number: int, zone: Zone | None) -> int:
    day = kitchen.days[number]
    whole = kitchen.limits(day).bars
    return whole if zone is None else min(whole, kitchen.of_zone(day, zone))
