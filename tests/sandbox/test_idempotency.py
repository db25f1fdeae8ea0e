from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from tests.sandbox.till import ORDER, Till

KEY = stripe.RequestOptions(idempotency_key="checkout-p-1")


def create(till: Till, **changes: object) -> stripe.checkout.Session:
    return till.client.v1.checkout.sessions.create({**ORDER, **changes}, KEY)  # type: ignore[arg-type]


def test_the_same_key_gives_the_same_session(till: Till) -> None:
    first, second = create(till), create(till)
    assert first.id == second.id
    assert second.last_response
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(till.client.v1.checkout.sessions.list().data) == 1


def test_eight_clicks_at_once_make_one_session(till: Till) -> None:
    with ThreadPoolExecutor(8) as clicks:
        made = list(clicks.map(lambda _: create(till).id, range(8)))
    assert len(set(made)) == 1


def test_the_same_key_with_other_parameters_is_an_error(till: Till) -> None:
    create(till)
    with pytest.raises(stripe.IdempotencyError, match="checkout-p-1"):
        create(till, client_reference_id="order-8")


def test_a_mistake_in_the_parameters_does_not_use_up_the_key(till: Till) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        create(till, colour="red")
    assert create(till).status == "open"


def test_a_refusal_after_the_work_began_does(till: Till) -> None:
    intent = str(till.paid_session().payment_intent)
    refunds, key = till.client.v1.refunds, stripe.RequestOptions(idempotency_key="refund-1")
    with pytest.raises(stripe.InvalidRequestError) as first:
        refunds.create({"payment_intent": intent, "amount": 5000}, key)
    with pytest.raises(stripe.InvalidRequestError) as second:
        refunds.create({"payment_intent": intent, "amount": 5000}, key)
    assert second.value.headers
    assert second.value.headers["Idempotent-Replayed"] == "true"
    assert first.value.user_message == second.value.user_message


def test_a_key_is_forgotten_after_a_day(till: Till) -> None:
    first = create(till)
    till.control("clock", advance=24 * 60 * 60 + 1)
    assert create(till).id != first.id


@pytest.mark.parametrize(("kind", "made"), [("error_executed", 1), ("error_not_executed", 0)])
def test_a_500_is_kept_under_its_key(till: Till, kind: str, made: int) -> None:
    till.fault(kind, method="POST", path="/v1/checkout/sessions")
    for _ in range(2):
        with pytest.raises(stripe.APIError) as failed:
            create(till)
        assert failed.value.http_status == 500
    assert len(till.client.v1.checkout.sessions.list().data) == made
