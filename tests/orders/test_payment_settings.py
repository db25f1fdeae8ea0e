import pytest

from orders.checks import payment_settings

SAFE = {
    "DEBUG": False,
    "STRIPE_API_BASE": "",
    "STRIPE_SECRET_KEY": "sk_live_key",
    "STRIPE_WEBHOOK_SECRETS": ["whsec_real"],
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"STRIPE_SECRET_KEY": "sk_test_key"}, []),
        (
            {
                "DEBUG": True,
                "STRIPE_SECRET_KEY": "sk_test_sandbox",
                "STRIPE_API_BASE": "http://127.0.0.1:8001",
            },
            [],
        ),
        ({"DEBUG": True, "STRIPE_API_BASE": "http://127.0.0.1:8001"}, ["orders.E001"]),
        (
            {"DEBUG": True, "STRIPE_SECRET_KEY": "rk_live_key", "STRIPE_API_BASE": "http://127.0.0.1:1"},
            ["orders.E001"],
        ),
        ({"STRIPE_SECRET_KEY": "sk_test_sandbox"}, ["orders.E002"]),
        (
            {"STRIPE_SECRET_KEY": "sk_test_key", "STRIPE_API_BASE": "http://127.0.0.1:8001"},
            ["orders.E002"],
        ),
        (
            {"DEBUG": True, "STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_API_BASE": "http://evil.example"},
            ["orders.E003"],
        ),
        ({"STRIPE_WEBHOOK_SECRETS": []}, ["orders.E004"]),
    ],
)
def test_settings_that_would_lose_money_are_refused(settings, changes, expected):
    for name, value in {**SAFE, **changes}.items():
        setattr(settings, name, value)
    assert [error.id for error in payment_settings()] == expected
