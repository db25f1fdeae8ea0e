"""The checkout looks the same to everybody who has typed nothing, and shows nobody what another one typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models.shipping import Destination
from tests.orders.till import Buyer

pytestmark = pytest.mark.usefixtures("till")
TYPED = {
    "email": "ada@example.org",
    "name": "Ada <3",
    "street": "Kirchgasse 7",
    "bill-city": "Kiel",
    "country": "AT",
}


def _page(buyer: Buyer, address: str = "/checkout/") -> str:
    page = buyer.client.get(address).content.decode()
    return re.sub(r'name="(csrfmiddlewaretoken|seen)" value="[^"]*"', "", page)


@pytest.fixture
def two(new_buyer: Callable[[], Buyer], ada_bar) -> tuple[Buyer, Buyer]:
    buyers = new_buyer(), new_buyer()
    for buyer in buyers:
        buyer.puts_into_cart(ada_bar.digest, 2)
        buyer.client.get("/cart/")  # where the message is read
    return buyers


def test_what_one_types_stands_on_no_page_but_their_own(two):
    ada, bob = two
    blank = _page(bob)
    assert _page(ada) == blank

    refused = ada.client.post("/checkout/", {**TYPED, "order": "1", "expected_total": "1"}).content.decode()
    assert "Kirchgasse 7" in refused
    assert "Kirchgasse 7" in _page(ada)
    assert _page(bob) == blank
    assert not any(typed in blank for typed in ("ada@example.org", "Ada &lt;3", "Kirchgasse", "Kiel"))


def test_each_language_has_its_own_words(two):
    _ada, bob = two
    english, german = _page(bob), _page(bob, "/de/checkout/")
    for page, words in ((english, "Street and number"), (german, "Straße und Hausnummer")):
        assert words in page
    assert (_page(bob), _page(bob, "/de/checkout/")) == (english, german)


def test_a_day_later_a_parcel_may_arrive_a_day_later(two, monkeypatch: pytest.MonkeyPatch):
    ada, _bob = two
    now = timezone.now()
    wishes = []
    for days in (0, 1):
        monkeypatch.setattr(
            "orders.views.checkout.now", lambda days=days: now + timedelta(days=days, minutes=5)
        )
        wishes.append(re.search(r'name="wish_on"[^>]* min="([0-9-]+)"', _page(ada)))
    first, second = (wish[1] for wish in wishes if wish)
    today = timezone.localdate(now + timedelta(minutes=5))
    assert [first, second] == [(today + timedelta(days=ahead)).isoformat() for ahead in (1, 2)]


def test_a_country_that_is_no_longer_offered_leaves_the_page_at_once(two):
    ada, _bob = two
    assert '<option value="AT"' in _page(ada)
    row = Destination.objects.get(country="AT")
    row.label_locale = ""
    row.save()
    assert '<option value="AT"' not in _page(ada)
