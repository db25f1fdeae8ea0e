import time

import pytest
import stripe

from tests.sandbox.till import BAR, ORDER, Shop, Till


def test_a_new_session_is_open_and_has_no_intent(till: Till) -> None:
    session = till.open_session()
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency, session.livemode) == (1998, "eur", False)
    assert (session.client_reference_id, session.to_dict()["metadata"]) == ("order-7", {"payment": "p-1"})
    assert session.url == f"{till.address}/c/pay/{session.id}"


def test_the_good_card_pays(till: Till) -> None:
    session = till.open_session()
    attempt = till.pay(session)
    assert attempt["outcome"] == "paid"
    assert attempt["return_to"] == f"http://127.0.0.1:9/return?session={session.id}"

    paid = till.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    intent = paid.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert isinstance(intent.latest_charge, stripe.Charge)
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert (intent.status, intent.amount_received, intent.metadata.to_dict()) == (
        "succeeded",
        1998,
        {"payment": "p-1"},
    )
    assert (intent.latest_charge.amount_captured, intent.latest_charge.paid) == (1998, True)


@pytest.mark.parametrize(
    ("card", "message", "decline_code"),
    [
        ("4000000000000002", "Your card was declined.", "generic_decline"),
        ("4000 0000 0000 9995", "Your card has insufficient funds.", "insufficient_funds"),
    ],
)
def test_a_declined_customer_pays_with_another_card(
    till: Till, card: str, message: str, decline_code: str
) -> None:
    session = till.open_session()
    attempt = till.pay(session, card=card)
    assert (attempt["outcome"], attempt["message"]) == ("declined", message)
    declined = till.client.v1.payment_intents.retrieve(attempt["payment_intent"])
    assert declined.status == "requires_payment_method"
    assert declined.last_payment_error
    assert declined.last_payment_error.decline_code == decline_code
    assert till.session(session.id).status == "open"

    assert till.pay(session)["payment_intent"] == declined.id
    assert till.session(session.id).payment_status == "paid"
    charges = till.client.v1.charges.list({"payment_intent": declined.id})
    assert [charge.status for charge in charges.data] == ["succeeded", "failed"]


@pytest.mark.parametrize(
    ("answer", "outcome", "payment_status"), [("true", "paid", "paid"), ("false", "declined", "unpaid")]
)
def test_3d_secure_asks_before_it_pays(till: Till, answer: str, outcome: str, payment_status: str) -> None:
    session = till.open_session()
    asked = till.pay(session, card="4000002760003184")
    assert asked["outcome"] == "requires_action"
    assert till.client.v1.payment_intents.retrieve(asked["payment_intent"]).status == "requires_action"
    assert till.pay(session, card="4000002760003184", authenticated=answer)["outcome"] == outcome
    assert till.session(session.id).payment_status == payment_status


def test_a_session_is_paid_once(till: Till) -> None:
    session = till.paid_session()
    assert till.pay(session)["outcome"] == "closed"
    assert len(till.client.v1.charges.list().data) == 1


def test_a_bank_debit_settles_later(till: Till) -> None:
    session = till.open_session()
    assert till.pay(session, card="bankdebit")["outcome"] == "processing"
    assert (till.session(session.id).status, till.session(session.id).payment_status) == (
        "complete",
        "unpaid",
    )
    till.control("settlements", session=session.id, succeeded="true")
    assert till.session(session.id).payment_status == "paid"


def test_only_an_open_session_expires(till: Till, shop: Shop) -> None:
    session = till.open_session()
    assert till.client.v1.checkout.sessions.expire(session.id).status == "expired"
    assert till.pay(session)["outcome"] == "closed"
    with pytest.raises(
        stripe.InvalidRequestError, match=r'Only Checkout Sessions with a status in \["open"\]'
    ):
        till.client.v1.checkout.sessions.expire(session.id)
    till.quiet()
    assert shop.types() == ["checkout.session.expired"]


def test_a_session_expires_by_the_clock(till: Till) -> None:
    session = till.open_session(expires_at=int(time.time()) + 3600)
    till.control("clock", advance=3500)
    assert till.session(session.id).status == "open"
    till.control("clock", advance=101)
    assert till.session(session.id).status == "expired"


def test_yen_have_no_minor_unit(till: Till) -> None:
    line = {"quantity": 1, "price_data": {**BAR, "currency": "jpy", "unit_amount": 1200}}
    session = till.paid_session(line_items=[line])
    assert (session.amount_total, session.currency) == (1200, "jpy")


