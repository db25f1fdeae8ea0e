"""Checkout Sessions: one hosted page for one payment, open until paid, expired or 24 hours old."""

import stripe

from sandbox.blanks import blank
from sandbox.lines import read_lines, total
from sandbox.processor import BY_CUSTOMER, Call, Processor
from sandbox.refusal import Record, RequestRefused
from sandbox.state import new_id
from sandbox.terms import LONGEST_SECONDS, check

ECHOED = (
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer_creation",
    "customer_email",
    "locale",
    "submit_type",
    "success_url",
)


def create(processor: Processor, _: str, params: Record, call: Call) -> Record:
    check(params, now=processor.now())
    lines = read_lines(params["line_items"], now=processor.now())
    session = _session(processor, params, lines)
    processor.change(session)
    backstage = {"lines": lines, "intent": params.get("payment_intent_data", {}), "payer": {}}
    processor.state.backstage.put(session["id"], backstage)
    return session


def retrieve(processor: Processor, session_id: str, params: Record, call: Call) -> Record:
    return processor.find("checkout.session", session_id, param="session")


def list_lines(processor: Processor, session_id: str, params: Record, call: Call) -> Record:
    processor.find("checkout.session", session_id, param="session")
    return line_list(processor, session_id)


def line_list(processor: Processor, session_id: str) -> Record:
    url = f"/v1/checkout/sessions/{session_id}/line_items"
    return {"object": "list", "data": lines_of(processor, session_id), "has_more": False, "url": url}


def lines_of(processor: Processor, session_id: str) -> list[Record]:
    backstage = processor.state.backstage.get(session_id) or {"lines": []}
    found: list[Record] = backstage["lines"]
    return found


def expire(processor: Processor, session_id: str, params: Record, call: Call) -> Record:
    session = processor.find("checkout.session", session_id, param="session")
    if session["status"] != "open":
        raise RequestRefused(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`.",
            executed=True,
        )
    _close(processor, session, call)
    return session


def expire_overdue(processor: Processor) -> None:
    """Once in each second of the clock: with many sessions a look at all of them takes longer than a request."""
    now = processor.now()
    if processor.state.expired_at == now:
        return
    processor.state.expired_at = now
    for session in processor.all("checkout.session"):
        if session["status"] == "open" and session["expires_at"] <= now:
            _close(processor, session, BY_CUSTOMER)


def _close(processor: Processor, session: Record, call: Call) -> None:
    processor.change(session, status="expired", url=None)
    processor.announce("checkout.session.expired", session, call)


def _session(processor: Processor, params: Record, lines: list[Record]) -> Record:
    amount, currency = total(lines)
    session_id = new_id("cs_test_a1", 56)
    fields = _fixed_fields() | {name: params.get(name) for name in ECHOED}
    return fields | {
        "id": session_id,
        "amount_subtotal": amount,
        "amount_total": amount,
        "created": processor.now(),
        "currency": currency,
        "custom_text": _custom_text(params.get("custom_text", {})),
        "expires_at": params.get("expires_at", processor.now() + LONGEST_SECONDS),
        "metadata": params.get("metadata") or {},
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "url": f"{processor.address}/c/pay/{session_id}",
    }


def _fixed_fields() -> Record:
    return blank(stripe.checkout.Session) | {
        "object": "checkout.session",
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "custom_fields": [],
        "livemode": False,
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "shipping_options": [],
        "status": "open",
        "ui_mode": "hosted_page",
    }


def _custom_text(given: Record) -> Record:
    places = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return {place: given.get(place) or None for place in places}
