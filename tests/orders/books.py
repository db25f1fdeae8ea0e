"""Our books against the sandbox's: after whatever went wrong, the money must be where both say it is."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from orders import payments
from orders.models import Fulfilment, Job, LedgerEntry, Order, Refund
from tests.orders.till import Till

LATER = timedelta(minutes=20)
"""By then every bell has rung, and the audit believes that a webhook was lost."""


def assert_they_agree(till: Till) -> None:
    till.calm_down()
    for round_ in (1, 2):
        payments.reconcile(timezone.now() + round_ * LATER)
    assert ledger() == till.money()
    for order in Order.objects.all():
        assert_fulfilled_as_paid(order)


def ledger() -> dict[tuple[str, str], int]:
    return {(entry.kind, entry.stripe_id): entry.cents for entry in LedgerEntry.objects.all()}


def assert_fulfilled_as_paid(order: Order) -> None:
    was_paid = order.paid_at is not None
    assert Fulfilment.objects.filter(order=order).exists() == was_paid
    bars = sum(order.lines.values_list("quantity", flat=True))
    assert Job.objects.filter(order_line__order=order, remake_of=None).count() == (bars if was_paid else 0)
    assert kept(order) == (order.total_cents - given_back(order) if was_paid else 0)


def kept(order: Order) -> int:
    """Without what banks took: that is a dispute's, and not decided here."""
    kinds = ("charge", "refund", "refund_failure")
    return sum(order.entries.filter(kind__in=kinds).values_list("cents", flat=True))


def given_back(order: Order) -> int:
    arrived = Refund.objects.filter(payment__order=order, payment__accepted=True, state="succeeded")
    return sum(arrived.values_list("amount_cents", flat=True))
