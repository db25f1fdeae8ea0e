"""A customer's bank takes the money back, and perhaps returns it."""

import stripe

from sandbox.blanks import all_null, blank
from sandbox.processor import Processor
from sandbox.refusal import Record, RequestRefused
from sandbox.state import new_id

SECONDS_TO_ANSWER = 7 * 24 * 60 * 60


def open_dispute(processor: Processor, charge: Record) -> Record:
    if charge["disputed"] or charge["status"] != "succeeded":
        raise RequestRefused(f"Charge {charge['id']} cannot be disputed.", param="charge")
    dispute = _dispute(processor, charge)
    processor.change(dispute)
    processor.change(charge, disputed=True)
    processor.announce("charge.dispute.created", dispute)
    processor.announce("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(processor: Processor, dispute: Record, *, won: bool) -> None:
    if dispute["status"] in {"won", "lost"}:
        raise RequestRefused(f"Dispute {dispute['id']} is already {dispute['status']}.")
    processor.change(dispute, status="won" if won else "lost")
    if won:
        processor.announce("charge.dispute.funds_reinstated", dispute)
    processor.announce("charge.dispute.closed", dispute)


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
