"""What Stripe tells us: kept first, worked on after, tried again until it is done."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from orders.models import Payment, Refund, Runner, StripeEvent
from orders.money import disputes, refunds, stripe_gateway
from orders.money.at_stripe import Event
from orders.money.settlement import settle
from orders.money.stripe_gateway import StripeAway, StripeBroke, StripeRefused

TYPES: Final = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "radar.early_fraud_warning.created",
]
FRAUD_WARNING: Final = "radar.early_fraud_warning"
LEASE: Final = timedelta(minutes=2)
BATCH: Final = 50
POLL_EVERY: Final = timedelta(hours=1)
POLL_BACK: Final = timedelta(days=3)

State = StripeEvent.State
logger = logging.getLogger(__name__)


def keep(event: Event, *, source: str, at: datetime) -> None:
    """Once, however often it is told."""
    StripeEvent.objects.bulk_create(
        [
            StripeEvent(
                id=event.id,
                type=event.type,
                created_at=event.created_at,
                received_at=at,
                api_version=event.api_version,
                source=source,
                payload=event.payload,
                next_at=at,
            )
        ],
        ignore_conflicts=True,
    )


def work_on(event_id: str, *, at: datetime) -> None:
    """Does nothing when another worker has it. A failure is written down and tried again later."""
    if not _claim(event_id, at):
        return
    event = StripeEvent.objects.get(pk=event_id)
    try:
        state = _carry_out(event, at)
    except Exception as error:
        logger.exception("Event %s failed at attempt %s", event_id, event.attempts)
        _put_back(event, error, at)
    else:
        StripeEvent.objects.filter(pk=event_id).update(state=state, error="")


def due(at: datetime) -> QuerySet[StripeEvent]:
    return StripeEvent.objects.filter(
        state__in=[State.NEW, State.WORKING, State.FAILED],
        next_at__lte=at,
        attempts__lt=StripeEvent.ATTEMPTS_MAX,
    )


def work_through(at: datetime) -> None:
    for event_id in due(at).order_by("next_at").values_list("pk", flat=True)[:BATCH]:
        work_on(event_id, at=at)


def given_up(at: datetime) -> QuerySet[StripeEvent]:
    """What staff should see: failed too often, or worked on by somebody who died at the last attempt."""
    dead = Q(state=State.FAILED) | Q(state__in=[State.NEW, State.WORKING], next_at__lte=at)
    return StripeEvent.objects.filter(dead, attempts__gte=StripeEvent.ATTEMPTS_MAX)


def poll(at: datetime) -> None:
    """Now and then fetch what Stripe could not deliver for three days."""
    if not Runner.is_due("missed events", at=at, every=POLL_EVERY):
        return
    try:
        missed = stripe_gateway.undelivered_events(TYPES, since=at - POLL_BACK)
    except (StripeAway, StripeBroke, StripeRefused) as away:
        logger.warning("Missed events cannot be fetched: %s", away)
    else:
        for event in missed:
            keep(event, source="poll", at=at)


def _claim(event_id: str, at: datetime) -> bool:
    claimed = due(at).filter(pk=event_id)
    return bool(claimed.update(state=State.WORKING, attempts=F("attempts") + 1, next_at=at + LEASE))


def _carry_out(event: StripeEvent, at: datetime) -> State:
    if event.payload["object"] == FRAUD_WARNING:
        return State.DONE if disputes.learn_of_warning(event.payload["id"]) else State.IGNORED
    payment = _payment_of(event)
    if payment is None or event.type not in TYPES:
        return State.IGNORED
    refund = _refund_of(event)
    if refund:
        refunds.sync(refund, at=at)
    is_session = event.payload["object"] == "checkout.session"
    settle(payment, at=at, session_id=event.payload["id"] if is_session else "")
    return State.DONE


def _payment_of(event: StripeEvent) -> Payment | None:
    """By our own mark, which refunds made at Stripe do not carry, else by the payment behind it."""
    payment_id, intent_id = _uuid(event.payload["payment"]), event.payload["intent"]
    if payment_id:
        return Payment.objects.filter(pk=payment_id).first()
    return Payment.objects.filter(intent_id=intent_id).first() if intent_id else None


def _refund_of(event: StripeEvent) -> Refund | None:
    refund_id = _uuid(event.payload["refund"])
    return Refund.objects.select_related("payment").filter(pk=refund_id).first() if refund_id else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _put_back(event: StripeEvent, error: Exception, at: datetime) -> None:
    StripeEvent.objects.filter(pk=event.pk).update(
        state=State.FAILED,
        error=f"{type(error).__name__}: {error}"[:300],
        next_at=at + _pause(event.attempts),
    )
    if event.attempts >= StripeEvent.ATTEMPTS_MAX:
        logger.error("Event %s is given up after %s attempts", event.pk, event.attempts)


def _pause(attempts: int) -> timedelta:
    """30 s, 1 min, 2 min ...: the eighth attempt comes after an hour."""
    return timedelta(seconds=15 * 2**attempts)
