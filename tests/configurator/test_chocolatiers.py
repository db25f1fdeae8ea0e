"""A maker asks our chocolatiers; they answer in words and with a bar that one click takes up."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from configurator import designs
from configurator.makers import chocolatiers
from configurator.models import Check, Creation
from orders.office.attention import attention
from orders.office.staff_groups import PRODUCTION, ensure_groups
from tests import loaded
from tests.configurator.page_forms import sent_by
from tests.configurator.people import MONDAY, Person, bar

LIST = "/admin/configurator/check/"


@pytest.fixture
def ada(db: None) -> Person:
    loaded.catalogue()
    cache.clear()
    return Person("ada")


@pytest.fixture
def creation(ada: Person) -> Creation:
    return ada.designs(bar())


@pytest.fixture
def office(ada: Person) -> Client:
    ensure_groups()
    cleo = User.objects.create_user("cleo", password="a-password-of-the-staff", is_staff=True)
    cleo.groups.add(Group.objects.get(name=PRODUCTION))
    client = Client()
    client.force_login(cleo)
    return client


def asks(ada: Person, creation: Creation, question: str = "Too sweet?") -> str:
    return ada.presses(f"/mine/{creation.pk}/checks/", question=question)


def answers(office: Client, check: Check, answer: str, variant: str = "") -> str:
    fields = {"answer": answer, "variant_address": variant}
    return office.post(f"{LIST}{check.pk}/change/", fields, follow=True).content.decode()


def variant() -> str:
    less = bar("Theirs").adding("almond_whole", "toppings", 6_000)
    return f"http://shop.example/studio/bar-100/{designs.save(less).digest}/"


def test_who_asks_waits_for_one_answer_at_a_time(ada: Person, creation: Creation) -> None:
    assert "Asked. The answer appears here" in asks(ada, creation)
    assert "You have asked already." in asks(ada, creation)
    assert Check.objects.get().question == "Too sweet?"
    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.create(creation=creation, asked_at=MONDAY)


def test_the_office_is_told_how_many_wait(ada: Person, creation: Creation, office: Client) -> None:
    asks(ada, creation)
    cleo = User.objects.get()
    told = [(str(words), count) for words, count, address in attention(cleo) if LIST in address]
    assert told == [("Chocolatier's checks to answer", 1)]
    ada.presses(f"/mine/{creation.pk}/deletion/")
    assert not chocolatiers.waiting().exists()


def test_a_chocolatier_answers_and_one_click_takes_the_variant_up(
    ada: Person, creation: Creation, office: Client
) -> None:
    asks(ada, creation)
    check = Check.objects.get()
    page = office.get(f"{LIST}{check.pk}/change/").content.decode()
    assert "Too sweet?" in page
    assert f"/p/{creation.design_id}/" in page
    answers(office, check, "Take <b>less</b>.", variant())
    assert "1 new opinion" in ada.reads(f"/studio/bar-100/{creation.design_id}/")
    answered = ada.client.get(f"/mine/{creation.pk}/opinions/").content.decode()
    assert "Take &lt;b&gt;less&lt;/b&gt;." in answered
    assert "less Roasted almonds, whole: 6\u00a0g instead of 12\u00a0g" in answered
    assert "Your bar is changed" in ada.presses(f"/mine/{creation.pk}/checks/{check.pk}/acceptance/")
    changed = Creation.objects.get()
    assert changed.design.value == bar().adding("almond_whole", "toppings", 6_000)
    assert changed.past == [creation.design_id]
    studio = ada.client.get(f"/studio/bar-100/{changed.design_id}/").content.decode()
    ada.client.post("/studio/bar-100/", sent_by(studio) | {"undo": ["1"]})
    assert Creation.objects.get().design_id == creation.design_id


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("http://shop.example/cart/", "This is not the address of a bar."),
        ("f" * 64, "This is not the address of a bar."),
    ],
)
def test_what_is_no_bar_is_no_variant(
    ada: Person, creation: Creation, office: Client, typed: str, why: str
) -> None:
    asks(ada, creation)
    assert why in answers(office, Check.objects.get(), "Take less.", typed)
    assert Check.objects.get().answered_at is None


def test_an_answer_is_given_once(ada: Person, creation: Creation, office: Client) -> None:
    asks(ada, creation)
    answers(office, Check.objects.get(), "Take less.")
    assert office.post(f"{LIST}{Check.objects.get().pk}/change/", {"answer": "More!"}).status_code == 403
    cleo = User.objects.get()
    assert not chocolatiers.answer(Check.objects.get(), words="More!", variant=None, by=cleo, at=MONDAY)
    assert Check.objects.get().answer == "Take less."
    assert "There is nothing to take up" in ada.presses(
        f"/mine/{creation.pk}/checks/{Check.objects.get().pk}/acceptance/"
    )


def test_nobody_else_asks_or_takes_up(ada: Person, creation: Creation, office: Client) -> None:
    asks(ada, creation)
    answers(office, Check.objects.get(), "Take less.", variant())
    ben = Person("ben")
    path = f"/mine/{creation.pk}/checks/"
    assert ben.client.post(path).status_code == 404
    assert ben.client.post(f"{path}{Check.objects.get().pk}/acceptance/").status_code == 404
    bens = ben.designs(bar("Bens"))
    assert ben.client.post(f"/mine/{bens.pk}/checks/{Check.objects.get().pk}/acceptance/").status_code == 404
    assert Creation.objects.get(pk=creation.pk).design == creation.design


@pytest.mark.parametrize("number", [1, 3])
def test_more_checks_take_no_more_queries(
    ada: Person, office: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for each in range(number):
        asks(ada, ada.designs(bar(f"Bar {each}")))
    office.get(LIST)
    with django_assert_num_queries(6):
        assert office.get(LIST).content.decode().count("Too sweet?") == number
