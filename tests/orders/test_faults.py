"""What goes wrong between two machines that talk over a network, over real HTTP.

Each test runs twice: as it is, and without the safeguard that it is about; then it must fail. After
both our ledger is held against the sandbox's money (safeguards.py). The whole list of faults, and
where each is tested, stands in docs/payments.md.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from configurator.models import Module
from orders import stock
from orders.models import Job, Order, Payment, Refund, StripeEvent
from orders.models.runner import Runner
from orders.money import inbox, payments, settlement, stripe_gateway
from orders.money.payments import PaymentPageAway, SoldOut
from sandbox.server import Settings, running
from sandbox.state import State
from tests.orders.removals import no_memory_of_being_paid
from tests.orders.safeguards import without
from tests.orders.threads import in_threads
from tests.orders.till import Buyer, Till, only_payment
from tests.ports import two_free_ports

MOST_PRESSES = 20
SOON = timedelta(minutes=5)
LONG_AGO = timedelta(days=30)


@pytest.fixture(autouse=True)
def shop(catalogue: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something to sell. The SDK does not try again by itself: each fault reaches us, and at once."""
    monkeypatch.setattr(stripe_gateway, "RETRIES", 0)


def later(wait: timedelta = SOON) -> None:
    payments.reconcile(timezone.now() + wait)


# ── Opening the page ─────────────────────────────────────────────────────────────────────────────


def no_key_of_its_own(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Payment, "idempotency_key", property(lambda payment: uuid4().hex))


@without(no_key_of_its_own)
@pytest.mark.parametrize("kind", ["reset_after", "timeout"])
def test_an_answer_that_never_came_is_asked_for_again_and_one_page_is_open(
    buyer, ada_bar, till, monkeypatch, kind
):
    monkeypatch.setattr(stripe_gateway, "TIMEOUT_S", (10, 2))
    till.fault(kind, method="POST", path="/v1/checkout/sessions", seconds=4)
    buyer.puts_into_cart(ada_bar.digest)
    buyer.orders()
    order = Order.objects.get()
    assert till.address in buyer.client.post(f"/orders/{order.token}/payments/")["Location"]
    assert len(till.sessions()) == 1
    assert only_payment().state == "open"


@without(no_key_of_its_own)
def test_eight_presses_on_pay_open_one_page(transactional_db, buyer, ada_bar, till, monkeypatch):
    """All eight have found the attempt that was never sent before one of them sends it."""
    till.fault("unavailable", method="POST", path="/v1/checkout/sessions")
    buyer.puts_into_cart(ada_bar.digest)
    buyer.orders()
    order = Order.objects.get()
    meeting, send = threading.Barrier(8), payments._send

    def meet_and_send(payment: Payment, at: datetime) -> str:
        meeting.wait(timeout=30)
        return send(payment, at)

    monkeypatch.setattr(payments, "_send", meet_and_send)
    pages = in_threads(8, lambda _number: payments.start(order, at=timezone.now()))
    assert len(set(pages)) == 1
    assert len(till.sessions()) == 1


def no_check_of_the_total(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settlement, "_against", lambda payment, order, at: None)
    patch.setattr(settlement, "_mismatches", lambda session, payment, order: [])


