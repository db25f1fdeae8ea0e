"""Whether a Checkout Session may be opened on these terms: Stripe's rules, and the sandbox's own limits."""

import re
from typing import Any

from sandbox.refusal import Record, RequestRefused
from sandbox.schema import missing

SHORTEST_SECONDS = 30 * 60
LONGEST_SECONDS = 24 * 60 * 60
CLOCK_SLACK_SECONDS = 60
MOST_LINES = 100
# It ends in headers, so nothing but printable ASCII.
WEB_ADDRESS = r"https?://[A-Za-z0-9._:\[\]-]+([/?#][!-~]*)?"

# Valid at Stripe, but they would change what is paid or how, and the sandbox could only pretend.
NOT_PLAYED = frozenset(
    {
        "allow_promotion_codes",
        "customer",
        "customer_account",
        "discounts",
        "optional_items",
        "return_url",
        "setup_intent_data",
        "shipping_options",
        "subscription_data",
    }
)


def check(params: Record, *, now: int) -> None:
    for name in ("mode", "line_items", "success_url"):
        if not params.get(name):
            raise missing(name)
    _check_played(params)
    for name in ("success_url", "cancel_url"):
        _check_url(params.get(name), name)
    _check_metadata(params.get("metadata"), "metadata")
    _check_metadata(params.get("payment_intent_data", {}).get("metadata"), "payment_intent_data[metadata]")
    _check_expiry(params.get("expires_at"), now=now)
    if len(params["line_items"]) > MOST_LINES:
        raise RequestRefused(f"line_items: at most {MOST_LINES} are allowed.", param="line_items")


def _check_played(params: Record) -> None:
    played = {
        "mode": params["mode"] == "payment",
        "ui_mode": params.get("ui_mode", "hosted_page") == "hosted_page",
        "automatic_tax": not params.get("automatic_tax", {}).get("enabled", False),
        **{name: name not in params for name in sorted(NOT_PLAYED)},
    }
    for name, is_played in played.items():
        if not is_played:
            raise not_played(name)


def _check_url(url: str | None, name: str) -> None:
    if url is not None and not re.fullmatch(WEB_ADDRESS, url):
        raise RequestRefused("Not a valid URL", code="url_invalid", param=name)


def _check_metadata(metadata: Any, name: str) -> None:
    if isinstance(metadata, dict):
        if len(metadata) > 50:
            raise RequestRefused("Metadata can have up to 50 keys.", param=name)
        for key, value in metadata.items():
            if len(key) > 40 or len(value) > 500:
                raise RequestRefused(
                    "Metadata keys can have up to 40 characters, values up to 500.",
                    param=f"{name}[{key}]",
                )


def _check_expiry(expires_at: int | None, *, now: int) -> None:
    earliest = now + SHORTEST_SECONDS - CLOCK_SLACK_SECONDS
    latest = now + LONGEST_SECONDS + CLOCK_SLACK_SECONDS
    if expires_at is not None and not earliest <= expires_at <= latest:
        raise RequestRefused(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout "
            "Session creation.",
            param="expires_at",
        )


def not_played(name: str) -> RequestRefused:
    return RequestRefused(f"The sandbox does not play this part of Stripe: {name}.", param=name)
