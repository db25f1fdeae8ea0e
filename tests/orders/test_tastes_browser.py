"""What somebody likes, chosen on a phone; what they avoid never leaves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from configurator.domain.tastes import Taste
from configurator.studio import tastes
from tests import loaded
from tests.shop.people import ADA, PASSWORD, account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def phone(new_window: Callable[..., Page], live_server: LiveServer) -> Iterator[Page]:
    loaded.catalogue()
    window = new_window(viewport=PHONE, base_url=live_server.url)
    yield window
    window.wait_for_load_state("networkidle")


def signs_in(page: Page) -> None:
    page.goto("/account/sign-in/")
    page.locator("[name=login]").fill(ADA)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()


def test_favourites_are_found_ticked_and_met_again_in_the_studio(phone: Page) -> None:
    user = account()
    signs_in(phone)
    phone.get_by_role("link", name="What I like").click()
    phone.get_by_label("Dark chocolate 72 %").check()
    phone.get_by_label("Search the ingredients").fill("himbeere")
    expect(phone.locator(".browser .tile:visible")).to_have_count(1)
    phone.get_by_label("Freeze-dried raspberry pieces").check()
    phone.get_by_label("Search the ingredients").fill("")
    phone.locator(".chip", has_text="Nuts").click()
    expect(phone.get_by_label("Freeze-dried raspberry pieces")).to_be_hidden()
    phone.get_by_label("Roasted almonds, whole").check()
    expect(phone.locator("liked-count")).to_have_text("2 of 12 chosen")
    phone.get_by_role("button", name="Keep what I like").click()
    expect(phone.get_by_text("Kept. New bars begin with it.")).to_be_visible()
    expect(phone.get_by_role("heading", name="Your next bar begins like this")).to_be_visible()
    phone.get_by_role("button", name="Put first : Freeze-dried raspberry pieces").click()
    expect(phone.locator(".taste__name").first).to_have_text("Freeze-dried raspberry pieces")
    assert tastes.taste_of(user) == Taste("dark_72", ("raspberry_fd", "almond_whole"))
    phone.get_by_role("link", name="Design a bar").click()
    expect(phone.get_by_text("Your bar begins with what you like.")).to_be_visible()
    expect(phone.locator("#toppings-raspberry_fd")).to_be_checked()
    phone.get_by_role("link", name="Begin without it").click()
    expect(phone.locator("#toppings-almond_whole")).not_to_be_checked()
    expect(phone.locator("#toppings-hazelnut_whole")).to_be_checked()


def test_the_filter_of_this_browser_shows_what_does_not_fit_and_is_never_sent(phone: Page) -> None:
    user = account()
    tastes.keep(user, Taste("dark_72", ("almond_whole", "raspberry_fd")))
    signs_in(phone)
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(told(request)))
    phone.goto("/account/taste/")
    phone.get_by_role("button", name="Allergies and diet").click()
    phone.locator("[data-group=nuts]").check()
    phone.locator("[data-done]").click()
    expect(phone.get_by_text("Among what you like, and not fitting your filter:")).to_be_visible()
    expect(phone.locator("#like-walnut_halves")).to_be_hidden()
    phone.get_by_role("button", name="Take it out: Roasted almonds, whole").click()
    expect(phone.locator(".taste__name")).to_have_text(["Freeze-dried raspberry pieces"])
    assert tastes.taste_of(user).liked == ("raspberry_fd",)
    assert not any("nuts" in each for each in sent)


def told(request: Request) -> str:
    """Pictures have the names of modules, whoever looks."""
    return f"{urlsplit(request.url).query} {request.post_data or ''}"
