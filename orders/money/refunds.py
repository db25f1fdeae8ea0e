"""Money that goes back: wished for in a row, sent to Stripe, never more than was taken."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from orders import letters, stock
from orders.gifts import gift_cards
from orders.models import Job, JobState, Order, Payment, PaymentState, Refund, RefundLine
from orders.models.production import NEVER_MADE, ScrapReason
from orders.money import ledger, parts, stripe_gateway
from orders.money.at_stripe import RefundAtStripe
from orders.money.stripe_gateway import StripeAway, StripeBroke, StripeRefused
from orders.sending import promise

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LOOK_AGAIN: Final = timedelta(minutes=5)
LOOK_BEFORE_SENDING_AGAIN: Final = timedelta(minutes=1)
TOO_LONG: Final = timedelta(hours=1)
"""After that staff should know that a refund has not left the house."""
BATCH: Final = 50
STATES: Final = {
    "pending": Refund.State.PENDING,
    "requires_action": Refund.State.PENDING,
    "succeeded": Refund.State.SUCCEEDED,
    "failed": Refund.State.FAILED,
    "canceled": Refund.State.FAILED,
}
UNDER_WAY: Final = (Refund.State.PENDING, Refund.State.SUCCEEDED)

logger = logging.getLogger(__name__)


class RefundTooLarge(ValueError):
    """More than what is left of the payment, or of one part of the order."""


class RefundImpossible(ValueError):
    """The customer's bank has taken this money already; a refund would give it twice."""


def left(payment: Payment) -> int:
    """What of this payment, and of the gift cards beside it, has neither gone back nor is on its way."""
    of_money = payment.captured_cents - _sum_of(payment, parts.NOT_FAILED)
    if not payment.accepted:
        return of_money
    if payment.order.sells_gift_card:
        return min(of_money, gift_cards.left_to_take_back(payment.order))
    return of_money + gift_cards.left_to_give_back(payment.order)


def request(
    payment: Payment,
    *,
    amount_cents: int,
    reason: str,
    key: str,
    at: datetime,
    shares: Mapping[str, int] | None = None,
    words: str = "",
    by: User | None = None,
) -> Refund:
    """Written down, not sent yet. The same key is the same refund. Gift cards that paid get theirs back first, at once.

    `shares` says for which parts of the order, in cents. Raises RefundTooLarge or RefundImpossible.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(payments=payment.pk)
        taken = Payment.objects.select_for_update().get(pk=payment.pk)
        taken.order = order
        known = Refund.objects.filter(request_key=key).first()
        if known:
            return known
        _refuse_taken_by_the_bank(taken)
        _refuse_more_than_is_left(taken, amount_cents, shares or {})
        to_cards = min(amount_cents, gift_cards.left_to_give_back(order)) if taken.accepted else 0
        refund = Refund.objects.create(
            payment=taken,
            amount_cents=amount_cents - to_cards,
            gift_card_cents=to_cards,
            reason=reason,
            request_key=key,
            words=words,
            by=by,
            created_at=at,
            look_at=at,
        )
        RefundLine.objects.bulk_create(
            RefundLine(refund=refund, part=part, cents=cents) for part, cents in (shares or {}).items()
        )
        _move_gift_cards(refund, taken, order, at)
        return refund


def send_again(refund: Refund, *, at: datetime) -> bool:
    """A person has looked: what Stripe broke at is sent under a new key, if it was not made after all."""
    waiting = Refund.objects.filter(pk=refund.pk, state=Refund.State.REQUESTED, stripe_id=None)
    known = waiting.filter(sendings=refund.sendings)
    bumped = known.update(sendings=refund.sendings + 1, look_at=at)
    return bool(bumped)


def waiting_long(at: datetime) -> QuerySet[Refund]:
    """What staff should see: wished for, and still not at Stripe."""
    return Refund.objects.filter(state=Refund.State.REQUESTED, created_at__lt=at - TOO_LONG)


def reconcile(at: datetime) -> None:
    waiting = (Refund.State.REQUESTED, Refund.State.PENDING)
    for refund in Refund.objects.filter(state__in=waiting, look_at__lte=at).select_related("payment")[:BATCH]:
        _look_after(refund, at)


def sync(refund: Refund, *, at: datetime) -> None:
    """Sends what was not sent and asks how the rest is doing. What goes wrong is tried again later."""
    try:
        found = _at_stripe(refund, at)
    except (StripeAway, StripeBroke) as away:
        logger.warning("Refund %s waits: %s", refund.pk, away)
        refund.later(at + LOOK_AGAIN, note=str(away))
    except StripeRefused as refused:
        logger.exception("Refund %s was refused", refund.pk)
        _refused(refund, str(refused), at)
    else:
        _record(refund, found, at)


def follow(payment: Payment, seen: RefundAtStripe, *, at: datetime) -> None:
    """Under the order's and the payment's lock: as Stripe has it, also when it was made elsewhere."""
    refund = _row_of(payment, seen) or Refund(
        payment=payment,
        amount_cents=seen.amount_cents,
        reason=Refund.Reason.AT_STRIPE,
        request_key=f"at-stripe-{seen.id}",
        created_at=at,
    )
    refund.stripe_id = seen.id
    refund.state = STATES.get(seen.state, Refund.State.PENDING)
    refund.note, refund.look_at = seen.failure[:300], at + LOOK_AGAIN
    refund.save()
    ledger.book_refund(payment, seen, at=at)
    if payment.accepted and payment.order.sells_gift_card:
        gift_cards.follow(refund, payment.order, at=at)
    if refund.state in UNDER_WAY:
        # Only now is it sure that it goes back: what Stripe refuses must not be promised in a mail.
        letters.refunded(refund, at=at)
        letters.credited(refund, at=at)
    elif refund.state == Refund.State.FAILED:
        letters.uncredited(refund, at=at)


def close_if_all_went_back(payment: Payment, order: Order, *, at: datetime) -> None:
    """Under the same locks."""
    all_back = _sum_of(
        payment, [Refund.State.SUCCEEDED]
    ) >= payment.captured_cents and not gift_cards.left_to_give_back(order)
    if all_back and payment.accepted and order.payment_state == PaymentState.PAID:
        order.mark_refunded(at)
        if not is_begun(order):
            # Nothing of it was begun, so neither its day nor its modules are used up.
            promise.free(order)
            stock.give_back(order, at=at)


def is_begun(order: Order) -> bool:
    """A bar that was left out or swapped while it waited for its turn was not."""
    gone = (*NEVER_MADE, ScrapReason.SWAPPED)
    never_made = Q(job_state=JobState.QUEUED) | Q(scrap_reason__in=gone, scrap_station=JobState.QUEUED)
    return Job.objects.filter(order_line__order=order).exclude(never_made).exists()


def _move_gift_cards(refund: Refund, payment: Payment, order: Order, at: datetime) -> None:
    """Under the order's lock. What only cards paid is back at once, and nobody asks Stripe."""
    if refund.gift_card_cents:
        gift_cards.give_back(refund, order, at=at)
    if order.sells_gift_card and payment.accepted and not gift_cards.take_back(refund, order, at=at):
        raise RefundTooLarge(f"{refund.amount_cents}: the gift card was spent")
    if not refund.amount_cents:
        refund.state = Refund.State.SUCCEEDED
        refund.save(update_fields=["state"])
        letters.refunded(refund, at=at)
        letters.credited(refund, at=at)
        close_if_all_went_back(payment, order, at=at)


