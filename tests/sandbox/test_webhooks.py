import pytest
import stripe

from tests.sandbox.till import SECRET, Shop, Till

COMPLETED = "checkout.session.completed"
PAID = [
    "charge.succeeded",
    COMPLETED,
    "payment_intent.created",
    "payment_intent.succeeded",
]


def test_a_payment_rings_with_a_signature_the_sdk_accepts(till: Till, shop: Shop) -> None:
    session = till.paid_session()
    till.quiet()
    assert shop.types() == PAID
    (completed,) = [event for event in shop.events() if event.type == COMPLETED]
    assert completed.api_version == stripe.api_version
    assert completed.data.object["id"] == session.id
    assert completed.data.object["payment_status"] == "paid"
    assert till.client.v1.events.retrieve(completed.id).pending_webhooks == 0


def test_another_secret_or_a_changed_body_is_refused(till: Till, shop: Shop) -> None:
    till.paid_session()
    till.quiet()
    body, signature = shop.received[0]
    for forged, secret in [(body, "whsec_other"), (body.replace("1998", "1"), SECRET)]:
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(forged, signature, secret)


def test_a_shop_that_answers_500_is_rung_again(till: Till, shop: Shop) -> None:
    shop.answers = [500]
    till.control("pay", session=till.open_session().id, card="4000002760003184")
    till.quiet()
    first, second = (
        till.deliveries("payment_intent.created"),
        till.deliveries("payment_intent.requires_action"),
    )
    attempts = [attempt["http"] for delivery in first + second for attempt in delivery["attempts"]]
    assert sorted(attempts) == [200, 200, 500]
    assert {delivery["state"] for delivery in first + second} == {"delivered"}


def test_what_never_arrived_is_found_by_delivery_success(till: Till, shop: Shop) -> None:
    shop.answers = [500] * 3
    session = till.open_session()
    till.client.v1.checkout.sessions.expire(session.id)
    till.quiet()
    (delivery,) = till.deliveries("checkout.session.expired")
    assert (delivery["state"], len(delivery["attempts"])) == ("failed", 3)

    till.paid_session()
    till.quiet()
    missed = till.client.v1.events.list(
        {"delivery_success": False, "types": ["checkout.session.expired", COMPLETED]}
    )
    assert [event.id for event in missed.data] == [delivery["event"]]

    till.control("deliveries", event=delivery["event"])
    till.quiet()
    assert till.client.v1.events.list({"delivery_success": False}).data == []


def test_events_are_listed_by_type_and_time_and_cursor(till: Till) -> None:
    till.paid_session()
    till.control("clock", advance=100)
    till.paid_session()
    events = till.client.v1.events
    later, earlier = events.list({"type": COMPLETED}).data
    assert [e.id for e in events.list({"type": COMPLETED, "created": {"gt": earlier.created}}).data] == [
        later.id
    ]
    assert [e.id for e in events.list({"type": COMPLETED, "ending_before": earlier.id}).data] == [later.id]
    assert {event.type for event in events.list({"type": "payment_intent.*"}).data} == {
        "payment_intent.created",
        "payment_intent.succeeded",
    }


@pytest.mark.parametrize(
    ("kind", "rings"), [("drop_webhook", 0), ("duplicate_webhook", 2), ("forget_event", 0)]
)
def test_a_webhook_gets_lost_or_comes_twice(till: Till, shop: Shop, kind: str, rings: int) -> None:
    till.fault(kind, event=COMPLETED)
    till.paid_session()
    till.quiet()
    assert shop.types().count(COMPLETED) == rings
    missed = till.client.v1.events.list({"delivery_success": False}).data
    assert [event.type for event in missed] == ([COMPLETED] if kind == "drop_webhook" else [])


def test_a_webhook_comes_late(till: Till, shop: Shop) -> None:
    till.fault("delay_webhook", event=COMPLETED, seconds=0.3)
    till.paid_session()
    till.quiet()
    assert shop.types() == PAID
    assert shop.events()[-1].type == COMPLETED


def test_waiting_means_the_shop_has_answered(till: Till, shop: Shop) -> None:
    till.pay(till.open_session(), wait="true")
    assert COMPLETED in shop.types()
