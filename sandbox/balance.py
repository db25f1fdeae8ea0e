"""The account's own book: one line for each movement of money, as Stripe keeps it."""

import stripe

from sandbox.blanks import blank
from sandbox.processor import Processor
from sandbox.refusal import Record
from sandbox.state import new_id

TYPES = {
    "charge": "charge",
    "refund": "refund",
    "refund_failure": "refund_failure",
    "dispute": "adjustment",
    "dispute_reversal": "adjustment",
}


def move(processor: Processor, category: str, source: Record, amount: int) -> Record:
    """`category` is Stripe's reporting category; what leaves the account is negative. No fees are played."""
    line = blank(stripe.BalanceTransaction) | {
        "id": new_id("txn_3"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": processor.now(),
        "balance_type": "payments",
        "created": processor.now(),
        "currency": source["currency"],
        "fee": 0,
        "fee_details": [],
        "net": amount,
        "reporting_category": category,
        "source": source["id"],
        "status": "available",
        "type": TYPES[category],
    }
    processor.change(line)
    return line