@without(no_check_of_the_total)
def test_a_total_that_changed_while_the_page_was_open_is_not_fulfilled(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    Order.objects.update(goods_cents=order.goods_cents + 100, total_cents=order.total_cents + 100)
    till.pay(page)
    later()
    order.refresh_from_db()
    assert order.awaits_payment
    later(2 * SOON)
    assert (Refund.objects.get().reason, Refund.objects.get().state) == ("mismatch", "succeeded")


# ── Two at once ──────────────────────────────────────────────────────────────────────────────────


def no_lock_on_the_order(patch: pytest.MonkeyPatch) -> None:
    def unlocked(payment: Payment) -> tuple[Order, Payment]:
        payment = Payment.objects.select_related("order").get(pk=payment.pk)
        return payment.order, payment

    patch.setattr(settlement, "_locked", unlocked)
    if connection.vendor == "sqlite":
        # There the transaction itself is the lock, taken at its beginning.
        patch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")


@without(no_lock_on_the_order)
@pytest.mark.both_databases
def test_two_attempts_paid_at_the_same_moment_keep_one(transactional_db, buyer, ada_bar, till, monkeypatch):
    """Both have read the order before either writes, if nothing keeps them apart."""
    order, first = buyer.order_of(ada_bar.digest)
    Payment.objects.update(state="expired")
    second = payments.start(order, at=timezone.now())
    till.pay(first)
    till.pay(second)
    meet_inside(monkeypatch)
    both = list(Payment.objects.all())
    in_threads(2, lambda number: payments.settle(both[number], at=timezone.now()))
    later()
    later(2 * SOON)
    assert sorted(Payment.objects.values_list("accepted", flat=True)) == [False, True]
    assert Refund.objects.get().payment == Payment.objects.get(accepted=False)
    assert Job.objects.count() == 1


def meet_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is let in waits a moment for the other, who is only let in without a lock."""
    meeting, look = threading.Barrier(2), settlement._mismatches

    def look_and_wait(*seen: Any) -> list[str]:
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=0.5)
        return look(*seen)

    monkeypatch.setattr(settlement, "_mismatches", look_and_wait)


def no_turns(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(payments, "Runner", SimpleNamespace(turn_at=lambda name, at, lasts: _open_door()))


class _open_door:  # noqa: N801  # stands for a function
    def __enter__(self) -> bool:
        return True

    def __exit__(self, *_error: object) -> None:
        pass


@without(no_turns)
def test_one_runner_reconciles_and_a_killed_one_is_replaced(db, till):
    now = timezone.now()
    with Runner.turn_at("reconcile", at=now, lasts=payments.RECONCILE_LASTS):
        assert not payments.reconcile(now + timedelta(minutes=1)), "another is at it"
        assert payments.reconcile(now + timedelta(minutes=11)), "the other has been dead for long"
    assert payments.reconcile(now + timedelta(minutes=12))


# ── What Stripe tells us ─────────────────────────────────────────────────────────────────────────


def no_answer_that_it_failed(patch: pytest.MonkeyPatch) -> None:
    keep = inbox.keep

    def keep_or_forget(event: Any, *, source: str, at: Any) -> None:
        with suppress(Exception):
            keep(event, source=source, at=at)

    patch.setattr(inbox, "keep", keep_or_forget)
    patch.setattr(inbox, "work_on", lambda event_id, at: None)


@without(no_answer_that_it_failed)
def test_while_the_inbox_is_down_stripe_is_told_to_come_again(till_that_rings, buyer, ada_bar):
    """An answer of 200 would be a promise: Stripe would never tell us again."""
    order, page = buyer.order_of(ada_bar.digest)
    rename("orders_stripeevent", "orders_elsewhere")
    try:
        assert till_that_rings.pay(page, wait="true") == "paid"
    finally:
        rename("orders_elsewhere", "orders_stripeevent")
    till_that_rings.wait()
    order.refresh_from_db()
    assert order.is_paid
    assert "done" in StripeEvent.objects.values_list("state", flat=True)


def rename(table: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" RENAME TO "{name}"')


def no_look_at_what_is_due(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(payments, "_look_after", lambda payment, now: None)


@without(no_look_at_what_is_due)
def test_an_event_that_was_never_made_is_not_needed(till_that_rings, buyer, ada_bar):
    order, page = buyer.order_of(ada_bar.digest)
    till_that_rings.fault("forget_event", event="*", times=9)
    till_that_rings.pay(page)
    later()
    order.refresh_from_db()
    assert order.is_paid


def no_refund_before_its_charge(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settlement, "_follow_money", lambda payment, session, order, at: None)


@without(no_refund_before_its_charge)
def test_a_refund_that_is_told_of_before_its_payment_ends_the_same(till_that_rings, buyer, ada_bar):
    order, page = buyer.order_of(ada_bar.digest)
    till_that_rings.fault("delay_webhook", event="checkout.session.completed", seconds=1)
    till_that_rings.pay(page)
    intent = stripe_gateway.session(only_payment().session_id or "").intent_id
    till_that_rings.refund(SimpleNamespace(intent_id=intent), cents=order.total_cents)
    till_that_rings.wait()
    order.refresh_from_db()
    assert order.payment_state == "refunded"
    assert Refund.objects.get().reason == "at_stripe"


# ── Keys, restarts, stock ────────────────────────────────────────────────────────────────────────


def no_look_at_the_key(patch: pytest.MonkeyPatch) -> None:
    first: list[Any] = []
    client_for = stripe_gateway._client_for

    def always_the_first(key: str, base: str) -> Any:
        first[:] = first or [client_for(key, base)]
        return first[0]

    patch.setattr(stripe_gateway, "_client_for", always_the_first)


@without(no_look_at_the_key)
def test_a_new_api_key_takes_over_without_a_restart(buyer, ada_bar, till, settings):
    order, page = buyer.order_of(ada_bar.digest)
    till.control("keys", key="sk_test_sandbox_rolled")
    till.pay(page)
    later()
    order.refresh_from_db()
    assert order.awaits_payment, "the old key opens nothing any more"
    settings.STRIPE_SECRET_KEY = "sk_test_sandbox_rolled"
    later(2 * SOON)
    order.refresh_from_db()
    assert order.is_paid


def no_journal(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(State, "_write", lambda state, journal: None)


@without(no_journal)
def test_a_sandbox_that_is_started_again_knows_its_open_pages(
    db, new_buyer: Callable[[], Buyer], ada_bar, tmp_path: Path, settings
):
    port = two_free_ports()
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{port}"
    buyer = new_buyer()
    with running(Settings(tmp_path / "sandbox", port=port)):
        order, page = buyer.order_of(ada_bar.digest)
    # A kept connection would still reach the threads of the one that has stopped.
    stripe_gateway._client_for.cache_clear()
    again = buyer.client.post(f"/orders/{order.token}/payments/")
    assert "Your order is kept" in buyer.client.get(again["Location"]).content.decode()
    with running(Settings(tmp_path / "sandbox", port=port)) as sandbox:
        assert buyer.client.post(f"/orders/{order.token}/payments/")["Location"] == page
        assert Till(sandbox.address).pay(page) == "paid"
        later()
        order.refresh_from_db()
        assert order.is_paid


def only_almonds_for_one(order: Order) -> None:
    """Somebody counts, and there is as much as this order needs."""
    olga = User.objects.create_user("olga", is_staff=True)
    needed = stock.needs_of(order)["almond_whole"]
    stock.count(Module.objects.get(key="almond_whole"), mg=needed, by=olga, at=timezone.now())
    stock.free(order)


def no_count_of_modules(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settlement, "_could_reserve", lambda order, at: True)


@without(no_count_of_modules)
def test_money_for_what_was_sold_to_another_meanwhile_goes_back(buyer, new_buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    only_almonds_for_one(order)
    other, others_page = new_buyer().order_of(ada_bar.digest)
    for address in (others_page, page):
        till.pay(address)
        later()
    later(2 * SOON)
    order.refresh_from_db()
    other.refresh_from_db()
    assert (order.payment_state, other.payment_state) == ("cancelled", "paid")
    assert (Refund.objects.get().reason, Refund.objects.get().state) == ("sold_out", "succeeded")
    back = buyer.client.get(f"/pay/return/{order.payments.get().pk}/", follow=True)
    assert "the last of what your bars need was sold" in back.content.decode()


def no_second_look_at_the_stock(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(payments, "_reserve_again", lambda order, at: None)


@without(no_second_look_at_the_stock)
def test_nobody_is_asked_to_pay_again_for_what_is_sold_out(buyer, new_buyer, ada_bar, till):
    order, _page = buyer.order_of(ada_bar.digest)
    till.control("clock", advance=2 * 3600)
    later()
    till.control("clock", offset=0)
    only_almonds_for_one(order)
    other, _others_page = new_buyer().order_of(ada_bar.digest)
    now = timezone.now()
    with transaction.atomic():
        stock.reserve(other, stock.needs_of(other), until=now + timedelta(hours=1), at=now)
    with pytest.raises(SoldOut):
        payments.start(order, at=timezone.now())
    told = buyer.client.post(f"/orders/{order.token}/payments/", follow=True)
    assert "has run out since" in told.content.decode()


# ── Stripe is away in the middle of everything ───────────────────────────────────────────────────


def no_patience(patch: pytest.MonkeyPatch) -> None:
    """What Stripe did not answer is given up, and the next press begins anew."""
    send = payments._send

    def send_or_give_up(payment: Payment, at: datetime) -> str:
        try:
            return send(payment, at)
        except PaymentPageAway as away:
            payments._give_up(payment, Payment.State.ABANDONED, str(away.__cause__))
            raise

    patch.setattr(payments, "_send", send_or_give_up)


@pytest.mark.timeout(120)
@without(no_patience, no_memory_of_being_paid)
def test_six_buyers_in_a_storm_end_paid_once_each(
    transactional_db, till_that_rings, new_buyer, ada_bar, settings
):
    """Every kind of fault at once, webhooks doubled, everybody presses everything twice."""
    settings.PAYMENT_ATTEMPTS_PER_HOUR = 1000
    for kind in ("unavailable", "rate_limited", "reset_before", "reset_after"):
        till_that_rings.fault(kind, path="/v1/*", times=2)
    till_that_rings.fault("duplicate_webhook", event="*", times=40)
    placed = [order_through_the_storm(new_buyer(), ada_bar.digest) for _buyer in range(6)]
    till_that_rings.fault("error_executed", method="GET", path="/v1/*", times=4)
    in_threads(6, lambda number: settle_through_the_storm(till_that_rings, placed[number]))
    till_that_rings.calm_down()
    later()
    assert {order.payment_state for order in Order.objects.all()} == {"paid"}
    assert Payment.objects.filter(state="paid").count() == 6
    assert len(till_that_rings.sessions()) == 6, "at a second page somebody could pay again"
    assert not Refund.objects.exists()


def order_through_the_storm(buyer: Buyer, digest: str) -> Order:
    buyer.puts_into_cart(digest)
    buyer.orders()
    order = Order.objects.latest("pk")
    for pressed in range(1, MOST_PRESSES):
        buyer.client.post(f"/orders/{order.token}/payments/")
        if pressed >= 2 and order.payments.filter(state="open").exists():
            return order
    pytest.fail("There are fewer faults than presses, and still nobody gets to the payment page.")


def settle_through_the_storm(till: Till, order: Order) -> None:
    payment = order.payments.get(state="open")
    assert till.pay(payment.url) == "paid"
    for _press in range(2):
        Client().get(f"/pay/return/{payment.pk}/")
