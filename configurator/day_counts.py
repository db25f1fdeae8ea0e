"""What happens how often, by day and by nothing else: designing counts, also without buying."""

from __future__ import annotations

from datetime import date
from threading import get_native_id
from typing import Final

from django.db.models import F

from configurator.changed_once import ChangedOnce
from configurator.models import DayCount


def count(what: DayCount.What, day: date) -> None:
    """One statement, but for the first of a slot."""
    slot = get_native_id() % DayCount.SLOTS
    if not _one_more(day, what, slot):
        DayCount.objects.bulk_create([DayCount(day=day, what=what, slot=slot)], ignore_conflicts=True)
        _one_more(day, what, slot)


_one_more: Final = ChangedOnce(
    lambda day, what, slot: (
        DayCount.objects.filter(day=day, what=what, slot=slot),
        {"number": F("number") + 1},
    )
)
