"""A bar's whole way in a real browser: designed, shared, paid, made, shipped."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pypdfium2 import PdfDocument

from devserver.stack import Stack
from orders.models import Job, Order, Payment, PendingWork
from tests.scanner import scans

GOOD_CARD, DECLINED_CARD = "4242424242424242", "4000000000000002"
PASSWORD = "a-password-of-the-floor"
STEPS = ["Kitted", "Moulded", "Topped", "Cooling", "Demoulded", "Checked", "Wrapped", "Packed", "Shipped"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.valkey]

NewWindow = Callable[..., Page]


def test_from_the_first_click_to_the_parcel(stack: Stack, new_window: NewWindow) -> None:
    buyer, friend, baker = new_window(), new_window(), new_window()
    design_bar(buyer, stack)
    assert_friend_sees_the_same_picture(buyer, friend, stack)

    order_bar(buyer)
    pay(buyer, GOOD_CARD)

    expect(buyer.get_by_text("Thank you! Your payment has arrived")).to_be_visible()
    expect(buyer.locator("h1")).to_contain_text(Order.objects.get().number)
    expect(buyer.get_by_text("Waiting for its turn in the kitchen").first).to_be_visible()
    order_page = buyer.url
    assert_mail_arrived(baker, stack)

    sign_in(baker, stack)
    baker.goto(scanned(baker, stack, "ticket.pdf"))
    job = baker.url
    for step in STEPS:
        if step == "Moulded":
            temper(baker, stack, "milk_37")
            baker.goto(job)
        if step == "Checked":
            baker.get_by_label("Weight in grams").fill("100")
        if step == "Wrapped":
            baker.get_by_role("button", name="Make its label").click()
            address = scanned(baker, stack, "label.pdf")
            baker.get_by_label("Scan the label on the bar").fill(address)
        baker.locator(".floor-next").click()
        expect(baker.locator("[aria-current=step]")).to_have_text(step)
    expect(baker.locator(".floor-next")).to_have_count(0)

    buyer.goto(order_page)
    expect(buyer.locator("header .badge--good", has_text="Shipped")).to_be_visible()
    assert Payment.objects.filter(state="paid").count() == Order.objects.count() == Job.objects.count() == 1
    friend.goto(address)
    expect(friend.get_by_text(Job.objects.get().code)).to_be_visible()


def test_a_declined_card_loses_nothing(stack: Stack, new_window: NewWindow) -> None:
    buyer = new_window()
    design_bar(buyer, stack)
    order_bar(buyer)

    pay(buyer, DECLINED_CARD)
    expect(buyer.get_by_role("alert")).to_contain_text("Your card was declined.")
    assert (Order.objects.get().payment_state, Job.objects.count()) == ("pending", 0)

    buyer.get_by_role("link", name=re.compile("back|cancel", re.IGNORECASE)).first.click()
    expect(buyer.get_by_text("Not paid yet")).to_be_visible()
    expect(buyer.get_by_role("heading", name="Journey")).to_be_visible()
    buyer.reload()
    buyer.get_by_role("button", name=re.compile("^Pay now")).click()
    pay(buyer, GOOD_CARD)

    expect(buyer.get_by_text("Thank you! Your payment has arrived")).to_be_visible()
    order = Order.objects.get()
    assert (order.payment_state, order.lines.get().name, Job.objects.count()) == ("paid", "Journey", 1)
    assert PendingWork.objects.filter(kind="confirmation").count() == 1


def design_bar(page: Page, stack: Stack) -> None:
    """Milk chocolate with almonds, named, by clicks alone; each change answers before the next."""
    page.goto(f"{stack.url}/studio/bar-100/")
    for slot in ("base", "toppings"):
        page.locator(f"label[for=step-{slot}]").click()
        choose(page, slot, {"base": "milk_37", "toppings": "almond_flaked"}[slot])
    changes(page, lambda: name(page, "Journey"))
    expect(page.locator("#add")).to_be_enabled()


def name(page: Page, words: str) -> None:
    page.locator("#name").fill(words)
    page.locator("#name").press("Tab")


def choose(page: Page, slot: str, module: str) -> None:
    box = page.locator(f"input[name={slot}][value={module}]")
    if not box.is_checked():
        changes(page, box.check)
    expect(box).to_be_checked()


def changes(page: Page, act: Callable[[], object]) -> None:
    digest = page.locator("#order input[name=design]")
    before = digest.input_value()
    act()
    expect(digest).not_to_have_value(before)


def assert_friend_sees_the_same_picture(buyer: Page, friend: Page, stack: Stack) -> None:
    digest = buyer.locator("#order input[name=design]").input_value()
    expect(buyer.locator("#preview img")).to_have_attribute("src", re.compile(digest))
    shared = buyer.locator("#share a[href^='/d/']").get_attribute("href")
    mine = picture_of(buyer)

    friend.goto(f"{stack.url}{shared}")

    expect(friend.get_by_role("heading", name="Journey", exact=True)).to_be_visible()
    assert picture_of(friend) == mine


def picture_of(page: Page) -> str:
    address = page.locator("#preview img").evaluate(
        "image => new URL(image.getAttribute('src'), location).href"
    )
    answer = page.context.request.get(address)
    assert answer.ok
    return sha256(answer.body()).hexdigest()


def order_bar(page: Page) -> None:
    page.locator("#add").click()
    page.get_by_role("link", name="Go to checkout").click()
    for field, typed in {
        "email": "ada@example.org",
        "name": "Ada Lovelace",
        "street": "Kirchgasse 7",
        "postcode": "10115",
        "city": "Berlin",
    }.items():
        page.locator(f"[name={field}]").fill(typed)
    page.get_by_role("button", name="Order with obligation to pay").click()


def pay(page: Page, card: str) -> None:
    expect(page.get_by_text("no money moves").first).to_be_visible()
    for field, typed in {"card": card, "expiry": "12/34", "cvc": "123"}.items():
        page.locator(f"#{field}").fill(typed)
    page.get_by_role("button", name=re.compile("^Pay ")).click()


def assert_mail_arrived(page: Page, stack: Stack) -> None:
    number = Order.objects.get().number
    page.goto(f"{stack.url}/mailbox/")
    for _try in range(120):
        if page.get_by_text(number).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text(number).first).to_be_visible()


def sign_in(page: Page, stack: Stack) -> None:
    User.objects.create_superuser("bea", password=PASSWORD)
    page.goto(f"{stack.url}/floor/")
    page.get_by_label("Username:").fill("bea")
    page.get_by_label("Password:").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Queue", exact=True)).to_be_visible()


def temper(page: Page, stack: Stack, base: str) -> None:
    """A run of this chocolate, from the empty temperer to a strip that sets."""
    page.goto(f"{stack.url}/floor/runs/")
    page.get_by_text("Begin a run that is not planned").click()
    page.get_by_label("Temperer").select_option("T-O")
    page.get_by_label("Base").select_option(base)
    page.get_by_role("button", name="Fill and melt").click()
    page.get_by_role("button", name="Strip dipped: check the temper").click()
    page.get_by_label("Temperature in °C").fill("30")
    page.get_by_label("firm and glossy").check()
    page.get_by_role("button", name="Judge the temper").click()
    expect(page.get_by_text("The temper is good: T-O runs.")).to_be_visible()


def scanned(page: Page, stack: Stack, paper: str) -> str:
    """What a phone's camera reads from the printed ticket, or from the label on the bar."""
    pdf = page.context.request.get(f"{stack.url}/floor/jobs/{Job.objects.get().code}/{paper}").body()
    with PdfDocument(pdf) as pages:
        (code,) = scans(pages[0].render(scale=3).to_pil())
    return code
