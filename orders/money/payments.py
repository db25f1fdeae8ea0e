"""Paying an order: open a page at Stripe, close it again, and keep our books and Stripe's the same."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from configurator.changed_once import ChangedOnce, insert
from configurator.written_once import WrittenOnce
from orders import stock
from orders.models import Order, OrderLine, Payment, PaymentState, Runner
from orders.models.order import Parts
from orders.money import audit, inbox, refunds, stripe_gateway
from orders.money.at_stripe import Session
from orders.money.settlement import LOOK_FIRST, close, settle, settle_without_money
from orders.money.stripe_gateway import StripeAway, StripeBroke, StripeRefused
from orders.prices import vouchers
from orders.prices.vouchers import VoucherRefused
from orders.stock import OutOfStock

__all__ = [
    "NotPayable",
    "PaymentPageAway",
    "SoldOut",
    "StillPayable",
    "VoucherGone",
    "begin",
    "cancel",
    "reconcile",
    "settle",
    "start",
]

# Stripe wants at least 30 minutes from when it hears of it, so an attempt may be sent for 25.
PAGE_OPEN_FOR: Final = timedelta(minutes=60)
SEND_WITHIN: Final = timedelta(minutes=25)
HOLD_FOR: Final = PAGE_OPEN_FOR + timedelta(minutes=15)
"""What the order needs is kept a little longer than it can be paid, for the news to arrive."""
UNPAID_FOR: Final = timedelta(days=14)
"""Then nobody means to pay it any more, and its address should not be kept waiting."""
BATCH: Final = 100
RECONCILE_LASTS: Final = timedelta(minutes=10)
"""A runner that takes longer is taken for dead."""
PENDING: Final = PaymentState.PENDING
LINES_AT_STRIPE: Final = 100
"""Checkout Sessions take so many line items in payment mode."""

State = Payment.State
logger = logging.getLogger(__name__)


class NotPayable(Exception):
    """The order is paid, cancelled, its bank is still working, or we look into what was paid."""


class SoldOut(NotPayable):
    """What was kept for the order has run out since, and is another's now."""


class VoucherGone(NotPayable):
    """Nobody paid the order in time, and its code has been used up by somebody else since."""


class PaymentPageAway(Exception):
    """Stripe cannot be reached or would not open a page; the order is kept."""


class StillPayable(Exception):
    """The page at Stripe could not be closed, so the order must not be given up."""


def start(order: Order, *, at: datetime) -> str:
    """The address of Stripe's page for this order; however often it is asked for, one page.

    What gift cards have paid needs none: then it is the order's own. Raises NotPayable or PaymentPageAway.
    """
    if order.just_begun:
        return _send(order.just_begun, at)
    if not order.due_cents:
        return _paid_by_cards(order, at)
    payment = _still_open(_attempt(order, at), at)
    if not payment.active:
        payment = _attempt(order, at)
    if payment.state == State.PROCESSING:
        raise NotPayable
    return payment.url or _send(payment, at)


def begin(order: Order, parts: Parts, *, at: datetime) -> None:
    """The first attempt, in the transaction that writes the order down: nobody can be before us.

    It is sent by ``start``; when that never happens, the next press finds it like any other.
    """
    order.just_begun = _next_attempt(order, parts, 1, at)


def _paid_by_cards(order: Order, at: datetime) -> str:
    if settle_without_money(order, at=at).payment_state == PaymentState.CANCELLED:
        raise SoldOut
    return reverse("orders:order", args=[order.token])


def cancel(order: Order, *, at: datetime) -> Order:
    """Gives up an unpaid order. Raises NotPayable when it is paid after all, or StillPayable."""
    for payment in order.payments.filter(state__in=Payment.ACTIVE):
        _close(payment, at)
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order.pk)
        if not order.awaits_payment:
            raise NotPayable
        if order.payments.filter(state__in=Payment.ACTIVE).exists():
            raise StillPayable
        close(order, at=at)
    return order


def reconcile(now: datetime) -> bool:
    """Every minute: whatever the webhooks missed. False when another runner is at it.

    Two at once would do no harm, each step stands that; they would only ask Stripe twice.
    """
    with Runner.turn_at("reconcile", at=now, lasts=RECONCILE_LASTS) as ours:
        if ours:
            _reconcile(now)
    return ours


