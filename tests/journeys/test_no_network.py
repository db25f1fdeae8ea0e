"""A tablet that is switched off and on while the network is away still has its station, and shows it to nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from devserver.stack import Stack
from orders.models import Job, JobEvent, Order
from orders.production import planning_desk
from tests import loaded
from tests.orders.lots import lot
from tests.orders.paid import bring_to, design, jobs_of, paid_order

PASSWORD = "a-password-of-the-floor"
KITTING, MOULDING, QUALITY = (f"/floor/stations/{station}/" for station in ("kitting", "moulding", "quality"))
TABLET = {"viewport": {"width": 1024, "height": 768}}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Tablet = Callable[..., Page]


def paid() -> Order:
    for name in ("bea", "carl"):
        User.objects.create_superuser(name, password=PASSWORD)
    order = paid_order((design("Ada", "dark_60", "hazelnut_whole", "sea_salt_flakes"), 3), at=timezone.now())
    planning_desk.replan(at=timezone.now())
    return order


@pytest.fixture
def order(transactional_db: None) -> Order:
    loaded.catalogue()
    loaded.rates()
    return paid()


@pytest.fixture
def tablet(new_window: Callable[..., Page], live_server: LiveServer) -> Tablet:
    def open_tablet(url: str = live_server.url, **options: object) -> Page:
        return new_window(base_url=url, **TABLET, **options)

    return open_tablet


def bea() -> User:
    return User.objects.get(username="bea")


def signed_in(page: Page, address: str, who: str = "bea") -> Page:
    page.goto(address)
    page.get_by_label("Username:").fill(who)
    page.get_by_label("Password:").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return followed(page)


def followed(page: Page) -> Page:
    """Until the station that is looked at is kept as it stands."""
    expect(page.locator("#station")).to_be_visible()
    until(
        page,
        """async () => {
            const kept = await caches.match(location.href);
            const page = kept && new DOMParser().parseFromString(await kept.text(), "text/html");
            const digest = (page) => page?.getElementById("station")?.dataset.digest;
            return navigator.serviceWorker.controller && digest(page) === digest(document);
        }""",
    )
    return page


def until(page: Page, is_so: str) -> None:
    """Playwright's own wait takes a promise for a yes."""
    page.evaluate(
        f"""async () => {{
            while (!(await ({is_so})())) await new Promise((resolve) => setTimeout(resolve, 50));
        }}"""
    )


def bar_in_hand(page: Page) -> Page:
    page.get_by_role("button", name="Take up the next bar").click()
    expect(page.locator("article")).to_be_visible()
    return followed(page)


def weigh_what_is_next(page: Page) -> None:
    sack = page.locator("[data-cup-take]").inner_text()
    page.locator("#scan").fill(sack)
    page.locator("#scan").press("Enter")
    expect(page.get_by_label("Scan or type the lot")).to_have_value(sack)
    grams = page.locator("[data-cup-next] strong").inner_text().removesuffix(" g")
    page.get_by_label("Weight in grams").fill(grams)
    page.get_by_role("button", name="Into the cup").click()


def kept_of_people(page: Page) -> list[str]:
    names = page.evaluate("caches.keys()")
    return [name for name in names if name.startswith("station-page:")]


def expect_the_plain_page(page: Page) -> None:
    expect(page.get_by_role("heading", name="No network")).to_be_visible()
    assert page.locator("#station").count() == 0


