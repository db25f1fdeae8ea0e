import pytest
import stripe

from tests.sandbox.till import ORDER, Till, call

CREATE = {"method": "POST", "path": "/v1/checkout/sessions"}


def made(till: Till) -> int:
    return len(till.client.v1.checkout.sessions.list().data)


@pytest.mark.parametrize(
    ("kind", "error", "sessions"),
    [
        ("rate_limited", stripe.RateLimitError, 0),
        ("unavailable", stripe.APIError, 0),
        ("reset_before", stripe.APIConnectionError, 0),
        ("reset_after", stripe.APIConnectionError, 1),
    ],
)
def test_a_request_fails_once_then_succeeds_under_its_key(
    till: Till, kind: str, error: type[Exception], sessions: int
) -> None:
    till.fault(kind, **CREATE)
    key = stripe.RequestOptions(idempotency_key="checkout-p-1")
    with pytest.raises(error):
        till.client.v1.checkout.sessions.create(ORDER, key)  # type: ignore[arg-type]
    assert made(till) == sessions
    assert till.client.v1.checkout.sessions.create(ORDER, key).status == "open"  # type: ignore[arg-type]
    assert made(till) == 1
    assert till.look("faults") == []


def test_the_sdk_s_own_retry_survives_a_reset(till: Till) -> None:
    till.fault("reset_after", **CREATE)
    client = till.client_with(retries=1)
    assert client.v1.checkout.sessions.create(ORDER).status == "open"  # type: ignore[arg-type]
    assert made(till) == 1


def test_a_timeout_may_have_worked(till: Till) -> None:
    till.fault("timeout", seconds=4, **CREATE)
    impatient = stripe.RequestsClient(timeout=2)
    with pytest.raises(stripe.APIConnectionError):
        Till(till.address, impatient).open_session()
    impatient.close()
    assert made(till) == 1


def test_a_fault_strikes_as_often_as_it_says(till: Till) -> None:
    till.fault("unavailable", times=2, path="/v1/events*")
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            till.client.v1.events.list()
    assert till.client.v1.events.list().data == []


def test_faults_can_be_called_off(till: Till) -> None:
    till.fault("unavailable", times=100)
    assert call("DELETE", f"{till.address}/_sandbox/faults").json == []
    assert made(till) == 0


def test_an_unknown_fault_is_refused_in_words(till: Till) -> None:
    refused = call("POST", f"{till.address}/_sandbox/faults", {"kind": "earthquake"})
    assert refused.http == 400
    assert refused.json["error"]["message"].startswith("Invalid kind: must be one of rate_limited, ")


def test_a_number_that_makes_no_sense_is_refused_in_words(till: Till) -> None:
    refused = call("POST", f"{till.address}/_sandbox/faults", {"kind": "timeout", "seconds": "nan"})
    assert (refused.http, refused.json["error"]["message"]) == (400, "seconds is a number from 0 to 600.")


def test_the_controls_are_not_for_web_pages(till: Till) -> None:
    address = f"{till.address}/_sandbox/pay"
    assert call("POST", address, {}, Origin="https://elsewhere.example").http == 403
    assert call("GET", f"{till.address}/_sandbox/", Host="elsewhere.example").http == 403


def test_an_amount_changed_behind_the_shop_s_back_is_seen(till: Till) -> None:
    session = till.paid_session()
    till.control("tampering", id=session.id, field="amount_total", value="1")
    assert till.session(session.id).amount_total == 1
