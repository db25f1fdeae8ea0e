"""A guest takes a copy of everything and is forgotten, and the shop's own worker does both."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from devserver.stack import Stack
from orders.models import Invoice, Order, PendingWork
from tests.journeys.test_bar import GOOD_CARD, design_bar, order_bar, pay
from tests.orders import somebody
from tests.orders.paid import bring_to, only_job

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.valkey]

EMAIL = "ada@example.org"
TRACES = re.compile(rb"ada@example|lovelace|kirchgasse", re.IGNORECASE)
"""Of what is typed at the checkout."""


def test_the_worker_writes_the_copy_and_then_forgets(
    stack: Stack, new_window: Callable[..., Page], tmp_path: Path
) -> None:
    buyer = new_window()
    number = bought_and_sent(buyer, stack)
    assert {"orders_order.email", "orders_order.name"} <= cells_that_tell()

    buyer.goto(link_from_mail(buyer, stack))
    buyer.get_by_role("button", name="Make a copy").click()
    come(buyer, lambda: buyer.get_by_role("link", name="Fetch the copy").count() == 1)
    with buyer.expect_download() as download:
        buyer.get_by_role("link", name="Fetch the copy").click()
    download.value.save_as(tmp_path / "copy.zip")
    with ZipFile(tmp_path / "copy.zip") as copy:
        assert [each["order"]["number"] for each in json.loads(copy.read("orders.json"))] == [number]

    buyer.get_by_role("link", name="See what would go").click()
    buyer.locator("[name=sure]").check()
    buyer.get_by_role("button", name="Forget me now").click()
    come(buyer, lambda: buyer.get_by_role("heading", name="You are forgotten").count() == 1)

    expect(buyer.get_by_text(Invoice.objects.get().number).first).to_be_visible()
    assert cells_that_tell() == {"orders_invoice.content"}
    assert list(files_that_tell(stack)) == []


def bought_and_sent(buyer: Page, stack: Stack) -> str:
    """Nothing is open any more: the bar has left, and its mails and its invoice are written."""
    design_bar(buyer, stack)
    order_bar(buyer)
    pay(buyer, GOOD_CARD)
    expect(buyer.get_by_text("Thank you! Your payment has arrived")).to_be_visible()
    order = Order.objects.get()
    bring_to(only_job(order), "shipped", User.objects.create_user("bea"), at=timezone.now())
    owed = PendingWork.objects.filter(done_at=None, try_at__lte=timezone.now())
    come(buyer, lambda: not owed.exists())
    return order.number


def link_from_mail(buyer: Page, stack: Stack) -> str:
    buyer.goto(f"{stack.url}/my-data/")
    buyer.get_by_label("E-mail").fill(EMAIL)
    buyer.locator("main form button").click()
    letters = Path(stack.var) / "mail"
    found: list[str] = []

    def has_come() -> bool:
        words = [path.read_text(errors="replace") for path in letters.rglob("*") if path.is_file()]
        found.extend(re.findall(r"http://\S+/my-data/[^\s/\"]+/", "\n".join(words)))
        return bool(found)

    come(buyer, has_come)
    return found[-1]


def come(page: Page, there: Callable[[], bool]) -> None:
    """Looked at again and again, as somebody does who waits."""
    for _try in range(120):
        if there():
            return
        page.wait_for_timeout(500)
        page.reload()
    assert there()


def cells_that_tell() -> set[str]:
    return {
        f"{table}.{column}"
        for table, column, value in somebody.cells()
        if TRACES.search(bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode())
    }


def files_that_tell(stack: Stack) -> Iterator[str]:
    """Logs of all processes, the broker's journal, pictures and papers. A mailbox is its reader's, and Stripe keeps its
    own books."""
    for path in Path(stack.var).rglob("*"):
        place = path.relative_to(stack.var)
        if path.is_file() and place.parts[0] not in {"mail", "sandbox"} and TRACES.search(path.read_bytes()):
            yield str(place)
