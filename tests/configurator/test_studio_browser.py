"""The studio as people use it: with a mouse, with the keyboard alone, and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def studio(page: Page, shop_url: str) -> Page:
    page.goto(f"{shop_url}/studio/bar-100/")
    page.locator("label[for=step-toppings]").click()
    return page


def choose(page: Page, module: str) -> None:
    """As one does without a mouse."""
    page.locator(f"#toppings-{module}").focus()
    page.keyboard.press("Space")


def test_a_change_shows_its_picture_price_and_label_and_keeps_the_focus(studio: Page) -> None:
    before = studio.locator(".preview__picture").get_attribute("src")
    choose(studio, "almond_whole")
    expect(studio.locator("#total")).to_have_text("€7.73")
    expect(studio.locator("#news")).to_have_text("Roasted almonds, whole added. €7.73. The bar is complete.")
    expect(studio.locator("#label")).to_contain_text("almonds 12 %")
    expect(studio.locator(".preview__picture")).not_to_have_attribute("src", before or "")
    expect(studio.locator("#toppings-almond_whole")).to_be_focused()
    expect(studio.locator("#count-toppings")).to_have_text("4 of 6")


def test_back_undoes_and_the_address_can_be_opened_by_anybody(
    studio: Page, new_window: Callable[..., Page]
) -> None:
    choose(studio, "almond_whole")
    expect(studio.locator("#total")).to_have_text("€7.73")
    friend = new_window()
    friend.goto(studio.url)
    expect(friend.locator("#total")).to_have_text("€7.73")
    studio.go_back()
    expect(studio.locator("#total")).to_have_text("€7.03")
    expect(studio.locator("#step-toppings")).to_be_checked()
    expect(studio.locator("#toppings-almond_whole")).not_to_be_checked()


def test_clicks_quicker_than_the_answers_are_all_kept(studio: Page) -> None:
    def slowly(route: Route) -> None:
        studio.wait_for_timeout(300)
        route.continue_()

    studio.route("**/studio/bar-100/", slowly)
    for module in ("cranberry_dried", "pistachio_chopped", "chili_flakes"):
        choose(studio, module)
    studio.locator("#remove-toppings-hazelnut_whole").click()
    expect(studio.locator("#portions .portion__name")).to_have_text(
        [
            "Milk chocolate 37\u00a0%",
            "Puffed rice",
            "Chilli flakes",
            "Dried cranberries, sweetened",
            "Green pistachios, chopped",
            "Freeze-dried raspberry pieces",
            "Sea salt flakes",
        ]
    )


def test_who_goes_on_by_keyboard_before_the_answer_comes_stands_where_they_went(studio: Page) -> None:
    done = studio.locator("#finish button")

    def meanwhile(route: Route) -> None:
        done.focus()
        done.evaluate("button => { button.dataset.is = 'the old one' }")
        route.continue_()

    studio.route("**/studio/bar-100/", meanwhile)
    choose(studio, "almond_whole")
    expect(studio.locator("#total")).to_have_text("€7.73")
    expect(done).not_to_have_attribute("data-is", "the old one")
    expect(done).to_be_focused()


def test_a_blocked_module_explains_itself_and_is_not_chosen(studio: Page) -> None:
    for module in ("cranberry_dried", "pistachio_chopped", "chili_flakes"):
        choose(studio, module)
    expect(studio.locator("#count-toppings")).to_have_text("6 of 6")
    choose(studio, "almond_whole")
    panel = studio.get_by_role("dialog", name="Roasted almonds, whole")
    expect(panel).to_contain_text("Toppings: all 6 places are taken. Remove one first.")
    expect(studio.locator("#toppings-almond_whole")).not_to_be_checked()


def test_a_module_takes_the_place_of_the_one_in_its_way_by_one_click(studio: Page) -> None:
    studio.locator("label[for=step-ingredients]").click()
    studio.locator("#ingredients-caramel_salted").check()
    expect(studio.locator("#count-ingredients")).to_have_text("2 of 3")
    studio.locator("#instead-ingredients-popping_candy").click()
    expect(studio.locator("#news")).to_have_text(
        "Popping candy (fat-coated) added. Soft salted caramel pieces removed. €7.63. The bar is complete."
    )
    expect(studio.locator("#ingredients-popping_candy")).to_be_focused()


def test_the_cart_gets_the_bar_with_its_last_change(studio: Page) -> None:
    studio.locator("#name").fill("Ada’s")
    studio.locator("#add").click()
    expect(studio).to_have_url(studio.url.split("/studio")[0] + "/cart/")
    expect(studio.locator("main")).to_contain_text("Ada’s")


def test_without_scripts_the_same_clicks_give_the_same_design(
    studio: Page, new_window: Callable[..., Page], shop_url: str
) -> None:
    choose(studio, "almond_whole")
    expect(studio.locator("#total")).to_have_text("€7.73")
    plain = new_window(java_script_enabled=False)
    # Without scripts a browser fetches even the pictures that are out of sight; nobody waits for them.
    plain.goto(f"{shop_url}/studio/bar-100/", wait_until="domcontentloaded")
    plain.locator("label[for=step-toppings]").click()
    plain.locator("#toppings-almond_whole").check()
    plain.get_by_role("button", name="Update picture, price and label").click()
    assert plain.url.partition("?")[0] == studio.url
    assert plain.locator("diet-filter").is_hidden()


def test_picture_and_price_stay_in_view_on_a_phone(new_window: Callable[..., Page], shop_url: str) -> None:
    phone = new_window(viewport=PHONE, has_touch=True, is_mobile=True)
    phone.goto(f"{shop_url}/studio/bar-100/")
    phone.locator("label[for=step-toppings]").click()
    card = phone.locator("#card-toppings-rose_petals")
    card.scroll_into_view_if_needed()
    for part in (".preview__picture", "#total", "#add"):
        expect(phone.locator(part)).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