def _reconcile(now: datetime) -> None:
    inbox.poll(now)
    inbox.work_through(now)
    due = Payment.objects.filter(state__in=Payment.ACTIVE, look_at__lte=now).order_by("look_at")
    for payment in due[:BATCH]:
        _look_after(payment, now)
    refunds.reconcile(now)
    audit.compare(now)
    for order in Order.objects.filter(payment_state=PENDING, placed_at__lt=now - UNPAID_FOR)[:BATCH]:
        _forget(order, now)


def _attempt(order: Order, at: datetime) -> Payment:
    """The attempt that is under way, or the next one."""
    with transaction.atomic():
        [order] = _locked(order.pk)
        attempts = _attempts(order.pk)
        if not order.awaits_payment or any(each.is_under_review for each in attempts):
            raise NotPayable
        active = next((attempt for attempt in attempts if attempt.active), None)
        if active and not _too_old_to_send(active, at):
            return active
        if active:
            _give_up(active, State.ABANDONED, "was never sent")
        if attempts or at - order.placed_at > PAGE_OPEN_FOR:
            _reserve_again(order, at)
        return _next_attempt(order, _parts(order), len(attempts) + 1, at)


_locked: Final = WrittenOnce(lambda pk: Order.objects.select_for_update().filter(pk=pk))
_attempts: Final = WrittenOnce(lambda order_id: Payment.objects.filter(order=order_id))
# What stands on their labels is long, and no part of a bill.
_lines_of: Final = WrittenOnce(
    lambda order_id: OrderLine.objects.filter(order=order_id).defer(
        "labels", "recipe", "price_lines", "allergens"
    )
)


def _reserve_again(order: Order, at: datetime) -> None:
    """For the first attempt the checkout kept it; whoever comes back later may find it gone."""
    try:
        vouchers.use_again(order, until=at + HOLD_FOR, at=at)
    except VoucherRefused as refused:
        raise VoucherGone(str(refused)) from refused
    try:
        stock.reserve(order, stock.needs_of(order), until=at + HOLD_FOR, at=at)
    except OutOfStock as missing:
        raise SoldOut(str(missing)) from missing


def _parts(order: Order) -> Parts:
    lines = _lines_of(order.pk)
    boxes = list(order.boxes.all()) if any(line.box_id for line in lines) else []
    return [*lines, *boxes]


def _next_attempt(order: Order, parts: Parts, number: int, at: datetime) -> Payment:
    payment = Payment(
        order=order,
        attempt=number,
        amount_cents=order.due_cents,
        currency=order.currency,
        livemode=stripe_gateway.live(),
        created_at=at,
        look_at=at + LOOK_FIRST,
    )
    payment.request = _request(payment, order, parts)
    insert([payment])
    return payment


def _still_open(payment: Payment, at: datetime) -> Payment:
    """A page opened earlier may have been paid, or have run out, in another tab."""
    if not payment.session_id:
        return payment
    try:
        return settle(payment, at=at)
    except (StripeAway, StripeBroke) as away:
        raise PaymentPageAway from away
    except StripeRefused as refused:
        logger.exception("Stripe refused to show payment %s", payment.pk)
        raise PaymentPageAway from refused


def _send(payment: Payment, at: datetime) -> str:
    try:
        session = stripe_gateway.create_session(payment.request, key=payment.idempotency_key)
    except StripeAway as away:
        # Nobody knows whether it was done: the next press asks again, with the same key.
        raise PaymentPageAway from away
    except StripeBroke as broke:
        # Its page was never shown to anybody, so a new attempt cannot charge twice.
        _give_up(payment, State.ABANDONED, str(broke))
        raise PaymentPageAway from broke
    except StripeRefused as refused:
        logger.exception("Stripe refused payment %s", payment.pk)
        _give_up(payment, State.FAILED, str(refused))
        raise PaymentPageAway from refused
    return _opened(payment, session, at)


def _opened(payment: Payment, session: Session, at: datetime) -> str:
    if _open(payment.pk, session.id, session.url, at + LOOK_FIRST):
        return session.url
    # Another press of the button was first: with the same key it got the same page.
    if Payment.objects.filter(pk=payment.pk, state=State.OPEN, session_id=session.id).exists():
        return session.url
    raise PaymentPageAway


