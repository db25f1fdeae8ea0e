"""The day on which a paid bar must leave the house."""

from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

WORKING_DAYS = 3
SATURDAY = 5


def due_on(paid_at: datetime) -> date:
    """Three working days after the day of payment; in the shop; weekends do not count."""
    day = localdate(paid_at)
    for _working_day in range(WORKING_DAYS):
        day = next_working_day(day)
    return day


def next_working_day(day: date) -> date:
    following = day + timedelta(days=1)
    while following.weekday() >= SATURDAY:
        following += timedelta(days=1)
    return following
