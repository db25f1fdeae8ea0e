"""Cart, checkout and order page as people use them: small screens, no scripts, a keyboard, a screen reader."""

from collections.abc import Callable

import pytest
from csp.constants import SELF
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from configurator.domain.design import Design
from orders.models import Order
from tests.orders.till import ADDRESS, Till

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(
    till_that_rings: Till,
    settings: Settings,
    live_server: LiveServer,
    new_window: Callable[..., Page],
    ada_bar: Design,
) -> Callable[..., Page]:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": {**directives, "form-action": [SELF, till_that_rings.address]}
    }

    def with_a_bar_in_the_cart(**options: object) -> Page:
        page = new_window(base_url=live_server.url, **options)
        page.goto(f"/d/{ada_bar.digest}/")
        page.locator("form[action='/cart/lines/'] button").click()
        expect(page.get_by_role("heading", name="Your cart")).to_be_visible()
        return page

    return with_a_bar_in_the_cart


def fill_in(page: Page) -> None:
    for field, typed in ADDRESS.items():
        if typed and field != "country":
            page.locator(f"[name={field}]").fill(typed)


def order_and_go_back(page: Page) -> None:
    page.goto("/checkout/")
    fill_in(page)
    page.get_by_role("button", name="Order with obligation to pay").click()
    page.get_by_role("link", name="Back to the shop").click()
    expect(page.get_by_text("Not paid yet")).to_be_visible()


def test_the_whole_way_needs_no_script(shop, till_that_rings):
    page = shop(java_script_enabled=False)
    page.get_by_label("How many").fill("2")
    page.get_by_role("button", name="Change").click()
    page.get_by_role("link", name="Go to checkout").click()
    fill_in(page)
    page.locator("[name=country]").select_option("AT")
    page.locator("[name=postcode]").fill("1010")
    page.get_by_role("button", name="Compute shipping").click()
    expect(page.get_by_text("Shipping to Austria")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Ada Lovelace")
    page.get_by_role("button", name="Order with obligation to pay").click()
    page.get_by_role("link", name="Back to the shop").click()
    page.get_by_role("button", name="Pay now").click()
    for field, typed in {"card": "4242424242424242", "expiry": "12/34", "cvc": "123"}.items():
        page.locator(f"#{field}").fill(typed)
    page.locator("form button").last.click()
    expect(page.get_by_text("Thank you! Your payment has arrived")).to_be_visible()
    assert (Order.objects.get().country, Order.objects.get().is_paid) == ("AT", True)


def test_enter_in_a_field_computes_and_never_orders(shop):
    page = shop()
    page.goto("/checkout/")
    fill_in(page)
    page.locator("[name=city]").press("Enter")
    expect(page.locator("[name=city]")).to_have_value("Berlin")
    assert not Order.objects.exists()


def test_bars_go_to_several_people_without_a_script(shop):
    page = shop(java_script_enabled=False)
    page.get_by_label("How many").fill("3")
    page.get_by_role("button", name="Change").click()
    page.get_by_role("link", name="Go to checkout").click()
    fill_in(page)
    page.get_by_role("button", name="Send bars to several people").click()
    expect(page.locator("[name=street]")).to_have_value(ADDRESS["street"])
    given, left = page.get_by_label("Ada (3)").all()
    given.fill("2")
    left.fill("1")
    for field, typed in {"name": "Bea", "street": "Ring 1", "postcode": "1010", "city": "Wien"}.items():
        page.locator(f"[name=to2-{field}]").fill(typed)
    page.locator("[name=to2-country]").select_option("AT")
    page.get_by_role("button", name="Compute shipping").last.click()
    expect(page.get_by_text("Shipping to Austria")).to_be_visible()
    page.get_by_role("button", name="Order with obligation to pay").click()
    page.get_by_role("link", name="Back to the shop").click()
    expect(page.get_by_text("Parcel 2 of 2")).to_be_visible()
    assert list(Order.objects.get().shipments.values_list("name", "country")) == [
        ("Ada Lovelace", "DE"),
        ("Bea", "AT"),
    ]


@pytest.mark.parametrize("back", ["/checkout/", "/de/checkout/"])
def test_following_a_link_and_coming_back_types_nothing_twice(shop, back):
    page = shop()
    page.goto("/checkout/")
    fill_in(page)
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Cart").click()
    expect(page.get_by_role("heading", name="Your cart")).to_be_visible()
    page.goto(back)

    expect(page.locator("[name=street]")).to_have_value(ADDRESS["street"])
    expect(page.locator("[name=email]")).to_have_value(ADDRESS["email"])
