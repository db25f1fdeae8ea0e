"""Tablets at the stations as people use them: with gloves, side by side, and while the network is away."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from orders.models import Job, JobEvent, Order
from orders.models.equipment import Station
from orders.production import planning_desk, steps
from tests import loaded
from tests.orders.lots import lot, weigh_all
from tests.orders.paid import bring_to, design, jobs_of, paid_order, running

PASSWORD = "a-password-of-the-floor"
SMALLEST_TARGET = 48
LIVE_WITHIN = 2_000
TABLET = {"viewport": {"width": 1024, "height": 768}}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEFORE = dict(
    zip(
        Station.values,
        ("queued", "kitted", "moulded", "topped", "demoulded", "checked", "wrapped", "packed"),
        strict=True,
    )
)


@pytest.fixture
def order(transactional_db: None) -> Order:
    loaded.catalogue()
    loaded.rates()
    for name in ("bea", "carl"):
        User.objects.create_superuser(name, password=PASSWORD)
    paid = paid_order((design("Ada", "dark_60", "hazelnut_whole", "sea_salt_flakes"), 3), at=timezone.now())
    planning_desk.replan(at=timezone.now())
    return paid


@pytest.fixture
def tablet(order: Order, live_server: LiveServer, new_window: Callable[..., Page]) -> Callable[..., Page]:
    def open_tablet(station: str, who: str = "bea", **options: object) -> Page:
        """Give service_workers="block" where the test stands in the way of a request: it would not see
        those of a page that its worker looks after."""
        page = new_window(base_url=live_server.url, **{**TABLET, **options})
        page.goto(f"/floor/stations/{station}/")
        page.get_by_label("Username:").fill(who)
        page.get_by_label("Password:").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.locator("#station")).to_be_visible()
        return page

    return open_tablet


def bea() -> User:
    return User.objects.get(username="bea")


def all_to(order: Order, state: str) -> list[Job]:
    jobs = jobs_of(order)
    for reached in dict.fromkeys(("wrapped", state) if state == "packed" else (state,)):
        for job in jobs:
            bring_to(job, reached, bea(), timezone.now())
    return jobs


def expect_bar(page: Page, job: Job) -> None:
    expect(page.locator("article")).to_have_attribute("data-bar", job.code)


def states(order: Order) -> list[str]:
    return [job.job_state for job in jobs_of(order)]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_bar_goes_from_paid_to_shipped_through_the_stations(tablet, order, scripts):
    """As a bar of its own, so that its parcel does not wait for others."""
    lot(bea(), "hazelnut_whole")
    job = jobs_of(order)[0]
    for other in jobs_of(order)[1:]:
        bring_to_wrapped(other)
    page = tablet("kitting", java_script_enabled=scripts)

    page.get_by_role("button", name="Take up the next bar").click()
    expect_bar(page, job)
    take = page.locator("[data-cup-take]").inner_text()
    page.locator("#scan").fill(take)
    page.locator("#scan").press("Enter")
    expect(page.get_by_label("Scan or type the lot")).to_have_value(take)
    grams = page.locator("[data-cup-next] strong").inner_text().removesuffix(" g")
    page.get_by_label("Weight in grams").fill(grams)
    page.get_by_role("button", name="Into the cup").click()
    page.get_by_role("button", name="Kitted: every piece is weighed").click()
    expect(page.get_by_text("Nothing waits here")).to_be_visible()
    running(job, bea(), timezone.now())
    for station, button in (
        ("moulding", "Moulded"),
        ("topping", "Topped"),
        ("cooling", "Cooling"),
        ("cooling", "Demoulded"),
        ("quality", "Checked"),
        ("wrapping", "Wrapped"),
    ):
        page.goto(f"/floor/stations/{station}/")
        if page.locator("article").count() == 0:
            page.get_by_role("button", name="Take up the next bar").click()
        expect_bar(page, job)
        if station == "quality":
            page.get_by_label("Weight in grams").fill("100")
        if station == "wrapping":
            page.get_by_role("button", name="Make its label").click()
            expect(page.get_by_text("scan it on the bar")).to_be_visible()
            page.get_by_label("Scan the label on the bar").fill(job.labels.get().code)
        page.get_by_role("button", name=re.compile(f"^{button}:")).click()
        expect(page.get_by_text(f"{job.code} {button},")).to_be_visible()
    page.goto("/floor/stations/packing/")
    page.get_by_role("button", name="Take up the next bar").click()
    for bar in jobs_of(order):
        expect_bar(page, bar)
        page.get_by_role("button", name=re.compile("^Packed:")).click()
    expect(page.get_by_text("Nothing waits here")).to_be_visible()
    page.goto("/floor/stations/shipping/")
    page.get_by_role("button", name="Take up the next bar").click()
    page.get_by_role("button", name=re.compile("^Shipped:")).click()
    expect(page.get_by_text("Nothing waits here")).to_be_visible()

    assert set(states(order)) == {"shipped"}


def bring_to_wrapped(job: Job) -> None:
    weigh_all(job, bea(), timezone.now())
    bring_to(job, "wrapped", bea(), timezone.now())


def test_two_people_side_by_side_have_two_bars_and_see_each_other_within_two_seconds(tablet, order):
    first, second, _third = jobs_of(order)
    one, two = tablet("kitting"), tablet("kitting", "carl")

    one.get_by_role("button", name="Take up the next bar").click()
    expect_bar(one, first)
    expect(two.locator(".station-next h2")).to_be_visible()
    two.get_by_role("button", name="Take up the next bar").click()
    expect_bar(two, second)
    two.locator("#scan").fill(first.code)
    two.locator("#scan").press("Enter")
    expect(two.get_by_role("alert")).to_contain_text("bea has")
    two.get_by_role("link", name="Understood").click()
    expect(two.get_by_role("alert")).to_have_count(0)
    two.wait_for_load_state("networkidle")

    steps.hold(second, "hazelnut_whole", by=bea(), at=timezone.now())
    expect(two.get_by_text("Put this bar aside and give it back here.")).to_be_visible(timeout=LIVE_WITHIN)
    expect(one.get_by_role("heading", name="On hold")).to_be_visible(timeout=LIVE_WITHIN)


def test_what_is_typed_stays_when_news_come(tablet, order):
    _first, *others = all_to(order, "demoulded")
    page = tablet("quality")
    page.get_by_role("button", name="Take up the next bar").click()
    page.get_by_label("Weight in grams").fill("101.")

    steps.hold(others[0], "hazelnut_whole", by=bea(), at=timezone.now())
    expect(page.get_by_role("heading", name="On hold")).to_be_visible()

    expect(page.get_by_label("Weight in grams")).to_have_value("101.")
    expect(page.get_by_label("Weight in grams")).to_be_focused()


def test_a_scanner_types_wherever_the_focus_is(tablet, order):
    first, second, _third = all_to(order, "demoulded")
    page = tablet("quality")
    page.get_by_role("button", name="Take up the next bar").click()
    expect_bar(page, first)
    expect(page.get_by_label("Weight in grams")).to_be_focused()

    page.keyboard.type(second.code)
    page.keyboard.press("Enter")

    expect_bar(page, second)
    expect(page.get_by_label("Weight in grams")).to_have_value("")


def test_a_gap_in_the_network_loses_nothing_and_counts_nothing_twice(tablet, order):
    first, second, third = all_to(order, "demoulded")
    page = tablet("quality")
    page.get_by_role("button", name="Take up the next bar").click()
    expect_bar(page, first)

    page.context.set_offline(True)
    for job, grams in ((first, "100.5"), (second, "99.5")):
        expect_bar(page, job)
        page.get_by_label("Weight in grams").fill(grams)
        page.get_by_role("button", name=re.compile("^Checked:")).click()
    expect_bar(page, third)
    expect(page.locator("[data-part=away]")).to_be_visible()
    expect(page.locator("[data-part=waiting-rows] li")).to_have_count(2)
    assert states(order) == ["demoulded"] * 3
    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="Waits to be sent")).to_be_hidden()
    expect(page.locator("[data-part=away]")).to_be_hidden()
    expect_bar(page, third)
    assert states(order) == ["checked", "checked", "demoulded"]
    weighed = JobEvent.objects.filter(to_state="checked").order_by("pk").values_list("job", "weight_mg")
    assert list(weighed) == [(first.pk, 100_500), (second.pk, 99_500)]


def test_an_answer_that_got_lost_is_asked_for_again_and_is_one_step(tablet, order):
    first, second, _third = all_to(order, "demoulded")
    page = tablet("quality", service_workers="block")
    page.get_by_role("button", name="Take up the next bar").click()
    lost: list[int] = []

    def lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    page.route("**/steps/", lose)
    page.get_by_label("Weight in grams").fill("100")
    page.get_by_role("button", name=re.compile("^Checked:")).click()

    expect(page.get_by_text(f"{first.code} Checked,")).to_be_visible()
    assert lost == [302]
    expect_bar(page, second)
    assert JobEvent.objects.filter(to_state="checked").count() == 1


def test_a_step_that_is_refused_afterwards_is_shown_until_it_is_read(tablet, order):
    first, second, _third = all_to(order, "demoulded")
    page = tablet("quality")
    page.get_by_role("button", name="Take up the next bar").click()
    page.context.set_offline(True)
    page.get_by_label("Weight in grams").fill("100")
    page.get_by_role("button", name=re.compile("^Checked:")).click()
    expect_bar(page, second)
    steps.scrap(first, "broken", by=bea(), at=timezone.now())
    page.context.set_offline(False)

    refused = page.locator("[data-part=refused]")
    expect(refused).to_contain_text(first.code)
    expect(refused).to_contain_text("This bar was scrapped.")
    page.reload()
    expect(refused).to_contain_text("This bar was scrapped.")
    refused.get_by_role("button", name="Understood").click()
    expect(refused).to_be_hidden()


def test_what_waits_outlives_the_page(tablet, order):
    first, *_others = all_to(order, "demoulded")
    page = tablet("quality", service_workers="block")
    page.get_by_role("button", name="Take up the next bar").click()
    page.route("**/steps/", lambda route: route.abort())
    page.get_by_label("Weight in grams").fill("100")
    page.get_by_role("button", name=re.compile("^Checked:")).click()
    expect(page.locator("[data-part=waiting-rows] li")).to_have_count(1)
    page.unroute("**/steps/")

    page.reload()

    expect(page.get_by_text(f"{first.code} Checked,")).to_be_visible()


def test_cups_are_weighed_on_without_the_network(tablet, order):
    sacks = [lot(bea(), module) for module in ("hazelnut_whole", "sea_salt_flakes")]
    first, second, _third = jobs_of(order)
    page = tablet("kitting")
    page.get_by_role("button", name="Take up the next bar").click()
    expect_bar(page, first)

    page.context.set_offline(True)
    page.locator("#scan").fill("L-222-2222")
    page.locator("#scan").press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Without the network")).to_be_visible()
    page.get_by_role("button", name="Understood").click()
    for sack in sacks:
        page.locator("#scan").fill(sack.code)
        page.locator("#scan").press("Enter")
        expect(page.get_by_label("Scan or type the lot")).to_have_value(sack.code)
        grams = page.locator("[data-cup-next] strong").inner_text().removesuffix(" g")
        page.get_by_label("Weight in grams").fill(grams)
        page.get_by_role("button", name="Into the cup").click()
    page.get_by_role("button", name="Kitted: every piece is weighed").click()
    expect_bar(page, second)
    page.context.set_offline(False)

    expect(page.get_by_text(f"{first.code} Kitted,")).to_be_visible()
    assert sorted(first.doses.values_list("lot", flat=True)) == sorted(sack.pk for sack in sacks)
    assert states(order)[0] == "kitted"


@pytest.mark.parametrize("station", Station.values)
def test_each_station_is_for_gloves_and_for_everybody(tablet, order, station):
    all_to(order, BEFORE[station])
    page = tablet(
        station, viewport={"width": 360, "height": 740}, bypass_csp=True
    )  # axe styles what it measures
    page.get_by_role("button", name="Take up the next bar").click()
    expect(page.locator("article")).to_be_visible()
    small = page.evaluate(
        """smallest => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
            .map(target => target.closest("label") ?? target)
            .filter(target => target.offsetParent && !target.closest(".notice, .skip"))
            .map(target => [target.textContent.trim().slice(0, 40) || target.name, Math.round(target.getBoundingClientRect().height)])
            .filter(([, height]) => height < smallest)""",
        SMALLEST_TARGET,
    )
    assert small == []

    for width in (360, 768, 1024):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.response["violations"] == [], found.generate_report()