def test_a_refund_never_exceeds_what_was_captured(till: Till) -> None:
    intent = str(till.paid_session().payment_intent)
    refunds = till.client.v1.refunds
    assert refunds.create({"payment_intent": intent, "amount": 500}).amount == 500
    with pytest.raises(
        stripe.InvalidRequestError, match=r"greater than unrefunded amount on charge \(1498\)"
    ):
        refunds.create({"payment_intent": intent, "amount": 1499})
    assert refunds.create({"payment_intent": intent}).amount == 1498
    with pytest.raises(stripe.InvalidRequestError) as refused:
        refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_already_refunded"
    assert [refund.amount for refund in refunds.list({"payment_intent": intent}).data] == [1498, 500]


def test_a_refund_may_fail_after_it_succeeded(till: Till, shop: Shop) -> None:
    session = till.paid_session()
    refund = till.client.v1.refunds.create({"payment_intent": str(session.payment_intent)})
    till.control("refund-failures", refund=refund.id)
    assert till.client.v1.refunds.retrieve(refund.id).status == "failed"
    assert till.client.v1.charges.retrieve(str(refund.charge)).amount_refunded == 0


def test_a_disputed_charge_cannot_be_refunded(till: Till) -> None:
    session = till.open_session()
    intent = till.pay(session, card="4000000000000259")["payment_intent"]
    (dispute,) = till.client.v1.disputes.list({"payment_intent": intent}).data
    assert (dispute.amount, dispute.status, dispute.is_charge_refundable) == (1998, "needs_response", False)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        till.client.v1.refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_disputed"
    till.control("dispute-ends", dispute=dispute.id, won="true")
    assert till.client.v1.disputes.retrieve(dispute.id).status == "won"


@pytest.mark.parametrize(
    ("changes", "param", "message"),
    [
        ({"colour": "red"}, "colour", "Received unknown parameter: colour"),
        (
            {"line_items": [{"price_data": {**BAR, "taste": "sweet"}}]},
            "line_items[0][price_data][taste]",
            "Received unknown parameter: line_items[0][price_data][taste]",
        ),
        ({"ui_mode": "hosted"}, "ui_mode", "Invalid ui_mode: must be one of"),
        (
            {"line_items": [{"price_data": {**BAR, "unit_amount": 9.99}}]},
            "line_items[0][price_data][unit_amount]",
            "Invalid integer: 9.99",
        ),
        (
            {"line_items": [{"price_data": {"currency": "eur", "product_data": {"name": "Bar"}}}]},
            "line_items[0][price_data][unit_amount]",
            "Missing required param",
        ),
        ({"success_url": "/return"}, "success_url", "Not a valid URL"),
        ({"cancel_url": "javascript:alert(1)"}, "cancel_url", "Not a valid URL"),
        ({"cancel_url": "http://shop.test/\r\nSet-Cookie: a=b"}, "cancel_url", "Not a valid URL"),
        ({"expires_at": 1}, "expires_at", "between 30 minutes and 24 hours"),
        ({"discounts": [{"coupon": "FREE"}]}, "discounts", "The sandbox does not play"),
    ],
)
def test_a_wrong_parameter_is_named(till: Till, changes: dict[str, object], param: str, message: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        till.open_session(**changes)
    assert (refused.value.http_status, refused.value.param) == (400, param)
    assert message in str(refused.value.user_message)


def test_an_unknown_session_is_missing(till: Till) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        till.session("cs_test_nowhere")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_no_key_but_the_sandbox_s_is_taken(till: Till) -> None:
    client = till.client_with(retries=0, key="sk_live_something")
    with pytest.raises(stripe.AuthenticationError):
        client.v1.checkout.sessions.list()


def test_lists_are_turned_page_by_page(till: Till) -> None:
    made = [till.open_session().id for _ in range(3)]
    sessions = till.client.v1.checkout.sessions
    first = sessions.list({"limit": 2})
    assert ([one.id for one in first.data], first.has_more) == ([made[2], made[1]], True)
    rest = sessions.list({"limit": 2, "starting_after": made[1]})
    assert ([one.id for one in rest.data], rest.has_more) == ([made[0]], False)
    newer = sessions.list({"limit": 1, "ending_before": made[0]})
    assert ([one.id for one in newer.data], newer.has_more) == ([made[1]], True)
    assert [one.id for one in sessions.list({"status": "complete"}).data] == []


def test_the_order_keeps_its_own_words(till: Till) -> None:
    session = till.client.v1.checkout.sessions.retrieve(till.open_session().id, {"expand": ["line_items"]})
    assert session.line_items
    assert [(line.description, line.quantity, line.amount_total) for line in session.line_items.data] == [
        ("Ada's bar", ORDER["line_items"][0]["quantity"], 1998)
    ]
