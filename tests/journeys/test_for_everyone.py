"""Every page and state for everybody: a thumb, a keyboard, a screen reader, a magnifier, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from orders.models import Job, JobState, Order, Reminder
from shop.models import ReadyBar
from tests import loaded
from tests.accessibility import ALIKE, violations
from tests.orders.paid import design, paid_order
from tests.shop.people import PASSWORD, account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: Final = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESK: Final = {"viewport": {"width": 1280, "height": 800}}
MAGNIFIED: Final[tuple[ViewportSize, ...]] = ({"width": 640, "height": 400}, {"width": 320, "height": 200})
"""What a desk's window has room for at 200 % and at 400 %."""
LONG_WORD = "Donaudampfschifffahrt"
OBSTACLES = (Path(__file__).parent / "for_everyone.js").read_text()
PATHS = (
    *("/", "/bars/", "/gallery/", "/modules/", "/m/cranberry_dried/", "/legal/", "/nowhere/"),
    *("/wish/", "/wish/?like=crunchy&like=salty", "/compare/", "/mine/", "/c/", "/cart/", "/my-data/"),
    *("/gift-cards/", "/gift-cards/balance/"),
)

NewWindow = Callable[..., Page]


@pytest.fixture
def shop(live_server: LiveServer, new_window: NewWindow) -> Iterator[NewWindow]:
    loaded.catalogue()
    loaded.rates()
    loaded.ready_bars()
    pages: list[Page] = []

    def open_window(**options: object) -> Page:
        # The checker is a script of its own, which the page's policy would stop.
        still = {"reduced_motion": "reduce", "bypass_csp": True, "base_url": live_server.url}
        pages.append(new_window(**still | options))
        return pages[-1]

    yield open_window
    for page in pages:
        page.wait_for_load_state("networkidle")


@pytest.fixture
def order(shop: NewWindow) -> Order:
    return paid_order((design(LONG_WORD), 2))


# ── All pages and states ─────────────────────────────────────────────────────────────────────────


PARTS: Final = ("pages", "forms", "studio", "account", "bars and orders")
of_each_part = pytest.mark.parametrize("part", PARTS)


@of_each_part
@pytest.mark.parametrize("spoken", ["", "/de"], ids=["English", "German"])
def test_no_page_stands_in_anybodys_way(shop: NewWindow, order: Order, spoken: str, part: str) -> None:
    page = shop(**PHONE)
    found: dict[str, list[str]] = {}
    for state, changed in states(part, page, spoken, order):
        page.wait_for_load_state("networkidle")
        complaints = [
            *violations(page, changed),
            *obstacles(page, smallest=44, tabbing=True),
            *too_wide_when_magnified(page),
        ]
        found |= {state: complaints} if complaints else {}
    assert found == {}


@of_each_part
def test_a_mouse_meets_every_target_of_a_wide_page(shop: NewWindow, order: Order, part: str) -> None:
    page = shop(**DESK)
    found: dict[str, list[str]] = {}
    for state, _changed in states(part, page, "", order):
        page.wait_for_load_state()
        complaints = obstacles(page, smallest=24)
        found |= {state: complaints} if complaints else {}
    assert found == {}


def obstacles(page: Page, *, smallest: int, tabbing: bool = False) -> list[str]:
    if tabbing:
        page.keyboard.press("Tab")  # from here on it is a keyboard that moves the focus
    return list(page.evaluate(OBSTACLES, {"smallest": smallest, "tabbing": tabbing, "alike": ALIKE}))


def too_wide_when_magnified(page: Page) -> list[str]:
    before = page.viewport_size
    assert before
    widths = []
    for window in MAGNIFIED:
        page.set_viewport_size(window)
        widths.append(page.evaluate("document.documentElement.scrollWidth"))
    page.set_viewport_size(before)
    pairs = zip(widths, MAGNIFIED, strict=True)
    return [f"{wide} px wide in {window['width']} px" for wide, window in pairs if wide > window["width"]]


