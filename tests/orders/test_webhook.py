import json
import time
from datetime import timedelta

import pytest
import stripe
from django.test import Client
from django.utils import timezone

from orders.models import Job, Order, Payment, PendingWork, Refund, StripeEvent
from orders.money import inbox, payments
from tests.orders import removals
from tests.orders.safeguards import without
from tests.orders.threads import in_threads
from tests.orders.till import SECRET, only_payment

WEBHOOK = "/stripe/webhook/"


def event_about(payment: Payment | None = None, **changes: object) -> str:
    session = {
        "id": payment.session_id if payment else "cs_test_foreign",
        "object": "checkout.session",
        "metadata": {"payment": str(payment.pk)} if payment else {},
        "customer_email": "ada@example.com",
    }
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "created": int(time.time()),
        "api_version": stripe.api_version,
        "livemode": False,
        "data": {"object": session},
    }
    return json.dumps({**event, **changes})


def signed(body: str, secret: str = SECRET, timestamp: int | None = None) -> str:
    return str(stripe.WebhookSignature.generate_signature_header(body, secret, timestamp=timestamp))


def ring(client: Client, body: str, signature: str | None = None) -> int:
    headers = {"Stripe-Signature": signed(body) if signature is None else signature}
    return client.post(WEBHOOK, body, content_type="application/json", headers=headers).status_code


# ── What is taken in, and what is not ────────────────────────────────────────────────────────────


def test_a_notice_with_our_seal_pays_the_order(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    assert ring(Client(enforce_csrf_checks=True), event_about(only_payment())) == 200
    order.refresh_from_db()
    assert order.is_paid
    assert StripeEvent.objects.get().state == "done"


def test_the_inbox_keeps_ids_and_no_personal_data(buyer, ada_bar, till):
    buyer.order_of(ada_bar.digest)
    ring(Client(), event_about(only_payment()))
    assert "ada@" not in json.dumps(StripeEvent.objects.get().payload)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "nonsense",
        "t=1,v1=00",
        signed("another body"),
        signed(event_about(), "whsec_of_somebody_else"),
        signed(event_about()).replace("v1=", "v0="),
    ],
    ids=["none", "nonsense", "guessed", "another body", "another secret", "old scheme"],
)
@without(removals.no_signature)
def test_a_forged_notice_is_refused_and_not_kept(client, db, signature):
    assert ring(client, event_about(), signature) == 400
    assert not StripeEvent.objects.exists()


@without(removals.no_age_limit)
def test_an_old_notice_is_refused(client, db):
    body, now = event_about(), int(time.time())
    answers = [ring(client, body, signed(body, timestamp=now - age_s)) for age_s in (290, 310)]
    assert answers == [200, 400]


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "{}", '{"id": "evt_1"}', '{"id":"e","type":"t","created":"x","data":{"object":{}}}'],
)
def test_a_sealed_body_that_is_no_event_is_refused(client, db, body):
    assert ring(client, body) == 400
    assert not StripeEvent.objects.exists()


@without(removals.no_longest_body)
def test_a_body_that_is_too_long_is_not_read(client, db):
    assert ring(client, " " * (1024 * 1024) + event_about()) == 413


@without(removals.no_wall_between_live_and_test)
def test_live_and_test_do_not_mix(client, db):
    assert ring(client, event_about(livemode=True)) == 400
    assert not StripeEvent.objects.exists()


def test_the_webhook_answers_posts_only(client, db):
    assert client.get(WEBHOOK).status_code == 405


