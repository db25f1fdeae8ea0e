"""The only door to Stripe: our words in, our values out, and its many errors as four of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, cast

import stripe
from django.conf import settings
from stripe.params import RefundCreateParams
from stripe.params.checkout import SessionCreateParams

API_VERSION: Final = stripe.api_version
RETRIES: Final = 2
TIMEOUT_S: Final = (3, 10)
"""To connect, to answer."""
SIGNATURE_TOLERANCE_S: Final = 300
TOO_MANY: Final = 429
BUSY: Final = frozenset({409, TOO_MANY, 502, 503, 504})
BROKEN: Final = 500
PAGE: Final = 100


class StripeAway(Exception):
    """No answer, or "later": whether it was done is unknown; ask again with the same key."""


class StripeBroke(Exception):
    """A 500, which Stripe replays for this key for a day."""


class StripeRefused(Exception):
    """The request was understood and not done."""


class StripeKnowsNothing(StripeRefused):
    """There is no such object."""


class NotFromStripe(Exception):
    """No configured secret made the signature, it is too old, or the body is no event."""


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


def live() -> bool:
    return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))


def create_session(request: Mapping[str, Any], *, key: str) -> Session:
    # A repeated request must be the same to the byte, and JSON columns do not keep the order.
    params = cast("SessionCreateParams", canonical(request))
    with _our_errors():
        session = _client().v1.checkout.sessions.create(params, {"idempotency_key": key})
    return _session(session.to_dict())


def session(session_id: str) -> Session:
    with _our_errors():
        found = _client().v1.checkout.sessions.retrieve(
            session_id, {"expand": ["payment_intent.latest_charge.refunds"]}
        )
        seen = _session(found.to_dict())
    # Both are rare, so only then another question is worth its time.
    if _has_more_refunds(found.to_dict()):
        seen = replace(seen, refunds=tuple(refunds_of(seen.intent_id)))
    return replace(seen, disputes=tuple(_disputes_of(seen.intent_id))) if seen.disputed else seen


def expire_session(session_id: str) -> None:
    """Raises StripeRefused for a session that is not open: read it again and obey."""
    with _our_errors():
        _client().v1.checkout.sessions.expire(session_id)


def create_refund(*, intent_id: str, amount_cents: int, refund_id: str, key: str) -> RefundAtStripe:
    params: RefundCreateParams = {
        "amount": amount_cents,
        "metadata": {"refund": refund_id},
        "payment_intent": intent_id,
    }
    with _our_errors():
        refund = _client().v1.refunds.create(params, {"idempotency_key": key})
    return _refund(refund.to_dict())


def refund(stripe_id: str) -> RefundAtStripe:
    with _our_errors():
        return _refund(_client().v1.refunds.retrieve(stripe_id).to_dict())


def refunds_of(intent_id: str) -> list[RefundAtStripe]:
    with _our_errors():
        page = _client().v1.refunds.list({"payment_intent": intent_id, "limit": PAGE})
        return [_refund(found.to_dict()) for found in page.auto_paging_iter()]


def _disputes_of(intent_id: str) -> list[DisputeAtStripe]:
    with _our_errors():
        page = _client().v1.disputes.list({"payment_intent": intent_id, "limit": PAGE})
        return [_dispute(found.to_dict()) for found in page.auto_paging_iter()]


def fraud_warning(stripe_id: str) -> WarningAtStripe:
    with _our_errors():
        return _fraud_warning(_client().v1.radar.early_fraud_warnings.retrieve(stripe_id).to_dict())


def fraud_warnings(*, since: datetime) -> list[WarningAtStripe]:
    with _our_errors():
        page = _client().v1.radar.early_fraud_warnings.list(
            {"created": {"gte": _seconds(since)}, "limit": PAGE}
        )
        return [_fraud_warning(found.to_dict()) for found in page.auto_paging_iter()]


def disputed_intents(*, since: datetime) -> list[tuple[str, str]]:
    """(dispute, payment intent) of every dispute and inquiry that was opened since then."""
    with _our_errors():
        page = _client().v1.disputes.list({"created": {"gte": _seconds(since)}, "limit": PAGE})
        found = [dispute.to_dict() for dispute in page.auto_paging_iter()]
    return [(one["id"], _expanded(one.get("payment_intent")).get("id", "")) for one in found]


def movements(*, since: datetime) -> list[Movement]:
    """Every movement of money since then, ours or not, oldest first."""
    with _our_errors():
        page = _client().v1.balance_transactions.list(
            {"created": {"gte": _seconds(since)}, "limit": PAGE, "expand": ["data.source"]}
        )
        return [_movement(found.to_dict()) for found in page.auto_paging_iter()][::-1]


def undelivered_events(types: list[str], *, since: datetime) -> list[Event]:
    with _our_errors():
        page = _client().v1.events.list(
            {
                "types": types,
                "delivery_success": False,
                "created": {"gte": _seconds(since)},
                "limit": PAGE,
            }
        )
        return [_event(found.to_dict()) for found in page.auto_paging_iter()]


def verified_event(body: bytes, signature: str) -> Event:
    """Raises NotFromStripe. During a rotation two secrets are valid."""
    if not any(_signed(body, signature, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):
        raise NotFromStripe("the signature does not fit")
    try:
        return _event(json.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise NotFromStripe("the body is no event") from broken


def canonical(value: Any) -> Any:
    match value:
        case Mapping():
            return {name: canonical(value[name]) for name in sorted(value)}
        case list() | tuple():
            return [canonical(one) for one in value]
        case _:
            return value


def _client() -> stripe.StripeClient:
    return _client_for(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@lru_cache(maxsize=8)
def _client_for(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": base.rstrip("/")} if base else {},
        # Zero by default, with which one dropped connection would be the customer's problem.
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
    )


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except stripe.APIConnectionError as error:
        raise StripeAway(str(error)) from error
    except stripe.StripeError as error:
        code = error.http_status or 0
        if code in BUSY or isinstance(error, stripe.RateLimitError):
            raise StripeAway(str(error)) from error
        if code >= BROKEN:
            raise StripeBroke(str(error)) from error
        if error.code == "resource_missing":
            raise StripeKnowsNothing(str(error)) from error
        raise StripeRefused(str(error)) from error


def _signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, signature, secret, SIGNATURE_TOLERANCE_S))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False


def _session(found: dict[str, Any]) -> Session:
    intent = _expanded(found.get("payment_intent"))
    charge = _expanded(intent.get("latest_charge"))
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
        refunds=tuple(_refund(refund) for refund in (charge.get("refunds") or {}).get("data", [])),
    )


def _has_more_refunds(found: dict[str, Any]) -> bool:
    charge = _expanded(_expanded(found.get("payment_intent")).get("latest_charge"))
    return bool((charge.get("refunds") or {}).get("has_more"))


def _expanded(found: Any) -> dict[str, Any]:
    """An id, an expanded object, or nothing."""
    if isinstance(found, Mapping):
        return dict(found)
    return {"id": found} if found else {}


def _refund(found: dict[str, Any]) -> RefundAtStripe:
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


def _dispute(found: dict[str, Any]) -> DisputeAtStripe:
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


def _fraud_warning(found: dict[str, Any]) -> WarningAtStripe:
    return WarningAtStripe(
        id=found["id"],
        kind=found.get("fraud_type") or "",
        intent_id=_expanded(found.get("payment_intent")).get("id", ""),
        warned_at=_moment(found["created"]),
    )


def _movement(found: dict[str, Any]) -> Movement:
    source = _expanded(found.get("source"))
    return Movement(
        kind=found.get("reporting_category") or "",
        stripe_id=source.get("id", ""),
        cents=found["amount"],
        currency=found["currency"].upper(),
        intent_id=_expanded(source.get("payment_intent")).get("id", ""),
        payment_id=(source.get("metadata") or {}).get("payment", ""),
        moved_at=_moment(found["created"]),
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds), tz=UTC)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _event(found: dict[str, Any]) -> Event:
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
            "intent": _expanded(intent).get("id", ""),
            "payment": str(metadata.get("payment", "")),
            "refund": str(metadata.get("refund", "")),
        },
    )
