"""The reminders in somebody's account: those that write to their own addresses, seen and ended there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from configurator.designs import save
from configurator.makers.makers import maker_of_account
from configurator.models import Creation
from orders.after import reminders
from orders.after.reminders import Wish
from orders.models import Reminder
from tests.configurator.people import Person, bar, words
from tests.orders.paid import paid_order
from tests.orders.test_account_orders import EVE, signed_in
from tests.shop.people import ADA, account

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("catalogue")]

LIST = "/account/reminders/"


def asked(name: str = "Night", email: str = ADA, *, days: int = 60, set_at_once: bool = True) -> Reminder:
    wish = Wish(
        email,
        timezone.localdate() + timedelta(days),
        yearly=False,
        occasion=name,
        locale="en",
        currency="EUR",
    )
    return reminders.ask(save(bar(name)), wish, is_theirs=set_at_once, at=timezone.now())


def occasions(client: Client, address: str = LIST) -> list[str]:
    return re.findall(r"<p>(\w+) · ", client.get(address).content.decode())


def test_whoever_is_signed_in_sees_what_writes_to_their_addresses_the_next_day_first() -> None:
    client = signed_in(account())
    assert "No reminder is set." in words(client.get(LIST).content.decode())
    asked("Later", days=90)
    asked("Sooner", "Ada@Example.com", days=40)
    asked("Theirs", EVE)
    reminders.end(asked("Ended"), at=timezone.now())
    assert occasions(client) == ["Sooner", "Later"]
    assert f'href="{LIST}"' in client.get("/account/").content.decode()
    assert Client().get(LIST).status_code == 302


def test_one_press_ends_it_and_nobody_ends_that_of_somebody_else() -> None:
    reminder = asked()
    eve, ada = signed_in(account(EVE)), signed_in(account())
    assert eve.post(f"{LIST}{reminder.pk}/end/").status_code == 404
    assert Client().post(f"{LIST}{reminder.pk}/end/").status_code == 302
    assert Reminder.objects.filter(ended_at=None).count() == 1
    page = words(ada.post(f"{LIST}{reminder.pk}/end/", follow=True).content.decode())
    assert "Ended. No mail comes any more." in page
    assert Reminder.objects.filter(ended_at=None).count() == 0
    assert ada.post(f"{LIST}{reminder.pk}/end/").status_code == 404


def test_one_that_waits_for_a_yes_says_so_and_its_link_stays_in_the_mail() -> None:
    reminder = asked(set_at_once=False)
    page = signed_in(account()).get(LIST).content.decode()
    assert "Not set yet: press the button in our mail to ada@example.com." in words(page)
    assert reminder.token not in page


def test_a_bar_that_its_maker_has_made_private_is_neither_shown_nor_named() -> None:
    user = account()
    asked("Secret")
    creation = Person("bea").designs(bar("Secret"), visibility="private")
    client = signed_in(user)
    page = client.get(LIST).content.decode()
    assert (creation.design.code in page, "mail_picture" in page, "See the bar" in page) == (
        True,
        False,
        False,
    )
    assert creation.design_id not in page
    Creation.objects.update(maker=maker_of_account(user))
    assert creation.design_id in client.get(LIST).content.decode()
    Creation.objects.update(maker="somebody-else")
    assert creation.design_id not in client.get(LIST).content.decode()
    paid_order((bar("Secret"), 1))
    assert creation.design_id in client.get(LIST).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_more_reminders_cost_no_more_questions(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(account())
    for each in range(number):
        asked(f"Night{each}", days=40 + each)
    client.get(LIST)
    with django_assert_num_queries(8):
        assert len(occasions(client)) == number


def test_a_page_holds_ten() -> None:
    client = signed_in(account())
    for each in range(11):
        asked(f"Night{each}", days=40 + each)
    assert [len(occasions(client, f"{LIST}?page={page}")) for page in (1, 2)] == [10, 1]
