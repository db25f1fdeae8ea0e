from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from orders.models import CartLine, Discrepancy, Job, Order, Payment, PendingWork, Refund
from orders.money import payments, refunds, stripe_gateway
from orders.money.payments import NotPayable
from orders.money.refunds import RefundTooLarge
from tests.orders import removals
from tests.orders.safeguards import without
from tests.orders.till import DECLINED, Till, only_payment

SOON = timedelta(minutes=5)


def reconcile_in(wait: timedelta = SOON) -> None:
    payments.reconcile(timezone.now() + wait)


def return_page(payment: Payment) -> str:
    return f"/pay/return/{payment.pk}/"


@pytest.fixture(autouse=True)
def shop(catalogue: None, till: Till) -> None:
    """Every test here pays at the sandbox; the books are held together after each (safeguards.py)."""


def test_paid_on_return_makes_one_job_per_bar_and_owes_one_mail(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest, 3)
    assert till.pay(page) == "paid"
    answer = buyer.client.get(return_page(only_payment()))
    assert answer["Location"] == f"/orders/{order.token}/"
    order.refresh_from_db()
    assert (order.payment_state, order.paid_at is not None) == ("paid", True)
    payment = only_payment()
    assert (payment.state, payment.captured_cents, payment.accepted) == ("paid", order.total_cents, True)
    assert [job.index for job in Job.objects.order_by("index")] == [1, 2, 3]
    assert PendingWork.objects.filter(kind="confirmation").count() == 1
    assert "Thank you!" in buyer.client.get(answer["Location"]).content.decode()


def test_whoever_ordered_in_german_comes_back_to_german_pages(buyer, ada_bar, till):
    buyer.spoken = "/de"
    order, page = buyer.order_of(ada_bar.digest)
    payment = only_payment()
    assert payment.request["locale"] == "de"
    assert payment.request["success_url"].endswith(f"/de/pay/return/{payment.pk}/")
    assert payment.request["cancel_url"].endswith(f"/de/orders/{order.token}/")
    assert till.pay(page) == "paid"
    answer = buyer.client.get(f"/de{return_page(payment)}")
    assert answer["Location"] == f"/de/orders/{order.token}/"
    assert "Danke!" in buyer.client.get(answer["Location"]).content.decode()


def test_what_is_charged_is_what_was_shown(buyer, ada_bar, till):
    buyer.puts_into_cart(ada_bar.digest, 2)
    shown = buyer.total_shown()
    buyer.orders()
    session = stripe_gateway.session(only_payment().session_id or "")
    assert (session.amount_cents, session.currency) == (int(shown), "EUR")


@without(removals.no_question_to_stripe)
def test_coming_back_without_paying_proves_nothing(buyer, ada_bar):
    order, _page = buyer.order_of(ada_bar.digest)
    buyer.client.get(return_page(only_payment()))
    order.refresh_from_db()
    assert order.awaits_payment
    assert not Job.objects.exists()