@pytest.fixture
def sacks(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("order" if "stack" not in request.fixturenames else "order_of_the_stack")
    for module in ("hazelnut_whole", "sea_salt_flakes"):
        lot(bea(), module)


@pytest.fixture
def order_of_the_stack(stack: Stack) -> Order:
    return paid()


def test_a_tablet_switched_off_and_on_while_the_shop_is_down_goes_on_and_sends_once(
    stack: Stack, order_of_the_stack: Order, sacks: None, tablet: Tablet
) -> None:
    first, second, _third = jobs_of(order_of_the_stack)
    page = bar_in_hand(signed_in(tablet(stack.url), KITTING))
    stack.web.kill()

    weigh_what_is_next(page)
    expect(page.locator("[data-part=waiting-rows] li")).to_have_count(1)
    weigh_what_is_next(page)
    expect(page.locator("[data-part=waiting-rows] li")).to_have_count(2)
    answer = page.reload()

    assert answer is not None
    assert answer.from_service_worker
    assert "worker-src 'self'" in answer.headers["content-security-policy"]
    told = page.get_by_text("What stands here is of")
    expect(told).to_have_text(
        re.compile(
            r"No network\. What stands here is of \d\d:\d\d\. Scans are kept and sent when the network is back\."
        )
    )
    expect(page.locator("[data-part=waiting-rows] li")).to_have_count(2)
    expect(page.locator("article")).to_have_attribute("data-bar", first.code)
    page.get_by_role("button", name="Kitted: every piece is weighed").click()
    expect(page.locator("article")).to_have_attribute("data-bar", second.code)
    page.reload()
    expect(page.locator("[data-part=waiting-rows] li")).to_have_count(3)
    expect(page.locator("article")).to_have_attribute("data-bar", second.code)
    stack.web.start()
    stack.web.wait_until_ready()

    expect(page.get_by_text(f"{first.code} Kitted,")).to_be_visible()
    expect(told).to_be_hidden()
    expect(page.get_by_role("heading", name="Waits to be sent")).to_be_hidden()
    assert first.doses.count() == 2
    assert JobEvent.objects.filter(job=first, to_state="kitted").count() == 1
    assert Job.objects.get(pk=second.pk).job_state == "queued"


def test_what_was_weighed_before_the_tablet_went_off_is_not_asked_for_again(
    order: Order, sacks: None, tablet: Tablet
) -> None:
    first, *_others = jobs_of(order)
    page = bar_in_hand(signed_in(tablet(), KITTING))
    page.context.set_offline(True)
    weigh_what_is_next(page)
    expect(page.locator("[data-part=waiting-rows] li")).to_have_count(1)
    page.reload()
    weigh_what_is_next(page)
    expect(page.get_by_role("button", name="Kitted: every piece is weighed")).to_be_visible()
    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="Waits to be sent")).to_be_hidden()
    expect(page.locator("[data-part=kept]")).to_be_hidden()
    assert sorted(dose.lot.stock.module.key for dose in first.doses.select_related("lot__stock__module")) == [
        "hazelnut_whole",
        "sea_salt_flakes",
    ]


def test_with_the_network_the_shop_answers_and_not_what_is_kept(order: Order, tablet: Tablet) -> None:
    page = signed_in(tablet(), QUALITY)
    expect(page.get_by_text("Nothing waits here")).to_be_visible()
    page.goto(KITTING)
    followed(page)
    for job in jobs_of(order):
        bring_to(job, "demoulded", bea(), timezone.now())

    page.goto(QUALITY)

    expect(page.get_by_role("button", name="Take up the next bar")).to_be_visible()
    expect(page.get_by_text("What stands here is of")).to_be_hidden()


def test_counts_and_stops_are_not_kept(order: Order, tablet: Tablet) -> None:
    page = signed_in(tablet(), KITTING)
    page.locator("#scan").fill("L-222-2222")
    page.locator("#scan").press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Stop")).to_be_visible()
    followed(page)
    expect(page.locator(".station-others strong")).to_have_count(8)
    page.context.set_offline(True)
    page.reload()

    expect(page.get_by_role("button", name="Take up the next bar")).to_be_visible()
    assert page.locator("[data-stop], [data-live], .station-cups").count() == 0
    assert page.locator(".station-others a").count() == 8
    page.context.set_offline(False)
    expect(page.locator(".station-others strong")).to_have_count(8)


def test_a_station_that_was_never_open_says_what_to_do_and_goes_on_by_itself(
    order: Order, tablet: Tablet
) -> None:
    page = signed_in(tablet(), KITTING)
    page.context.set_offline(True)

    page.goto(MOULDING)
    expect_the_plain_page(page)
    assert "bea" not in page.content()
    page.get_by_role("link", name="Back to the station that was open last").click()
    expect(page.get_by_text("What stands here is of")).to_be_visible()
    page.goto(MOULDING)
    expect_the_plain_page(page)
    page.context.set_offline(False)

    expect(page.locator("#station")).to_be_visible()
    assert page.url.endswith(MOULDING)


def test_only_the_station_that_was_looked_at_last_is_kept(order: Order, tablet: Tablet) -> None:
    page = signed_in(tablet(), KITTING)
    page.goto(QUALITY)
    followed(page)
    page.context.set_offline(True)

    page.goto(KITTING)
    expect_the_plain_page(page)
    page.goto(QUALITY)
    expect(page.locator("#station")).to_be_visible()


@pytest.mark.parametrize("where", [KITTING, "/admin/", "/account/", "/account/sign-out/"])
def test_whoever_signs_out_leaves_nothing_on_the_tablet(order: Order, tablet: Tablet, where: str) -> None:
    page = signed_in(tablet(), KITTING)
    page.goto(where)
    assert kept_of_people(page) == [f"station-page:{bea().pk}"]
    page.locator("form[action$='/logout/'], form[action$='/sign-out/']").first.evaluate(
        "form => form.requestSubmit()"
    )
    page.wait_for_url(lambda url: not url.endswith(where))

    until(page, "() => caches.keys().then(names => names.every(name => !name.startsWith('station-page:')))")
    page.context.set_offline(True)
    page.goto(KITTING)
    expect_the_plain_page(page)
    expect(page.get_by_role("link", name="Back to the station")).to_be_hidden()


