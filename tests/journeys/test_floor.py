"""The floor as people use it: with a scanner, with gloves, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from orders.models import Job, Order, Run
from orders.production import planning_desk
from tests import loaded
from tests.orders.paid import bring_to, design, jobs_of, paid_order

PASSWORD = "a-password-of-the-floor"
SMALLEST_TARGET = 48
NEEDED = ["floor", "floor/scan", "floor/jobs/{code}", "admin", "admin/orders/order/{order}/change",
          "admin/orders/job/{job}/change", "admin/orders/job", "admin/orders/pendingwork"]  # fmt: skip
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def order(transactional_db: None) -> Order:
    loaded.catalogue()
    loaded.rates()
    User.objects.create_superuser("bea", password=PASSWORD)
    paid = paid_order((design("Ada", "dark_60", "hazelnut_whole", "sea_salt_flakes"), 2))
    planning_desk.replan(at=timezone.now())
    return paid


@pytest.fixture
def floor(order: Order, live_server: LiveServer, new_window: Callable[..., Page]) -> Callable[..., Page]:
    def open_floor(**options: object) -> Page:
        page = new_window(base_url=live_server.url, **options)
        page.goto("/floor/")
        page.get_by_label("Username:").fill("bea")
        page.get_by_label("Password:").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", name="Queue", exact=True)).to_be_visible()
        return page

    return open_floor


def test_a_scanner_needs_no_tap(floor, order):
    """It types into whatever page is open and ends with Enter."""
    first, second = jobs_of(order)
    page = floor()

    expect(page.locator("#scan")).to_be_focused()
    page.keyboard.type(first.code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=first.code)).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.type(second.code)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=second.code)).to_be_visible()


def test_a_run_is_dragged_by_pointer_or_by_keys_and_the_guard_has_the_last_word(floor, order):
    def where() -> tuple[date, int, bool]:
        run = Run.objects.get(base="milk_37")
        return run.day, run.place, run.by_hand

    paid_order((design("Milk", "milk_37"), 1), (design("Nut", "gianduja_milk"), 1))
    planning_desk.replan(at=timezone.now())
    page = floor()
    page.goto("/floor/plan/")
    days = [turn.get_attribute("data-day") for turn in page.locator('[data-temperer="T-O"]').all()]
    first, second, third = map(date.fromisoformat, filter(None, days[:3]))

    _drag(page, "Milk chocolate 37 %", f'[data-day="{second}"][data-temperer="T-O"]')
    expect(page.get_by_text("Moved. It stays there until you move it again.")).to_be_visible()
    assert where() == (second, 1, True)

    grip = page.get_by_role("button", name="Drag Milk chocolate 37 %")
    grip.press("ArrowRight")
    grip.press("ArrowRight")
    expect(page.locator("#dragged")).to_contain_text("T-O")
    grip.press("Enter")
    expect(page.get_by_text("Moved. It stays there until you move it again.")).to_be_visible()
    assert where() == (third, 1, True)

    grip = page.get_by_role("button", name="Drag Milk chocolate 37 %")
    grip.press("ArrowLeft")
    grip.press("Escape")
    expect(page.locator("#dragged")).to_have_text("It stays where it was.")
    assert where() == (third, 1, True)

    _drag(page, "Milk chocolate 37 %", f'[data-day="{first}"][data-temperer="T-F"]')
    expect(page.get_by_text("These bars are made in zone O alone.")).to_be_visible()
    assert where() == (third, 1, True)


def _drag(page: Page, base: str, to: str) -> None:
    """By the handle, over the page, into the middle of a temperer's day."""
    page.get_by_role("button", name=f"Drag {base}").hover()
    page.mouse.down()
    target = page.locator(to)
    target.scroll_into_view_if_needed()
    for _look in range(AIMS):
        # What is dragged takes up room where it would go, and at its edge the page follows the pointer.
        box = target.bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 4, steps=5)
    page.mouse.up()


AIMS = 3
OF_RUNS = (
    "/floor/runs/",
    "/floor/plan/",
    "/floor/plan/what-if/",
    "/floor/equipment/",
    "/floor/equipment/T-O/",
)


def test_everything_works_without_scripts(floor, order):
    job = jobs_of(order)[0]
    page = floor(java_script_enabled=False)

    page.goto("/floor/scan/")
    page.get_by_label("Scan or type a ticket's code").fill(job.code.lower())
    page.get_by_role("button", name="Open the job").click()
    page.get_by_role("button", name="Kitted: every piece is weighed").click()
    expect(page.locator("[aria-current=step]")).to_have_text("Kitted")
    page.get_by_text("This bar failed: scrap it and make it again").click()
    page.get_by_label("Dropped or dirty").check()
    page.get_by_role("button", name="Scrap and remake").click()

    expect(page.get_by_role("heading", name=Job.objects.get(remake_of=job).code)).to_be_visible()


def test_every_target_takes_a_gloved_finger(floor, order):
    """At least 48 pixels high, on a phone as on a tablet."""
    job = jobs_of(order)[0]
    bring_to(job, "kitted", User.objects.get())
    page = floor(viewport={"width": 390, "height": 800})

    for path in ("/floor/", "/floor/scan/", f"/floor/jobs/{job.code}/", *OF_RUNS):
        page.goto(path)
        for summary in page.locator("details > summary").all():
            summary.click()
        small = page.evaluate(
            """smallest => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
                .map(target => target.closest("label") ?? target)
                .filter(target => target.offsetParent && !target.closest(".notice, .skip"))
                .map(target => [target.textContent.trim().slice(0, 40) || target.name, Math.round(target.getBoundingClientRect().height)])
                .filter(([, height]) => height < smallest)""",
            SMALLEST_TARGET,
        )
        assert small == [], path


@pytest.mark.parametrize("width", [390, 1100])
def test_no_page_scrolls_sideways(floor, order, width):
    page = floor(viewport={"width": width, "height": 800})

    for path in ("/floor/", "/floor/scan/", f"/floor/jobs/{jobs_of(order)[0].code}/", *OF_RUNS):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_pages_of_the_floor_are_accessible(floor, order):
    job = jobs_of(order)[0]
    bring_to(job, "kitted", User.objects.get())
    page = floor(bypass_csp=True)  # axe styles what it measures

    for path in ("/floor/", "/floor/scan/?code=nonsense", f"/floor/jobs/{job.code}/", *OF_RUNS):
        page.goto(path)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert found.response["violations"] == [], (path, found.generate_report())


def test_no_page_of_the_office_breaks_the_content_security_policy(floor, order):
    """The fixture fails on anything that the policy stops."""
    page = floor()
    job = jobs_of(order)[0]

    for path in NEEDED:
        answer = page.goto("/" + path.format(code=job.code, order=order.pk, job=job.pk) + "/")
        assert answer is not None
        assert answer.status == 200, path
