"""What another temperer or a longer shift would change: the same bars planned in both kitchens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from orders.production.planning.days import planned
from orders.production.planning.kitchen import Bottleneck, Kitchen
from orders.production.planning.values import Bar, Day, Plan, Seconds, Temperer, Zone


@dataclass(frozen=True, slots=True)
class Difference:
    set_up_saved: Seconds
    """Over all that is planned."""
    bars_more: int
    """That a usual day holds."""
    days_earlier: int
    """Working days by which the last bar is made sooner."""
    fewer_late: int
    bottleneck: Bottleneck
    """What then limits a usual day."""


def with_another_temperer(kitchen: Kitchen, zone: Zone) -> Kitchen:
    another = Temperer(f"{zone}+", zone)
    return replace(kitchen, temperers=(*kitchen.temperers, another))


def with_longer_shift(kitchen: Kitchen, longer: Seconds) -> Kitchen:
    """Everybody stays so much longer, and moulds go round so much oftener, on every day on which somebody works."""
    return replace(kitchen, days=tuple(_longer(day, longer) for day in kitchen.days))


def with_more_hands(kitchen: Kitchen, people: int) -> Kitchen:
    days = (replace(day, hands=day.hands + people * day.seconds) for day in kitchen.days)
    return replace(kitchen, days=tuple(days))


def difference(bars: Iterable[Bar], now: Kitchen, then: Kitchen, *, before: Plan | None = None) -> Difference:
    """``before``: the plan in the kitchen as it is, where it is known."""
    to_make = tuple(bars)
    before, after = before or planned(to_make, now), planned(to_make, then)
    limits, other_limits = now.limits(usual_day(now)), then.limits(usual_day(then))
    return Difference(
        set_up_saved=before.set_up - after.set_up,
        bars_more=other_limits.bars - limits.bars,
        days_earlier=days_of_work(before, now) - days_of_work(after, now),
        fewer_late=before.late - after.late,
        bottleneck=other_limits.bottleneck,
    )


def _longer(day: Day, longer: Seconds) -> Day:
    if not day.seconds:
        return day
    seconds = day.seconds + longer
    return replace(
        day,
        seconds=seconds,
        hands=day.hands * seconds // day.seconds,
        cavities=day.cavities * seconds // day.seconds,
    )


def usual_day(kitchen: Kitchen) -> Day:
    """The one on which most is made: neither short nor closed."""
    return max(kitchen.days, key=lambda day: kitchen.limits(day).bars)


def days_of_work(plan: Plan, kitchen: Kitchen) -> int:
    last = plan.last_day
    return sum(1 for day in kitchen.days if day.seconds and last and day.on <= last)
