"""Bars of an account: what a guest has designed comes along, is there on every device, and stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from configurator.designs import save
from configurator.makers import keeping
from configurator.makers.makers import COOKIE, maker_of_account
from configurator.models import Creation
from configurator.pictures import photos
from orders.account import untouched
from tests.configurator.people import MONDAY, Person, bar, words
from tests.orders.paid import with_photo_print
from tests.orders.test_account_orders import EVE, signed_in
from tests.shop.people import account

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("catalogue")]


def bars_of(client: Client) -> list[str]:
    return [kept.name for kept in client.get("/mine/").context["bars"]]


def test_the_bars_of_a_guest_come_along_and_are_there_on_the_next_device() -> None:
    user, ada = account(), Person("ada")
    creation = ada.designs(bar("Night"), visibility="private")
    page = words(signed_in(user, ada.client).get("/account/").content.decode())
    assert "The bar that you designed here is in your account now." in page
    phone = signed_in(user)
    for client in (ada.client, phone):
        assert bars_of(client) == ["Night"]
        assert client.get(f"/d/{creation.design_id}/").status_code == 200
    phone.post(f"/mine/{creation.pk}/name/", {"name": "Morning"})
    assert bars_of(ada.client) == ["Morning"]


def test_nobody_else_reaches_the_bars_of_an_account() -> None:
    user, ada = account(), Person("ada")
    creation = ada.designs(bar("Night"), visibility="private")
    signed_in(user, ada.client)
    for other in (Client(), signed_in(account(EVE)), Person("ada").client):
        assert bars_of(other) == []
        assert other.get(f"/d/{creation.design_id}/").status_code == 404
        assert other.post(f"/mine/{creation.pk}/name/", {"name": "Mine"}).status_code == 404


def test_whoever_signs_out_leaves_no_bars_behind() -> None:
    user, ada = account(), Person("ada")
    ada.designs(bar("Night"))
    signed_in(user, ada.client)
    ada.client.post("/account/sign-out/")
    assert bars_of(ada.client) == []
    ada.designs(bar("Noon"))
    assert bars_of(ada.client) == ["Noon"]
    assert bars_of(signed_in(user)) == ["Night"]
    signed_in(user, ada.client)
    assert sorted(bars_of(ada.client)) == ["Night", "Noon"]


def test_what_is_designed_while_signed_in_is_the_accounts_and_leaves_no_key_in_the_browser() -> None:
    user = account()
    client = signed_in(user)
    row = save(bar("Noon"))
    client.post("/mine/finished/", {"design": row.digest})
    assert list(Creation.objects.values_list("maker", flat=True)) == [maker_of_account(user)]
    assert COOKIE not in client.cookies


def test_bars_of_an_account_are_not_forgotten_after_ninety_days() -> None:
    user, ada = account(), Person("ada")
    ada.designs(bar("Night"))
    signed_in(user, ada.client)
    Person("bea").designs(bar("Noon"))
    untouched.forget(MONDAY + keeping.KEPT + timedelta(days=1))
    assert [creation.design.name for creation in Creation.objects.all()] == ["Night"]
    assert "Kept in your account until you delete it." in ada.client.get("/mine/").content.decode()
    user.delete()
    untouched.forget(MONDAY + keeping.KEPT + timedelta(days=2))
    assert Creation.objects.count() == 0


def test_an_own_photo_is_seen_on_the_next_device_and_a_strangers_never() -> None:
    user, ada = account(), Person("ada")
    own = with_photo_print(bar("Night"))
    [photo] = own.photos
    ada.designs(own, start=bar("Before"))
    signed_in(user, ada.client)
    phone = signed_in(user)
    assert phone.session[photos.SESSION_KEY] == [photo.digest]
    # Eve keeps Ada's bar as it was shown to her, and gives it a name of her own.
    eve = Person("eve")
    eve.designs(own.named("Hers"), start=own)
    signed_in(account(EVE), eve.client)
    assert photos.SESSION_KEY not in eve.client.session


def test_guests_pay_nothing_for_accounts(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for address, queries in (("/mine/", 1), ("/cart/", 0), ("/legal/", 0)):
        client.get(address)
        with django_assert_num_queries(queries):
            answer = client.get(address)
        assert "sessionid" not in answer.cookies
