"""Whoever works in the office is shown no way that is closed to them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client

from orders.office.open_doors import without_closed_doors
from orders.office.staff_groups import RIGHTS
from tests import loaded
from tests.permissions.people import House, furnished

HREF = re.compile(r'<a\b[^>]*?\shref="([^"#]+)"')
OURS = ("/admin/", "/floor/")
LEAVES = ("/admin/logout/", "/admin/jsi18n/")
RECORDS = re.compile(r"(/admin/\w+/\w+/|/floor/jobs/)([^/]+)(/.*)?")
OF_A_KIND = 1
"""Of many records of one kind, and of many filters of one list, the first that is met."""


@pytest.fixture
def house(db: None) -> House:
    loaded.catalogue()
    loaded.rates()
    return furnished()


@pytest.mark.parametrize("group", RIGHTS)
def test_no_link_of_the_office_leads_to_a_closed_door(house: House, group: str) -> None:
    closed = [
        f"{page} leads to {link}: {status}"
        for page, link, status in _walked(house.client(group))
        if status >= 400
    ]
    assert closed == []


def test_what_a_closed_link_said_is_still_read() -> None:
    page = '<p><a class="x" href="/admin/a/?q=1">Ada</a> and <a href="/b/"><img src="c" alt=""></a></p>'
    assert without_closed_doors(page, lambda address: address == "/b/") == (
        '<p>Ada and <a href="/b/"><img src="c" alt=""></a></p>'
    )


def test_a_page_that_is_only_read_has_nothing_to_save(house: House) -> None:
    support = house.client("support")
    page = support.get(f"/admin/orders/order/{house.order.pk}/change/").content.decode()
    assert 'name="_save"' not in page
    assert 'name="_save"' in support.get("/admin/orders/voucher/add/").content.decode()


def _walked(client: Client) -> Iterator[tuple[str, str, int]]:
    """Every page of the office and of the floor that links lead to, one of each kind of record."""
    ways = deque([("the start", "/admin/")])
    met: dict[str, int] = {}
    while ways:
        page, link = ways.popleft()
        kind = _kind(link)
        met[kind] = met.get(kind, 0) + 1
        if met[kind] > OF_A_KIND:
            continue
        answer = client.get(link)
        yield page, link, answer.status_code
        if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            ways.extend((link, way) for way in _ways(answer.content.decode(), link))


def _ways(page: str, at: str) -> Iterator[str]:
    here = at.partition("?")[0]
    for written in HREF.findall(page):
        link = unescape(written)
        link = here + link if link.startswith("?") else link
        # Filters of what is filtered already lead nowhere new.
        if link.startswith(OURS) and not link.startswith(LEAVES) and not ("?" in at and "?" in link):
            yield link


def _kind(link: str) -> str:
    path, _mark, query = link.partition("?")
    record = RECORDS.fullmatch(path)
    if record and record[3]:
        path = f"{record[1]}*{record[3]}"
    return f"{path}?" if query else path
