"""Refunds: never more than was captured, whoever asks and however often."""

import stripe

from sandbox import balance
from sandbox.blanks import blank
from sandbox.processor import BY_CUSTOMER, Call, Processor
from sandbox.refusal import Record, RequestRefused
from sandbox.schema import missing
from sandbox.state import new_id


def create(processor: Processor, _: str, params: Record, call: Call) -> Record:
    charge = _charge_to_refund(processor, params)
    amount = _amount(processor, charge, params)
    refund = _refund(processor, charge, amount, params)
    moved = balance.move(processor, "refund", refund, -amount)
    processor.change(refund, balance_transaction=moved["id"])
    _book(processor, charge, charge["amount_refunded"] + amount)
    processor.announce("charge.refunded", charge, call)
    processor.announce("refund.created", refund, call)
    return refund


def fail(processor: Processor, refund: Record) -> None:
    """The bank sends the money back days later: the refund failed after it had succeeded."""
    if refund["status"] == "failed":
        raise RequestRefused(f"Refund {refund['id']} has already failed.")
    charge = processor.find("charge", refund["charge"])
    returned = balance.move(processor, "refund_failure", refund, refund["amount"])
    processor.change(
        refund,
        status="failed",
        failure_reason="expired_or_canceled_card",
        failure_balance_transaction=returned["id"],
    )
    _book(processor, charge, charge["amount_refunded"] - refund["amount"])
    processor.announce("refund.failed", refund, BY_CUSTOMER)


def list_of(processor: Processor, charge: Record) -> Record:
    """As a charge shows its refunds when asked to."""
    made = [refund for refund in processor.all("refund") if refund["charge"] == charge["id"]]
    url = f"/v1/charges/{charge['id']}/refunds"
    return {"object": "list", "data": made[::-1], "has_more": False, "url": url}


def _charge_to_refund(processor: Processor, params: Record) -> Record:
    if "payment_intent" in params:
        intent = processor.find("payment_intent", params["payment_intent"], param="payment_intent")
        charge_id = intent["latest_charge"] or ""
    elif "charge" in params:
        charge_id = params["charge"]
    else:
        raise missing("payment_intent")
    return processor.find("charge", charge_id, param="charge")


def _amount(processor: Processor, charge: Record, params: Record) -> int:
    left: int = charge["amount_captured"] - charge["amount_refunded"]
    amount: int = params.get("amount", left)
    if charge["status"] != "succeeded":
        raise RequestRefused("This charge was not successful.", param="charge", executed=True)
    if charge["disputed"] and not _is_refundable(processor, charge):
        raise RequestRefused(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
            executed=True,
        )
    if left <= 0:
        raise RequestRefused(
            f"Charge {charge['id']} has already been refunded.",
            code="charge_already_refunded",
            executed=True,
        )
    if amount <= 0:
        raise RequestRefused("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise RequestRefused(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
            param="amount",
            executed=True,
        )
    return amount


def _is_refundable(processor: Processor, charge: Record) -> bool:
    """An inquiry took no money, so it can still be answered by giving the money back."""
    about = [dispute for dispute in processor.all("dispute") if dispute["charge"] == charge["id"]]
    return all(dispute["is_charge_refundable"] for dispute in about)


def _refund(processor: Processor, charge: Record, amount: int, params: Record) -> Record:
    return blank(stripe.Refund) | {
        "id": new_id("re_3"),
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "created": processor.now(),
        "currency": charge["currency"],
        "metadata": params.get("metadata") or {},
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "status": "succeeded",
    }


def _book(processor: Processor, charge: Record, refunded: int) -> None:
    processor.change(charge, amount_refunded=refunded, refunded=refunded == charge["amount_captured"])
