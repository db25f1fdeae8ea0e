"""The other language, from wherever one stands."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visitor(new_window: Callable[..., Page]) -> Page:
    """Somebody whose browser asks for German."""
    return new_window(locale="de-DE", viewport={"width": 1280, "height": 800})


def language_of(page: Page) -> str:
    return str(page.locator("html").get_attribute("lang"))


def test_the_studio_changes_the_language_and_keeps_what_was_just_changed(
    visitor: Page, shop_url: str
) -> None:
    visitor.goto(f"{shop_url}/de/studio/bar-100/")
    opened = visitor.url
    visitor.locator("label[for=step-toppings]").click()
    visitor.locator("#toppings-almond_whole").focus()
    visitor.keyboard.press("Space")
    expect(visitor.locator("#total")).to_have_text("7,73\u00a0€")
    assert visitor.url != opened
    visitor.locator(".languages a[lang=en]").click()
    expect(visitor.locator("#total")).to_have_text("€7.73")
    assert language_of(visitor) == "en"
    assert "/de/" not in visitor.url
    expect(visitor.locator("#toppings-almond_whole")).to_be_checked()


def test_a_german_browser_is_led_to_german_until_it_chooses(visitor: Page, shop_url: str) -> None:
    visitor.goto(f"{shop_url}/")
    assert visitor.url == f"{shop_url}/de/"
    assert language_of(visitor) == "de"
    visitor.locator(".languages a[lang=en]").click()
    visitor.wait_for_url(f"{shop_url}/")
    assert language_of(visitor) == "en"
    visitor.goto(f"{shop_url}/")
    assert language_of(visitor) == "en"


def test_the_filter_chosen_in_one_language_stays_in_the_other(visitor: Page, shop_url: str) -> None:
    visitor.goto(f"{shop_url}/de/bars/?tag=vegan")
    visitor.locator(".languages a[lang=en]").click()
    visitor.wait_for_url(f"{shop_url}/bars/?tag=vegan")
