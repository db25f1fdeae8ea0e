"""What somebody does not eat is nobody's business: it is looked for everywhere after a whole order."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, Request, expect

from devserver.stack import Stack
from orders.models import Job, Order
from tests.journeys.test_bar import GOOD_CARD, changes, name, order_bar, pay

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.valkey]

NewWindow = Callable[..., Page]

CHOSEN = {"molluscs": "strict", "crustaceans": "careful"}
"""Words that stand nowhere in a catalogue of chocolate."""
TRACES = re.compile(rb"mollusc|crustacean|weichtier|krebstier|%22avoid%22|\"avoid\"", re.IGNORECASE)


def test_the_filter_leaves_no_trace_in_requests_database_logs_and_files(
    stack: Stack, new_window: NewWindow
) -> None:
    buyer = new_window()
    requests: list[Request] = []
    buyer.context.on("request", lambda request: requests.extend([request]))

    look_around_with_a_filter(buyer, stack)
    design_and_order(buyer, stack)
    expect(buyer.get_by_text("Thank you! Your payment has arrived")).to_be_visible()
    assert (Order.objects.count(), Job.objects.count()) == (1, 1)

    # The choice is still there, so it was in force all the time.
    kept = json.loads(buyer.evaluate("localStorage.getItem('diet')"))
    assert kept == {"avoid": CHOSEN, "needs": ["vegan"]}
    assert len(requests) > 100
    assert found(told(requests)) == []
    assert found([("the database", dumped())]) == []
    assert found(kept_files(stack)) == []


def look_around_with_a_filter(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/bars/")
    page.get_by_role("button", name="Allergies and diet").click()
    panel = page.get_by_role("dialog", name="Allergies and diet")
    panel.locator("[data-need=vegan]").check()
    for group, mode in CHOSEN.items():
        panel.locator(f"[data-group={group}]").check()
        if mode == "strict":
            panel.locator(f"[data-strict={group}]").check()
    panel.get_by_role("button", name="Done").click()
    for address in ("/modules/?sort=contains", "/m/raspberry_fd/", "/"):
        page.goto(stack.url + address)


def design_and_order(page: Page, stack: Stack) -> None:
    """The filter finds fault with the bar that the studio opens with; its own ways out are taken."""
    page.goto(f"{stack.url}/studio/bar-100/")
    clashes = page.locator(".diet__clashes li")
    expect(clashes.first).to_be_visible()
    while clashes.count():
        changes(page, clashes.first.locator("button").last.click)
        page.wait_for_timeout(300)
    page.locator("#search").fill("weird words for a search")
    page.locator("#search").fill("")
    changes(page, lambda: name(page, "Journey"))
    order_bar(page)
    pay(page, GOOD_CARD)


def told(requests: list[Request]) -> Iterator[tuple[str, bytes]]:
    """All that a browser says: address, headers, body. Files of the page itself are the same for everybody."""
    for request in requests:
        if urlsplit(request.url).path.startswith("/static/"):
            continue
        headers = json.dumps(request.all_headers())
        yield (
            f"{request.method} {request.url}",
            f"{request.url}\n{headers}\n".encode() + (request.post_data_buffer or b""),
        )


def dumped() -> bytes:
    """Every row of every table."""
    written = StringIO()
    call_command("dumpdata", stdout=written, exclude=["contenttypes", "auth.permission"])
    return written.getvalue().encode()


def kept_files(stack: Stack) -> Iterator[tuple[str, bytes]]:
    """Logs of all processes, mail, pictures, documents."""
    # The last is a link, which no search follows by itself.
    folders = (Path(stack.var), Path(stack.var) / "media" / "modules")
    logs = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in logs)
    for path in logs:
        yield str(path.relative_to(stack.var)), path.read_bytes()


def found(places: Iterator[tuple[str, bytes]] | list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    return [(place, match[0]) for place, words in places if (match := TRACES.search(words))]
