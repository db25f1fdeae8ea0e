"""What a card's bank suspects before it takes money back."""

import stripe

from sandbox.blanks import blank
from sandbox.processor import Processor
from sandbox.refusal import Record
from sandbox.state import new_id


def warn(processor: Processor, charge: Record) -> Record:
    warning = blank(stripe.radar.EarlyFraudWarning) | {
        "id": new_id("issfr_1"),
        "object": "radar.early_fraud_warning",
        "actionable": not charge["refunded"] and not charge["disputed"],
        "charge": charge["id"],
        "created": processor.now(),
        "fraud_type": "made_with_stolen_card",
        "livemode": False,
        "payment_intent": charge["payment_intent"],
    }
    processor.change(warning)
    processor.announce("radar.early_fraud_warning.created", warning)
    return warning
