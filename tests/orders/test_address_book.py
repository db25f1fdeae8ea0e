"""The address book: kept at home or at the checkout, filled in at the next one, and reached by nobody else."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from configurator.domain.design import Design
from orders.buying import address_book
from orders.buying.address_book import ADDRESSES_MAX, BookFull
from orders.buying.wishes import Address
from orders.models import KeptAddress, Order
from tests.orders.test_account_orders import EVE, signed_in
from tests.orders.threads import in_threads
from tests.orders.till import Buyer, Till
from tests.shop.people import account

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("catalogue")]

BERLIN = Address("Ada Lovelace", "Kirchgasse 7", "", "10115", "Berlin", "DE")
WIEN = Address("Grace Hopper", "Marktgasse 2", "2. Stock", "1010", "Wien", "AT")
TYPED = {
    "name": "Grace Hopper", "street": "Marktgasse 2", "extra": "2. Stock", "postcode": "1010", "city": "Wien",
    "country": "AT",
}  # fmt: skip


def cities(user: User) -> list[str]:
    return list(address_book.addresses_of(user).values_list("city", flat=True))


def shown(client: Client) -> list[str]:
    page = client.get("/account/addresses/").content.decode()
    return re.findall(r"<address><strong>([^<]*)", page)


def fields(page: str) -> dict[str, str]:
    """What stands in the checkout's text fields."""
    found = re.findall(r'<input[^>]*?name="([\w-]+)"[^>]*?value="([^"]*)"', page)
    return {name: value for name, value in found if "expected" not in name and name != "csrfmiddlewaretoken"}


def test_an_address_is_added_changed_and_removed() -> None:
    user = account()
    client = signed_in(user)
    answer = client.post("/account/addresses/new/", TYPED)
    assert (answer.status_code, answer["Location"]) == (303, "/account/addresses/")
    kept = KeptAddress.objects.get()
    assert (kept.account, kept.for_parcels, str(kept)) == (
        user,
        True,
        "Grace Hopper, Marktgasse 2, 2. Stock, 1010 Wien",
    )
    page = client.get(f"/account/addresses/{kept.pk}/").content.decode()
    assert fields(page)["street"] == "Marktgasse 2"
    client.post(f"/account/addresses/{kept.pk}/", TYPED | {"city": "Graz", "postcode": "8010"})
    assert cities(user) == ["Graz"]
    client.post(f"/account/addresses/{kept.pk}/removal/")
    assert cities(user) == []


