"""Payments that did not fit their orders, until somebody has looked at them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from orders.models import Payment

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.auth.models import User


def payments_to_look_at() -> QuerySet[Payment]:
    return Payment.objects.filter(state=Payment.State.REVIEW, looked_at=None)


def look_at(payments: Sequence[UUID], *, by: User, at: datetime) -> int:
    """A person has decided what each comes to. From then on the customer may pay the order anew. How many."""
    return payments_to_look_at().filter(pk__in=payments).update(looked_at=at, looked_by=by)