def test_a_declined_card_can_be_followed_by_another_on_the_same_page(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    assert till.pay(page, DECLINED) == "declined"
    buyer.client.get(return_page(only_payment()))
    assert only_payment().state == "open"
    assert till.pay(page) == "paid"
    buyer.client.get(return_page(only_payment()))
    order.refresh_from_db()
    assert order.is_paid


def test_going_back_from_the_payment_page_loses_nothing(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    shown = buyer.client.get(f"/orders/{order.token}/").content.decode()
    assert "Pay now" in shown
    again = buyer.client.post(f"/orders/{order.token}/payments/")
    assert (again.status_code, again["Location"]) == (303, page)
    assert Payment.objects.count() == 1


def test_a_page_that_has_run_out_is_followed_by_a_new_attempt(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    till.control("clock", advance=3 * 3600)
    reconcile_in()
    assert only_payment().state == "expired"
    till.control("clock", offset=0)
    again = buyer.client.post(f"/orders/{order.token}/payments/")
    assert again["Location"] != page
    assert [p.state for p in Payment.objects.order_by("attempt")] == ["expired", "open"]
    assert till.pay(again["Location"]) == "paid"
    reconcile_in()
    order.refresh_from_db()
    assert order.is_paid


@without(removals.no_reconciliation)
def test_nobody_rang_and_nobody_came_back_and_yet_it_is_paid(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest, 2)
    till.pay(page)
    payments.reconcile(timezone.now())
    order.refresh_from_db()
    assert order.awaits_payment, "not looked at before two minutes have passed"
    reconcile_in()
    reconcile_in()
    order.refresh_from_db()
    assert order.is_paid
    assert Job.objects.count() == 2


def test_a_payment_that_the_bank_still_works_on_is_waited_for(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    assert till.pay(page, "bankdebit") == "processing"
    buyer.client.get(return_page(only_payment()))
    assert only_payment().state == "processing"
    with pytest.raises(NotPayable):
        payments.start(order, at=timezone.now())
    till.control("settlements", session=only_payment().session_id, succeeded="true")
    reconcile_in()
    order.refresh_from_db()
    assert order.is_paid


def test_a_bank_that_says_no_in_the_end_leaves_the_order_to_be_paid(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page, "bankdebit")
    reconcile_in()
    till.control("settlements", session=only_payment().session_id, succeeded="false")
    reconcile_in(timedelta(hours=1))
    assert only_payment().state == "failed"
    again = payments.start(order, at=timezone.now())
    assert till.pay(again) == "paid"
    reconcile_in()
    order.refresh_from_db()
    assert order.is_paid


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "unavailable"])
@without(removals.no_retries)
def test_a_connection_that_breaks_for_a_moment_is_not_the_customers_problem(buyer, ada_bar, till, kind):
    till.fault(kind, method="POST", path="/v1/checkout/sessions", times=2)
    _order, page = buyer.order_of(ada_bar.digest)
    assert till.address in page
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(("kind", "times"), [("unavailable", 3), ("rate_limited", 1)])
def test_stripe_away_keeps_the_order_and_says_so(buyer, ada_bar, till, kind, times):
    till.fault(kind, method="POST", path="/v1/checkout/sessions", times=times)
    buyer.puts_into_cart(ada_bar.digest)
    answer = buyer.orders()
    order = Order.objects.get()
    assert answer["Location"] == f"/orders/{order.token}/"
    assert "Your order is kept: please try again" in buyer.client.get(answer["Location"]).content.decode()
    assert only_payment().state == "created"
    again = buyer.client.post(f"/orders/{order.token}/payments/")
    assert till.address in again["Location"]
    assert only_payment().state == "open"


@pytest.mark.parametrize("kind", ["error_executed", "error_not_executed"])
def test_a_500_ends_the_attempt_and_the_next_one_works(buyer, ada_bar, till, kind):
    till.fault(kind, method="POST", path="/v1/checkout/sessions", times=1)
    buyer.puts_into_cart(ada_bar.digest)
    buyer.orders()
    order = Order.objects.get()
    page = payments.start(order, at=timezone.now())
    assert [p.state for p in Payment.objects.order_by("attempt")] == ["abandoned", "open"]
    till.pay(page)
    reconcile_in()
    order.refresh_from_db()
    assert order.is_paid


def test_the_first_attempt_is_written_down_with_the_order_and_asks_for_what_any_attempt_asks(
    buyer, ada_bar, till, settings
):
    settings.PAYMENT_ATTEMPTS_PER_HOUR = 0
    buyer.puts_into_cart(ada_bar.digest, 3)
    assert till.address not in buyer.orders()["Location"]
    first, order = only_payment(), Order.objects.get()
    assert (first.state, first.attempt, first.session_id) == ("created", 1, None)
    assert first.amount_cents == order.total_cents

    settings.PAYMENT_ATTEMPTS_PER_HOUR = 10
    assert till.address in buyer.client.post(f"/orders/{order.token}/payments/")["Location"]
    sent = only_payment()
    assert (sent.pk, sent.state) == (first.pk, "open")

    payments.cancel(order, at=timezone.now())
    order.refresh_from_db()
    Order.objects.update(payment_state="pending", closed_at=None)
    order.refresh_from_db()
    payments.start(order, at=timezone.now())
    second = Payment.objects.get(attempt=2)
    assert second.request["line_items"] == first.request["line_items"]


@without(removals.no_end_of_sending)
def test_an_attempt_that_never_left_the_house_is_given_up(buyer, ada_bar, till):
    till.fault("unavailable", method="POST", path="/v1/checkout/sessions", times=3)
    buyer.puts_into_cart(ada_bar.digest)
    buyer.orders()
    reconcile_in(timedelta(minutes=20))
    assert only_payment().state == "created"
    reconcile_in(timedelta(minutes=26))
    assert only_payment().state == "abandoned"


@without(removals.no_end_of_sending)
def test_an_old_attempt_is_not_sent_any_more_but_replaced(buyer, ada_bar, till):
    till.fault("unavailable", method="POST", path="/v1/checkout/sessions", times=3)
    buyer.puts_into_cart(ada_bar.digest)
    buyer.orders()
    Payment.objects.update(created_at=timezone.now() - timedelta(minutes=26))
    payments.start(Order.objects.get(), at=timezone.now())
    assert [p.state for p in Payment.objects.order_by("attempt")] == ["abandoned", "open"]


@without(removals.no_order_of_keys)
def test_a_repeated_request_is_the_same_to_the_byte(buyer, ada_bar, till):
    """A JSON column need not keep the order of keys; Stripe refuses a key with another body."""
    _order, page = buyer.order_of(ada_bar.digest)
    payment = only_payment()
    shuffled = dict(reversed(payment.request.items()))
    assert stripe_gateway.create_session(shuffled, key=payment.idempotency_key).url == page


@without(removals.no_order_of_states)
def test_an_attempt_that_has_ended_is_not_woken_by_a_page_still_open(buyer, ada_bar, till):
    """What was fetched first may be applied last: an old answer must not bring back what is over."""
    order, _page = buyer.order_of(ada_bar.digest)
    first = only_payment()
    Payment.objects.update(state="expired")
    payments.start(order, at=timezone.now())
    payments.settle(first, at=timezone.now())
    assert [p.state for p in Payment.objects.order_by("attempt")] == ["expired", "open"]


# ── Money the order cannot take ──────────────────────────────────────────────────────────────────


def _second_attempt(order: Order, till: Till) -> tuple[str, str]:
    """Two pages open at once, as when the first had already been given up here."""
    first = only_payment()
    Payment.objects.filter(pk=first.pk).update(state="expired")
    return first.url, payments.start(order, at=timezone.now())


@without(removals.no_automatic_refund)
def test_a_second_payment_for_the_same_order_goes_back_by_itself(buyer, ada_bar, till):
    order, _page = buyer.order_of(ada_bar.digest)
    first, second = _second_attempt(order, till)
    till.pay(first)
    till.pay(second)
    reconcile_in()
    payments.settle(Payment.objects.get(attempt=1), at=timezone.now())
    reconcile_in()
    paid = Payment.objects.order_by("attempt")
    assert [p.state for p in paid] == ["paid", "paid"]
    assert sorted(p.accepted for p in paid) == [False, True]
    refund = Refund.objects.get()
    assert (refund.state, refund.reason) == ("succeeded", "paid_twice")
    assert refund.payment == Payment.objects.get(accepted=False)
    assert refund.amount_cents == order.total_cents
    assert Job.objects.count() == 1
    order.refresh_from_db()
    assert order.is_paid


@without(removals.no_automatic_refund)
def test_money_for_a_cancelled_order_goes_back_by_itself(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    order.mark_cancelled(timezone.now())
    till.pay(page)
    reconcile_in()
    reconcile_in()
    order.refresh_from_db()
    assert order.payment_state == "cancelled"
    assert Refund.objects.get().reason == "order_closed"
    assert Refund.objects.get().state == "succeeded"
    assert not Job.objects.exists()


@without(removals.no_look_before_sending_again)
def test_a_refund_is_sent_once_however_its_answer_is_lost(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    order.mark_cancelled(timezone.now())
    till.pay(page)
    till.fault("error_executed", method="POST", path="/v1/refunds", times=1)
    reconcile_in()
    assert Refund.objects.get().state == "requested"
    reconcile_in(timedelta(minutes=15))
    assert Refund.objects.get().state == "succeeded"
    assert len(stripe_gateway.refunds_of(only_payment().intent_id or "")) == 1


def test_a_refund_that_fails_in_the_end_is_shown_to_staff(buyer, ada_bar, till):
    _order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    reconcile_in()
    refund = refunds.request(
        only_payment(), amount_cents=100, reason=Refund.Reason.STAFF, key="a", at=timezone.now()
    )
    refunds.sync(refund, at=timezone.now())
    assert Refund.objects.get().state == "succeeded"
    till.control("refund-failures", refund=refund.stripe_id)
    refunds.sync(refund, at=timezone.now())
    assert Refund.objects.get().state == "failed"


@without(removals.no_limit_of_refunds)
def test_never_more_goes_back_than_came_in(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    reconcile_in()
    at = timezone.now()
    payment = only_payment()
    whole = refunds.request(payment, amount_cents=order.total_cents, reason="staff", key="whole", at=at)
    assert (
        refunds.request(payment, amount_cents=order.total_cents, reason="staff", key="whole", at=at) == whole
    )
    with pytest.raises(RefundTooLarge):
        refunds.request(payment, amount_cents=1, reason="staff", key="one more", at=at)
    reconcile_in()
    order.refresh_from_db()
    assert order.payment_state == "refunded"


def test_a_refund_made_at_stripe_itself_is_noticed(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    reconcile_in()
    payment = only_payment()
    stripe_gateway.create_refund(
        intent_id=payment.intent_id or "", amount_cents=order.total_cents, refund_id="", key="dashboard"
    )
    payments.settle(payment, at=timezone.now())
    order.refresh_from_db()
    assert order.payment_state == "refunded"
    refund = Refund.objects.get()
    assert (refund.reason, refund.state, refund.amount_cents) == ("at_stripe", "succeeded", order.total_cents)


def test_a_dispute_is_marked(buyer, ada_bar, till):
    _order, page = buyer.order_of(ada_bar.digest)
    till.pay(page, "4000000000000259")
    reconcile_in()
    payments.settle(only_payment(), at=timezone.now())
    assert only_payment().disputed


# ── Money that does not fit ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("field", "value", "note"),
    [
        ("amount_total", "1", "amount"),
        ("currency", '"usd"', "currency"),
        ("client_reference_id", '"C-SOMEONE"', "order"),
    ],
)
@without(removals.no_comparison)
def test_a_payment_that_does_not_fit_its_order_is_never_fulfilled_and_goes_back(
    buyer, ada_bar, till, field, value, note
):
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    till.control("tampering", id=only_payment().session_id, field=field, value=value)
    reconcile_in()
    order.refresh_from_db()
    assert order.awaits_payment
    assert (only_payment().state, only_payment().note) == ("review", f"Stripe has another {note}")
    assert not Job.objects.exists()
    reconcile_in(2 * SOON)
    refund = Refund.objects.get()
    assert (refund.reason, refund.state, refund.amount_cents) == ("mismatch", "succeeded", order.total_cents)


@pytest.mark.books_differ
@pytest.mark.parametrize(
    ("field", "value", "note"),
    [
        ("livemode", "true", "mode"),
        ("metadata", '{"payment": "00000000-0000-0000-0000-000000000000"}', "payment"),
    ],
)
@without(removals.no_proof_that_money_is_ours)
def test_money_that_may_be_anothers_is_left_to_staff(buyer, ada_bar, till, field, value, note):
    """The session says that it is not ours: to give that money back could rob another order."""
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    till.control("tampering", id=only_payment().session_id, field=field, value=value)
    reconcile_in()
    order.refresh_from_db()
    assert order.awaits_payment
    assert (only_payment().state, only_payment().note) == ("review", f"Stripe has another {note}")
    reconcile_in(timedelta(hours=2))
    assert not Refund.objects.exists()
    odd = Discrepancy.objects.get()
    assert (odd.kind, odd.ours_cents, odd.theirs_cents) == ("charge", None, order.total_cents)


@pytest.mark.books_differ
@without(removals.no_comparison)
def test_less_received_than_asked_for_is_never_fulfilled(buyer, ada_bar, till):
    _order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    intent = stripe_gateway.session(only_payment().session_id or "").intent_id
    till.control("tampering", id=intent, field="amount_received", value="1")
    reconcile_in()
    assert (only_payment().state, only_payment().note) == ("review", "Stripe has another amount received")
    assert Refund.objects.get().amount_cents == 1


def test_a_session_that_stripe_has_forgotten_ends_the_attempt(buyer, ada_bar, till):
    order, _page = buyer.order_of(ada_bar.digest)
    Payment.objects.update(session_id="cs_test_unknown")
    reconcile_in()
    assert only_payment().state == "failed"
    assert till.address in payments.start(order, at=timezone.now())
    Payment.objects.filter(session_id="cs_test_unknown").update(session_id=None)


@without(removals.no_review)
def test_while_we_look_into_a_payment_nobody_is_asked_to_pay_again(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    Payment.objects.update(currency="CHF")
    till.pay(page)
    back = buyer.client.get(return_page(only_payment()))
    shown = buyer.client.get(back["Location"]).content.decode()
    assert "Your payment is being checked." in shown
    assert "Please do not pay again" in shown
    assert "Pay now" not in shown
    again = buyer.client.post(f"/orders/{order.token}/payments/")
    assert again["Location"] == f"/orders/{order.token}/"
    assert only_payment().state == "review"


def test_a_key_that_stripe_takes_no_more_is_our_problem_and_not_the_customers(
    buyer, ada_bar, till, settings, caplog
):
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    ours, settings.STRIPE_SECRET_KEY = settings.STRIPE_SECRET_KEY, "sk_test_of_yesterday"
    back = buyer.client.get(return_page(only_payment()))
    assert "Your payment is being checked." in buyer.client.get(back["Location"]).content.decode()
    again = buyer.client.post(f"/orders/{order.token}/payments/")
    assert "Your order is kept" in buyer.client.get(again["Location"]).content.decode()
    given_up = buyer.client.post(f"/orders/{order.token}/cancellation/")
    assert "could not be closed" in buyer.client.get(given_up["Location"]).content.decode()
    refusals = [record for record in caplog.records if record.getMessage().startswith("Stripe refused")]
    assert [record.levelname for record in refusals] == ["ERROR"] * 3
    settings.STRIPE_SECRET_KEY = ours
    reconcile_in()
    order.refresh_from_db()
    assert order.is_paid


# ── Cancelling ───────────────────────────────────────────────────────────────────────────────────


def test_what_was_put_into_the_cart_since_is_not_lost_when_an_order_is_given_up(
    buyer, ada_bar, plain_bar, till
):
    order, _page = buyer.order_of(ada_bar.digest, 2)
    buyer.puts_into_cart(plain_bar.digest, 3)
    buyer.puts_into_cart(ada_bar.digest, 4)
    buyer.client.post(f"/orders/{order.token}/cancellation/")
    cart = buyer.client.get("/cart/").content.decode()
    assert 'masthead__count">9<' in cart
    lines = CartLine.objects.filter(cart__order=None).order_by("pk")
    assert [(line.design_id, line.quantity) for line in lines] == [
        (plain_bar.digest, 3),
        (ada_bar.digest, 6),
    ]


@without(removals.no_closing_of_the_page)
def test_an_unpaid_order_can_be_given_up_and_its_bars_are_back_in_the_cart(buyer, ada_bar, plain_bar, till):
    buyer.puts_into_cart(plain_bar.digest)
    order, page = buyer.order_of(ada_bar.digest, 2)
    answer = buyer.client.post(f"/orders/{order.token}/cancellation/")
    assert answer["Location"] == "/cart/"
    order.refresh_from_db()
    assert order.payment_state == "cancelled"
    assert only_payment().state == "expired"
    assert till.pay(page) == "closed"
    cart = buyer.client.get("/cart/").content.decode()
    assert cart.index("Plain") < cart.index("Ada")
    assert buyer.client.post(f"/orders/{order.token}/payments/")["Location"] == f"/orders/{order.token}/"


def test_a_paid_order_cannot_be_given_up_by_a_page_that_did_not_know(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    answer = buyer.client.post(f"/orders/{order.token}/cancellation/")
    assert answer["Location"] == f"/orders/{order.token}/"
    order.refresh_from_db()
    assert order.is_paid
    assert Job.objects.count() == 1


def test_an_order_is_not_given_up_while_its_page_cannot_be_closed(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    till.fault("unavailable", method="POST", path="/v1/checkout/sessions/*/expire", times=3)
    buyer.client.post(f"/orders/{order.token}/cancellation/")
    order.refresh_from_db()
    assert order.awaits_payment
    assert till.pay(page) == "paid"
    reconcile_in()
    order.refresh_from_db()
    assert order.is_paid


def test_an_order_that_nobody_pays_is_given_up_after_two_weeks(buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    reconcile_in(timedelta(days=13))
    order.refresh_from_db()
    assert order.awaits_payment
    reconcile_in(timedelta(days=15))
    order.refresh_from_db()
    assert order.payment_state == "cancelled"
    assert till.pay(page) == "closed"


@without(removals.no_care_for_the_others)
def test_one_payment_that_cannot_be_settled_keeps_no_other_waiting(buyer, new_buyer, ada_bar, till):
    broken, first_page = buyer.order_of(ada_bar.digest)
    order, page = new_buyer().order_of(ada_bar.digest)
    till.pay(first_page)
    till.pay(page)
    # Another payment of ours has this intent already, which the database does not allow twice.
    intent = stripe_gateway.session(broken.payments.get().session_id or "").intent_id
    Payment.objects.filter(order=order).update(intent_id=intent)
    broken.payments.update(look_at=timezone.now() - timedelta(days=1))
    reconcile_in()
    order.refresh_from_db()
    broken.refresh_from_db()
    assert (order.is_paid, broken.awaits_payment) == (True, True)
    reconcile_in(timedelta(minutes=15))
    broken.refresh_from_db()
    assert broken.is_paid, "and it is tried again"


# ── Whoever is not the buyer ─────────────────────────────────────────────────────────────────────


@without(removals.no_look_at_whose_browser_it_is)
def test_the_return_page_tells_another_browser_nothing_of_the_order(buyer, new_buyer, ada_bar, till):
    order, page = buyer.order_of(ada_bar.digest)
    till.pay(page)
    answer = new_buyer().client.get(return_page(only_payment()))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert order.token not in shown
    assert "Lovelace" not in shown
    order.refresh_from_db()
    assert order.is_paid


@pytest.mark.parametrize("token", ["x" * 32, "x" * 500, "%00", "%F0%9F%8D%AB", "%ED%A0%80"])
@pytest.mark.parametrize("path", ["", "payments/", "cancellation/"])
def test_a_token_that_is_not_of_an_order_is_not_found(client, catalogue, path, token):
    address = f"/orders/{token}/{path}"
    assert (client.post(address) if path else client.get(address)).status_code == 404


def test_a_return_to_no_payment_is_not_found(client, db):
    assert client.get("/pay/return/00000000-0000-0000-0000-000000000000/").status_code == 404


@without(removals.no_stop_for_card_testers)
def test_trying_out_cards_is_stopped_and_the_order_is_kept(buyer, ada_bar, till, settings):
    settings.PAYMENT_ATTEMPTS_PER_HOUR = 2
    order, _page = buyer.order_of(ada_bar.digest)
    assert till.address in buyer.client.post(f"/orders/{order.token}/payments/")["Location"]
    answer = buyer.client.post(f"/orders/{order.token}/payments/")
    assert answer["Location"] == f"/orders/{order.token}/"
    assert "many attempts to pay" in buyer.client.get(answer["Location"]).content.decode()


# ── The database keeps the promises ──────────────────────────────────────────────────────────────


def _copy(payment: Payment, **changes: object) -> None:
    payment.pk = None
    for name, value in {"attempt": 2, "session_id": None, **changes}.items():
        setattr(payment, name, value)
    payment.save(force_insert=True)


def test_an_order_has_one_active_payment(buyer, ada_bar):
    buyer.order_of(ada_bar.digest)
    with pytest.raises(IntegrityError), transaction.atomic():
        _copy(only_payment())


@pytest.mark.parametrize(
    "wrong",
    [{"state": "paid"}, {"state": "failed", "accepted": True}],
    ids=["paid without money", "accepted without being paid"],
)
def test_a_payment_cannot_be_written_down_wrongly(buyer, ada_bar, wrong):
    buyer.order_of(ada_bar.digest)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.update(**wrong)
