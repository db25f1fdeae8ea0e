"""Kitchens like the default one, and larger."""

from __future__ import annotations

from datetime import date, timedelta

from orders.production.planning.kitchen import Kitchen
from orders.production.planning.values import MINUTE, Day, Temperer

MONDAY = date(2026, 11, 16)
SATURDAY = 5
SHIFT = 420 * MINUTE
PEOPLE, MOULDS, CAVITIES, ROUND = 2, 60, 3, 40 * MINUTE
"""Per 200 bars a day."""
BARS_A_DAY = 200


def kitchen(*, size: int = 1, first: date = MONDAY, days: int = 400) -> Kitchen:
    """``size`` times 200 bars a day. One temperer for zone F and one for zone O do for the first four."""
    temperers = [
        Temperer(f"{zone}{number}", zone) for zone in ("F", "O") for number in range(1, 2 + size // 4)
    ]
    calendar = (_day(first + timedelta(number), size) for number in range(days))
    return Kitchen(tuple(calendar), tuple(temperers))


def kitchen_for(bars: int) -> Kitchen:
    """One that needs about three weeks for so many."""
    return kitchen(size=max(1, bars // (15 * BARS_A_DAY)))


def _day(on: date, size: int) -> Day:
    if on.weekday() >= SATURDAY:
        return Day(on, 0, 0, 0)
    return Day(on, SHIFT, PEOPLE * size * SHIFT, MOULDS * CAVITIES * size * (SHIFT // ROUND))
