"""Which day comes next: from a month and a day, for those that come every year."""

from __future__ import annotations

from calendar import isleap
from datetime import date

LEAP_DAY = (2, 29)


def day_in(year: int, month: int, day: int) -> date:
    """29 February is kept on the 28th where a year has none."""
    return date(year, month, 28 if (month, day) == LEAP_DAY and not isleap(year) else day)


def next_day(month: int, day: int, *, after: date) -> date:
    """The first of these days that comes after that one."""
    this_year = day_in(after.year, month, day)
    return this_year if this_year > after else day_in(after.year + 1, month, day)
