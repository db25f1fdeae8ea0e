"""What the office wrote down about somebody's records, and the searches that would find them by their name."""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import Any
from urllib.parse import parse_qs

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from orders.changes import HIDDEN
from orders.models import (
    Claim,
    GiftCard,
    Job,
    Message,
    OfficeChange,
    Order,
    Payment,
    Refund,
    SavedFilter,
    Shipment,
)
from orders.personal.people import Person, orders_of


def forget_changes(order: Order, _at: datetime) -> None:
    """Of all its records: that somebody changed one, and which of its fields, stays."""
    for records in (
        Order.objects.filter(pk=order.pk),
        Shipment.objects.filter(order=order),
        Message.objects.filter(order=order),
        Claim.objects.filter(order=order),
        GiftCard.objects.filter(order=order),
        Payment.objects.filter(order=order),
        Refund.objects.filter(payment__order=order),
        Job.objects.filter(order_line__order=order),
    ):
        forget_changes_of(records)


def forget_changes_of(records: QuerySet[Any]) -> None:
    keys = [str(key) for key in records.order_by().values_list("pk", flat=True)]
    model: type[Model] = records.model
    of_django = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=keys
    )
    of_django.update(object_repr="", change_message="")
    for change in OfficeChange.objects.filter(model=model._meta.label_lower, record__in=keys):
        hidden = [[field, HIDDEN if was else "", HIDDEN if now else ""] for field, was, now in change.fields]
        OfficeChange.objects.filter(pk=change.pk).blank(name="", words="", fields=hidden)


def forget_searches(person: Person, _at: datetime) -> None:
    """Kept by a colleague under words that are this person's alone: an address, a number, a name."""
    words = _words_of(person)
    for kept in SavedFilter.objects.all() if words else ():
        typed = [word.casefold() for word in " ".join(parse_qs(kept.query).get("q", [])).split()]
        if typed and all(word in words for word in typed):
            kept.delete()


def _words_of(person: Person) -> frozenset[str]:
    mine = orders_of(person)
    names = chain(
        mine.values_list("name", flat=True),
        Shipment.objects.filter(order__in=mine).values_list("name", flat=True),
        mine.values_list("number", flat=True),
        mine.values_list("email", flat=True),
        person.emails,
    )
    return frozenset(word.casefold() for name in names for word in name.split())
