"""Money that goes back: wished for in a row, sent to Stripe, never more than was taken."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Sum

from orders import stripe_gateway
from orders.models import Order, Payment, PaymentState, Refund
from orders.stripe_gateway import RefundAtStripe, StripeAway, StripeBroke, StripeRefused

LOOK_AGAIN: Final = timedelta(minutes=5)
LOOK_BEFORE_SENDING_AGAIN: Final = timedelta(minutes=1)
BATCH: Final = 50
STATES: Final = {
    "pending": Refund.State.PENDING,
    "requires_action": Refund.State.PENDING,
    "succeeded": Refund.State.SUCCEEDED,
    "failed": Refund.State.FAILED,
    "canceled": Refund.State.FAILED,
}

logger = logging.getLogger(__name__)


class RefundTooLarge(ValueError):
    """More than what is left of the payment."""


def request(payment: Payment, *, amount_cents: int, reason: str, key: str, at: datetime) -> Refund:
    """Written down, not sent yet. The same key is the same refund. Raises RefundTooLarge."""
    with transaction.atomic():
        taken = Payment.objects.select_for_update().get(pk=payment.pk)
        known = Refund.objects.filter(request_key=key).first()
        if known:
            return known
        if amount_cents > taken.captured_cents - _given_back(taken):
            raise RefundTooLarge(f"{amount_cents} of {taken.captured_cents}")
        return Refund.objects.create(
            payment=taken,
            amount_cents=amount_cents,
            reason=reason,
            request_key=key,
            created_at=at,
            look_at=at,
        )


def reconcile(at: datetime) -> None:
    waiting = (Refund.State.REQUESTED, Refund.State.PENDING)
    for refund in Refund.objects.filter(state__in=waiting, look_at__lte=at).select_related("payment")[:BATCH]:
        _look_after(refund, at)


def _look_after(refund: Refund, at: datetime) -> None:
    try:
        sync(refund, at=at)
    except Exception:
        # One refund that cannot be followed must not keep all others waiting.
        logger.exception("Refund %s could not be followed", refund.pk)
        refund.later(at + LOOK_AGAIN)


def sync(refund: Refund, *, at: datetime) -> None:
    """Sends what was not sent and asks how the rest is doing. What goes wrong is tried again later."""
    try:
        found = _at_stripe(refund, at)
    except (StripeAway, StripeBroke) as away:
        logger.warning("Refund %s waits: %s", refund.pk, away)
        refund.later(at + LOOK_AGAIN)
    except StripeRefused as refused:
        logger.exception("Refund %s was refused", refund.pk)
        _record(refund, Refund.State.FAILED, str(refused), at)
    else:
        refund.stripe_id = found.id
        _record(refund, STATES.get(found.state, Refund.State.PENDING), found.failure, at)


def _at_stripe(refund: Refund, at: datetime) -> RefundAtStripe:
    if refund.stripe_id:
        return stripe_gateway.refund(refund.stripe_id)
    # After a crash or a 500 nobody knows whether it was sent, and Stripe forgets keys after a day.
    if at - refund.created_at > LOOK_BEFORE_SENDING_AGAIN:
        found = _found_again(refund)
        if found:
            return found
    return stripe_gateway.create_refund(
        intent_id=refund.payment.intent_id or "",
        amount_cents=refund.amount_cents,
        refund_id=str(refund.pk),
        key=f"refund-{refund.pk}",
    )


def _found_again(refund: Refund) -> RefundAtStripe | None:
    made = stripe_gateway.refunds_of(refund.payment.intent_id or "")
    return next((found for found in made if found.refund_id == str(refund.pk)), None)


@transaction.atomic
def _record(refund: Refund, state: str, note: str, at: datetime) -> None:
    order = Order.objects.select_for_update().get(payments=refund.payment_id)
    payment = Payment.objects.select_for_update().get(pk=refund.payment_id)
    refund.state, refund.note, refund.look_at = state, note[:300], at + LOOK_AGAIN
    refund.save(update_fields=["state", "note", "stripe_id", "look_at"])
    whole = payment.accepted and _arrived(payment) == payment.captured_cents
    if whole and order.payment_state == PaymentState.PAID:
        order.mark_refunded(at)


def _given_back(payment: Payment) -> int:
    return _sum_of(payment, {Refund.State.REQUESTED, Refund.State.PENDING, Refund.State.SUCCEEDED})


def _arrived(payment: Payment) -> int:
    return _sum_of(payment, {Refund.State.SUCCEEDED})


def _sum_of(payment: Payment, states: set[Refund.State]) -> int:
    return int(payment.refunds.filter(state__in=states).aggregate(sum=Sum("amount_cents"))["sum"] or 0)
