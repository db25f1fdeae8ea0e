"""Objects as Stripe leaves them where there is nothing to say.

They start from the SDK's class annotations, so no field can be invented.
"""

from functools import cache
from typing import Any, get_args

import stripe

from sandbox.refusal import Record

# The SDK says Optional for what may be null and for what may be missing. Stripe leaves these out,
# so code that reads them without a look must fail here, too.
LEFT_OUT: dict[type[stripe.StripeObject], frozenset[str]] = {
    stripe.checkout.Session: frozenset(
        {
            "branding_settings",
            "excluded_payment_method_types",
            "line_items",
            "name_collection",
            "phone_number_collection",
            "presentment_details",
            "redirect_on_completion",
            "return_url",
            "tax_id_collection",
        }
    ),
    stripe.LineItem: frozenset({"discounts", "taxes"}),
    stripe.Price: frozenset({"currency_options", "tiers"}),
    stripe.PaymentIntent: frozenset({"amount_details", "hooks", "payment_details", "presentment_details"}),
    stripe.Charge: frozenset({"presentment_details", "radar_options", "transfer"}),
    stripe.Charge.PaymentMethodDetails.Card: frozenset(
        {
            "capture_before",
            "extended_authorization",
            "incremental_authorization",
            "multicapture",
            "overcapture",
        }
    ),
    stripe.Refund: frozenset(
        {
            "description",
            "destination_details",
            "failure_balance_transaction",
            "failure_reason",
            "instructions_email",
            "next_action",
            "pending_reason",
            "presentment_details",
        }
    ),
    stripe.Dispute: frozenset({"payment_method_details"}),
    stripe.Dispute.Evidence: frozenset({"enhanced_evidence"}),
    stripe.Event: frozenset({"account", "context"}),
}


def blank(kind: type[stripe.StripeObject]) -> Record:
    """Null for each field that may be null; the others must be filled in by who makes the object."""
    # Its classes can be kept by, though not its objects, which is all that the checker sees.
    return dict.fromkeys(_nullable_fields(kind))  # type: ignore[arg-type]


def all_null(part: type[stripe.StripeObject]) -> Record:
    return dict.fromkeys(_fields(part))


def required_fields(kind: type[stripe.StripeObject]) -> set[str]:
    return {name for name in _fields(kind) if not _nullable(kind, name)}


def _fields(kind: type[stripe.StripeObject]) -> list[str]:
    left_out = LEFT_OUT.get(kind, frozenset()) | {"OBJECT_NAME", "deleted"}
    return [name for name in kind.__annotations__ if name not in left_out and not name.startswith("_")]


@cache
def _nullable_fields(kind: type) -> tuple[str, ...]:
    return tuple(name for name in _fields(kind) if _nullable(kind, name))


def _nullable(kind: type[stripe.StripeObject], name: str) -> bool:
    hint: Any = kind.__annotations__[name]
    return type(None) in get_args(hint)