def test_a_mistake_is_named_and_nothing_typed_is_lost() -> None:
    client = signed_in(account())
    answer = client.post("/account/addresses/new/", TYPED | {"postcode": "12", "name": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Write the name." in page
    assert "A postcode in Austria looks like" in page
    assert fields(page)["street"] == "Marktgasse 2"
    assert KeptAddress.objects.count() == 0


def test_one_address_is_the_first_for_parcels_and_one_for_bills() -> None:
    user = account()
    berlin, wien = address_book.keep(user, BERLIN), address_book.keep(user, WIEN)
    client = signed_in(user)
    client.post(f"/account/addresses/{wien.pk}/preference/", {"for": "parcels"})
    client.post(f"/account/addresses/{berlin.pk}/preference/", {"for": "bills"})
    uses = KeptAddress.objects.order_by("pk").values_list("city", "for_parcels", "for_bills")
    assert list(uses) == [("Berlin", False, True), ("Wien", True, False)]
    client.post(f"/account/addresses/{berlin.pk}/preference/", {"for": "no-bills"})
    client.post(f"/account/addresses/{wien.pk}/preference/", {"for": "fame"})
    assert list(uses.all()) == [("Berlin", False, False), ("Wien", True, False)]
    client.post(f"/account/addresses/{wien.pk}/removal/")
    assert list(uses.all()) == [("Berlin", True, False)]


def test_the_same_address_is_kept_once_and_no_more_than_twenty_are() -> None:
    user = account()
    for number in range(ADDRESSES_MAX):
        address_book.keep(user, Address(f"Ada {number}", "Kirchgasse 7", "", "10115", "Berlin", "DE"))
    first = address_book.keep(user, Address("Ada 0", "Kirchgasse 7", "", "10115", "Berlin", "DE"))
    assert first.for_parcels
    with pytest.raises(BookFull):
        address_book.keep(user, WIEN)
    client = signed_in(user)
    answer = client.post("/account/addresses/new/", TYPED)
    assert answer.status_code == 422
    assert "Your account keeps 20 addresses and has no room for one more." in answer.content.decode()
    assert 'href="/account/addresses/new/"' not in client.get("/account/addresses/").content.decode()
    other = KeptAddress.objects.get(name="Ada 1")
    answer = client.post(
        f"/account/addresses/{other.pk}/",
        {"name": "Ada 0", "street": "Kirchgasse 7", "postcode": "10115", "city": "Berlin", "country": "DE"},
    )
    assert "You keep this address already." in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_same_address_kept_at_several_doors_at_once_is_one() -> None:
    user = account()
    in_threads(4, lambda _number: address_book.keep(user, BERLIN))
    assert cities(user) == ["Berlin"]


def test_nobody_reaches_an_address_of_somebody_else(ada_bar: Design) -> None:
    kept = address_book.keep(account(), BERLIN)
    eve = Buyer(signed_in(account(EVE)))
    address_book.keep(User.objects.get(email=EVE), WIEN)
    for path, said in (("", TYPED), ("removal/", {}), ("preference/", {"for": "bills"})):
        assert eve.client.post(f"/account/addresses/{kept.pk}/{path}", said).status_code == 404
    assert eve.client.get(f"/account/addresses/{kept.pk}/").status_code == 404
    assert shown(eve.client) == ["Grace Hopper"]
    # Nor by its number at the checkout.
    eve.puts_into_cart(ada_bar.digest)
    page = eve.client.post("/checkout/", {"use_address": "1", "known-1": str(kept.pk)}).content.decode()
    assert "Kirchgasse 7" not in page
    kept.refresh_from_db()
    assert (kept.city, kept.for_bills) == ("Berlin", False)


def test_the_checkout_begins_with_what_the_account_knows(ada_bar: Design) -> None:
    user = account("mail@example.org")
    address_book.keep(user, BERLIN)
    address_book.prefer(address_book.keep(user, WIEN), "for_bills")
    buyer = Buyer(signed_in(user))
    buyer.puts_into_cart(ada_bar.digest)
    page = buyer.client.get("/checkout/").content.decode()
    known = fields(page)
    assert (known["email"], known["street"], known["city"]) == ("mail@example.org", "Kirchgasse 7", "Berlin")
    assert (known["bill-street"], known["bill-city"]) == ("Marktgasse 2", "Wien")
    assert re.search(r'name="bill_elsewhere"[^>]* checked', page)


def test_an_address_is_chosen_for_each_recipient_without_a_script(ada_bar: Design) -> None:
    user = account()
    address_book.keep(user, BERLIN)
    wien = address_book.keep(user, WIEN)
    buyer = Buyer(signed_in(user))
    buyer.puts_into_cart(ada_bar.digest, 2)
    said = buyer.address | {"recipients": "2", "street": "Typed 1"}
    page = buyer.client.post(
        "/checkout/", said | {"use_address": "2", "known-2": str(wien.pk)}
    ).content.decode()
    assert (fields(page)["street"], fields(page)["to2-street"]) == ("Typed 1", "Marktgasse 2")
    page = buyer.client.post(
        "/checkout/", said | {"use_address": "bill", "known-bill": str(wien.pk)}
    ).content.decode()
    assert fields(page)["bill-street"] == "Marktgasse 2"


def test_the_addresses_of_an_order_are_kept_when_that_is_asked_for(ada_bar: Design, till: Till) -> None:
    user = account()
    buyer = Buyer(signed_in(user))
    buyer.puts_into_cart(ada_bar.digest)
    bill = {f"bill-{name}": value for name, value in TYPED.items()} | {
        "bill_elsewhere": "on",
        "bill-keep": "on",
    }
    buyer.orders(keep="on", **bill)
    assert Order.objects.get().city == "Wien"
    assert cities(user) == ["Berlin", "Wien"]
    buyer.puts_into_cart(ada_bar.digest)
    buyer.orders(street="Elsewhere 3")
    assert cities(user) == ["Berlin", "Wien"]


def test_what_is_to_be_kept_survives_a_mistake_and_a_full_book_stops_no_order(
    ada_bar: Design, till: Till
) -> None:
    user = account()
    for number in range(ADDRESSES_MAX):
        address_book.keep(user, Address(f"Ada {number}", "Kirchgasse 7", "", "10115", "Berlin", "DE"))
    buyer = Buyer(signed_in(user))
    buyer.puts_into_cart(ada_bar.digest)
    page = buyer.orders(keep="on", postcode="").content.decode()
    assert re.search(r'name="keep"[^>]* checked', page)
    buyer.orders(keep="on")
    order = Order.objects.get()
    assert "Your account keeps 20 addresses" in buyer.client.get(f"/orders/{order.token}/").content.decode()


def test_guests_are_offered_a_sign_in_and_no_book(
    buyer: Buyer, ada_bar: Design, till: Till, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    buyer.puts_into_cart(ada_bar.digest)
    page = buyer.client.get("/checkout/").content.decode()
    assert 'href="/account/sign-in/?next=/checkout/"' in page
    assert 'name="keep"' not in page
    buyer.orders(keep="on")
    assert KeptAddress.objects.count() == 0


def test_the_book_costs_the_same_for_any_number(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = account()
    client = signed_in(user)
    address_book.keep(user, BERLIN)
    shown(client)
    for count in (1, 3):
        with django_assert_num_queries(3):
            assert len(shown(client)) == count
        address_book.keep(user, WIEN)
        address_book.keep(user, Address("Ada", "Hof 1", "", "10115", "Berlin", "DE"))
