"""When a bank takes money back or warns of it: kept as Stripe has it, for staff to answer in time."""

from __future__ import annotations

from datetime import datetime

from orders.models import Dispute, FraudWarning, Payment
from orders.money import ledger, stripe_gateway
from orders.money.at_stripe import DisputeAtStripe, WarningAtStripe


def follow(payment: Payment, seen: DisputeAtStripe, *, at: datetime) -> None:
    """Under the payment's lock, like all that settle does."""
    Dispute.objects.update_or_create(
        id=seen.id,
        defaults={
            "payment": payment,
            "state": seen.state,
            "reason": seen.reason,
            "cents": seen.amount_cents,
            "currency": seen.currency,
            "refundable": seen.refundable,
            "opened_at": seen.opened_at,
            "answer_by": seen.answer_by,
            "seen_at": at,
        },
    )
    ledger.book_dispute(payment, seen, at=at)


def learn_of_warning(stripe_id: str) -> FraudWarning | None:
    """Asks Stripe for it; None when it is about money that is not ours."""
    return keep_warning(stripe_gateway.fraud_warning(stripe_id))


def keep_warning(seen: WarningAtStripe) -> FraudWarning | None:
    payment = Payment.objects.filter(intent_id=seen.intent_id).first() if seen.intent_id else None
    if payment is None:
        return None
    known = {"payment": payment, "kind": seen.kind, "warned_at": seen.warned_at}
    warning, _is_new = FraudWarning.objects.get_or_create(id=seen.id, defaults=known)
    return warning