def test_two_secrets_are_good_while_one_replaces_the_other(client, db, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", SECRET]
    body = event_about()
    assert ring(client, body, signed(body, "whsec_new")) == 200
    assert ring(client, body, signed(body, SECRET)) == 200
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new"]
    assert ring(client, body, signed(body, SECRET)) == 400


def test_a_notice_about_something_that_is_not_ours_is_kept_and_ignored(client, db):
    assert ring(client, event_about()) == 200
    assert StripeEvent.objects.get().state == "ignored"


@without(removals.no_question_to_stripe)
def test_a_notice_that_lies_changes_nothing(buyer, ada_bar, till):
    """Sealed or not, its words are not believed: Stripe is asked."""
    order, _page = buyer.order_of(ada_bar.digest)
    assert ring(Client(), event_about(only_payment())) == 200
    order.refresh_from_db()
    assert order.awaits_payment


@without(removals.no_memory_of_being_paid)
def test_the_same_notice_again_changes_nothing(buyer, ada_bar, till):
    _order, page = buyer.order_of(ada_bar.digest, 2)
    till.pay(page)
    body = event_about(only_payment())
    assert [ring(Client(), body) for _time in range(3)] == [200, 200, 200]
    assert (StripeEvent.objects.count(), Job.objects.count()) == (1, 2)
    assert not Refund.objects.exists()
    assert PendingWork.objects.filter(kind="confirmation").count() == 1


@without(removals.no_session_from_the_notice)
def test_a_notice_for_an_attempt_whose_maker_died_finds_it(buyer, ada_bar, till):
    """Stripe had opened the page, and the shop was killed before it could write that down."""
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    body = event_about(only_payment())
    Payment.objects.update(session_id=None, url="", state="created")
    ring(Client(), body)
    order.refresh_from_db()
    assert order.is_paid


@without(removals.no_pause_between_attempts)
def test_work_that_fails_is_tried_again_eight_times_and_then_shown(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    Payment.objects.update(look_at=timezone.now() + timedelta(days=9))
    till.fault("unavailable", method="GET", path="/v1/checkout/sessions/*", times=6)
    assert ring(Client(), event_about(only_payment())) == 200
    event = StripeEvent.objects.get()
    assert (event.state, event.attempts) == ("failed", 1)
    a_moment = timedelta(seconds=1)
    payments.reconcile(timezone.now() + timedelta(seconds=20))
    assert StripeEvent.objects.get().attempts == 1, "not tried again at once"
    payments.reconcile(event.next_at + a_moment)
    event.refresh_from_db()
    assert (event.state, event.attempts) == ("failed", 2)
    payments.reconcile(event.next_at + a_moment)
    order.refresh_from_db()
    assert (StripeEvent.objects.get().state, order.is_paid) == ("done", True)
    StripeEvent.objects.update(state="failed", attempts=8)
    assert [event.state for event in inbox.given_up(timezone.now())] == ["failed"]
    payments.reconcile(timezone.now() + timedelta(days=1))
    assert StripeEvent.objects.get().state == "failed"


@without(removals.no_lease, removals.no_end_of_a_lease)
def test_a_notice_has_one_worker_at_a_time(client, db):
    ring(client, event_about())
    StripeEvent.objects.update(state="new", next_at=timezone.now())
    at = timezone.now()
    assert [inbox._claim("evt_1", at) for _worker in range(2)] == [True, False]
    assert inbox._claim("evt_1", at + timedelta(minutes=3)), "the first one is taken for dead"


def test_a_worker_killed_in_the_middle_is_replaced(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    Payment.objects.update(look_at=timezone.now() + timedelta(days=9))
    body = event_about(only_payment())
    till.fault("unavailable", method="GET", path="/v1/checkout/sessions/*", times=3)
    ring(Client(), body)
    StripeEvent.objects.update(state="working", next_at=timezone.now() + timedelta(minutes=2))
    payments.reconcile(timezone.now())
    order.refresh_from_db()
    assert order.awaits_payment, "somebody holds it"
    payments.reconcile(timezone.now() + timedelta(minutes=3))
    order.refresh_from_db()
    assert order.is_paid


# ── Over the wire ────────────────────────────────────────────────────────────────────────────────


def test_paid_at_stripe_is_paid_here_before_the_customer_is_back(till_that_rings, buyer, ada_bar):
    order, page = buyer.order_of(ada_bar.digest, 2)
    assert till_that_rings.pay(page, wait="true") == "paid"
    order.refresh_from_db()
    assert order.is_paid
    assert Job.objects.count() == 2


@pytest.mark.parametrize("kind", ["duplicate_webhook", "delay_webhook"])
def test_doubled_and_late_notices_pay_once(till_that_rings, buyer, ada_bar, kind):
    order, page = buyer.order_of(ada_bar.digest, 3)
    till_that_rings.fault(kind, event="*", times=9, seconds=1)
    till_that_rings.pay(page)
    till_that_rings.wait()
    order.refresh_from_db()
    assert order.is_paid
    assert not Refund.objects.exists()
    assert Job.objects.count() == 3
    assert PendingWork.objects.filter(kind="confirmation").count() == 1


@pytest.mark.parametrize("kind", ["drop_webhook", "forget_event"])
@without(removals.no_reconciliation)
def test_notices_that_never_come_are_made_up_for(till_that_rings, buyer, ada_bar, kind):
    order, page = buyer.order_of(ada_bar.digest)
    till_that_rings.fault(kind, event="*", times=9)
    till_that_rings.pay(page)
    till_that_rings.wait()
    order.refresh_from_db()
    assert order.awaits_payment
    payments.reconcile(timezone.now() + timedelta(minutes=3))
    order.refresh_from_db()
    assert order.is_paid
    assert Job.objects.count() == 1


def test_eight_presses_of_the_order_button_are_one_order_and_one_page(transactional_db, till, buyer, ada_bar):
    buyer.puts_into_cart(ada_bar.digest)
    total = buyer.total_shown()

    def press(_number: int) -> str:
        tab = type(buyer)(Client())
        tab.client.cookies.update(buyer.client.cookies)
        return str(tab.orders(expected_total=total)["Location"])

    pages = in_threads(8, press)
    assert len(set(pages)) == 1
    assert till.address in pages[0]
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)


@without(removals.no_memory_of_being_paid)
def test_return_page_and_webhooks_at_once_pay_once(transactional_db, till, buyer, ada_bar):
    order, page = buyer.order_of(ada_bar.digest, 2)
    till.pay(page)
    payment = only_payment()
    body = event_about(payment)

    def arrive(number: int) -> int:
        if number % 2:
            return ring(Client(), body.replace("evt_1", f"evt_{number}"))
        return Client().get(f"/pay/return/{payment.pk}/").status_code

    assert set(in_threads(8, arrive)) == {200}
    order.refresh_from_db()
    assert order.is_paid
    assert Job.objects.count() == 2
    assert PendingWork.objects.filter(kind="confirmation").count() == 1
    assert not Refund.objects.exists()


@without(removals.no_automatic_refund)
def test_two_payments_at_once_keep_one_and_return_the_other(transactional_db, till, buyer, ada_bar):
    order, first_page = buyer.order_of(ada_bar.digest)
    Payment.objects.update(state="expired")
    second_page = payments.start(order, at=timezone.now())
    till.pay(first_page)
    till.pay(second_page)
    both = list(Payment.objects.all())
    in_threads(6, lambda number: payments.settle(both[number % 2], at=timezone.now()))
    assert Payment.objects.filter(state="paid").count() == 2
    assert Payment.objects.filter(accepted=True).count() == 1
    assert Refund.objects.get().payment == Payment.objects.get(accepted=False)
    assert Job.objects.count() == 1


def test_a_cancellation_racing_a_payment_ends_in_one_of_the_two(transactional_db, till, buyer, ada_bar):
    order, page = buyer.order_of(ada_bar.digest)

    def race(number: int) -> object:
        if number:
            return till.pay(page)
        return buyer.client.post(f"/orders/{order.token}/cancellation/").status_code

    in_threads(2, race)
    payments.reconcile(timezone.now() + timedelta(minutes=5))
    payments.reconcile(timezone.now() + timedelta(minutes=10))
    order.refresh_from_db()
    if order.is_paid:
        assert Job.objects.count() == 1
    else:
        assert order.payment_state == "cancelled"
        assert not Job.objects.exists()
        assert not Payment.objects.filter(state="paid").exists() or Refund.objects.get().state == "succeeded"
