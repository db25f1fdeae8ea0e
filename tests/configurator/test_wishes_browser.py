"""Choosing as people do: by wish, by surprise and side by side; what they avoid never leaves the browser."""

import json
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, Request, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 640}
WITHOUT_NUTS = {"avoid": {"nuts": "strict", "peanuts": "strict"}, "needs": ["vegan"]}
WITHOUT_MILK = {"avoid": {"milk": "careful"}, "needs": []}
TELLING = ("strict", "careful", "avoid", "vegan", "peanuts")


def eats(page: Page, shop_url: str, diet: Mapping[str, object]) -> None:
    """What was set once, in the panel of allergies and diet."""
    page.goto(f"{shop_url}/legal/")
    page.evaluate("diet => localStorage.setItem('diet', diet)", json.dumps(diet))


def sent(page: Page) -> list[str]:
    """All that is sent from now on: addresses and what is posted."""
    told: list[str] = []

    def note(request: Request) -> None:
        told.append(f"{request.url} {request.post_data or ''}")

    page.on("request", note)
    return told


def test_a_surprise_in_the_studio_keeps_what_is_locked_and_can_be_undone(page: Page, shop_url: str) -> None:
    page.goto(f"{shop_url}/studio/bar-100/")
    page.get_by_text("What stays, and up to what price").click()
    page.locator("#surprise-locks").get_by_label("Roasted hazelnuts, whole").check(force=True)
    before = page.locator("#total").inner_text()
    page.get_by_role("button", name="Surprise me").click()

    expect(page.locator("#news")).to_contain_text("The bar is complete.")
    expect(page.locator("#toppings-hazelnut_whole")).to_be_checked()
    expect(page.locator("#surprise-locks").get_by_label("Roasted hazelnuts, whole")).to_be_checked()
    page.locator("#undo").click()
    expect(page.locator("#total")).to_have_text(before)


def test_a_surprise_fits_a_diet_that_the_shop_never_hears_of(page: Page, shop_url: str) -> None:
    eats(page, shop_url, WITHOUT_NUTS)
    page.goto(f"{shop_url}/studio/bar-100/")
    told = sent(page)
    page.get_by_role("button", name="Surprise me").click()

    expect(page.locator("#news")).to_contain_text("The bar is complete.")
    unfit = page.locator('.module[data-fit="no"]:has(.module__box:checked)')
    expect(unfit).to_have_count(0)
    assert any("/surprise/bar-100/" in line for line in told)
    # Some modules have such words in their names, and so in the addresses of their pictures.
    asked = [line for line in told if "/m/" not in line]
    assert [line for line in asked if any(word in line for word in TELLING)] == []


def test_who_avoids_nothing_asks_for_the_same_surprises(page: Page, shop_url: str) -> None:
    page.goto(f"{shop_url}/studio/bar-100/")
    told = sent(page)
    page.get_by_role("button", name="Surprise me").click()
    expect(page.locator("#news")).to_contain_text("The bar is complete.")
    assert any("/surprise/bar-100/" in line for line in told)


@pytest.mark.parametrize("diet", [{"avoid": {}, "needs": []}, WITHOUT_MILK], ids=["anything", "no milk"])
def test_every_browser_asks_once_for_ways_out_of_a_wish(
    page: Page, shop_url: str, diet: Mapping[str, object]
) -> None:
    eats(page, shop_url, diet)
    told = sent(page)
    page.goto(f"{shop_url}/wish/?like=milky&like=fruity")
    page.wait_for_load_state("networkidle")
    asked = [line.strip() for line in told if "/wish/facts/" in line]
    assert asked == [f"{shop_url}/wish/facts/?size=bar-100&like=milky&like=fruity"]


def test_without_an_answer_every_way_out_of_a_wish_is_offered(page: Page, shop_url: str) -> None:
    eats(page, shop_url, WITHOUT_MILK)
    page.route("**/wish/facts/**", lambda route: route.abort())
    page.goto(f"{shop_url}/wish/?like=milky&like=fruity")
    expect(page.get_by_text("It may if you let go of:")).to_be_visible()
    expect(page.get_by_role("link", name="milky", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="fruity", exact=True)).to_be_visible()


def test_a_locked_ingredient_that_does_not_fit_is_named(page: Page, shop_url: str) -> None:
    eats(page, shop_url, WITHOUT_NUTS)
    page.goto(f"{shop_url}/studio/bar-100/")
    page.get_by_text("What stays, and up to what price").click()
    page.locator("#surprise-locks").get_by_label("Roasted hazelnuts, whole").check(force=True)
    page.get_by_role("button", name="Surprise me").click()

    words = "This stays and does not fit what you avoid: Roasted hazelnuts, whole."
    expect(page.locator(".surprise__words")).to_have_text(words)


def test_a_wish_shows_only_what_fits_and_says_what_stands_in_the_way(page: Page, shop_url: str) -> None:
    eats(page, shop_url, WITHOUT_NUTS)
    told = sent(page)
    page.goto(f"{shop_url}/wish/?like=fruity&like=tart")
    expect(page.locator(".bar-card:visible").first).to_be_visible()
    zones = page.locator(".bar-card:visible").evaluate_all("cards => cards.map(card => card.dataset.zone)")
    assert set(zones) == {"F"}
    assert [line for line in told if any(word in line for word in TELLING)] == []

    page.evaluate("diet => localStorage.setItem('diet', diet)", json.dumps(WITHOUT_MILK))
    page.goto(f"{shop_url}/wish/?like=milky&like=fruity")
    expect(page.get_by_text("None of these bars fits what you avoid.")).to_be_visible()
    page.get_by_role("link", name="milky", exact=True).click()
    expect(page.locator(".bar-card:visible").first).to_be_visible()


def test_without_scripts_a_wish_finds_bars_and_two_can_be_compared(
    new_window: Callable[..., Page], shop_url: str
) -> None:
    page = new_window(java_script_enabled=False, viewport=PHONE)
    page.goto(f"{shop_url}/wish/")
    page.get_by_label("crunchy", exact=True).check()
    page.get_by_label("salty", exact=True).check()
    page.get_by_role("button", name="Find my bars").click()
    boxes = page.get_by_role("checkbox", name="Compare")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Compare those that are ticked").click()

    expect(page.get_by_role("columnheader")).to_have_count(2)
    expect(page.get_by_role("rowheader", name="Energy in 100 g")).to_be_visible()


def test_home_begins_with_a_surprise_without_scripts_too(
    new_window: Callable[..., Page], shop_url: str
) -> None:
    page = new_window(java_script_enabled=False)
    page.goto(f"{shop_url}/")
    page.get_by_role("button", name="Surprise me").click()

    expect(page.get_by_label("Name on the wrapper")).to_have_value("My surprise")
