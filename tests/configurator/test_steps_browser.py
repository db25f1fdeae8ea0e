"""Back and forth, two windows, no network, exact grams and ways out: as people meet them in the studio."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from configurator.models import Creation
from configurator.studio import changes
from tests.accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def studio(page: Page, shop_url: str) -> Page:
    return opened(page, f"{shop_url}/studio/bar-100/")


def opened(window: Page, address: str) -> Page:
    window.goto(address)
    window.locator("label[for=step-toppings]").click()
    return window


def choose(page: Page, module: str) -> None:
    page.locator(f"#toppings-{module}").focus()
    page.keyboard.press("Space")


def names(window: Page) -> list[str]:
    found: list[str] = window.locator("#portions .portion__name").all_inner_texts()
    return [name.replace("\u00a0", " ") for name in found]


START = [
    "Milk chocolate 37 %",
    "Puffed rice",
    "Roasted hazelnuts, whole",
    "Freeze-dried raspberry pieces",
    "Sea salt flakes",
]


# ── Back and forth ───────────────────────────────────────────────────────────────────────────────


def test_the_keyboard_goes_back_and_forth_and_the_page_follows(studio: Page) -> None:
    studio.fill("#name", "Ada")
    studio.keyboard.press("Tab")
    expect(studio.locator("#news")).to_have_text("Named Ada. €7.03. The bar is complete.")
    choose(studio, "almond_whole")
    expect(studio.locator("#news")).to_have_text("Roasted almonds, whole added. €7.73. The bar is complete.")
    studio.keyboard.press("Control+z")
    expect(studio.locator("#toppings-almond_whole")).not_to_be_checked()
    studio.keyboard.press("Control+z")
    expect(studio.locator("#name")).to_have_value("My bar")
    expect(studio.locator("#undo")).to_have_attribute("aria-disabled", "true")
    studio.keyboard.press("Control+Shift+Z")
    studio.keyboard.press("Control+y")
    expect(studio.locator("#toppings-almond_whole")).to_be_checked()
    expect(studio.locator("#name")).to_have_value("Ada")
    expect(studio.locator("#news")).to_have_text("Roasted almonds, whole added. €7.73. The bar is complete.")


def test_in_a_text_field_ctrl_z_takes_back_the_typing_and_not_the_bar(studio: Page) -> None:
    choose(studio, "almond_whole")
    expect(studio.locator("#total")).to_have_text("€7.73")
    studio.locator("#name").press_sequentially("!")
    studio.keyboard.press("Control+z")
    expect(studio.locator("#toppings-almond_whole")).to_be_checked()


def test_starting_over_is_one_step_that_can_be_undone(studio: Page) -> None:
    choose(studio, "almond_whole")
    expect(studio.locator("#total")).to_have_text("€7.73")
    studio.get_by_role("button", name="Start over").click()
    expect(studio.locator("#total")).to_have_text("€7.03")
    studio.get_by_role("button", name="Undo", exact=True).click()
    expect(studio.locator("#toppings-almond_whole")).to_be_checked()
    studio.reload()
    expect(studio.locator("#toppings-almond_whole")).to_be_checked()
    expect(studio.locator("#undo")).not_to_have_attribute("aria-disabled", "true")


def test_quick_clicks_and_undos_are_all_one_creation(studio: Page) -> None:
    for module in ("almond_whole", "cranberry_dried", "chili_flakes"):
        choose(studio, module)
    expect(studio.locator("#count-toppings")).to_have_text("6 of 6")
    expect(studio.locator("#total")).to_have_text("€8.53")
    while studio.locator("#undo").get_attribute("aria-disabled") is None:
        before = studio.locator("#total").inner_text()
        studio.locator("#undo").click()
        expect(studio.locator("#total")).not_to_have_text(before)
    assert names(studio) == START
    assert Creation.objects.count() == 1


# ── Two windows ──────────────────────────────────────────────────────────────────────────────────


def test_two_windows_on_one_bar_tell_each_other(studio: Page) -> None:
    choose(studio, "almond_whole")
    expect(studio.locator("#total")).to_have_text("€7.73")
    other = opened(studio.context.new_page(), studio.url)
    studio.bring_to_front()
    choose(studio, "chili_flakes")
    expect(studio.locator("#total")).to_have_text("€8.03")
    other.bring_to_front()
    choose(other, "cranberry_dried")
    told = other.locator("#told")
    expect(told).to_contain_text(
        "This bar was changed in another window. Here you go on with a copy of your own."
    )
    expect(other.locator("#toppings-chili_flakes")).not_to_be_checked()
    told.get_by_role("link", name="Open the other one").click()
    expect(other.locator("#toppings-chili_flakes")).to_be_checked()
    expect(other.locator("#toppings-cranberry_dried")).not_to_be_checked()
    studio.bring_to_front()
    studio.fill("#name", "Ada")
    studio.keyboard.press("Tab")
    expect(studio.locator("#news")).to_contain_text("Named Ada.")
    expect(studio.locator("#told")).to_have_text("")


def test_a_window_that_was_overtaken_by_another_and_by_itself_is_told_all_the_same(studio: Page) -> None:
    choose(studio, "almond_whole")
    expect(studio.locator("#total")).to_have_text("€7.73")
    other = opened(studio.context.new_page(), studio.url)
    other.wait_for_load_state("networkidle")
    choose(studio, "chili_flakes")
    expect(studio.locator("#total")).to_have_text("€8.03")
    held: list[Route] = []
    other.route("**/studio/bar-100/", lambda route: held.append(route), times=1)  # noqa: PLW0108 (Playwright wants to name it)
    choose(other, "cranberry_dried")
    choose(other, "pumpkin_seeds")
    expect(other.locator("#toppings-pumpkin_seeds")).to_be_checked()
    held[0].continue_()
    expect(other.locator("#count-toppings")).to_have_text("6 of 6")
    expect(other.locator("#told")).to_contain_text("This bar was changed in another window.")


# ── Before the scripts, and where a browser gives them little ────────────────────────────────────


def test_what_was_changed_before_the_scripts_came_is_sent_when_they_come(page: Page, shop_url: str) -> None:
    held: list[Route] = []
    page.route("**/js/studio*.js", lambda route: held.append(route))  # noqa: PLW0108 (the same)
    page.goto(f"{shop_url}/studio/bar-100/", wait_until="commit")
    page.fill("#name", "Early")
    page.locator("#dose-toppings-hazelnut_whole").select_option(index=0)
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator(".order-bar__name")).to_have_text("Early")
    expect(page.locator("#news")).to_contain_text("Named Early.")
    page.wait_for_load_state("networkidle")
    assert Creation.objects.get().design.name == "Early"


def test_opening_the_studio_sends_nothing(page: Page, shop_url: str) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(f"{shop_url}/studio/bar-100/")
    page.wait_for_selector(".stage--ready")
    page.wait_for_load_state("networkidle")
    assert [address for address in sent if not address.endswith("/drawing/")] == []


def test_a_browser_that_keeps_nothing_and_names_nothing_still_designs(page: Page, shop_url: str) -> None:
    page.add_init_script("""
        Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("no", "SecurityError"); } });
        delete Crypto.prototype.randomUUID;
    """)
    opened(page, f"{shop_url}/studio/bar-100/")
    choose(page, "almond_whole")
    expect(page.locator("#total")).to_have_text("€7.73")
    page.locator("#search").fill("chili")
    expect(page.locator("#card-toppings-almond_whole")).to_be_hidden()
    assert Creation.objects.get().tab


# ── Without the network ──────────────────────────────────────────────────────────────────────────


def test_an_edit_without_network_waits_and_arrives_by_itself(studio: Page) -> None:
    studio.wait_for_load_state("networkidle")
    studio.context.set_offline(True)
    choose(studio, "almond_whole")
    expect(studio.locator("#pending")).to_be_visible()
    expect(studio.locator("#news")).to_have_text(
        "The shop cannot be reached. Your change is kept here and sent by itself as soon as it can be."
    )
    choose(studio, "chili_flakes")
    expect(studio.locator("#total")).to_have_text("€7.03")
    studio.context.set_offline(False)
    expect(studio.locator("#total")).to_have_text("€8.03")
    expect(studio.locator("#pending")).to_be_hidden()
    assert Creation.objects.count() == 1


def test_an_edit_waits_also_when_the_network_went_before_the_first_touch(page: Page, shop_url: str) -> None:
    page.goto(f"{shop_url}/studio/bar-100/")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.fill("#name", "Ada")
    page.keyboard.press("Tab")
    expect(page.locator("#pending")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".order-bar__name")).to_have_text("Ada")


def test_a_proxy_that_names_a_date_is_not_asked_without_end(studio: Page) -> None:
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=429, headers={"Retry-After": "Wed, 25 Nov 2026 07:28:00 GMT"})

    studio.route("**/studio/bar-100/", refuse)
    choose(studio, "almond_whole")
    expect(studio.locator("#pending")).to_be_visible()
    studio.wait_for_timeout(500)
    assert len(asked) == 1


def test_an_edit_that_waits_survives_a_reload(studio: Page) -> None:
    studio.wait_for_load_state("networkidle")
    studio.route("**/studio/bar-100/", lambda route: route.abort())
    choose(studio, "almond_whole")
    studio.fill("#name", "Ada")
    studio.keyboard.press("Tab")
    expect(studio.locator("#pending")).to_be_visible()
    studio.unroute("**/studio/bar-100/")
    studio.reload()
    expect(studio.locator("#total")).to_have_text("€7.73")
    expect(studio.locator("#name")).to_have_value("Ada")
    expect(studio.locator("#pending")).to_be_hidden()


def test_a_step_back_without_network_is_still_owed(studio: Page) -> None:
    choose(studio, "almond_whole")
    expect(studio.locator("#total")).to_have_text("€7.73")
    studio.context.set_offline(True)
    studio.locator("#undo").click()
    expect(studio.locator("#pending")).to_be_visible()
    studio.context.set_offline(False)
    expect(studio.locator("#total")).to_have_text("€7.03")
    expect(studio.locator("#toppings-almond_whole")).not_to_be_checked()


def test_who_is_too_quick_loses_nothing(studio: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "CHANGES_A_MINUTE", 0)
    choose(studio, "almond_whole")
    expect(studio.locator("#pending")).to_contain_text("That was very quick.")
    monkeypatch.setattr(changes, "CHANGES_A_MINUTE", 240)
    studio.get_by_role("button", name="Send it now").click()
    expect(studio.locator("#total")).to_have_text("€7.73")
    expect(studio.locator("#pending")).to_be_hidden()


def test_what_waits_is_not_ordered_without_its_last_change(studio: Page) -> None:
    studio.wait_for_load_state("networkidle")
    studio.context.set_offline(True)
    choose(studio, "almond_whole")
    expect(studio.locator("#pending")).to_be_visible()
    studio.locator("#add").click()
    expect(studio.locator("#pending")).to_be_visible()
    studio.context.set_offline(False)
    expect(studio.locator("#total")).to_have_text("€7.73")
    studio.locator("#add").click()
    expect(studio.locator("main")).to_contain_text("€7.73")


# ── Ways out ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desk"])
def test_a_blocked_module_says_why_and_comes_in_by_one_click(
    new_window: Callable[..., Page], shop_url: str, size: dict[str, int]
) -> None:
    # The checker is a script of its own, which the page's policy would stop.
    window = opened(new_window(viewport=size, bypass_csp=True), f"{shop_url}/studio/bar-100/")
    window.locator("label[for=step-ingredients]").click()
    window.locator("#ingredients-caramel_salted").check()
    expect(window.locator("#count-ingredients")).to_have_text("2 of 3")
    window.locator("#ingredients-popping_candy").focus()
    window.keyboard.press("Space")
    panel = window.get_by_role("dialog", name="Popping candy (fat-coated)")
    expect(panel).to_contain_text("Popping candy goes flat beside anything moist or oily.")
    assert violations(window) == []
    box = panel.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    window.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(window.locator("#ingredients-popping_candy")).to_be_focused()
    window.locator("#why-ingredients-popping_candy").click()
    panel.locator(".repair").first.click()
    expect(panel).to_be_hidden()
    expect(window.locator("#ingredients-popping_candy")).to_be_checked()
    expect(window.locator("#news")).to_contain_text("Popping candy (fat-coated) added.")
    window.locator("#undo").click()
    expect(window.locator("#ingredients-caramel_salted")).to_be_checked()


def test_without_scripts_a_page_says_why_and_what_helps(
    new_window: Callable[..., Page], shop_url: str
) -> None:
    plain = new_window(java_script_enabled=False)
    plain.goto(f"{shop_url}/studio/bar-100/", wait_until="domcontentloaded")
    plain.goto(f"{plain.url}?step=ingredients", wait_until="domcontentloaded")
    plain.locator("#ingredients-caramel_salted").check()
    plain.get_by_role("button", name="Update picture, price and label").click()
    plain.locator("#why-ingredients-popping_candy").click()
    expect(plain.get_by_role("heading", name="Popping candy (fat-coated)")).to_be_visible()
    plain.locator(".repair").first.click()
    expect(plain.locator("#ingredients-popping_candy")).to_be_checked()
    plain.locator("#undo").click()
    expect(plain.locator("#ingredients-popping_candy")).not_to_be_checked()


# ── Exact grams ──────────────────────────────────────────────────────────────────────────────────


def test_exact_grams_are_typed_in_the_language_of_the_page(
    new_window: Callable[..., Page], shop_url: str
) -> None:
    window = opened(new_window(locale="de-DE"), f"{shop_url}/de/studio/bar-100/")
    grams = window.locator("#grams-toppings-hazelnut_whole")
    expect(grams).to_be_hidden()
    window.locator("#dose-toppings-hazelnut_whole").select_option("other")
    expect(grams).to_be_focused()
    expect(grams).to_have_value("12")
    grams.fill("viele")
    window.keyboard.press("Tab")
    expect(window.locator("#grams-toppings-hazelnut_whole-error")).to_be_visible()
    expect(grams).to_have_value("viele")
    expect(grams).to_have_attribute("aria-invalid", "true")
    grams.fill("10,5")
    window.keyboard.press("Tab")
    expect(window.locator("#label")).to_contain_text("10,5 %")
    expect(grams).to_have_value("10,5")
    expect(window.get_by_role("meter")).to_have_attribute("value", "19300")


def test_a_problem_takes_two_lines_of_a_phone_and_leads_to_the_whole(
    new_window: Callable[..., Page], shop_url: str
) -> None:
    phone = opened(new_window(viewport=PHONE, has_touch=True, is_mobile=True), f"{shop_url}/studio/bar-100/")
    phone.locator("#dose-toppings-hazelnut_whole").select_option("other")
    phone.fill("#grams-toppings-hazelnut_whole", "99")
    phone.keyboard.press("Tab")
    problem = phone.locator(".order-bar__problem a span")
    expect(problem).to_be_visible()
    lines = problem.evaluate(
        "link => link.getBoundingClientRect().height / parseFloat(getComputedStyle(link).lineHeight)"
    )
    assert lines <= 2.1
    box = phone.locator(".order-bar").bounding_box()
    assert box
    assert box["height"] < 110
    problem.click()
    expect(phone.locator("#problems .notice").first).to_be_in_viewport()


def test_a_mistake_in_a_field_is_marked_while_one_types_on(studio: Page) -> None:
    studio.fill("#name", "")
    studio.keyboard.press("Tab")
    expect(studio.locator("#name")).to_have_attribute("aria-invalid", "true")
    studio.fill("#name", "Ada")
    studio.keyboard.press("Tab")
    expect(studio.locator("#name")).not_to_have_attribute("aria-invalid", "true")
