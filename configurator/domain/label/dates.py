"""How long a bar keeps (Art. 24, Annex X)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date


def best_before(made_on: date, keeps_months: int, lots: Iterable[date]) -> date:
    """As long as its shortest part by the recipe, and never longer than any lot that went into it."""
    return min([months_after(made_on, keeps_months), *lots])


def months_after(day: date, months: int) -> date:
    """The same day of a later month; its last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
