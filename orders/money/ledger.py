"""What came in and what went out, each movement once; the rest of the shop only ever adds to it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from orders.models import LedgerEntry, Order, Payment
from orders.money.at_stripe import DisputeAtStripe, RefundAtStripe, Session

Kind = LedgerEntry.Kind


def book_charge(payment: Payment, session: Session, *, at: datetime) -> None:
    _book(payment, Kind.CHARGE, session.charge_id, session.received_cents, session.currency, at)


def book_refund(payment: Payment, refund: RefundAtStripe, *, at: datetime) -> None:
    if refund.moved:
        _book(payment, Kind.REFUND, refund.id, -refund.amount_cents, refund.currency, at)
    if refund.returned:
        _book(payment, Kind.REFUND_FAILURE, refund.id, refund.amount_cents, refund.currency, at)


def book_dispute(payment: Payment, dispute: DisputeAtStripe, *, at: datetime) -> None:
    if dispute.withdrawn:
        _book(payment, Kind.DISPUTE, dispute.id, -dispute.amount_cents, dispute.currency, at)
    if dispute.reinstated:
        _book(payment, Kind.DISPUTE_REVERSAL, dispute.id, dispute.amount_cents, dispute.currency, at)


def kept(order: Order) -> int:
    """What we hold for this order now, in cents of its currency."""
    mine = order.entries.filter(currency=order.currency)
    return int(mine.aggregate(sum=Sum("cents"))["sum"] or 0)


def _book(payment: Payment, kind: Kind, stripe_id: str, cents: int, currency: str, at: datetime) -> None:
    entry = LedgerEntry(
        kind=kind,
        stripe_id=stripe_id,
        payment=payment,
        order_id=payment.order_id,
        cents=cents,
        currency=currency,
        at=at,
    )
    # Seen before: every bell for this payment comes by here.
    LedgerEntry.objects.bulk_create([entry], ignore_conflicts=True)
