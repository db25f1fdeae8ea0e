"""Looking for something to put on a bar, and keeping away from what one does not eat."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests import loaded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def studio(page: Page, shop_url: str) -> Page:
    page.goto(f"{shop_url}/studio/bar-100/")
    page.locator("label[for=step-toppings]").click()
    return page


def panel(page: Page) -> Any:
    page.get_by_role("button", name="Allergies and diet").click()
    dialog = page.get_by_role("dialog", name="Allergies and diet")
    expect(dialog).to_be_visible()
    return dialog


def avoid(page: Page, *groups: str, strictly: bool = False, needs: tuple[str, ...] = ()) -> None:
    """By the keys of groups and needs."""
    dialog = panel(page)
    for need in needs:
        dialog.locator(f"[data-need={need}]").check()
    for group in groups:
        box = dialog.locator(f"[data-group={group}]")
        if not box.is_visible():
            dialog.locator("summary", has_text="Single nuts").click()
        box.check()
        if strictly:
            dialog.locator(f"[data-strict={group}]").check()
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_be_hidden()


def card(page: Page, module: str, slot: str = "toppings") -> Any:
    return page.locator(f"#card-{slot}-{module}")


# ── The filter ───────────────────────────────────────────────────────────────────────────────────


def test_careful_hides_what_has_it_and_warns_of_traces(studio: Page) -> None:
    avoid(studio, "hazelnuts")
    expect(card(studio, "raspberry_fd")).to_be_visible()
    expect(card(studio, "hazelnut_brittle")).to_be_hidden()
    almonds = card(studio, "almond_whole")
    expect(almonds.locator(".module__traces")).to_contain_text("Traces possible: cashew nuts, hazelnuts")
    expect(card(studio, "raspberry_fd").locator(".module__traces")).to_have_count(0)
    expect(studio.locator(".diet__chip")).to_have_text("Hazelnuts: not in it ×")
    expect(studio.locator(".diet__left")).to_have_text(re.compile(r"^\d+ of 132 ingredients fit$"))


def test_strict_leaves_only_zone_f_without_any_trace(studio: Page) -> None:
    avoid(studio, "nuts", strictly=True)
    expect(card(studio, "raspberry_fd")).to_be_visible()
    for hidden in ("almond_whole", "pine_nuts", "pumpkin_seeds", "honeycomb"):
        expect(card(studio, hidden)).to_be_hidden()
    expect(studio.locator(".diet__zone")).to_contain_text("zone F")
    bases = studio.locator("#card-base-dark_72, #card-base-milk_37, #card-base-vegan_rice")
    assert bases.evaluate_all("cards => cards.map((card) => card.dataset.fit)") == ["yes", "no", "no"]


def test_what_is_in_the_bar_already_stays_and_is_told_with_ways_out(studio: Page) -> None:
    avoid(studio, "hazelnuts")
    clash = studio.locator(".diet__clashes li")
    expect(clash).to_contain_text("Roasted hazelnuts, whole (filter: Hazelnuts)")
    expect(studio.locator("#toppings-hazelnut_whole")).to_be_checked()
    expect(card(studio, "hazelnut_whole")).to_be_visible()
    clash.get_by_role("button", name="Take it out").click()
    expect(studio.locator("#toppings-hazelnut_whole")).not_to_be_checked()
    expect(studio.locator(".diet__conflict")).to_be_hidden()
    expect(studio.locator("#news")).to_contain_text("Roasted hazelnuts, whole removed.")


def test_what_clashes_is_exchanged_by_one_click_for_something_that_fits(studio: Page) -> None:
    avoid(studio, "milk")
    studio.locator(".diet__clashes button").first.click()
    expect(studio.locator(".diet__conflict")).to_be_hidden()
    expect(studio.locator("#base-milk_37")).not_to_be_checked()
    expect(studio.locator("#news")).to_contain_text("The bar is complete.")


def test_when_no_base_is_left_it_says_so_and_why(studio: Page) -> None:
    avoid(studio, "milk", strictly=True)
    bare = studio.locator(".diet__bare")
    expect(bare).to_contain_text("No base fits this: Milk: not even traces. Without a base there is no bar.")
    expect(bare).to_contain_text("If traces are dangerous for you, please do not order")
    bare.get_by_role("button", name="Allow traces of it, with a warning").click()
    expect(bare).to_be_hidden()
    expect(studio.locator(".diet__chip")).to_have_text("Milk: not in it ×")


def test_the_choice_is_kept_for_the_next_page_and_the_next_tab(studio: Page, shop_url: str) -> None:
    loaded.ready_bars()
    avoid(studio, "milk", needs=("vegan",))
    tab = studio.context.new_page()
    tab.goto(f"{shop_url}/bars/")
    expect(tab.locator(".diet__chip")).to_have_text(["Vegan ×", "Milk: not in it ×"])
    left = tab.locator(".bar-card:visible").count()
    expect(tab.locator(".diet__left")).to_have_text(f"{left} of 12 bars on this page fit")
    assert 0 < left < 12
    tab.get_by_role("button", name="Vegan: no longer").click()
    expect(studio.locator(".diet__chip")).to_have_text("Milk: not in it ×")


def test_a_change_of_the_bar_leaves_the_filter_in_force(studio: Page) -> None:
    avoid(studio, "nuts")
    studio.locator("#toppings-cranberry_dried").check()
    expect(studio.locator("#count-toppings")).to_have_text("4 of 6")
    expect(card(studio, "almond_whole")).to_be_hidden()


def test_a_single_nut_a_grain_and_a_diet_each_filter(studio: Page) -> None:
    dialog = panel(studio)
    dialog.locator("summary", has_text="Single grains").click()
    dialog.get_by_role("checkbox", name="Oats", exact=True).check()
    expect(card(studio, "oat_crunch")).to_have_attribute("data-fit", "no")
    expect(card(studio, "pretzel_pieces")).to_have_attribute("data-fit", "yes")
    dialog.get_by_role("button", name="Clear the filter").click()
    dialog.get_by_role("checkbox", name=re.compile("^Halal")).check()
    expect(studio.locator("#card-ingredients-rum_raisins")).to_have_attribute("data-fit", "no")
    expect(card(studio, "oat_crunch")).to_have_attribute("data-fit", "yes")


def test_neither_requests_nor_their_pattern_tell_of_the_choice(
    studio: Page, new_window: Callable[..., Page], shop_url: str
) -> None:
    """With a filter the shop hears word for word what it hears without one."""
    quiet = told_by(new_window(), shop_url, choice="")
    with_filter = told_by(
        new_window(), shop_url, choice='{"avoid":{"molluscs":"strict","peanuts":"careful"},"needs":["vegan"]}'
    )
    assert with_filter["spoken"] == quiet["spoken"]
    assert not re.search("mollusc|peanuts|careful|strict|avoid", with_filter["all"])
    # Before anybody touches the page, and after: whatever is hidden is fetched like the rest.
    assert with_filter["first_pictures"] == quiet["first_pictures"]
    assert with_filter["pictures"] == quiet["pictures"]
    assert (len(quiet["first_pictures"]) < 30, len(quiet["pictures"])) == (True, 132)


@pytest.mark.parametrize("place", ["/bars/", "/gallery/"])
def test_bars_that_are_hidden_are_fetched_like_the_rest(
    new_window: Callable[..., Page], shop_url: str, place: str
) -> None:
    """Before anybody touches the page: else what a browser asks for would tell who is hidden from it."""
    loaded.ready_bars()
    plain, filtering = (new_window(viewport=PHONE) for _ in range(2))
    without = bars_fetched(plain, shop_url + place, '{"avoid":{},"needs":[]}')
    assert bars_fetched(filtering, shop_url + place, '{"avoid":{"milk":"careful"},"needs":[]}') == without
    expect(filtering.locator(".bar-card[data-fit=no]")).not_to_have_count(0)
    assert len(without) == 12


def bars_fetched(page: Page, address: str, choice: str) -> set[str]:
    requests: list[Request] = []
    page.on("request", lambda request: requests.extend([request]))
    page.add_init_script(f"localStorage.setItem('diet', '{choice}')")
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return {one.url for one in requests if "/p/" in one.url}


def told_by(page: Page, shop_url: str, choice: str) -> dict[str, Any]:
    requests: list[Request] = []
    page.on("request", lambda request: requests.extend([request]))
    page.add_init_script(f"if ('{choice}') localStorage.setItem('diet', '{choice}')")
    page.goto(f"{shop_url}/studio/bar-100/")
    page.wait_for_load_state("networkidle")
    first_pictures = pictures(requests)
    for step, module, named in (
        ("toppings", "cranberry_dried", "Dried cranberries, sweetened"),
        ("ingredients", "chia_seeds", "Chia seeds"),
    ):
        page.locator(f"label[for=step-{step}]").click()
        page.locator(f"#{step}-{module}").check()
        expect(page.locator("#news")).to_contain_text(f"{named} added.")
        page.locator("#search").fill("vegan")
        page.locator("#search").fill("")
    page.wait_for_load_state("networkidle")
    return {
        # What is painted or fetched ahead comes in whatever order the browser likes.
        "spoken": [spoken(one) for one in requests if one.method == "POST" and "/drawing/" not in one.url],
        "all": "\n".join(spoken(one) for one in requests if "/static/" not in one.url),
        "first_pictures": first_pictures,
        "pictures": pictures(requests),
    }


def pictures(requests: list[Request]) -> set[str]:
    return {one.url for one in requests if "/m/" in one.url}


def spoken(request: Request) -> str:
    own = re.compile(r"csrfmiddlewaretoken=\w+|(?<=creation=)[\w-]*|(?<=tab=)[\w-]*")
    heads = {name: words for name, words in request.headers.items() if name in {"referer", "hx-current-url"}}
    return own.sub("", f"{request.method} {request.url} {heads} {request.post_data or ''}")


# ── Room for every state ─────────────────────────────────────────────────────────────────────────

HEIGHTS = """shelf => [...shelf.querySelectorAll(".module")].map(({ id, offsetHeight }) => `${id} ${offsetHeight}`)"""


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("prefix", ["", "/de"])
def test_a_card_is_as_high_when_it_is_blocked(
    new_window: Callable[..., Page], shop_url: str, width: int, prefix: str
) -> None:
    """Or an answer that comes late would move all cards below it under the finger."""
    window = new_window(viewport={"width": width, "height": 800}, bypass_csp=True)
    window.goto(f"{shop_url}{prefix}/studio/bar-100/")
    window.add_style_tag(content=".module { content-visibility: visible !important }")
    window.locator("label[for=step-ingredients]").click()
    shelf = window.locator(".shelf__body:has(#card-ingredients-popping_candy)")
    before = shelf.evaluate(HEIGHTS)
    window.locator("#ingredients-caramel_salted").check()
    expect(window.locator("#card-ingredients-popping_candy")).to_have_class(re.compile("module--blocked"))
    window.locator("#ingredients-hazelnut_whole").check()
    expect(shelf.locator(".module--blocked")).to_have_count(shelf.locator(".module").count() - 3)
    assert shelf.evaluate(HEIGHTS) == before


# ── Search and chips ─────────────────────────────────────────────────────────────────────────────


def test_a_search_finds_by_taste_at_once(studio: Page) -> None:
    studio.get_by_role("searchbox").fill("tropical sweet")
    expect(card(studio, "mango_fd")).to_be_visible()
    expect(card(studio, "almond_whole")).to_be_hidden()


def test_a_search_forgives_knows_the_other_language_and_puts_the_best_first(studio: Page) -> None:
    first = studio.locator("#step-toppings ~ .shelf__body .module:visible").first
    for typed, best in {
        "hazlenut": "hazelnut_whole",
        "Himbere": "raspberry_fd",
        "nuesse gesalzen": "peanut_salted",
    }.items():
        studio.get_by_role("searchbox").fill(typed)
        expect(first).to_have_id(f"card-toppings-{best}")
    studio.get_by_role("searchbox").fill("")
    expect(first).to_have_id("card-toppings-almond_whole")


def test_hits_on_other_shelves_are_counted_with_the_way_there(studio: Page) -> None:
    studio.locator("label[for=step-decorations]").click()
    studio.get_by_role("searchbox").fill("praline")
    body = studio.locator("#step-decorations ~ .shelf__body")
    expect(body.locator(".shelf__nothing")).to_contain_text("Nothing here fits your search and filter.")
    expect(studio.locator("label[for=step-ingredients] .shelf__hits")).to_have_text("1 found")
    body.locator(".shelf__way", has_text="Mixed in: 1 found").click()
    expect(studio.locator("#card-ingredients-hazelnut_praline")).to_be_visible()


def test_two_clicks_lead_from_all_toppings_to_a_few(studio: Page) -> None:
    body = studio.locator("#step-toppings ~ .shelf__body")
    body.locator(".chip", has_text=re.compile("^Fruit$")).click()
    body.locator(".chip--felt", has_text="chewy").click()
    assert 0 < body.locator(".module:visible").count() <= 12
    # What would leave nothing is not offered.
    expect(body.locator(".chip--felt", has_text="salty")).to_be_hidden()


def test_nothing_found_leads_back_by_one_click(studio: Page) -> None:
    studio.get_by_role("searchbox").fill("moonlight")
    body = studio.locator("#step-toppings ~ .shelf__body")
    body.get_by_role("button", name="Show everything again").click()
    expect(card(studio, "almond_whole")).to_be_visible()
    expect(studio.get_by_role("searchbox")).to_be_focused()


def test_more_about_a_module_opens_on_its_card_and_on_its_page(studio: Page) -> None:
    more = card(studio, "walnut_halves").locator("details")
    more.locator("summary").click()
    expect(more).to_contain_text("Origin: Périgord, France")
    expect(more).to_contain_text("Goes with")
    expect(studio.locator("#toppings-walnut_halves")).not_to_be_checked()
    more.get_by_role("link", name="All about it").click()
    expect(studio.get_by_role("heading", level=1)).to_have_text("Walnut halves")
    studio.get_by_role("link", name="Start a bar with it").click()
    expect(studio.locator(".portion__name")).to_have_text(["Dark chocolate 60\u00a0%", "Walnut halves"])


def test_a_modules_page_says_whether_it_fits(page: Page, shop_url: str) -> None:
    page.goto(f"{shop_url}/m/almond_whole/")
    clash = page.get_by_text("Does not fit your filter")
    expect(clash).to_be_hidden()
    avoid(page, "nuts")
    expect(clash).to_be_visible()


# ── For everybody ────────────────────────────────────────────────────────────────────────────────


def test_touch_targets_are_large_on_a_phone(new_window: Callable[..., Page], shop_url: str) -> None:
    phone = new_window(viewport=PHONE, has_touch=True, is_mobile=True)
    phone.goto(f"{shop_url}/studio/bar-100/")
    phone.locator("label[for=step-toppings]").click()
    avoid(phone, "hazelnuts")
    targets = ".diet__open, .diet__chip, .diet__clashes button, .chip:visible, .module:visible .module__open"
    for target in phone.locator(f":is({targets}):visible").all()[:40]:
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, target.evaluate("one => one.outerHTML")


def test_without_scripts_the_facts_are_read_and_sorted(
    new_window: Callable[..., Page], shop_url: str
) -> None:
    plain = new_window(java_script_enabled=False)
    plain.goto(f"{shop_url}/modules/")
    assert plain.locator("diet-filter").is_hidden()
    plain.get_by_role("link", name="Contains", exact=True).click()
    expect(plain.locator("th[aria-sort]")).to_contain_text("Contains")
    assert plain.url.endswith("/modules/?sort=contains")


JUMPED = """() => new Promise((told) => {
    let jumped = 0;
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) jumped += shift.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => told(jumped), 300);
})"""


@pytest.mark.parametrize("width", [360, 1280])
def test_bars_do_not_jump_when_a_filter_takes_some_away(
    new_window: Callable[..., Page], shop_url: str, width: int
) -> None:
    loaded.ready_bars()
    page = new_window(viewport={"width": width, "height": 800})
    page.goto(f"{shop_url}/gallery/")
    page.evaluate("""() => localStorage.setItem("diet", '{"avoid":{"milk":"careful"},"needs":[]}')""")
    page.reload(wait_until="networkidle")
    expect(page.locator(".bar-card[data-fit=no]")).not_to_have_count(0)
    expect(page.locator(".bar-card:not([data-fit=no])").first).to_be_visible()
    assert page.evaluate(JUMPED) == 0
