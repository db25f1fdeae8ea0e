"""Refuses to start with payment settings that would lose money, take it by mistake or give bars away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured

from orders.money import stripe_gateway

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
SANDBOX_KEY: Final = "sk_test_sandbox"
SANDBOX_SECRET: Final = "whsec_sandbox"  # noqa: S105  # public, that is the point
SECRET_KEYS: Final = ("sk_live_", "rk_live_", "sk_test_", "rk_test_")


@register(Tags.security)
def payment_settings(**_kwargs: Any) -> list[CheckMessage]:
    return [*_wrong_keys(), *_wrong_sandbox(), *_wrong_webhooks(), *_wrong_surroundings()]


def refuse_to_start() -> None:
    """For the web server and the worker, which run no checks by themselves. Raises ImproperlyConfigured."""
    errors = [message for message in payment_settings() if message.is_serious()]
    if errors:
        raise ImproperlyConfigured(" ".join(f"{error.msg} {error.hint}" for error in errors))


def _wrong_keys() -> Iterator[CheckMessage]:
    if not settings.STRIPE_SECRET_KEY.startswith(SECRET_KEYS):
        yield Error(
            "STRIPE_SECRET_KEY is no secret key of Stripe.",
            hint="It begins with sk_ or rk_; pk_ is the publishable key, whsec_ belongs to webhooks.",
            id="orders.E005",
        )
    if stripe_gateway.live() and settings.DEBUG:
        yield Error(
            "A live Stripe key is set on a developer's machine, where every try would charge a real card.",
            hint="Use a test key or the sandbox, or set COUVERTURE_MODE=production.",
            id="orders.E007",
        )


def _wrong_sandbox() -> Iterator[CheckMessage]:
    base, is_key = settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY.startswith(SANDBOX_KEY)
    if base and stripe_gateway.live():
        yield Error(
            "A live Stripe key would be sent to STRIPE_API_BASE.",
            hint="Unset STRIPE_API_BASE.",
            id="orders.E001",
        )
    if (base or is_key) and not settings.DEBUG:
        yield Error(
            "The payment sandbox is set up in production, where it would give bars away.",
            hint="Unset STRIPE_API_BASE and set STRIPE_SECRET_KEY to the key of your Stripe account.",
            id="orders.E002",
        )
    if base and urlsplit(base).hostname not in LOOPBACK:
        yield Error(
            "STRIPE_API_BASE is not on this machine.",
            hint="The sandbox listens on 127.0.0.1 only.",
            id="orders.E003",
        )
    if settings.DEBUG and bool(base) != is_key and not stripe_gateway.live():
        yield Error(
            "The sandbox and Stripe are mixed up: the sandbox's key goes to the sandbox's address only, "
            "and no other key goes there.",
            hint="Set both STRIPE_API_BASE and the key sk_test_sandbox, or neither.",
            id="orders.E006",
        )


def _wrong_webhooks() -> Iterator[CheckMessage]:
    secrets = settings.STRIPE_WEBHOOK_SECRETS
    if not secrets:
        yield Error(
            "STRIPE_WEBHOOK_SECRETS is empty, so Stripe's notices could not be told from forged ones.",
            hint="Set it to the signing secret of your webhook endpoint; two, separated by a comma, "
            "while it changes.",
            id="orders.E004",
        )
    if SANDBOX_SECRET in secrets and not settings.DEBUG:
        yield Error(
            "STRIPE_WEBHOOK_SECRETS holds the sandbox's secret, with which anybody could forge notices.",
            hint="Set it to the signing secret of your webhook endpoint.",
            id="orders.E008",
        )
    if not all(secret.startswith("whsec_") for secret in secrets):
        yield Error(
            "STRIPE_WEBHOOK_SECRETS holds something that is no signing secret.",
            hint="Each begins with whsec_ and stands beside the endpoint in Stripe's dashboard.",
            id="orders.E010",
        )


def _wrong_surroundings() -> Iterator[CheckMessage]:
    if stripe_gateway.live() and not settings.SHOP_URL.startswith("https://"):
        yield Error(
            "Live payments need SHOP_URL with https: Stripe sends customers and notices there.",
            hint="Set SHOP_URL to the shop's public address, such as https://shop.example.",
            id="orders.E009",
        )
    if not settings.DEBUG and settings.STRIPE_SECRET_KEY.startswith(("sk_test_", "rk_test_")):
        yield Caution(
            "Orders are paid with test cards: no money comes in, and bars would be made all the same.",
            hint="That is right while you try the shop out; set the live key before you open it.",
            id="orders.W001",
        )
