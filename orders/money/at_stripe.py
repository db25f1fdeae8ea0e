"""What Stripe answers, as values of ours: of its many fields those that we go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RefundAtStripe:
    id: str
    state: str
    """pending, requires_action, succeeded, failed or canceled"""
    refund_id: str
    """Our own, from the metadata; "" when it was made elsewhere."""
    failure: str
    amount_cents: int
    currency: str
    moved: bool
    """It has taken money from our balance."""
    returned: bool
    """It failed, and the money is back in our balance."""


@dataclass(frozen=True, slots=True)
class DisputeAtStripe:
    id: str
    state: str
    reason: str
    amount_cents: int
    currency: str
    refundable: bool
    opened_at: datetime
    answer_by: datetime | None
    withdrawn: bool
    """It has taken money from our balance; an inquiry has not."""
    reinstated: bool
    """The money is back in our balance."""


@dataclass(frozen=True, slots=True)
class WarningAtStripe:
    """An early fraud warning."""

    id: str
    kind: str
    intent_id: str
    warned_at: datetime


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of the balance at Stripe: what moved, and whose it is."""

    kind: str
    """Stripe's reporting category: charge, refund, refund_failure, dispute, dispute_reversal ..."""
    stripe_id: str
    cents: int
    currency: str
    """That of the account, which need not be the order's."""
    intent_id: str
    payment_id: str
    """Our own, from the metadata that a charge inherits."""
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A Checkout Session with the payment behind it, as Stripe sees it now."""

    id: str
    url: str
    state: str
    """open, complete or expired"""
    paid: bool
    amount_cents: int
    currency: str
    livemode: bool
    reference: str
    payment_id: str
    """Our own, from the metadata."""
    intent_id: str
    intent_state: str
    received_cents: int
    charge_id: str
    refunded_cents: int
    disputed: bool
    refunds: tuple[RefundAtStripe, ...] = ()
    disputes: tuple[DisputeAtStripe, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """A verified notice, reduced to ids: what it is about is asked of Stripe again."""

    id: str
    type: str
    created_at: datetime
    api_version: str
    livemode: bool
    payload: dict[str, Any]


def session_from(found: dict[str, Any]) -> Session:
    intent = expanded(found.get("payment_intent"))
    charge = expanded(intent.get("latest_charge"))
    return Session(
        id=found["id"],
        url=found.get("url") or "",
        state=found.get("status") or "",
        paid=found.get("payment_status") == "paid",
        amount_cents=found.get("amount_total") or 0,
        currency=(found.get("currency") or "").upper(),
        livemode=bool(found.get("livemode")),
        reference=found.get("client_reference_id") or "",
        payment_id=(found.get("metadata") or {}).get("payment", ""),
        intent_id=intent.get("id", ""),
        intent_state=intent.get("status") or "",
        received_cents=intent.get("amount_received") or 0,
        charge_id=charge.get("id", ""),
        refunded_cents=charge.get("amount_refunded") or 0,
        disputed=bool(charge.get("disputed")),
        refunds=tuple(refund_from(refund) for refund in (charge.get("refunds") or {}).get("data", [])),
    )


def has_more_refunds(found: dict[str, Any]) -> bool:
    charge = expanded(expanded(found.get("payment_intent")).get("latest_charge"))
    return bool((charge.get("refunds") or {}).get("has_more"))


def expanded(found: Any) -> dict[str, Any]:
    """An id, an expanded object, or nothing."""
    if isinstance(found, Mapping):
        return dict(found)
    return {"id": found} if found else {}


def refund_from(found: dict[str, Any]) -> RefundAtStripe:
    return RefundAtStripe(
        id=found["id"],
        state=found.get("status") or "",
        refund_id=(found.get("metadata") or {}).get("refund", ""),
        failure=found.get("failure_reason") or "",
        amount_cents=found["amount"],
        currency=found["currency"].upper(),
        moved=bool(found.get("balance_transaction")),
        returned=bool(found.get("failure_balance_transaction")),
    )


def dispute_from(found: dict[str, Any]) -> DisputeAtStripe:
    moved = [line["amount"] for line in found.get("balance_transactions") or []]
    due_by = (found.get("evidence_details") or {}).get("due_by")
    return DisputeAtStripe(
        id=found["id"],
        state=found["status"],
        reason=found.get("reason") or "",
        amount_cents=found["amount"],
        currency=found["currency"].upper(),
        refundable=bool(found.get("is_charge_refundable")),
        opened_at=_moment(found["created"]),
        answer_by=_moment(due_by) if due_by else None,
        withdrawn=any(cents < 0 for cents in moved),
        reinstated=any(cents > 0 for cents in moved),
    )


def fraud_warning_from(found: dict[str, Any]) -> WarningAtStripe:
    return WarningAtStripe(
        id=found["id"],
        kind=found.get("fraud_type") or "",
        intent_id=expanded(found.get("payment_intent")).get("id", ""),
        warned_at=_moment(found["created"]),
    )


def movement_from(found: dict[str, Any]) -> Movement:
    source = expanded(found.get("source"))
    return Movement(
        kind=found.get("reporting_category") or "",
        stripe_id=source.get("id", ""),
        cents=found["amount"],
        currency=found["currency"].upper(),
        intent_id=expanded(source.get("payment_intent")).get("id", ""),
        payment_id=(source.get("metadata") or {}).get("payment", ""),
        moved_at=_moment(found["created"]),
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds), tz=UTC)


def event_from(found: dict[str, Any]) -> Event:
    about = found["data"]["object"]
    intent = about["id"] if about.get("object") == "payment_intent" else about.get("payment_intent")
    metadata = about.get("metadata") or {}
    return Event(
        id=str(found["id"])[:255],
        type=str(found["type"])[:100],
        created_at=_moment(found["created"]),
        api_version=str(found.get("api_version") or "")[:60],
        livemode=bool(found.get("livemode")),
        # Names, addresses and cards stay with Stripe.
        payload={
            "object": about.get("object", ""),
            "id": about.get("id", ""),
            "intent": expanded(intent).get("id", ""),
            "payment": str(metadata.get("payment", "")),
            "refund": str(metadata.get("refund", "")),
        },
    )
