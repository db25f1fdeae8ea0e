"""Refuses to start with payment settings that would lose money or take it by mistake."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from orders import stripe_gateway

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SANDBOX_KEY = "sk_test_sandbox"


@register(Tags.security)
def payment_settings(**_kwargs: Any) -> list[CheckMessage]:
    return [Error(words, hint=hint, id=f"orders.{name}") for name, words, hint in _wrong_settings()]


def _wrong_settings() -> list[tuple[str, str, str]]:
    base, key = settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY
    sandbox = bool(base) or key == SANDBOX_KEY
    wrong = []
    if base and stripe_gateway.live():
        wrong.append(
            ("E001", "A live Stripe key would be sent to STRIPE_API_BASE.", "Unset STRIPE_API_BASE.")
        )
    if sandbox and not settings.DEBUG:
        wrong.append(
            (
                "E002",
                "The payment sandbox is set up in production, where it would give bars away.",
                "Unset STRIPE_API_BASE and set STRIPE_SECRET_KEY to the key of your Stripe account.",
            )
        )
    if base and urlsplit(base).hostname not in LOOPBACK:
        wrong.append(
            ("E003", "STRIPE_API_BASE is not on this machine.", "The sandbox listens on 127.0.0.1 only.")
        )
    if not settings.STRIPE_WEBHOOK_SECRETS:
        wrong.append(
            (
                "E004",
                "STRIPE_WEBHOOK_SECRETS is empty, so Stripe's notices could not be told from forged ones.",
                "Set it to the signing secret of your webhook endpoint; two, separated by a comma, while it changes.",
            )
        )
    return wrong
