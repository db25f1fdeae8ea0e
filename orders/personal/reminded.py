"""Days of which somebody wants to be reminded, and what for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from orders.models import Reminder
from orders.personal import office
from orders.personal.bars import forget_designs
from orders.personal.people import Person


def of(person: Person) -> QuerySet[Reminder]:
    return Reminder.objects.filter(person.wrote("email"))


def tell(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "email": reminder.email,
            "what_for": reminder.occasion,
            "month": reminder.month,
            "day": reminder.day,
            "every_year": reminder.yearly,
            "design": reminder.design.canonical,
            "asked": reminder.asked_at,
            "confirmed": reminder.confirmed_at,
            "ended": reminder.ended_at,
        }
        for reminder in of(person).select_related("design")
    ]


def forget(person: Person, _at: datetime) -> None:
    with transaction.atomic():
        left = list(of(person).values_list("design_id", flat=True))
        office.forget_changes_of(of(person))
        of(person).delete()
        forget_designs(left)
