"""A week of the staff, in the browser: what each of them does all day, and what they may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from configurator.models import PriceList
from orders.models import Job, Order, Payment, Refund
from orders.office.staff_groups import ensure_groups
from orders.tasks import carry_out
from tests import loaded
from tests.accessibility import violations
from tests.orders.paid import bring_to, design, jobs_of, operator, paid_order

pytestmark = pytest.mark.browser
Desk = Callable[[str, str], Page]


@pytest.fixture
def shop(transactional_db: None) -> None:
    loaded.catalogue()
    loaded.rates()
    ensure_groups()


@pytest.fixture
def order(shop: None) -> Order:
    """Two bars, paid; its confirmation is sent."""
    now = timezone.now()
    order = paid_order((design("For the admiral"), 2), at=now)
    Payment.objects.create(
        order=order, attempt=1, state="paid", accepted=True, amount_cents=order.total_cents,
        captured_cents=order.total_cents, currency="EUR", livemode=False, request={}, created_at=now, look_at=now,
    )  # fmt: skip
    for work in order.work.filter(kind="confirmation"):
        carry_out(work.pk)
    return order


@pytest.fixture
def desk(live_server, new_window, shop: None) -> Desk:
    """A window of this colleague, signed in."""

    def at(name: str, group: str) -> Page:
        user = User.objects.create_user(name, password="a-password-of-the-staff", is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(user)
        page: Page = new_window(base_url=live_server.url, viewport={"width": 1280, "height": 900})
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        return page

    return at


def fits(page: Page) -> None:
    """In the window, and in nobody's way."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_support_finds_an_order_moves_it_gives_money_back_and_writes_again(desk: Desk, order: Order) -> None:
    sue = desk("sue", "support")
    sue.goto("/admin/")
    expect(sue.get_by_text("Orders today")).to_be_visible()
    fits(sue)
    assert violations(sue) == []

    sue.goto("/admin/orders/order/")
    sue.get_by_role("searchbox").or_(sue.locator("#searchbar")).first.fill("admiral")
    sue.keyboard.press("Enter")
    sue.get_by_role("link", name=order.number).first.click()
    expect(sue.get_by_role("heading", name="What happened")).to_be_visible()
    fits(sue)

    sue.get_by_role("link", name="Change the address of parcel 1").click()
    sue.get_by_label("Street and number").fill("Neue Straße 5")
    sue.get_by_role("button", name="Send it there").click()
    expect(sue.get_by_text("The parcel goes to the new address.")).to_be_visible()
    expect(sue.get_by_text("Address of parcel 1 changed · sue")).to_be_visible()

    sue.get_by_role("link", name="Give money back").click()
    sue.locator(".refund-parts input").first.fill("1.00")
    sue.get_by_label("Reason").select_option(index=1)
    sue.get_by_role("button", name="Give this money back").click()
    expect(sue.get_by_text("goes back within a minute or two")).to_be_visible()
    assert Refund.objects.get().amount_cents == 100

    sue.goto(f"/admin/orders/order/{order.pk}/change/")
    sue.get_by_role("link", name="Confirmation mail: sent").click()
    sue.get_by_role("link", name="Send again").click()
    sue.get_by_role("button", name="Send it again").click()
    expect(sue.get_by_text("within a minute.")).to_be_visible()


def test_a_bar_that_came_broken_is_shown_made_again_and_the_customer_reads_it(
    desk: Desk, order: Order, live_server, new_window
) -> None:
    bea, now = operator("bea"), timezone.now()
    for state in ("wrapped", "packed", "shipped"):
        for job in jobs_of(order):
            bring_to(job, state, bea, at=now)
    ada = new_window(base_url=live_server.url, viewport={"width": 360, "height": 740})
    ada.goto(f"/orders/{order.token}/")
    ada.get_by_role("link", name="A bar did not arrive as it should").click()
    ada.get_by_role("group", name="Which bar?").get_by_role("radio").first.check()
    ada.get_by_role("group", name="What is wrong?").get_by_role("radio").first.check()
    ada.get_by_label("Tell us more").fill("It is in four pieces.")
    broken = BytesIO()
    Image.new("RGB", (800, 600), "brown").save(broken, "JPEG")
    ada.get_by_label("One to three photos").set_input_files(
        {"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": broken.getvalue()}
    )
    ada.get_by_role("button", name="Send it to us").click()
    expect(ada.get_by_text("Thank you for telling us.")).to_be_visible()
    fits(ada)

    sue = desk("sue", "support")
    sue.goto("/admin/orders/claim/")
    sue.locator("#result_list tbody").get_by_role("link").first.click()
    sue.get_by_role("link", name="Decide", exact=True).click()
    expect(sue.get_by_text("It is in four pieces.")).to_be_visible()
    fits(sue)
    assert violations(sue) == []
    sue.get_by_label("Make it again, at no cost").check()
    sue.get_by_label("Words to the customer").fill("So sorry!")
    sue.get_by_role("button", name="Decide, and tell the customer").click()
    expect(sue.get_by_text("Decided. The customer is told by mail.")).to_be_visible()
    remade = Job.objects.get(remake_of__isnull=False)
    assert (remade.job_state, remade.remake_of in jobs_of(order)) == ("queued", True)

    ada.goto(f"/orders/{order.token}/")
    expect(ada.get_by_text("We are making it once more, at no cost.")).to_be_visible()
    expect(ada.get_by_text("So sorry!")).to_be_visible()


