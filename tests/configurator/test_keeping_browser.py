"""Being done, finding a bar again and showing it, as people do it in a browser."""

from collections.abc import Callable
from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from configurator.models import Creation, DayCount
from tests import loaded
from tests.accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 640}


def counted(what: DayCount.What) -> int:
    return sum(DayCount.objects.filter(what=what).values_list("number", flat=True))


def design_one(page: Page, shop_url: str, name: str = "Für Oma") -> None:
    page.goto(f"{shop_url}/studio/bar-100/")
    page.locator("#name").fill(name)
    page.locator("#name").press("Tab")
    expect(page.locator(".order-bar__name")).to_have_text(name)


def be_done(page: Page) -> None:
    page.get_by_role("button", name="I'm done").click()
    expect(page.get_by_text("Designed by you on")).to_be_visible()


def fits(page: Page) -> None:
    """No violation, and nothing beyond the edge."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


def test_a_bar_is_designed_finished_and_shared_within_a_minute(
    new_window: Callable[..., Page], shop_url: str
) -> None:
    page = new_window(permissions=["clipboard-read", "clipboard-write"])
    started = monotonic()
    design_one(page, shop_url)
    be_done(page)
    expect(page.get_by_text("First of its kind.")).to_be_visible()
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("status").filter(has_text="copied")).to_be_visible()
    assert monotonic() - started < 60

    address = page.evaluate("navigator.clipboard.readText()")
    assert address == page.locator("#address").input_value()
    page.wait_for_load_state("networkidle")
    assert (counted(DayCount.What.FINISHED), counted(DayCount.What.SHARED)) == (1, 1)
    assert counted(DayCount.What.IN_CART) == 0


def test_a_bar_is_found_again_in_another_visit_and_nobody_else_finds_it(
    new_window: Callable[..., Page], shop_url: str
) -> None:
    page = new_window()
    design_one(page, shop_url)
    page.goto(f"{shop_url}/mine/")
    page.get_by_role("link", name="Go on designing : Für Oma").click()
    expect(page.locator("#name")).to_have_value("Für Oma")
    stranger = new_window()
    stranger.goto(f"{shop_url}/mine/")
    expect(stranger.get_by_text("Nothing here yet.")).to_be_visible()


def test_without_scripts_everything_is_a_form(new_window: Callable[..., Page], shop_url: str) -> None:
    page = new_window(java_script_enabled=False, viewport=PHONE)
    page.goto(f"{shop_url}/studio/bar-100/")
    page.locator("#name").fill("Opa")
    page.get_by_role("button", name="Update picture, price and label").click()
    be_done(page)
    expect(page.locator("#address")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the address")).to_be_hidden()

    page.get_by_role("link", name="All my bars").click()
    page.get_by_text("Name, who sees it, delete").click()
    page.get_by_label("Name on the wrapper").fill("Nut-free")
    page.get_by_role("button", name="Rename").click()
    page.get_by_text("Name, who sees it, delete").click()
    page.get_by_label("Everybody, in the gallery").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“Nut-free” sounds free from an allergen").first).to_be_visible()

    page.get_by_text("Name, who sees it, delete").click()
    page.get_by_role("button", name="Delete this bar").click()
    expect(page.get_by_text("“Nut-free” is deleted.")).to_be_visible()
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_role("heading", name="Nut-free")).to_be_visible()


def test_a_shown_bar_is_made_somebody_else_s_with_its_credit(
    new_window: Callable[..., Page], shop_url: str
) -> None:
    ada, ben = new_window(), new_window()
    design_one(ada, shop_url, "Adas")
    be_done(ada)
    ada.get_by_text("Who may see it").first.click()
    ada.get_by_label("Everybody, in the gallery").check()
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("Your bar hangs in the gallery now.")).to_be_visible()

    ben.goto(f"{shop_url}/gallery/")
    ben.get_by_role("link", name="Adas", exact=True).click()
    ben.get_by_role("link", name="Make it mine").click()
    ben.wait_for_load_state("networkidle")
    ben.locator("#name").fill("Bens")
    ben.locator("#name").press("Tab")
    expect(ben.locator(".order-bar__name")).to_have_text("Bens")
    be_done(ben)
    expect(ben.locator(".credit")).to_contain_text("It began as Adas.")
    expect(ben.locator(".credit__changes")).to_have_text("another name")
    assert Creation.objects.get(design__name="Bens").parent == Creation.objects.get(design__name="Adas")


def test_the_celebration_moves_only_for_those_who_want_it(
    new_window: Callable[..., Page], shop_url: str
) -> None:
    for wish, shown in (("reduce", "none"), ("no-preference", "block")):
        page = new_window(reduced_motion=wish)
        design_one(page, shop_url)
        be_done(page)
        crumbs = page.locator(".done__crumbs")
        assert crumbs.evaluate("one => getComputedStyle(one).display") == shown
        assert crumbs.get_attribute("aria-hidden") == "true"


@pytest.mark.parametrize("language", ["", "/de"])
def test_every_state_of_every_page_fits_everybody(
    new_window: Callable[..., Page], shop_url: str, language: str
) -> None:
    loaded.ready_bars()
    page = new_window(viewport=PHONE, bypass_csp=True, reduced_motion="reduce")
    page.goto(f"{shop_url}{language}/mine/")
    fits(page)
    page.goto(f"{shop_url}{language}/gallery/")
    fits(page)
    page.goto(f"{shop_url}{language}/studio/bar-100/")
    page.locator("#name").fill("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW")
    page.locator("#name").press("Tab")
    expect(page.locator(".order-bar__name")).to_have_text("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW")
    page.locator("#finish button").click()
    page.locator(".done").wait_for()
    for fold in page.locator("details").all():
        fold.evaluate("one => one.open = true")
    fits(page)
    mine = f"{shop_url}{language}/mine/"
    page.locator("input[value=private]").check()
    page.locator(".seen button").click()
    page.locator(".notice--good").wait_for()
    fits(page)
    page.goto(mine)
    page.locator(".kept__more summary").click()
    page.locator(".kept__line input").fill("")
    page.locator(".kept__line button").click()
    page.locator(".field__error").wait_for()
    fits(page)
    page.locator(".button--danger").click()
    page.locator("form[action$='/mine/back/'] button").wait_for()
    fits(page)
    page.locator("form[action$='/mine/back/'] button").click()
    page.locator(".kept__more summary").click()
    page.locator("input[value=public]").check()
    page.locator(".seen button").click()
    page.locator(".notice--good").wait_for()
    page.goto(f"{shop_url}{language}/gallery/")
    page.locator(".bar-card__name a").first.click()
    page.locator(".shared").wait_for()
    fits(page)
