"""What somebody finds in their account: their own orders and nobody else's, their cart and their bars on every device."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from configurator.domain.design import Design
from orders.models import Order
from tests.orders.paid import ADA, design, paid_order, placed_order
from tests.orders.till import Buyer, Till
from tests.shop.people import PASSWORD, account

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

EVE = "eve@example.com"


def signed_in(user: User, client: Client | None = None) -> Client:
    """By the page, as everybody."""
    client = client or Client()
    answer = client.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def numbers(client: Client, address: str = "/account/") -> list[str]:
    """Of the orders that the list shows."""
    page = client.get(address).content.decode()
    return re.findall(r'href="(?:/de)?/account/orders/(C-\w+)/"', page)


def opens(client: Client, order: Order) -> tuple[int, str]:
    answer = client.get(f"/account/orders/{order.number}/")
    return answer.status_code, answer.get("Location", "")


def test_what_is_ordered_while_signed_in_stands_in_the_account(ada_bar: Design, till: Till) -> None:
    user = account("mail@example.org")
    buyer = Buyer(signed_in(user))
    order, _page = buyer.order_of(ada_bar.digest)
    assert (order.account, order.email) == (user, "ada@example.com")
    assert numbers(buyer.client) == [order.number]
    assert opens(buyer.client, order) == (303, f"/orders/{order.token}/")


def test_the_order_page_shows_the_address_to_the_account_on_another_device(
    ada_bar: Design, till: Till
) -> None:
    user = account()
    order, _page = Buyer(signed_in(user)).order_of(ada_bar.digest)
    address = f"/orders/{order.token}/"
    assert "Teststraße 1" in signed_in(user).get(address).content.decode()
    assert "Teststraße 1" not in signed_in(account(EVE)).get(address).content.decode()
    assert "Teststraße 1" not in Client().get(address).content.decode()


def test_whoever_signs_out_leaves_no_order_and_no_address_behind(
    ada_bar: Design, plain_bar: Design, till: Till
) -> None:
    buyer = Buyer(signed_in(account()))
    order, _page = buyer.order_of(ada_bar.digest)
    assert buyer.client.get("/cart/").context["waiting"] == order
    payment = order.payments.get()
    back = f"/pay/return/{payment.pk}/"
    assert buyer.client.get(back)["Location"] == f"/orders/{order.token}/"
    buyer.client.post("/account/sign-out/")
    assert buyer.client.get(back).status_code == 200
    assert buyer.client.get("/cart/").context["waiting"] is None
    assert "Teststraße 1" not in buyer.client.get(f"/orders/{order.token}/").content.decode()
    buyer.puts_into_cart(plain_bar.digest)
    assert "Teststraße 1" not in buyer.client.get("/checkout/").content.decode()


def test_what_was_ordered_as_a_guest_is_found_by_a_proven_address_alone(catalogue: None) -> None:
    order = placed_order_of("Ada@Example.org")
    owner = signed_in(account("ada@example.org"))
    assert numbers(owner) == [order.number]
    assert opens(owner, order) == (303, f"/orders/{order.token}/")
    pretender = account(EVE)
    EmailAddress.objects.create(user=pretender, email="ada@example.org", verified=False)
    User.objects.filter(pk=pretender.pk).update(email="ada@example.org")
    client = Client()
    client.force_login(pretender)
    assert numbers(client) == []
    assert opens(client, order) == (404, "")


def test_an_order_of_another_account_is_not_mine_because_it_names_my_address(catalogue: None) -> None:
    order = placed_order_of("ada@example.com")
    order.account = account(EVE)
    order.save()
    ada = signed_in(account("ada@example.com"))
    assert numbers(ada) == []
    assert opens(ada, order) == (404, "")
    assert numbers(signed_in(order.account)) == [order.number]


def test_another_customer_is_answered_as_for_an_order_that_is_none(catalogue: None) -> None:
    order = placed_order_of("ada@example.com")
    eve = signed_in(account(EVE))
    eve.get("/account/")  # where the greeting is said
    strange, none = (eve.get(f"/account/orders/{number}/") for number in (order.number, "C-AAAAAAAA"))
    assert (strange.status_code, none.status_code) == (404, 404)
    bare = [
        re.sub(r"/account/orders/[\w-]+/|csrfmiddlewaretoken\S+ \S+", "", page.content.decode())
        for page in (strange, none)
    ]
    assert bare[0] == bare[1]


def test_a_guest_is_led_to_the_sign_in(catalogue: None) -> None:
    order = placed_order_of("ada@example.com")
    for address in ("/account/", f"/account/orders/{order.number}/"):
        answer = Client().get(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/account/sign-in/?next={address}")


def test_many_orders_cost_no_more_queries_than_one(
    catalogue: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(account("ada@example.org"))
    paid_order()
    client.get("/account/")
    for shown in (1, 3):
        # The session, the person, the addresses; how many orders, the orders, their bars.
        with django_assert_num_queries(6):
            assert len(numbers(client)) == shown
        placed_order_of("ada@example.org")
        paid_order()


def test_ten_orders_stand_on_a_page_the_newest_first(catalogue: None) -> None:
    client = signed_in(account("ada@example.org"))
    orders = [placed_order_of("ada@example.org").number for _order in range(11)]
    assert numbers(client) == orders[:0:-1]
    assert numbers(client, "/account/?page=2") == orders[:1]
    assert numbers(client, "/account/?page=99") == orders[:1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "Not paid yet"),
        ({"payment_state": "cancelled", "closed_at": "2026-11-17T12:00Z"}, "Cancelled"),
    ],
)
def test_the_list_says_how_an_order_stands(catalogue: None, change: dict[str, str], words: str) -> None:
    order = placed_order_of("ada@example.org")
    Order.objects.filter(pk=order.pk).update(**change)
    assert badges(signed_in(account("ada@example.org"))) == [words]


def test_the_list_says_what_is_made_and_what_was_sent(catalogue: None) -> None:
    order = paid_order()
    client = signed_in(account("ada@example.org"))
    assert badges(client) == ["In the making"]
    jobs = [job for line in order.lines.all() for job in line.jobs.all()]
    for job in jobs:
        type(job).objects.filter(pk=job.pk).update(job_state="shipped")
    assert badges(client) == ["Shipped"]


def test_whoever_has_ordered_nothing_is_told_what_will_stand_here(catalogue: None) -> None:
    page = signed_in(account()).get("/account/").content.decode()
    assert "No order yet." in page


def badges(client: Client) -> list[str]:
    return re.findall(r'<span class="badge[^"]*">([^<]*)</span>', client.get("/account/").content.decode())


def placed_order_of(email: str) -> Order:
    return placed_order((design(), 1), contact=replace(ADA, email=email))
