"""Somebody is forgotten: room by room, until only what the law keeps is left (GDPR, article 17)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from orders.models import Invoice
from orders.personal import open_matters
from orders.personal.open_matters import StillOpen
from orders.personal.papers import kept_until
from orders.personal.people import Person, orders_of
from orders.personal.rooms import all_rooms

Progress = Callable[[int, int], None]


def what_stays(person: Person) -> list[tuple[str, date]]:
    """Papers that the law keeps, each with its last day."""
    mine = Invoice.objects.filter(order__in=orders_of(person)).order_by("issued_on", "pk")
    return [(invoice.number, kept_until(invoice)) for invoice in mine]


def forget(person: Person, *, at: datetime, progress: Progress) -> None:
    """May be called again after it was interrupted. Raises StillOpen before anything is touched."""
    if open_matters.of_person(person):
        raise StillOpen
    rooms = all_rooms()
    for done, room in enumerate(rooms, start=1):
        room.forget(person, at)
        progress(done, len(rooms))
