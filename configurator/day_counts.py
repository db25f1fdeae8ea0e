"""What happens how often, by day and by nothing else: designing counts, also without buying."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from configurator.models import DayCount


def count(what: DayCount.What, day: date) -> None:
    DayCount.objects.get_or_create(day=day, what=what)
    DayCount.objects.filter(day=day, what=what).update(number=F("number") + 1)
