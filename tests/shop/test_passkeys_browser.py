"""A passkey, made and shown by a device: Chromium's own that it keeps for tests."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from playwright.sync_api import CDPSession, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests import loaded
from tests.accessibility import violations
from tests.shop.people import ADA, PASSWORD, account

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """With a finger on it, until it is taken away."""

    def __init__(self, page: Page) -> None:
        self.line: CDPSession = page.context.new_cdp_session(page)
        self.line.send("WebAuthn.enable")
        self.id: str = self.line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})[
            "authenticatorId"
        ]

    def forgets_the_finger(self) -> None:
        self.line.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})

    def keeps(self) -> int:
        kept = self.line.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return len(kept["credentials"])


@pytest.fixture
def shop(transactional_db: None) -> None:
    loaded.catalogue()


@pytest.fixture
def ada(shop: None) -> User:
    return account()


@pytest.fixture
def window(live_server: LiveServer, new_window) -> Page:
    page: Page = new_window(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    return page


def signed_in(page: Page) -> None:
    page.goto("/account/sign-in/")
    page.get_by_label("E-mail address").fill(ADA)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()


def makes_a_passkey(page: Page, name: str = "My phone") -> None:
    page.goto("/account/safety/passkeys/")
    assert violations(page) == []
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def signed_out(page: Page) -> None:
    page.goto("/account/sign-out/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_a_passkey_opens_the_account_without_a_password(ada: User, window: Page) -> None:
    device = Device(window)
    signed_in(window)
    makes_a_passkey(window)
    assert device.keeps() == 1
    assert Authenticator.objects.get(type="webauthn").wrap().name == "My phone"

    signed_out(window)
    window.goto("/account/sign-in/")
    assert violations(window) == []
    window.get_by_role("button", name="Sign in with a passkey").click()
    expect(window.get_by_role("heading", name="My account")).to_be_visible()


def test_after_the_password_the_passkey_is_asked_for(ada: User, window: Page) -> None:
    Device(window)
    signed_in(window)
    makes_a_passkey(window)
    signed_out(window)

    signed_in(window)
    expect(window.get_by_role("heading", name="The second step")).to_be_visible()
    expect(window.get_by_label("Recovery code")).to_be_visible()
    assert violations(window) == []
    window.get_by_role("button", name="Show a passkey").click()
    expect(window.get_by_role("heading", name="My account")).to_be_visible()


def test_whoever_has_the_device_and_not_the_finger_stays_outside(ada: User, window: Page) -> None:
    device = Device(window)
    signed_in(window)
    makes_a_passkey(window)
    signed_out(window)

    device.forgets_the_finger()
    window.goto("/account/sign-in/")
    window.get_by_role("button", name="Sign in with a passkey").click()
    expect(window.get_by_text("No passkey was read.")).to_be_visible()
    signed_in(window)
    window.get_by_role("button", name="Show a passkey").click()
    expect(window.get_by_text("No passkey was read.")).to_be_visible()


def test_a_device_keeps_one_passkey_of_an_account(ada: User, window: Page) -> None:
    device = Device(window)
    signed_in(window)
    makes_a_passkey(window)
    window.goto("/account/safety/passkeys/")
    window.get_by_role("button", name="Make the passkey").click()
    expect(window.get_by_text("This device keeps a passkey for your account already.")).to_be_visible()
    assert device.keeps() == 1


def test_a_passkey_that_is_taken_off_opens_no_more(ada: User, window: Page) -> None:
    Device(window)
    signed_in(window)
    makes_a_passkey(window)
    window.goto("/account/safety/")
    assert violations(window) == []
    window.get_by_role("link", name="Take off My phone").click()
    window.get_by_role("button", name="Take it off").click()
    expect(window.get_by_text("The passkey is taken off.")).to_be_visible()
    assert not Authenticator.objects.exists()

    signed_out(window)
    window.goto("/account/sign-in/")
    window.get_by_role("button", name="Sign in with a passkey").click()
    expect(window.get_by_text("This is not right, or no longer.")).to_be_visible()


def test_staff_come_in_with_a_passkey_after_the_password(
    shop: None, window: Page, settings: Settings
) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    User.objects.create_superuser("bea", password=PASSWORD)
    Device(window)

    def at_the_office() -> None:
        window.goto("/admin/")
        window.get_by_label("Username").fill("bea")
        window.get_by_label("Password").fill(PASSWORD)
        with window.expect_navigation():
            window.locator("#login-form").get_by_role("button").click()

    at_the_office()
    expect(window.get_by_text("Set one up, and the office opens.")).to_be_visible()
    makes_a_passkey(window, "Office computer")
    window.goto("/admin/")
    expect(window.locator("#user-tools")).to_be_visible()

    with window.expect_navigation():
        window.locator("#logout-form button").click()
    at_the_office()
    window.get_by_role("button", name="Show a passkey").click()
    expect(window.locator("#user-tools")).to_be_visible()


def test_without_scripts_an_app_is_a_way_and_a_passkey_says_why_not(
    ada: User, live_server: LiveServer, new_window
) -> None:
    plain: Page = new_window(base_url=live_server.url, java_script_enabled=False)
    signed_in(plain)
    plain.goto("/account/safety/passkeys/")
    expect(plain.get_by_text("Passkeys need a browser that knows them")).to_be_visible()
    expect(plain.get_by_role("button", name="Make the passkey")).to_be_hidden()
    plain.goto("/account/safety/app/")
    expect(plain.get_by_label("The code that the app shows now")).to_be_visible()
