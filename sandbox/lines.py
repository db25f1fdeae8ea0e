"""What a session is for: its lines, and the total they must come to."""

import stripe

from sandbox.blanks import blank
from sandbox.refusal import Record, RequestRefused
from sandbox.schema import missing
from sandbox.state import new_id
from sandbox.terms import not_played

LEAST_AMOUNT = 50
MOST_AMOUNT = 99_999_999


def read_lines(given: list[Record], *, now: int) -> list[Record]:
    return [_line(line, f"line_items[{place}]", now) for place, line in enumerate(given)]


def total(lines: list[Record]) -> tuple[int, str]:
    currencies = {line["currency"] for line in lines}
    if len(currencies) > 1:
        raise RequestRefused("All line items must have the same currency.", param="line_items")
    amount: int = sum(line["amount_total"] for line in lines)
    if amount < LEAST_AMOUNT:
        raise RequestRefused(
            "The Checkout Session's total amount must convert to at least 50 cents.",
            code="amount_too_small",
        )
    if amount > MOST_AMOUNT:
        raise RequestRefused(
            "The Checkout Session's total amount must be no more than 99999999 minor units.",
            code="amount_too_large",
        )
    return amount, currencies.pop()


def _line(line: Record, path: str, now: int) -> Record:
    for name in ("price", "tax_rates", "dynamic_tax_rates", "adjustable_quantity"):
        if name in line:
            raise not_played(f"{path}[{name}]")
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
            raise not_played(f"{path}[{name}]")
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
