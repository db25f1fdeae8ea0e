"""The one place that decides whether an order is paid, and it asks Stripe.

The webhook, the return page and the reconciliation only ring here, in any order and as often as
they like. Nothing is asked of Stripe while a lock is held: fetch, then lock, then apply.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction

from orders import letters, stock
from orders.gifts import gift_cards
from orders.models import Fulfilment, Order, Payment, PaymentState, Refund, Shipment
from orders.money import disputes, ledger, refunds, stripe_gateway
from orders.money.at_stripe import Session
from orders.money.stripe_gateway import StripeKnowsNothing
from orders.production.planning.earliest import Promised
from orders.production.release import release
from orders.sending import carriage, delivery, promise
from orders.stock import OutOfStock

LOOK_FIRST: Final = timedelta(minutes=2)
LOOK_RARELY: Final = timedelta(minutes=30)
BANK_TAKES: Final = timedelta(days=14)
"""Longer than any method that settles later; so long what the order needs is kept for it."""
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
def settle_without_money(order: Order, *, at: datetime) -> Order:
    """Gift cards have paid all of it, so there is nothing to ask Stripe. Cancelled when what it needs is gone."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.awaits_payment and not order.due_cents and _could_reserve(order, at):
        payment = Payment(
            order=order,
            attempt=order.payments.count() + 1,
            state=State.PAID,
            amount_cents=0,
            currency=order.currency,
            livemode=stripe_gateway.live(),
            request={},
            accepted=True,
            created_at=at,
            look_at=at,
        )
        payment.save()
        _fulfil(payment, order, at)
    return order


@transaction.atomic
def _apply(payment: Payment, session: Session | None, at: datetime) -> Payment:
    order, payment = _locked(payment)
    if session is None:
        _move(payment, State.FAILED, "Stripe knows no such session")
    else:
        _remember_ids(payment, session)
        _follow(payment, session, order, at)
    payment.look_at = at + min(LOOK_RARELY, max(LOOK_FIRST, (at - payment.created_at) / 4))
    payment.save()
    return payment


def _locked(payment: Payment) -> tuple[Order, Payment]:
    """Always in this order, so that no two settlements wait for each other."""
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    payment.order = order
    return order, payment


def _follow(payment: Payment, session: Session, order: Order, at: datetime) -> None:
    wrong = _mismatches(session, payment, order)
    if payment.state == State.PAID:
        pass
    elif wrong or payment.state == State.REVIEW:
        _put_aside(payment, session, wrong, at)
    elif session.paid:
        _take(payment, session, order, at)
    else:
        _follow_unpaid(payment, session, order, at)
    if payment.captured_cents:
        _follow_money(payment, session, order, at)


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


def _follow_unpaid(payment: Payment, session: Session, order: Order, at: datetime) -> None:
    before = payment.state
    _move(payment, _unpaid_state(session))
    if payment.state == State.PROCESSING:
        _keep_for(order, until=payment.created_at + BANK_TAKES)
    elif before == State.PROCESSING and order.awaits_payment:
        letters.unpaid(payment, at=at)


def _put_aside(payment: Payment, session: Session, wrong: list[str], at: datetime) -> None:
    """Never fulfilled, and staff look at it. What was paid goes back, if it is surely ours to give."""
    if payment.state != State.REVIEW:
        _move(payment, State.REVIEW, "Stripe has another " + ", ".join(wrong))
        logger.error("Payment %s needs a review: %s", payment.pk, payment.note)
    if session.paid and _is_surely_ours(session, payment):
        _book(payment, session, at)
        _give_back(payment, Refund.Reason.MISMATCH, at)


def _is_surely_ours(session: Session, payment: Payment) -> bool:
    """Another payment's money must never go back for this one's mistake."""
    marks = (session.id, session.payment_id, session.livemode)
    return marks == (payment.session_id, str(payment.pk), payment.livemode)


