"""Our ledger held against Stripe's balance: what nobody told us is found, what stays different is shown."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from orders.models import Discrepancy, Dispute, LedgerEntry, Payment, Runner
from orders.money import disputes, stripe_gateway
from orders.money.at_stripe import Movement
from orders.money.settlement import settle
from orders.money.stripe_gateway import StripeAway, StripeBroke, StripeRefused

EVERY: Final = timedelta(hours=1)
BACK: Final = timedelta(days=3)
LAG: Final = timedelta(minutes=10)
"""Younger movements are still being told to us by webhooks."""
OUR_KINDS: Final = frozenset(LedgerEntry.Kind.values)

logger = logging.getLogger(__name__)


def compare(at: datetime) -> None:
    """Once an hour: money that moved without a word, disputes and warnings that no event told of."""
    if not Runner.is_due("audit", at=at, every=EVERY):
        return
    try:
        _find_out_what_nobody_told(at)
    except (StripeAway, StripeBroke, StripeRefused) as away:
        logger.warning("The balance at Stripe cannot be compared: %s", away)


def open_discrepancies() -> QuerySet[Discrepancy]:
    return Discrepancy.objects.filter(settled_at=None)


def _find_out_what_nobody_told(at: datetime) -> None:
    since = at - BACK
    for warning in stripe_gateway.fraud_warnings(since=since):
        disputes.keep_warning(warning)
    _settle_all(_with_unknown_disputes(since), at)
    ours = [(movement, payment) for movement, payment in _our_movements(since, at) if payment]
    _settle_all((payment for movement, payment in ours if _differs(movement)), at)
    for movement, payment in ours:
        _note(movement, payment, at)
    _note_what_only_we_know({(movement.kind, movement.stripe_id) for movement, _payment in ours}, since, at)


def _our_movements(since: datetime, at: datetime) -> Iterator[tuple[Movement, Payment | None]]:
    for movement in stripe_gateway.movements(since=since):
        if movement.kind in OUR_KINDS and movement.moved_at <= at - LAG:
            yield movement, _payment_of(movement)


def _payment_of(movement: Movement) -> Payment | None:
    """None for money that others take in the same account."""
    wanted = Q(intent_id=movement.intent_id) if movement.intent_id else Q(pk=None)
    marked = _uuid(movement.payment_id)
    return Payment.objects.filter(wanted | Q(pk=marked) if marked else wanted).first()


def _with_unknown_disputes(since: datetime) -> Iterator[Payment]:
    for stripe_id, intent_id in stripe_gateway.disputed_intents(since=since):
        if intent_id and not Dispute.objects.filter(pk=stripe_id).exists():
            yield from Payment.objects.filter(intent_id=intent_id)


def _settle_all(payments: Iterable[Payment], at: datetime) -> None:
    for payment in {payment.pk: payment for payment in payments}.values():
        try:
            settle(payment, at=at)
        except Exception:
            # The others are compared all the same, and this one is shown as a discrepancy.
            logger.exception("Payment %s could not be settled by the audit", payment.pk)


def _differs(movement: Movement) -> bool:
    entry = LedgerEntry.objects.filter(kind=movement.kind, stripe_id=movement.stripe_id).first()
    if entry is None:
        return True
    # In another currency the account holds what the exchange left of it.
    return bool(entry.currency == movement.currency and entry.cents != movement.cents)


def _note(movement: Movement, payment: Payment, at: datetime) -> None:
    known = open_discrepancies().filter(kind=movement.kind, stripe_id=movement.stripe_id)
    if not _differs(movement):
        known.update(settled_at=at)
        return
    entry = LedgerEntry.objects.filter(kind=movement.kind, stripe_id=movement.stripe_id).first()
    seen = {"ours_cents": entry.cents if entry else None, "theirs_cents": movement.cents}
    _disagree(movement.kind, movement.stripe_id, payment.pk, movement.currency, seen, at)


def _note_what_only_we_know(seen: set[tuple[str, str]], since: datetime, at: datetime) -> None:
    """A day within the time that was asked for, so that nothing is missed for being at its edge."""
    booked = LedgerEntry.objects.filter(at__gte=since + timedelta(days=1), at__lte=at - EVERY)
    for entry in booked:
        if (entry.kind, entry.stripe_id) not in seen:
            only_ours = {"ours_cents": entry.cents, "theirs_cents": None}
            _disagree(entry.kind, entry.stripe_id, entry.payment_id, entry.currency, only_ours, at)


def _disagree(
    kind: str, stripe_id: str, payment_id: UUID, currency: str, cents: dict[str, int | None], at: datetime
) -> None:
    logger.error("Our ledger and Stripe differ about %s %s: %s", kind, stripe_id, cents)
    fields = {"payment_id": payment_id, "currency": currency, **cents, "settled_at": None}
    found = {**fields, "found_at": at}
    Discrepancy.objects.update_or_create(
        kind=kind, stripe_id=stripe_id, defaults=fields, create_defaults=found
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
