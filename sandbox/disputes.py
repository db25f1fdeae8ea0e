"""A customer's bank takes the money back, and perhaps returns it."""

import stripe

from sandbox import balance
from sandbox.blanks import all_null, blank
from sandbox.processor import Processor
from sandbox.refusal import Record, RequestRefused
from sandbox.state import new_id

SECONDS_TO_ANSWER = 7 * 24 * 60 * 60


def open_dispute(processor: Processor, charge: Record, *, inquiry: bool = False) -> Record:
    """An inquiry is only a question: the bank has not taken anything yet."""
    if charge["disputed"] or charge["status"] != "succeeded":
        raise RequestRefused(f"Charge {charge['id']} cannot be disputed.", param="charge")
    dispute = _dispute(processor, charge)
    if inquiry:
        dispute |= {"status": "warning_needs_response", "is_charge_refundable": True}
    else:
        _withdraw(processor, dispute)
    processor.change(dispute)
    processor.change(charge, disputed=True)
    processor.announce("charge.dispute.created", dispute)
    if not inquiry:
        processor.announce("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(processor: Processor, dispute: Record, *, won: bool) -> None:
    if dispute["status"] in {"won", "lost", "warning_closed"}:
        raise RequestRefused(f"Dispute {dispute['id']} is already {dispute['status']}.")
    if not dispute["balance_transactions"]:
        processor.change(dispute, status="warning_closed")
    elif won:
        _reinstate(processor, dispute)
        processor.change(dispute, status="won")
        processor.announce("charge.dispute.funds_reinstated", dispute)
    else:
        processor.change(dispute, status="lost")
    processor.announce("charge.dispute.closed", dispute)


def _withdraw(processor: Processor, dispute: Record) -> None:
    line = balance.move(processor, "dispute", dispute, -dispute["amount"])
    dispute["balance_transactions"] = [line]


def _reinstate(processor: Processor, dispute: Record) -> None:
    line = balance.move(processor, "dispute_reversal", dispute, dispute["amount"])
    dispute["balance_transactions"] = [*dispute["balance_transactions"], line]


def _dispute(processor: Processor, charge: Record) -> Record:
    return blank(stripe.Dispute) | {
        "id": new_id("du_1"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": processor.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": all_null(stripe.Dispute.Evidence) | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": processor.now() + SECONDS_TO_ANSWER,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": "fraudulent",
        "status": "needs_response",
    }