def states(part: str, page: Page, spoken: str, order: Order) -> Iterator[tuple[str, str]]:
    """Brings the page into each state; yields its name, and the part of the page that it has changed."""
    match part:
        case "pages":
            yield from pages(page, spoken)
        case "forms":
            yield from answered_forms(page, spoken)
        case "studio":
            yield from studio_states(page, spoken)
        case "account":
            yield from account_states(page, spoken)
        case _:
            full_bar(page, spoken)
            yield from kept_bars(page, spoken)
            yield from order_states(page, spoken, order)


def pages(page: Page, spoken: str) -> Iterator[tuple[str, str]]:
    for path in PATHS:
        page.goto(spoken + path)
        yield path, "html"


def answered_forms(page: Page, spoken: str) -> Iterator[tuple[str, str]]:
    page.goto(f"{spoken}/c/")
    page.locator("#code").fill("nonsense")
    page.locator("main form button").click()
    yield "a code that nobody has", "main"
    page.goto(f"{spoken}/wish/?like=crunchy&like=melting&like=hot&like=floral&most=400&kcal=450")
    yield "a wish that nothing fulfils", "main"
    bars = ReadyBar.objects.values_list("design_id", flat=True)[:4]
    page.goto(f"{spoken}/compare/?" + "&".join(f"d={digest}" for digest in bars))
    yield "four bars side by side", "main"


def studio_states(page: Page, spoken: str) -> Iterator[tuple[str, str]]:
    page.goto(f"{spoken}/studio/bar-100/")
    yield "studio", "html"
    for step in ("ingredients", "decorations", "paper", "toppings"):
        page.locator(f"label[for=step-{step}]").click()
        yield f"studio: {step}", ".shelves"
    open_details(page, ".studio__side details, .surprise details, .module:nth-child(-n + 3) details")
    yield "studio: everything open", "main"
    page.locator("#search").fill("xyzzy")
    yield "studio: nothing found", ".browser"
    page.locator("#search").fill("")
    page.locator(".diet__open").click()
    open_details(page, ".diet-panel details")
    yield "studio: the filter's panel", "dialog[open]"
    page.locator("[data-group=nuts]").check()
    page.locator("[data-done]").click()
    yield "studio: a filter that the bar does not fit", "main"
    page.evaluate("localStorage.clear()")
    page.reload()
    fill_up(page)
    page.locator("#toppings-almond_whole").press("Space")
    expect(page.locator("#why")).to_be_visible()
    yield "studio: why not", "dialog[open]"
    page.keyboard.press("Escape")
    page.locator("#name").fill("☃☃☃")
    page.locator("#name").blur()
    expect(page.locator("#name-error")).to_be_visible()
    yield "studio: a name that cannot be printed", "main"
    give_a_long_name(page)
    yield "studio: a long word", "main"
    page.goto(f"{spoken}/studio/sample-box/")
    open_details(page, ".studio__side details, .module:nth-child(-n + 3) details")
    yield "studio: a box of samples", "main"


