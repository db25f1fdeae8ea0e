"""Our books against the sandbox's: after whatever went wrong, the money must be where both say it is."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from orders.models import Fulfilment, GiftCard, Job, LedgerEntry, Order, Refund
from orders.money import payments
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


def assert_gift_cards_balance() -> None:
    """After every test that may have had one."""
    for card in GiftCard.objects.select_related("order"):
        assert_it_sums_up(card)
        assert_gift_cards_paid(card.order)
    for order in Order.objects.filter(gift_card_cents__gt=0):
        assert_gift_cards_paid(order)


def ledger() -> dict[tuple[str, str], int]:
    return {(entry.kind, entry.stripe_id): entry.cents for entry in LedgerEntry.objects.all()}


def assert_fulfilled_as_paid(order: Order) -> None:
    was_paid = order.paid_at is not None
    assert Fulfilment.objects.filter(order=order).exists() == was_paid
    bars = sum(order.lines.values_list("quantity", flat=True))
    assert Job.objects.filter(order_line__order=order, remake_of=None).count() == (bars if was_paid else 0)
    assert kept(order) == (order.due_cents - given_back(order) if was_paid else 0)


def assert_gift_cards_paid(order: Order) -> None:
    """An order holds what cards pay for it while it may be paid, and gives all of it back when it is given up."""
    paid = -moved(order, "redeemed") - moved(order, "released")
    assert paid == (0 if order.payment_state == "cancelled" else order.gift_card_cents)
    refunds = Refund.objects.filter(payment__order=order)
    assert moved(order, "given_back") == sum(refunds.values_list("gift_card_cents", flat=True))
    assert moved(order, "given_back") <= paid


def assert_it_sums_up(card: GiftCard) -> None:
    """What is on a card is what its ledger says; it was issued once, when its own order was paid."""
    entries = card.entries.all()
    assert sum(entry.cents for entry in entries) == card.balance_cents
    issued = [entry.cents for entry in entries if entry.kind == "issued"]
    assert issued == ([card.cents] if card.order.paid_at else [])
    failed = Refund.Reason.AT_STRIPE, Refund.State.FAILED
    went_back = card.order.payments.filter(accepted=True).values_list("refunds__amount_cents", flat=True)
    money_back = went_back.exclude(refunds__reason=failed[0]).exclude(refunds__state=failed[1])
    taken = -moved(card.order, "taken_back") - moved(card.order, "restored")
    assert taken >= sum(cents or 0 for cents in money_back)


def moved(order: Order, kind: str) -> int:
    return sum(order.gift_card_entries.filter(kind=kind).values_list("cents", flat=True))


def kept(order: Order) -> int:
    """Without what banks took: that is a dispute's, and not decided here."""
    kinds = ("charge", "refund", "refund_failure")
    return sum(order.entries.filter(kind__in=kinds).values_list("cents", flat=True))


def given_back(order: Order) -> int:
    arrived = Refund.objects.filter(payment__order=order, payment__accepted=True, state="succeeded")
    return sum(arrived.values_list("amount_cents", flat=True))
