"""What happens how often, by day and by nothing else: designing counts, also without buying."""

from __future__ import annotations

from datetime import date
from threading import get_native_id

from django.db.models import F

from configurator.models import DayCount


def count(what: DayCount.What, day: date) -> None:
    """One statement, but for the first of a slot."""
    slot = get_native_id() % DayCount.SLOTS
    today = DayCount.objects.filter(day=day, what=what, slot=slot)
    if not today.update(number=F("number") + 1):
        DayCount.objects.bulk_create([DayCount(day=day, what=what, slot=slot)], ignore_conflicts=True)
        today.update(number=F("number") + 1)
