"""The one place that decides whether an order is paid, and it asks Stripe.

The webhook, the return page and the reconciliation only ring here, in any order and as often as
they like. Nothing is asked of Stripe while a lock is held: fetch, then lock, then apply.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from orders import refunds, stripe_gateway
from orders.models import Order, Payment, PaymentState, Refund
from orders.production.release import release
from orders.stripe_gateway import Session, StripeKnowsNothing

LOOK_FIRST: Final = timedelta(minutes=2)
LOOK_RARELY: Final = timedelta(minutes=30)
DEAD_INTENTS: Final = frozenset({"requires_payment_method", "canceled"})

State = Payment.State
ENDS: Final = frozenset({State.PAID, State.REVIEW})
# Money that comes in late counts in every state; nothing else wakes an attempt that has ended.
MOVES: Final[dict[str, frozenset[State]]] = {
    State.CREATED: frozenset(State) - {State.CREATED},
    State.OPEN: frozenset(State) - {State.CREATED, State.OPEN, State.ABANDONED},
    State.PROCESSING: frozenset({State.FAILED}) | ENDS,
    State.FAILED: ENDS,
    State.EXPIRED: ENDS,
    State.ABANDONED: ENDS,
    State.PAID: frozenset(),
    State.REVIEW: frozenset(),
}

logger = logging.getLogger(__name__)


def settle(payment: Payment, *, at: datetime, session_id: str = "") -> Payment:
    """The payment as Stripe has it now. Raises StripeAway or StripeBroke.

    An event may name the session of a payment whose maker died before it could write it down.
    """
    known = payment.session_id or session_id
    if not known:
        return payment
    try:
        session = stripe_gateway.session(known)
    except StripeKnowsNothing:
        return _apply(payment, None, at)
    return _apply(payment, session, at)


@transaction.atomic
def _apply(payment: Payment, session: Session | None, at: datetime) -> Payment:
    # Always in this order, so that no two settlements wait for each other.
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    payment.order = order
    if session is None:
        _move(payment, State.FAILED, "Stripe knows no such session")
    else:
        _remember_ids(payment, session)
        _follow(payment, session, order, at)
    payment.look_at = at + min(LOOK_RARELY, max(LOOK_FIRST, (at - payment.created_at) / 4))
    payment.save()
    return payment


def _follow(payment: Payment, session: Session, order: Order, at: datetime) -> None:
    wrong = _mismatches(session, payment, order)
    if payment.state == State.PAID:
        _follow_money(payment, session, order, at)
    elif wrong:
        _move(payment, State.REVIEW, "Stripe has another " + ", ".join(wrong))
        logger.error("Payment %s needs a review: %s", payment.pk, payment.note)
    elif session.paid:
        _take(payment, session, order, at)
    else:
        _move(payment, _unpaid_state(session))


def _mismatches(session: Session, payment: Payment, order: Order) -> list[str]:
    pairs = {
        "session": (session.id, payment.session_id),
        "amount": (session.amount_cents, payment.amount_cents),
        "currency": (session.currency, payment.currency),
        "mode": (session.livemode, payment.livemode),
        "order": (session.reference, order.number),
        "payment": (session.payment_id, str(payment.pk)),
    }
    if session.paid:
        pairs["amount received"] = (session.received_cents, payment.amount_cents)
    return [name for name, (seen, expected) in pairs.items() if seen != expected]


def _unpaid_state(session: Session) -> State:
    if session.state == "expired":
        return State.EXPIRED
    if session.state == "complete":
        return State.FAILED if session.intent_state in DEAD_INTENTS else State.PROCESSING
    return State.OPEN


def _take(payment: Payment, session: Session, order: Order, at: datetime) -> None:
    """The money is booked whatever the order says; only then it is asked what it is for."""
    payment.captured_cents = session.received_cents
    _move(payment, State.PAID)
    if order.awaits_payment and order.total_cents == payment.captured_cents:
        payment.accepted = True
        order.mark_paid(at)
        release(order)
        _follow_money(payment, session, order, at)
    else:
        payment.save()
        _give_back(payment, order, at)


def _give_back(payment: Payment, order: Order, at: datetime) -> None:
    closed = order.payment_state == PaymentState.CANCELLED
    refunds.request(
        payment,
        amount_cents=payment.captured_cents,
        reason=Refund.Reason.ORDER_CLOSED if closed else Refund.Reason.PAID_TWICE,
        key=f"not-accepted-{payment.pk}",
        at=at,
    )
    payment.note = "The order could not take this money, so it goes back."


def _follow_money(payment: Payment, session: Session, order: Order, at: datetime) -> None:
    """After it was paid: disputes, and refunds that were made at Stripe itself."""
    payment.disputed = session.disputed
    gone = session.refunded_cents >= payment.captured_cents
    if gone and payment.accepted and order.payment_state == PaymentState.PAID:
        order.mark_refunded(at)


def _remember_ids(payment: Payment, session: Session) -> None:
    payment.session_id = payment.session_id or session.id
    payment.intent_id = session.intent_id or payment.intent_id
    payment.charge_id = session.charge_id or payment.charge_id


def _move(payment: Payment, state: State, note: str = "") -> None:
    if state in MOVES[payment.state]:
        payment.state = state
        payment.note = note or payment.note
