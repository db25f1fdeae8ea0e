"""Checkout Sessions: one hosted page for one payment, open until paid, expired or 24 hours old."""

import re
from typing import Any

import stripe

from sandbox.blanks import blank
from sandbox.processor import BY_CUSTOMER, Call, Processor
from sandbox.refusal import Record, RequestRefused
from sandbox.schema import missing
from sandbox.state import new_id

SHORTEST_SECONDS = 30 * 60
LONGEST_SECONDS = 24 * 60 * 60
CLOCK_SLACK_SECONDS = 60
LEAST_AMOUNT = 50
MOST_AMOUNT = 99_999_999
MOST_LINES = 100
# It ends in headers, so nothing but printable ASCII.
WEB_ADDRESS = r"https?://[A-Za-z0-9.:\[\]-]+([/?#][!-~]*)?"

# Valid at Stripe, but they would change what is paid or how, and the sandbox could only pretend.
NOT_PLAYED = frozenset(
    {
        "allow_promotion_codes",
        "customer",
        "customer_account",
        "discounts",
        "optional_items",
        "return_url",
        "setup_intent_data",
        "shipping_options",
        "subscription_data",
    }
)
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
    _check(params, now=processor.now())
    now = processor.now()
    lines = [_line(line, f"line_items[{n}]", now) for n, line in enumerate(params["line_items"])]
    session = _session(processor, params, lines)
    processor.change(session)
    backstage = {"lines": lines, "intent": params.get("payment_intent_data", {}), "payer": {}}
    processor.state.backstage.put(session["id"], backstage)
    return session


def retrieve(processor: Processor, session_id: str, params: Record, call: Call) -> Record:
    return processor.find("checkout.session", session_id, param="session")


def lines(processor: Processor, session_id: str, params: Record, call: Call) -> Record:
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
    for session in processor.all("checkout.session"):
        if session["status"] == "open" and session["expires_at"] <= processor.now():
            _close(processor, session, BY_CUSTOMER)


def _close(processor: Processor, session: Record, call: Call) -> None:
    processor.change(session, status="expired", url=None)
    processor.announce("checkout.session.expired", session, call)


def _check(params: Record, *, now: int) -> None:
    for name in ("mode", "line_items", "success_url"):
        if not params.get(name):
            raise missing(name)
    _check_played(params)
    for name in ("success_url", "cancel_url"):
        _check_url(params.get(name), name)
    _check_metadata(params.get("metadata"), "metadata")
    _check_metadata(params.get("payment_intent_data", {}).get("metadata"), "payment_intent_data[metadata]")
    _check_expiry(params.get("expires_at"), now=now)
    if len(params["line_items"]) > MOST_LINES:
        raise RequestRefused(f"line_items: at most {MOST_LINES} are allowed.", param="line_items")


def _check_played(params: Record) -> None:
    played = {
        "mode": params["mode"] == "payment",
        "ui_mode": params.get("ui_mode", "hosted_page") == "hosted_page",
        "automatic_tax": not params.get("automatic_tax", {}).get("enabled", False),
        **{name: name not in params for name in sorted(NOT_PLAYED)},
    }
    for name, is_played in played.items():
        if not is_played:
            raise _not_played(name)


def _not_played(name: str) -> RequestRefused:
    return RequestRefused(f"The sandbox does not play this part of Stripe: {name}.", param=name)


def _check_url(url: str | None, name: str) -> None:
    if url is not None and not re.fullmatch(WEB_ADDRESS, url):
        raise RequestRefused("Not a valid URL", code="url_invalid", param=name)


def _check_metadata(metadata: Any, name: str) -> None:
    if isinstance(metadata, dict):
        if len(metadata) > 50:
            raise RequestRefused("Metadata can have up to 50 keys.", param=name)
        for key, value in metadata.items():
            if len(key) > 40 or len(value) > 500:
                raise RequestRefused(
                    "Metadata keys can have up to 40 characters, values up to 500.",
                    param=f"{name}[{key}]",
                )


def _check_expiry(expires_at: int | None, *, now: int) -> None:
    earliest = now + SHORTEST_SECONDS - CLOCK_SLACK_SECONDS
    latest = now + LONGEST_SECONDS + CLOCK_SLACK_SECONDS
    if expires_at is not None and not earliest <= expires_at <= latest:
        raise RequestRefused(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout "
            "Session creation.",
            param="expires_at",
        )


def _line(line: Record, path: str, now: int) -> Record:
    for name in ("price", "tax_rates", "dynamic_tax_rates", "adjustable_quantity"):
        if name in line:
            raise _not_played(f"{path}[{name}]")
    price = line.get("price_data")
    if price is None:
        raise missing(f"{path}[price_data]")
    product = _priced(price, f"{path}[price_data]")
    amount = price["unit_amount"] * _quantity(line, path)
    return blank(stripe.LineItem) | {
        "id": new_id("li_1"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"].lower(),
        "description": product["name"],
        "quantity": line.get("quantity", 1),
        "price": _price(price, now),
    }


def _priced(price: Record, path: str) -> Record:
    for name in ("product", "recurring", "unit_amount_decimal"):
        if name in price:
            raise _not_played(f"{path}[{name}]")
    for name in ("unit_amount", "product_data"):
        if name not in price:
            raise missing(f"{path}[{name}]")
    if price["unit_amount"] < 0:
        raise RequestRefused("Invalid non-negative integer", param=f"{path}[unit_amount]")
    if len(price["currency"]) != 3 or not price["currency"].isalpha():
        raise RequestRefused(f"Invalid currency: {price['currency']}", param=f"{path}[currency]")
    product: Record = price["product_data"]
    return product


def _quantity(line: Record, path: str) -> int:
    quantity: int = line.get("quantity", 1)
    if quantity < 1:
        raise RequestRefused("Invalid positive integer", param=f"{path}[quantity]")
    return quantity


def _price(price: Record, now: int) -> Record:
    return blank(stripe.Price) | {
        "id": new_id("price_1"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": now,
        "currency": price["currency"].lower(),
        "livemode": False,
        "metadata": {},
        "product": new_id("prod_", 14),
        "tax_behavior": "unspecified",
        "type": "one_time",
        "unit_amount": price["unit_amount"],
        "unit_amount_decimal": str(price["unit_amount"]),
    }


def _total(lines: list[Record]) -> tuple[int, str]:
    currencies = {line["currency"] for line in lines}
    if len(currencies) > 1:
        raise RequestRefused("All line items must have the same currency.", param="line_items")
    total: int = sum(line["amount_total"] for line in lines)
    if total < LEAST_AMOUNT:
        raise RequestRefused(
            "The Checkout Session's total amount must convert to at least 50 cents.",
            code="amount_too_small",
        )
    if total > MOST_AMOUNT:
        raise RequestRefused(
            "The Checkout Session's total amount must be no more than 99999999 minor units.",
            code="amount_too_large",
        )
    return total, currencies.pop()


def _session(processor: Processor, params: Record, lines: list[Record]) -> Record:
    total, currency = _total(lines)
    session_id = new_id("cs_test_a1", 56)
    fields = _fixed_fields() | {name: params.get(name) for name in ECHOED}
    return fields | {
        "id": session_id,
        "amount_subtotal": total,
        "amount_total": total,
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