def test_the_catalogue_brings_in_a_price_list_after_having_seen_it(desk: Desk, tmp_path: Path) -> None:
    dollars = PriceList.objects.create(
        currency="USD", name="Dollars", permille=1100, step_cents=5, valid_from=date(2026, 1, 1)
    )
    cat = desk("cat", "catalogue")
    table = tmp_path / "prices.csv"
    table.write_text("currency,key,price\nUSD,bar-100,7.50\n")

    cat.goto("/admin/configurator/pricelist/")
    cat.get_by_role("link", name="Bring in a table").click()
    cat.get_by_label("A CSV file").set_input_files(table)
    cat.get_by_role("button", name="Show what it would change").click()
    expect(cat.get_by_text("This one value would change.")).to_be_visible()
    assert not dollars.own.exists()
    assert violations(cat) == []
    cat.get_by_role("button", name="Write these changes").click()

    expect(cat.get_by_text("1 value is changed.")).to_be_visible()
    assert dollars.own.get().cents == 750


def test_the_second_of_two_colleagues_is_told_what_the_first_has_done(desk: Desk, order: Order) -> None:
    sue, tom = desk("sue", "support"), desk("tom", "support")
    for window in (sue, tom):
        window.goto(f"/admin/orders/order/{order.pk}/hold/")
        window.get_by_label("Why do its bars wait?").fill("A name is to be changed")
    sue.get_by_role("button", name="Put on hold").click()
    expect(sue.get_by_text("2 bars wait").first).to_be_visible()
    tom.get_by_role("button", name="Put on hold").click()

    expect(tom.get_by_role("alert")).to_contain_text("2 bars wait: A name is to be changed · sue")
    assert violations(tom) == []


def test_an_auditor_reads_everything_takes_it_out_and_changes_nothing(desk: Desk, order: Order) -> None:
    ann = desk("ann", "accountant")
    ann.goto(f"/admin/orders/order/{order.pk}/change/")
    expect(ann.get_by_role("heading", name="What happened")).to_be_visible()
    expect(ann.locator("a.button")).to_have_count(0)

    ann.goto("/admin/orders/order/")
    with ann.expect_download() as download:
        ann.get_by_role("button", name="As CSV").click()
    assert order.number in Path(download.value.path()).read_text(encoding="utf-8-sig")
    ann.goto("/admin/orders/officechange/")
    expect(ann.get_by_text("CSV with 1 orders")).to_be_visible()
    fits(ann)
    assert ann.goto(f"/admin/orders/order/{order.pk}/hold/").status == 403  # type: ignore[union-attr]  # there is an answer


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
def test_no_list_hides_a_column_on_a_small_window(desk: Desk, order: Order, language: str) -> None:
    olga = desk("olga", "owner")
    olga.set_extra_http_headers({"Accept-Language": language})
    for records in ("orders/payment", "orders/pendingwork", "orders/job", "orders/vatrate", "orders/service"):
        olga.goto(f"/admin/{records}/")
        assert (
            olga.evaluate("(list => list.scrollWidth - list.clientWidth)(document.querySelector('.results'))")
            <= 0
        )
    olga.goto("/admin/orders/payment/")
    olga.locator("#changelist-filter summary").nth(1).click()
    olga.locator("#changelist-filter details[open] a").nth(2).click()
    expect(olga.locator("#changelist-filter summary strong")).to_be_visible()