def _take(payment: Payment, session: Session, order: Order, at: datetime) -> None:
    """The money is booked whatever the order says; only then it is asked what it is for."""
    _move(payment, State.PAID)
    _book(payment, session, at)
    reason = _against(payment, order, at)
    if reason is None:
        _fulfil(payment, order, at)
    else:
        _give_back(payment, reason, at)
        payment.note = "The order could not take this money, so it goes back."


def _against(payment: Payment, order: Order, at: datetime) -> Refund.Reason | None:
    """Why the order cannot take this money; None when all it needs is its own from now on."""
    if order.payment_state == PaymentState.CANCELLED:
        return Refund.Reason.ORDER_CLOSED
    if not order.awaits_payment:
        return Refund.Reason.PAID_TWICE
    if order.due_cents != payment.captured_cents:
        return Refund.Reason.MISMATCH
    return None if _could_reserve(order, at) else Refund.Reason.SOLD_OUT


def _could_reserve(order: Order, at: datetime) -> bool:
    """Days before modules, as everybody locks them. False: it was paid too late, and the last is another's."""
    moved = promise.confirm(order, at=at)
    try:
        stock.promise_to(order, at=at)
    except OutOfStock as missing:
        logger.warning("Order %s was paid when its modules were gone: %s", order, missing)
        close(order, at=at)
        return False
    for place, plan in moved.items():
        _promise_anew(order.shipments.get(place=place), plan)
    return True


def _promise_anew(parcel: Shipment, plan: Promised) -> None:
    """Paid so late that its day had gone to others. The customer reads the new days in the confirmation."""
    arrival = partial(carriage.arrival, delivery.tariff(), parcel.country, dispatch_on=plan.dispatch_on)
    parcel.dispatch_on = plan.dispatch_on
    parcel.arrive_from = arrival(days=parcel.days_min)
    parcel.arrive_until = arrival(days=parcel.days_max)
    parcel.save(update_fields=["dispatch_on", "arrive_from", "arrive_until"])


def close(order: Order, *, at: datetime) -> None:
    """Given up before it was paid, under its lock: what was kept for it is everybody's again."""
    promise.free(order)
    stock.free(order)
    if order.gift_card_cents:
        gift_cards.release(order, at=at)
    order.mark_cancelled(at)


def _keep_for(order: Order, *, until: datetime) -> None:
    promise.extend(order, until=until)
    stock.extend(order, until=until)


def _book(payment: Payment, session: Session, at: datetime) -> None:
    payment.captured_cents = session.received_cents
    payment.save()
    ledger.book_charge(payment, session, at=at)


def _fulfil(payment: Payment, order: Order, at: datetime) -> None:
    payment.accepted = True
    order.mark_paid(at)
    # The database lets this happen once for an order, whoever else believes to be the one.
    Fulfilment.objects.create(order=order, payment=payment, at=at)
    if order.sells_gift_card:
        gift_cards.issue(order, at=at)
    release(order)


def _give_back(payment: Payment, reason: Refund.Reason, at: datetime) -> None:
    key = f"not-accepted-{payment.pk}"
    refund = refunds.request(payment, amount_cents=payment.captured_cents, reason=reason, key=key, at=at)
    letters.refunded(refund, at=at)


def _follow_money(payment: Payment, session: Session, order: Order, at: datetime) -> None:
    """After it was paid: disputes, and refunds wherever they were made."""
    payment.disputed = session.disputed
    for refund in session.refunds:
        refunds.follow(payment, refund, at=at)
    for dispute in session.disputes:
        disputes.follow(payment, dispute, at=at)
    if payment.disputed and order.sells_gift_card and payment.accepted:
        # Stolen cards buy gift cards first: what is still on it must not be spent.
        gift_cards.block(order.gift_card, why=gift_cards.CHARGED_BACK, at=at)
    refunds.close_if_all_went_back(payment, order, at=at)


def _remember_ids(payment: Payment, session: Session) -> None:
    payment.session_id = payment.session_id or session.id
    payment.intent_id = session.intent_id or payment.intent_id
    payment.charge_id = session.charge_id or payment.charge_id


def _move(payment: Payment, state: State, note: str = "") -> None:
    if state in MOVES[payment.state]:
        payment.state = state
        payment.note = note or payment.note
