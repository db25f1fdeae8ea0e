"""Safeguards of the payment, each switched off by itself: for the tests that must fail without it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from orders.models import Payment
from orders.models.order import Order
from orders.money import attempts, inbox, payments, refunds, settlement, stripe_gateway
from orders.money.at_stripe import Session
from orders.views import payment as views

AGES = timedelta(days=36_500)


def no_question_to_stripe(patch: pytest.MonkeyPatch) -> None:
    """Whoever rings is believed."""

    def as_hoped(session_id: str) -> Session:
        payment = Payment.objects.get(session_id=session_id)
        return Session(
            id=session_id, url="", state="complete", paid=True, amount_cents=payment.amount_cents,
            currency=payment.currency, livemode=False, reference=payment.order.number,
            payment_id=str(payment.pk), intent_id="pi_x", intent_state="succeeded",
            received_cents=payment.amount_cents, charge_id="ch_x", refunded_cents=0, disputed=False,
        )  # fmt: skip

    patch.setattr(stripe_gateway, "session", as_hoped)


def no_signature(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stripe_gateway, "_signed", lambda body, signature, secret: True)


def no_age_limit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stripe_gateway, "SIGNATURE_TOLERANCE_S", None)


def no_longest_body(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(views, "BODY_MAX", 10**9)


def no_wall_between_live_and_test(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stripe_gateway, "live", lambda: True)


def no_order_of_states(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settlement, "MOVES", dict.fromkeys(Payment.State, frozenset(Payment.State)))


def no_comparison(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settlement, "_mismatches", lambda session, payment, order: [])


def no_automatic_refund(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settlement, "_give_back", lambda payment, reason, at: None)


def no_proof_that_money_is_ours(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settlement, "_is_surely_ours", lambda session, payment: True)


def no_reconciliation(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(payments, "_look_after", lambda payment, now: None)
    patch.setattr("orders.money.audit.compare", lambda at: None)
    patch.setattr(inbox, "poll", lambda at: None)


def no_end_of_sending(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(payments, "SEND_WITHIN", AGES)


def no_order_of_keys(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stripe_gateway, "canonical", lambda value: value)


def no_retries(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stripe_gateway, "RETRIES", 0)


def no_closing_of_the_page(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        payments, "_close", lambda payment, at: payments._give_up(payment, Payment.State.ABANDONED, "")
    )
    patch.setattr(Payment, "ACTIVE", ())


def no_stop_for_card_testers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(attempts, "count", lambda request, email: None)


def no_look_at_whose_browser_it_is(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(views, "is_buyer", lambda request, order: True)


def no_care_for_the_others(patch: pytest.MonkeyPatch) -> None:
    def look_after(payment: Payment, now: Any) -> None:
        payments.settle(payment, at=now)

    patch.setattr(payments, "_look_after", look_after)


def no_review(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Order, "is_under_review", False)
    patch.setattr(settlement, "_put_aside", lambda payment, session, wrong, at: None)


def no_pause_between_attempts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(inbox, "_pause", lambda attempts: timedelta(0))


def no_lease(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(inbox, "LEASE", timedelta(0))


def no_end_of_a_lease(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(inbox, "LEASE", AGES)


def no_session_from_the_notice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(inbox, "settle", lambda payment, at, session_id: settlement.settle(payment, at=at))


def no_memory_of_being_paid(patch: pytest.MonkeyPatch) -> None:
    """Each bell takes the money anew, also the same bell."""
    patch.setattr(settlement, "_follow", settlement._take)
    patch.setattr(inbox, "_claim", lambda event_id, at: True)


def no_limit_of_refunds(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(refunds, "_refuse_more_than_is_left", lambda *_arguments: None)


def no_look_before_sending_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(refunds, "_found_again", lambda refund: None)
    patch.setattr("orders.models.Refund.idempotency_key", property(lambda refund: uuid4().hex))