def test_whoever_signs_out_without_the_network_leaves_nothing_either(order: Order, tablet: Tablet) -> None:
    page = signed_in(tablet(), KITTING)
    another = page.context.new_page()
    another.goto("/floor/stations/")
    page.bring_to_front()
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("What stands here is of")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    until(
        another, "() => caches.keys().then(names => names.every(name => !name.startsWith('station-page:')))"
    )
    another.goto(KITTING)
    expect_the_plain_page(another)


def test_a_session_that_ended_elsewhere_ends_what_the_tablet_keeps(order: Order, tablet: Tablet) -> None:
    page = signed_in(tablet(), KITTING)
    page.context.clear_cookies(name="sessionid")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.context.set_offline(True)

    page.goto(KITTING)
    expect_the_plain_page(page)


def test_a_page_is_not_shown_to_the_next_person(order: Order, tablet: Tablet) -> None:
    page = signed_in(tablet(), KITTING)
    page.context.clear_cookies(name="sessionid")
    page.goto("/floor/stations/quality/")
    page.get_by_label("Username:").fill("carl")
    page.get_by_label("Password:").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    followed(page)
    carl = User.objects.get(username="carl")
    assert kept_of_people(page) == [f"station-page:{carl.pk}"]
    page.context.set_offline(True)

    page.goto(KITTING)
    expect_the_plain_page(page)
    page.goto(QUALITY)
    expect(page.get_by_text("Signed in as carl")).to_be_visible()


def test_yesterdays_page_is_not_shown(order: Order, tablet: Tablet) -> None:
    page = signed_in(tablet(), KITTING)
    page.goto("/floor/")
    page.evaluate(
        """async () => {
            const cache = await caches.open((await caches.keys()).find(name => name.startsWith("station-page:")));
            const request = (await cache.keys()).find(({ url }) => url.endsWith("/kitting/"));
            const kept = await cache.match(request);
            const headers = new Headers(kept.headers);
            headers.set("Date", new Date(Date.now() - 12 * 3600 * 1000).toUTCString());
            await cache.put(request, new Response(await kept.text(), { headers }));
        }"""
    )
    page.context.set_offline(True)

    page.goto(KITTING)
    expect_the_plain_page(page)


def test_neither_shop_nor_office_have_a_worker(order: Order, tablet: Tablet) -> None:
    page = signed_in(tablet(), KITTING)
    answers = [page.goto(address) for address in ("/", "/floor/", "/admin/", KITTING)]

    assert [answer.from_service_worker for answer in answers if answer] == [False, False, False, True]
    assert page.evaluate(
        "navigator.serviceWorker.getRegistrations().then(all => all.map(({scope}) => new URL(scope).pathname))"
    ) == ["/floor/stations/"]


def test_what_is_kept_speaks_the_language_of_the_tablet(order: Order, tablet: Tablet) -> None:
    page = tablet(locale="de-DE")
    page.goto(KITTING)
    page.get_by_label("Benutzername:").fill("bea")
    page.get_by_label("Passwort:").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    followed(page)
    page.context.set_offline(True)

    page.reload()
    expect(page.locator("[data-part=kept]")).to_have_text(
        re.compile(
            r"Kein Netz\. Was hier steht, ist von \d\d:\d\d Uhr\. "
            r"Scans bleiben hier und werden gesendet, sobald das Netz wieder da ist\."
        )
    )
    page.goto(MOULDING)
    expect(page.get_by_role("heading", name="Kein Netz")).to_be_visible()


class NextRelease(StaticFilesStorage):
    def url(self, name: str | None) -> str:
        return f"{super().url(name)}?release=2"


def test_a_new_release_replaces_the_worker_and_the_files(
    order: Order, tablet: Tablet, settings: Settings, live_server: LiveServer
) -> None:
    page = signed_in(tablet(), KITTING)
    first = page.evaluate(FILES)
    assert any(name.endswith("/js/station.js") for name in first)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": f"{NextRelease.__module__}.{NextRelease.__name__}"}
    }
    # What is fixed in a template was written once.
    settings.TEMPLATES = deepcopy(settings.TEMPLATES)

    page.reload()
    followed(page)
    until(page, f"() => {FILES}.then(names => names.every(name => !name.endsWith('/station.js')))")
    page.evaluate("navigator.serviceWorker.ready.then(registration => registration.update())")
    second = page.evaluate(FILES)
    page.context.set_offline(True)
    page.reload()

    assert any(name.endswith("/js/station.js?release=2") for name in second)
    assert page.locator("script[src$='/station.js?release=2']").count() == 1
    assert any(name.endswith("/workers/stations.js?release=2") for name in asked)
    expect(page.get_by_text("What stands here is of")).to_be_visible()


FILES = "caches.open('station-files').then(cache => cache.keys()).then(all => all.map(({url}) => url))"
