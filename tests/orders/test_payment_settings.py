"""Key, address and secrets of the payment: what would lose money does not start."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from devserver.installation import ROOT
from orders.checks import payment_settings, refuse_to_start

LIVE = {
    "DEBUG": False,
    "SHOP_URL": "https://shop.example",
    "STRIPE_API_BASE": "",
    "STRIPE_SECRET_KEY": "sk_live_key",
    "STRIPE_WEBHOOK_SECRETS": ["whsec_real"],
}
SANDBOX = {
    "DEBUG": True,
    "SHOP_URL": "http://127.0.0.1:8000",
    "STRIPE_API_BASE": "http://127.0.0.1:8001",
    "STRIPE_SECRET_KEY": "sk_test_sandbox",
    "STRIPE_WEBHOOK_SECRETS": ["whsec_sandbox"],
}
REAL_TEST = {"STRIPE_API_BASE": "", "STRIPE_SECRET_KEY": "sk_test_51"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (LIVE, []),
        (LIVE | {"STRIPE_SECRET_KEY": "rk_live_key"}, []),
        (LIVE | {"STRIPE_WEBHOOK_SECRETS": ["whsec_old", "whsec_new"]}, []),
        (LIVE | {"STRIPE_SECRET_KEY": "sk_test_key"}, ["W001"]),
        (SANDBOX, []),
        (SANDBOX | REAL_TEST, []),
        (LIVE | {"STRIPE_API_BASE": "http://127.0.0.1:8001"}, ["E001", "E002"]),
        (LIVE | {"STRIPE_SECRET_KEY": "sk_test_sandbox"}, ["E002", "W001"]),
        (LIVE | SANDBOX | {"DEBUG": False}, ["E002", "E008", "W001"]),
        (SANDBOX | {"STRIPE_API_BASE": "http://evil.example"}, ["E003"]),
        (SANDBOX | {"STRIPE_API_BASE": "http://127.0.0.1.evil.example"}, ["E003"]),
        (LIVE | {"STRIPE_WEBHOOK_SECRETS": []}, ["E004"]),
        (LIVE | {"STRIPE_SECRET_KEY": "pk_live_key"}, ["E005"]),
        (LIVE | {"STRIPE_SECRET_KEY": "whsec_real"}, ["E005"]),
        (LIVE | {"STRIPE_SECRET_KEY": ""}, ["E005"]),
        (SANDBOX | {"STRIPE_SECRET_KEY": "sk_test_51"}, ["E006"]),
        (SANDBOX | {"STRIPE_API_BASE": ""}, ["E006"]),
        (SANDBOX | {"STRIPE_SECRET_KEY": "sk_live_key"}, ["E007", "E001", "E009"]),
        (SANDBOX | {"STRIPE_API_BASE": "", "STRIPE_SECRET_KEY": "rk_live_key"}, ["E007", "E009"]),
        (LIVE | {"STRIPE_WEBHOOK_SECRETS": ["whsec_real", "whsec_sandbox"]}, ["E008"]),
        (LIVE | {"SHOP_URL": "http://shop.example"}, ["E009"]),
        (LIVE | {"STRIPE_WEBHOOK_SECRETS": ["sk_live_key"]}, ["E010"]),
    ],
)
def test_settings_that_would_lose_money_are_refused(settings, changes, expected):
    for name, value in changes.items():
        setattr(settings, name, value)
    assert [message.id for message in payment_settings()] == [f"orders.{name}" for name in expected]


def test_a_warning_alone_keeps_nobody_from_trying_the_shop_out(settings):
    for name, value in (LIVE | {"STRIPE_SECRET_KEY": "sk_test_key"}).items():
        setattr(settings, name, value)
    refuse_to_start()
    settings.STRIPE_SECRET_KEY = "pk_live_key"
    with pytest.raises(ImproperlyConfigured, match="no secret key of Stripe"):
        refuse_to_start()


@pytest.mark.parametrize(
    "program",
    ["import config.wsgi", "from config import celery; celery.signals.worker_init.send(sender=None)"],
    ids=["web server", "worker"],
)
def test_neither_web_server_nor_worker_starts_with_them(program):
    """They run no checks of Django's by themselves."""
    env = os.environ | {"STRIPE_SECRET_KEY": "sk_live_key", "DJANGO_SETTINGS_MODULE": "config.settings"}
    setup = "import django; django.setup(); "
    done = subprocess.run(
        [sys.executable, "-c", setup + program],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    assert "A live Stripe key is set on a developer's machine" in done.stderr