def account_states(page: Page, spoken: str) -> Iterator[tuple[str, str]]:
    ada = account()
    page.goto(f"{spoken}/account/sign-in/")
    page.locator("[name=login]").fill(ada.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    yield "my account", "html"
    page.goto(f"{spoken}/account/taste/")
    open_details(page)
    yield "what I like, nothing yet", "html"
    for key in ("hazelnut_praline", "popping_candy", "almond_whole"):
        page.locator(f"#like-{key}").check()
    page.locator(".taste__keep button").click()
    yield "what I like", "html"
    page.locator("#search").fill("xyzzy")
    yield "what I like: nothing found", ".browser"
    page.locator("#search").fill("nut")
    for box in page.locator(".browser .tile:visible input:not(:checked)").all()[:12]:
        box.check()
    page.locator(".taste__keep button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "what I like, too much of it", "main"
    page.goto(f"{spoken}/studio/bar-100/")
    yield "a bar that begins with what I like", "html"


def full_bar(page: Page, spoken: str) -> None:
    """As the last state of the studio."""
    page.goto(f"{spoken}/studio/bar-100/")
    fill_up(page)
    give_a_long_name(page)


def give_a_long_name(page: Page) -> None:
    page.locator("#name").fill(LONG_WORD)
    page.locator("#name").blur()
    expect(page.locator(".order-bar__name")).to_have_text(LONG_WORD)


def kept_bars(page: Page, spoken: str) -> Iterator[tuple[str, str]]:
    page.locator("#finish button").click()
    expect(page.locator("h1")).to_have_text(LONG_WORD)
    open_details(page)
    yield "done", "html"
    page.goto(f"{spoken}/mine/")
    open_details(page)
    yield "my bars", "html"
    page.locator(".kept__line input").first.fill("☃☃☃")
    page.locator(".kept__line button").first.click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "a new name that cannot be printed", "main"
    page.locator(".kept__bar").get_by_role("link").filter(visible=True).nth(1).click()
    page.locator("a[href$='/opinions/']").click()
    page.locator("[name=link][value=open]").click()
    yield "an address for opinions", "html"
    page.locator(".asking a").click()
    open_details(page)
    yield "asked for an opinion", "html"
    page.locator("#opinion-form button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "an opinion that says nothing", "main"
    page.locator("#id_words").fill(LONG_WORD)
    page.locator("#id_edits").select_option(index=1)
    page.locator("#opinion-form button").click()
    page.locator("main .notice a").click()
    yield "what friends think", "html"
    page.goto(f"{spoken}/d/{ReadyBar.objects.values_list('design_id', flat=True)[0]}/")
    open_details(page)
    yield "a bar's page", "html"


def order_states(page: Page, spoken: str, order: Order) -> Iterator[tuple[str, str]]:
    page.locator("form[action$='/cart/lines/'] button").click()
    open_details(page)
    yield "cart", "html"
    page.goto(f"{spoken}/checkout/")
    open_details(page)
    yield "checkout", "html"
    page.locator("[name=order]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "checkout with mistakes", "main"
    page.goto(f"{spoken}/orders/{order.token}/")
    open_details(page)
    yield "order", "html"
    for part in ("cancelling", "withdrawal"):
        page.goto(f"{spoken}/orders/{order.token}/{part}/")
        yield f"order, {part}", "main"
    page.goto(f"{spoken}/withdrawal/")
    yield "withdrawal by number", "main"
    code = order.lines.all()[0].code
    page.goto(f"{spoken}/c/{code}/")
    open_details(page)
    yield "a bar again by its code", "html"
    yield from names_and_claims(page, spoken, order)
    yield from reminded(page, spoken, code)


def names_and_claims(page: Page, spoken: str, order: Order) -> Iterator[tuple[str, str]]:
    page.goto(f"{spoken}/d/{order.lines.all()[0].design_id}/names/")
    yield "one bar for each name", "html"
    page.locator("textarea").fill("Ada\nGrace;2\n;3\n" + LONG_WORD * 4)
    page.locator("main form button").first.click()
    yield "names, looked at", "main"
    order.shipments.update(shipped_at=order.placed_at)
    Job.objects.update(job_state=JobState.SHIPPED)
    page.goto(f"{spoken}/orders/{order.token}/claims/")
    yield "order, a claim", "html"


def reminded(page: Page, spoken: str, code: str) -> Iterator[tuple[str, str]]:
    page.goto(f"{spoken}/c/{code}/reminder/")
    yield "reminder", "html"
    page.locator("main form button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "reminder with mistakes", "main"
    page.locator("[name=on]").fill(f"{timezone.localdate() + timedelta(days=60)}")
    page.locator("[name=email]").fill("ada@example.org")
    page.locator("main form button").click()
    expect(page.get_by_role("status")).to_be_visible()
    yield "reminder asked for", "html"
    token = Reminder.objects.get().token
    for end in ("", "end/"):
        page.goto(f"{spoken}/reminders/{token}/{end}")
        yield f"reminder by its link {end}", "html"
        page.locator("main form button").first.click()
        yield f"reminder by its link {end}, pressed", "main"


def open_details(page: Page, which: str = "details") -> None:
    page.evaluate("which => { for (const one of document.querySelectorAll(which)) one.open = true }", which)


def fill_up(page: Page) -> None:
    """Until all places for toppings are taken."""
    page.locator("label[for=step-toppings]").click()
    for number, module in enumerate(("cranberry_dried", "pistachio_chopped", "chili_flakes"), start=4):
        page.locator(f"#toppings-{module}").press("Space")
        expect(page.locator("#count-toppings")).to_have_text(re.compile(f"^{number} "))


# ── By keyboard and by ear ───────────────────────────────────────────────────────────────────────


def test_the_keyboard_alone_leads_from_the_first_page_to_the_checkout(shop: NewWindow) -> None:
    page = shop(**DESK)
    page.goto("/")
    tab_to(page, ".hero__figure a")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Design your bar")
    tab_to(page, "[name=step]")
    while not page.locator("#step-toppings").is_checked():
        page.keyboard.press("ArrowRight")
    take_toppings_until_one_is_blocked(page)
    expect(page.locator("#why-heading")).to_be_focused()
    tab_to(page, "#why .repair")
    shown = page.locator("[name=shown]").input_value()
    page.keyboard.press("Enter")
    expect(page.locator("#why")).to_be_hidden()
    expect(page.locator("[name=shown]")).not_to_have_value(shown)
    expect(page.locator(".module__box:focus")).to_be_checked()
    tab_to(page, "#name", by="Shift+Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("By keys")
    page.keyboard.press("Enter")
    expect(page.locator(".order-bar__name")).to_have_text("By keys")
    tab_to(page, "#finish button", by="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("By keys")
    tab_to(page, "form[action='/cart/lines/'] button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Your cart")
    tab_to(page, "a[href='/checkout/']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Checkout")


def take_toppings_until_one_is_blocked(page: Page) -> None:
    count = page.locator("#count-toppings")
    while True:
        tab_to(page, ".module__box:not(:checked)")
        is_blocked = page.locator(".module__box:focus").get_attribute("aria-disabled")
        before = count.inner_text()
        page.keyboard.press("Space")
        if is_blocked:
            expect(page.locator("#why")).to_be_visible()
            return
        expect(count).not_to_have_text(before)


def tab_to(page: Page, wanted: str, *, by: str = "Tab") -> None:
    for _press in range(200):
        page.keyboard.press(by)
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"No number of tabs leads to {wanted}.")


LISTEN = """() => {
    const REGION = "[aria-live], [role=status], [role=alert]";
    window.heard = [];
    new MutationObserver((changes) => {
        const near = changes.map(({ target }) => (target.closest ? target : target.parentElement)?.closest(REGION));
        const added = changes.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node.querySelectorAll);
        const inside = added.flatMap((node) => [...node.querySelectorAll(REGION)]);
        const regions = new Set([...near, ...inside].filter((region) => region?.checkVisibility()));
        heard.push(...[...regions].map((region) => region.textContent.trim()).filter(Boolean));
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""

CHANGES: Final[dict[str, Callable[[Page], None]]] = {
    "Roasted almonds, whole": lambda page: page.locator("#toppings-almond_whole").press("Space"),
    "Undo": lambda page: page.locator("#undo").press("Enter"),
    "Redo": lambda page: page.locator("#redo").press("Enter"),
    "removed": lambda page: page.locator("#remove-toppings-almond_whole").press("Enter"),
    "Base": lambda page: page.locator("#base-dark_72").dispatch_event("click"),
    "more": lambda page: take(page.locator("#dose-toppings-hazelnut_whole")),
    "lies": lambda page: take(page.locator("#pattern-toppings-hazelnut_whole")),
    "Name": lambda page: rename(page, "By ear"),
    "turned": lambda page: page.locator(".stage__pieces").press("["),
    "put back": lambda page: page.locator(".stage__pieces").press("Delete"),
    "Start": lambda page: page.locator("#reset").press("Enter"),
}


def test_each_change_is_said_once_with_the_price_and_whether_the_bar_can_be_made(shop: NewWindow) -> None:
    page = shop(**DESK)
    page.goto("/studio/bar-100/")
    page.locator("label[for=step-toppings]").click()
    page.evaluate(LISTEN)
    said = {}
    for name, change in CHANGES.items():
        page.evaluate("heard.length = 0")
        change(page)
        page.wait_for_function("heard.length > 0")
        page.wait_for_timeout(200)  # for whatever else might be said
        said[name] = page.evaluate("heard")
    assert {name: heard for name, heard in said.items() if not is_one_sentence_of_all(heard)} == {}


def is_one_sentence_of_all(heard: list[str]) -> bool:
    return len(heard) == 1 and bool(re.fullmatch(r".+ €\d+\.\d\d\. The bar is complete\.", heard[0]))


def take(select: Locator) -> None:
    """The last that is offered."""
    values = select.locator("option").evaluate_all("options => options.map((one) => one.value)")
    select.select_option([value for value in values if value != "other"][-1])


def rename(page: Page, name: str) -> None:
    page.locator("#name").fill(name)
    page.locator("#name").press("Enter")


def test_the_picture_is_described_in_the_words_of_the_recipe(shop: NewWindow) -> None:
    page = shop(**DESK)
    for spoken, almonds in {"": "Roasted almonds, whole", "/de": "Mandeln, geröstet, ganz"}.items():
        page.goto(f"{spoken}/studio/bar-100/")
        page.locator("label[for=step-toppings]").click()
        picture = page.locator(".preview__picture")
        expect(picture).not_to_have_attribute("alt", re.compile(almonds))
        page.locator("#toppings-almond_whole").press("Space")
        expect(picture).to_have_attribute("alt", re.compile(almonds))


# ── With colours and movement of one's own ───────────────────────────────────────────────────────

CHOSEN: Final = {
    ".sizes [aria-current]": ".sizes button:not([aria-current])",
    ".faces :checked + span": ".faces :not(:checked) + span",
    ".shelf__switch:checked + .shelf__tab": ".shelf__switch:not(:checked) + .shelf__tab",
    ".chip :checked + span": ".chip :not(:checked) + span",
    ".module:has(:checked)": ".module:not(:has(:checked))",
    ".wrapper__choice:checked ~ .wrapper__swatch": ".wrapper__choice:not(:checked) ~ .wrapper__swatch",
}
LOOK = """selector => {
    const looks = [null, "::after"].map((part) => getComputedStyle(document.querySelector(selector), part));
    return looks.map((look) => [look.content, look.backgroundColor, look.borderTopColor, look.outlineStyle].join(" "));
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => [null, "::before", "::after"].some((part) => {
    const { animationName, transitionDuration } = getComputedStyle(one, part);
    return animationName !== "none" || /[1-9]/.test(transitionDuration);
})).map((one) => one.className)"""


def test_what_is_chosen_shows_in_anybodys_colours(shop: NewWindow) -> None:
    page = shop(**DESK, forced_colors="active")
    page.goto("/studio/bar-100/")
    same = [one for one, other in CHOSEN.items() if page.evaluate(LOOK, one) == page.evaluate(LOOK, other)]
    assert same == []
    assert obstacles(page, smallest=24, tabbing=True) == []


def test_nothing_moves_where_nothing_shall_move(shop: NewWindow) -> None:
    page = shop(**DESK)
    for path in ("/", "/bars/", "/studio/bar-100/"):
        page.goto(path)
        assert page.evaluate(MOVING) == []
    page.locator("#finish button").click()
    expect(page.locator(".done")).to_be_visible()
    assert page.evaluate(MOVING) == []
