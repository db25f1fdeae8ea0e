"""A slip says what lies in the parcel, in the language of its labels, and never what anything costs."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pdfplumber
import pytest

from orders.models import Order, Shipment
from orders.papers import packing_slip
from orders.production import steps
from tests.orders.longest import longest_order
from tests.orders.paid import GRACE, MONDAY_NOON, design, operator, paid_for_two, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")
MARGIN = 15 / 25.4 * 72 - 1
BARS = ("Ada", "Großmutters Geburtstagstafel!!", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "Für Opa", "Mitternacht")


def words_of(parcel: Shipment) -> str:
    with pdfplumber.open(BytesIO(packing_slip.render(parcel))) as pdf:
        return plain(" ".join(page.extract_text() for page in pdf.pages))


def plain(words: str) -> str:
    """A hyphen and a letter are written with what they may be broken by."""
    return " ".join(words.split()).replace("\u200b", "").replace("\u00ad", "-")


@pytest.fixture
def order(catalogue: None) -> Order:
    """Ada orders in English; Grace in Vienna gets a gift of ten bars."""
    gift = replace(GRACE, gift_message="Alles Liebe!")
    return paid_for_two(*((design(name), 1, 2) for name in BARS), to=gift)


def test_a_gift_lists_its_bars_in_the_language_of_its_labels_without_any_price(order):
    words = words_of(order.shipments.get(place=2))

    assert "Packzettel" in words
    assert "Grace Hopper" in words
    assert "Tafeln in diesem Paket: 10" in words
    assert all(name[:12] in words for name in BARS)
    assert not re.search(r"€|EUR|\d[.,]\d\d\b", words)


def test_a_parcel_lists_only_what_lies_in_it(order):
    own = words_of(order.shipments.get(place=1))
    assert "Tafeln in diesem Paket: 5" in own
    assert "1 von 2" in own
    assert "Grace" not in own


def test_the_longest_address_and_ten_bars_stay_on_their_paper():
    order = longest_order("de")
    for parcel in order.shipments.all():
        with pdfplumber.open(BytesIO(packing_slip.render(parcel))) as pdf:
            assert all(
                word["x1"] <= page.width - MARGIN for page in pdf.pages for word in page.extract_words()
            )
            assert all(order.number in plain(page.extract_text()) for page in pdf.pages)
        assert f"Tafeln in diesem Paket: {parcel.lines.count()}" in words_of(parcel)


def test_what_was_left_out_is_named_and_not_counted():
    order, bea = paid_order((design("Ada"), 2)), operator("bea")
    parcel = order.shipments.get()
    gone = parcel.jobs.earliest("pk")
    steps.hold(gone, "almond_whole", by=bea, at=MONDAY_NOON)
    steps.leave_out(gone, by=bea, at=MONDAY_NOON)

    words = words_of(parcel)
    assert "Tafeln in diesem Paket: 1" in words
    assert "Weggelassen" in words


def test_the_floor_prints_it_from_the_page_of_a_bar(client, order):
    job = order.shipments.get(place=2).jobs.first()
    address = f"/floor/jobs/{job.code}/packing-slip.pdf"
    client.force_login(operator("bea"))
    assert address in client.get(f"/floor/jobs/{job.code}/").content.decode()
    assert client.get(address).content.startswith(b"%PDF")

    client.force_login(operator("carl", "view_order"))
    assert client.get(address).status_code == 403