def _refuse_taken_by_the_bank(payment: Payment) -> None:
    if payment.disputes.filter(refundable=False).exists():
        raise RefundImpossible(payment.pk)


def _refuse_more_than_is_left(payment: Payment, cents: int, shares: Mapping[str, int]) -> None:
    if cents > left(payment):
        raise RefundTooLarge(f"{cents} of {left(payment)}")
    of_parts = {part.key: part.left_cents for part in parts.of(payment.order)} if shares else {}
    for part, share in shares.items():
        if share > of_parts.get(part, 0):
            raise RefundTooLarge(f"{share} of {of_parts.get(part, 0)} for {part}")


def _look_after(refund: Refund, at: datetime) -> None:
    try:
        sync(refund, at=at)
    except Exception as error:
        # One refund that cannot be followed must not keep all others waiting.
        logger.exception("Refund %s could not be followed", refund.pk)
        refund.later(at + LOOK_AGAIN, note=str(error))


def _at_stripe(refund: Refund, at: datetime) -> RefundAtStripe:
    if refund.stripe_id:
        return stripe_gateway.refund(refund.stripe_id)
    # After a crash or a 500 nobody knows whether it was sent, and Stripe forgets keys after a day.
    if refund.sendings > 1 or at - refund.created_at > LOOK_BEFORE_SENDING_AGAIN:
        found = _found_again(refund)
        if found:
            return found
    return stripe_gateway.create_refund(
        intent_id=refund.payment.intent_id or "",
        amount_cents=refund.amount_cents,
        refund_id=str(refund.pk),
        key=refund.idempotency_key,
    )


def _found_again(refund: Refund) -> RefundAtStripe | None:
    made = stripe_gateway.refunds_of(refund.payment.intent_id or "")
    return next((found for found in made if found.refund_id == str(refund.pk)), None)


@transaction.atomic
def _record(refund: Refund, seen: RefundAtStripe, at: datetime) -> None:
    order, payment = _locked(refund)
    refund.stripe_id = seen.id
    refund.save(update_fields=["stripe_id"])
    follow(payment, seen, at=at)
    close_if_all_went_back(payment, order, at=at)


@transaction.atomic
def _refused(refund: Refund, why: str, at: datetime) -> None:
    order, payment = _locked(refund)
    unsent = Refund.objects.filter(pk=refund.pk, stripe_id=None)
    unsent.update(state=Refund.State.FAILED, note=why[:300], look_at=at + LOOK_AGAIN)
    refund.refresh_from_db(fields=["state"])
    if payment.accepted and order.sells_gift_card:
        gift_cards.follow(refund, order, at=at)


def _locked(refund: Refund) -> tuple[Order, Payment]:
    order = Order.objects.select_for_update().get(payments=refund.payment_id)
    return order, Payment.objects.select_for_update().get(pk=refund.payment_id)


def _row_of(payment: Payment, seen: RefundAtStripe) -> Refund | None:
    mine = payment.refunds.all()
    return next((one for one in mine if seen.id == one.stripe_id or seen.refund_id == str(one.pk)), None)


def _sum_of(payment: Payment, states: Sequence[Refund.State]) -> int:
    return int(payment.refunds.filter(state__in=states).aggregate(sum=Sum("amount_cents"))["sum"] or 0)
