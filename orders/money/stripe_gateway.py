"""The only door to Stripe: our words in, our values out, and its many errors as four of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import stripe
from django.conf import settings
from stripe.params import RefundCreateParams

from orders.money.at_stripe import (
    DisputeAtStripe,
    Event,
    Movement,
    RefundAtStripe,
    Session,
    WarningAtStripe,
    dispute_from,
    event_from,
    expanded,
    fraud_warning_from,
    has_more_refunds,
    movement_from,
    refund_from,
    session_from,
)
from orders.money.stripe_http import KeptConnections

API_VERSION: Final = stripe.api_version
RETRIES: Final = 2
TIMEOUT_S: Final = (3, 10)
"""To connect, to answer."""
SIGNATURE_TOLERANCE_S: Final = 300
TOO_MANY: Final = 429
BUSY: Final = frozenset({409, TOO_MANY, 502, 503, 504})
BROKEN: Final = 500
PAGE: Final = 100
SESSIONS: Final = "/v1/checkout/sessions"


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


def live() -> bool:
    return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))


def create_session(request: Mapping[str, Any], *, key: str) -> Session:
    # A repeated request must be the same to the byte, and JSON columns do not keep the order.
    with _our_errors():
        # As it came: the library would make an object of each of its hundred values.
        answer = _client().raw_request("post", SESSIONS, idempotency_key=key, **canonical(request))
    return session_from(answer.data)


def session(session_id: str) -> Session:
    with _our_errors():
        found = _client().v1.checkout.sessions.retrieve(
            session_id, {"expand": ["payment_intent.latest_charge.refunds"]}
        )
        seen = session_from(found.to_dict())
    # Both are rare, so only then another question is worth its time.
    if has_more_refunds(found.to_dict()):
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
    return refund_from(refund.to_dict())


def refund(stripe_id: str) -> RefundAtStripe:
    with _our_errors():
        return refund_from(_client().v1.refunds.retrieve(stripe_id).to_dict())


def refunds_of(intent_id: str) -> list[RefundAtStripe]:
    with _our_errors():
        page = _client().v1.refunds.list({"payment_intent": intent_id, "limit": PAGE})
        return [refund_from(found.to_dict()) for found in page.auto_paging_iter()]


def _disputes_of(intent_id: str) -> list[DisputeAtStripe]:
    with _our_errors():
        page = _client().v1.disputes.list({"payment_intent": intent_id, "limit": PAGE})
        return [dispute_from(found.to_dict()) for found in page.auto_paging_iter()]


def fraud_warning(stripe_id: str) -> WarningAtStripe:
    with _our_errors():
        return fraud_warning_from(_client().v1.radar.early_fraud_warnings.retrieve(stripe_id).to_dict())


def fraud_warnings(*, since: datetime) -> list[WarningAtStripe]:
    with _our_errors():
        page = _client().v1.radar.early_fraud_warnings.list(
            {"created": {"gte": _seconds(since)}, "limit": PAGE}
        )
        return [fraud_warning_from(found.to_dict()) for found in page.auto_paging_iter()]


def disputed_intents(*, since: datetime) -> list[tuple[str, str]]:
    """(dispute, payment intent) of every dispute and inquiry that was opened since then."""
    with _our_errors():
        page = _client().v1.disputes.list({"created": {"gte": _seconds(since)}, "limit": PAGE})
        found = [dispute.to_dict() for dispute in page.auto_paging_iter()]
    return [(one["id"], expanded(one.get("payment_intent")).get("id", "")) for one in found]


def movements(*, since: datetime) -> list[Movement]:
    """Every movement of money since then, ours or not, oldest first."""
    with _our_errors():
        page = _client().v1.balance_transactions.list(
            {"created": {"gte": _seconds(since)}, "limit": PAGE, "expand": ["data.source"]}
        )
        return [movement_from(found.to_dict()) for found in page.auto_paging_iter()][::-1]


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
        return [event_from(found.to_dict()) for found in page.auto_paging_iter()]


def verified_event(body: bytes, signature: str) -> Event:
    """Raises NotFromStripe. During a rotation two secrets are valid."""
    if not any(_signed(body, signature, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):
        raise NotFromStripe("the signature does not fit")
    try:
        return event_from(json.loads(body))
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
        http_client=KeptConnections(TIMEOUT_S),
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


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