_open: Final = ChangedOnce(
    lambda pk, session_id, url, look_at: (
        Payment.objects.filter(pk=pk, state=State.CREATED),
        {"state": State.OPEN, "session_id": session_id, "url": url, "look_at": look_at},
    )
)


def _close(payment: Payment, at: datetime) -> None:
    try:
        if payment.session_id:
            _expire(payment.session_id)
            settle(payment, at=at)
        else:
            _give_up(payment, State.ABANDONED, "the order was given up")
    except (StripeAway, StripeBroke) as away:
        raise StillPayable from away
    except StripeRefused as refused:
        logger.exception("Stripe refused to show payment %s", payment.pk)
        raise StillPayable from refused


def _expire(session_id: str) -> None:
    try:
        stripe_gateway.expire_session(session_id)
    except StripeRefused as refused:
        # Not open any more: what it has become is read right after this.
        logger.info("Session %s: %s", session_id, refused)


def _give_up(payment: Payment, state: State, note: str) -> None:
    Payment.objects.filter(pk=payment.pk, state=State.CREATED).update(state=state, note=note[:300])


def _look_after(payment: Payment, now: datetime) -> None:
    if not payment.session_id:
        if _too_old_to_send(payment, now):
            _give_up(payment, State.ABANDONED, "was never sent")
        return
    try:
        settle(payment, at=now)
    except (StripeAway, StripeBroke, StripeRefused) as away:
        logger.warning("Payment %s is looked at later: %s", payment.pk, away)
        _look_later(payment, now)
    except Exception:
        # One payment that cannot be settled must not keep all others waiting.
        logger.exception("Payment %s could not be settled", payment.pk)
        _look_later(payment, now)


def _look_later(payment: Payment, now: datetime) -> None:
    Payment.objects.filter(pk=payment.pk).update(look_at=now + LOOK_FIRST)


def _forget(order: Order, now: datetime) -> None:
    try:
        cancel(order, at=now)
    except (NotPayable, StillPayable):
        logger.info("Order %s is not given up: it is being paid", order)


def _too_old_to_send(payment: Payment, at: datetime) -> bool:
    return payment.state == State.CREATED and at - payment.created_at > SEND_WITHIN


def _request(payment: Payment, order: Order, parts: Parts) -> dict[str, Any]:
    marks = {"order": order.number, "payment": str(payment.pk)}
    with translation.override(order.locale):
        lines = list(_lines(order, parts))
        paid_page = _absolute("orders:payment-return", payment.pk)
        order_page = _absolute("orders:order", order.token)
    return {
        "mode": "payment",
        "line_items": lines,
        "customer_email": order.email,
        "client_reference_id": order.number,
        "metadata": marks,
        "payment_intent_data": {"metadata": marks},
        "locale": order.locale,
        "success_url": paid_page,
        "cancel_url": order_page,
        "expires_at": int((payment.created_at + PAGE_OPEN_FOR).timestamp()),
    }


def _lines(order: Order, parts: Parts) -> Iterator[dict[str, Any]]:
    """Summing to the order's total exactly: what a voucher left of a line need not divide by its bars."""
    if order.sells_gift_card:
        yield _line(_("Gift card"), 1, order.due_cents, order)
        return
    if order.gift_card_cents:
        # Stripe knows no line below nothing.
        yield _line(
            _("Order %(number)s, less gift cards") % {"number": order.number}, 1, order.due_cents, order
        )
        return
    if len(parts) >= LINES_AT_STRIPE:
        # Its page takes no more of them; each stands in our own confirmation.
        bars = sum(part.quantity for part in parts if isinstance(part, OrderLine))
        yield _line(
            _("Order %(number)s: %(bars)d bars") % {"number": order.number, "bars": bars},
            1,
            order.due_cents,
            order,
        )
        return
    for part in parts:
        if part.reduction_cents:
            yield _line(str(part), 1, part.total_cents, order)
        else:
            yield _line(part.name, part.quantity, part.unit_cents, order)
    if order.shipping_cents:
        yield _line(_("Shipping"), 1, order.shipping_cents, order)


def _line(name: str, quantity: int, cents: int, order: Order) -> dict[str, Any]:
    product = {"name": name}
    price = {"currency": order.currency.lower(), "unit_amount": cents, "product_data": product}
    return {"quantity": quantity, "price_data": price}


def _absolute(view: str, key: object) -> str:
    return settings.SHOP_URL + reverse(view, args=[key])
