"""Every object against Stripe's own description of it: see contract/, and its licence."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import stripe
from jsonschema import Draft202012Validator

from sandbox.blanks import required_fields
from tests.sandbox.till import Till

CONTRACT = json.loads(
    (Path(__file__).parent / "contract" / "stripe_objects.json").read_text(encoding="utf-8")
)


def sessions(till: Till) -> Iterable[stripe.StripeObject]:
    return [
        till.open_session(),
        till.paid_session(),
        till.client.v1.checkout.sessions.expire(till.open_session().id),
    ]


def lines(till: Till) -> Iterable[stripe.StripeObject]:
    return till.client.v1.checkout.sessions.line_items.list(till.open_session().id).data


def intents(till: Till) -> Iterable[stripe.StripeObject]:
    session = till.open_session()
    for card, authenticated in [
        ("4000000000000002", {}),
        ("4000002760003184", {}),
        ("4000002760003184", {"authenticated": "false"}),
        ("4242424242424242", {}),
    ]:
        attempt = till.pay(session, card=card, **authenticated)
        yield till.client.v1.payment_intents.retrieve(attempt["payment_intent"])


def charges(till: Till) -> Iterable[stripe.StripeObject]:
    list(intents(till))
    return till.client.v1.charges.list().data


def refunds(till: Till) -> Iterable[stripe.StripeObject]:
    refund = till.client.v1.refunds.create({"payment_intent": str(till.paid_session().payment_intent)})
    yield refund
    till.control("refund-failures", refund=refund.id)
    yield till.client.v1.refunds.retrieve(refund.id)


def disputes(till: Till) -> Iterable[stripe.StripeObject]:
    till.pay(till.open_session(), card="4000000000000259")
    return till.client.v1.disputes.list().data


def inquiries(till: Till) -> Iterable[stripe.StripeObject]:
    till.control("disputes", charge=charge_of(till), inquiry="true")
    return till.client.v1.disputes.list().data


def movements(till: Till) -> Iterable[stripe.StripeObject]:
    list(refunds(till))
    dispute = next(iter(disputes(till)))
    till.control("dispute-ends", dispute=dispute.id, won="true")  # type: ignore[attr-defined]
    yield from till.client.v1.balance_transactions.list().data


def warnings(till: Till) -> Iterable[stripe.StripeObject]:
    till.control("early-fraud-warnings", charge=charge_of(till))
    return till.client.v1.radar.early_fraud_warnings.list().data


def charge_of(till: Till) -> str:
    intent = till.client.v1.payment_intents.retrieve(str(till.paid_session().payment_intent))
    return str(intent.latest_charge)


def events(till: Till) -> Iterable[stripe.StripeObject]:
    till.paid_session()
    return till.client.v1.events.list().data


@pytest.mark.parametrize(
    "made", [sessions, lines, intents, charges, refunds, disputes, inquiries, movements, warnings, events]
)
def test_an_object_is_what_stripe_says_it_is(
    till: Till, made: Callable[[Till], Iterable[stripe.StripeObject]]
) -> None:
    for thing in made(till):
        # The SDK reads decimals; on the wire they are text.
        fields = json.loads(json.dumps(thing.to_dict(), default=str))
        contract = Draft202012Validator({**CONTRACT, "$ref": f"#/$defs/{fields['object']}"})
        assert [error.message for error in contract.iter_errors(fields)] == []
        assert {name for name in required_fields(type(thing)) if fields.get(name) is None} == set()
