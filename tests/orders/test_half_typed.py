"""Nobody types an address twice: what stands in the checkout is kept until the order, and then forgotten."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from orders.buying import half_typed
from orders.models import Cart, Order
from tests.orders.till import Buyer

pytestmark = pytest.mark.usefixtures("till")
TYPED = {"email": "ada@example.org", "street": "Kirchgasse 7", "gift_message": "For you", "country": "DE"}


@pytest.fixture
def ada(buyer: Buyer, ada_bar) -> Buyer:
    buyer.puts_into_cart(ada_bar.digest, 2)
    return buyer


def field(buyer: Buyer, name: str, address: str = "/checkout/") -> str:
    page = buyer.client.get(address).content.decode()
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def leaves(buyer: Buyer, **typed: str):
    return buyer.client.post("/checkout/typed/", {**TYPED, **typed})


def test_without_a_script_the_way_to_the_cart_keeps_what_was_typed(ada):
    answer = ada.client.post("/checkout/", {**TYPED, "to_cart": "1"})

    assert (answer.status_code, answer["Location"]) == (303, "/cart/")
    assert field(ada, "email") == "ada@example.org"
    assert field(ada, "street") == "Kirchgasse 7"
    assert "For you" in ada.client.get("/checkout/").content.decode()


def test_what_a_script_tells_on_leaving_is_there_in_the_other_language_too(ada):
    assert leaves(ada).status_code == 204
    assert field(ada, "street", "/de/checkout/") == "Kirchgasse 7"


def test_all_recipients_and_the_address_of_the_bill_come_back(ada):
    leaves(
        ada, **{"recipients": "2", "to2-street": "Am Hafen 3", "bill_elsewhere": "on", "bill-city": "Kiel"}
    )
    page = ada.client.get("/checkout/").content.decode()

    assert 'name="to2-street" value="Am Hafen 3"' in page
    assert 'name="bill-city" value="Kiel"' in page
    assert 'name="recipients" value="2"' in page


def test_what_was_left_out_of_a_parcel_stays_out(ada):
    leaves(ada, recipients="1")
    assert not re.search(r'name="hide_prices"[^>]*checked', ada.client.get("/checkout/").content.decode())


def test_an_order_forgets_it(ada):
    leaves(ada)
    key = Cart.objects.get().key
    assert half_typed.find(key)["street"] == "Kirchgasse 7"

    assert ada.orders().status_code == 303

    assert half_typed.find(key) == {}
    assert Order.objects.get().street == "Teststraße 1"


def test_a_late_word_of_the_page_does_not_bring_it_back(ada):
    key = Cart.objects.get().key
    ada.orders()
    assert leaves(ada).status_code == 204
    assert half_typed.find(key) == {}


def test_an_order_that_was_refused_keeps_it(ada):
    answer = ada.orders(postcode="1", street="Kirchgasse 7")
    assert answer.status_code == 422
    assert field(ada, "street") == "Kirchgasse 7"


def test_only_what_the_form_asks_is_kept(ada):
    leaves(ada, card="4242424242424242", expected_total="1", order="1", seen="x", csrfmiddlewaretoken="x")
    assert half_typed.find(Cart.objects.get().key) == TYPED


def test_it_belongs_to_the_browser_of_the_cart(ada, plain_bar):
    leaves(ada)
    other = Buyer(Client())
    other.puts_into_cart(plain_bar.digest)
    assert field(other, "street") == ""
    assert Client().post("/checkout/typed/", TYPED).status_code == 204


def test_it_is_kept_for_two_hours(ada, monkeypatch):
    leaves(ada)
    now = timezone.now().timestamp()
    monkeypatch.setattr("time.time", lambda: now + timedelta(hours=2, minutes=1).total_seconds())
    assert half_typed.find(Cart.objects.get().key) == {}
    cache.clear()


def test_whoever_ordered_before_finds_the_address_of_then_until_something_is_typed(ada, ada_bar):
    ada.orders()
    ada.puts_into_cart(ada_bar.digest)
    assert field(ada, "street") == "Teststraße 1"
    leaves(ada)
    assert field(ada, "street") == "Kirchgasse 7"


def test_one_visitor_keeps_no_more_than_people_type(ada):
    answers = [leaves(ada, street=f"Kirchgasse {number}").status_code for number in range(121)]
    assert set(answers) == {204}
    assert half_typed.find(Cart.objects.get().key)["street"] == "Kirchgasse 119"


def test_who_reads_the_cache_reads_nothing_of_it(ada):
    leaves(ada)
    sealed = cache.get(half_typed._name(Cart.objects.get().key))

    assert isinstance(sealed, bytes)
    # Two letters such as "DE" stand in many a seal by chance; seven do not.
    assert all(words.encode() not in sealed for words in TYPED.values() if len(words) > 6)


def test_what_another_key_sealed_is_as_if_nothing_were_there(ada):
    leaves(ada)
    key = Cart.objects.get().key
    cache.set(half_typed._name(key), cache.get(half_typed._name(key))[:-1] + b"A")

    assert half_typed.find(key) == {}
    assert field(ada, "street") == ""
