"""An opinion that its maker reports: staff find it on their first page, and delete it or leave it."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client

from configurator.models import Creation, Opinion
from orders.models import OfficeChange
from orders.office.staff_groups import ensure_groups
from tests.configurator.people import MONDAY, Person, bar, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

DESK = "/admin/configurator/opinion/"


@pytest.fixture
def ada() -> Person:
    return Person("ada")


@pytest.fixture
def creation(ada: Person) -> Creation:
    return ada.designs(bar("Night"))


def said(creation: Creation, text: str = "Grim", **more: object) -> Opinion:
    return Opinion.objects.create(creation=creation, words=text, name="Eve", said_at=MONDAY, **more)


def report(creation: Creation, opinion: Opinion) -> str:
    return f"/mine/{creation.pk}/opinions/{opinion.pk}/report/"


def colleague(group: str) -> Client:
    ensure_groups()
    user = User.objects.create_user(group, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def test_the_maker_reports_what_a_friend_said_and_sees_that_it_is_reported(
    ada: Person, creation: Creation
) -> None:
    opinion = said(creation)
    page = ada.client.get(f"/mine/{creation.pk}/opinions/").content.decode()
    assert f'action="{report(creation, opinion)}"' in page
    assert "Reported. Somebody of us looks at it" in ada.presses(report(creation, opinion))
    assert "Reported" in ada.reads(f"/mine/{creation.pk}/opinions/")
    first = Opinion.objects.get().reported_at
    ada.presses(report(creation, opinion))
    assert Opinion.objects.get().reported_at == first


def test_nobody_else_reports_it(creation: Creation) -> None:
    opinion = said(creation)
    for other in (Client(), Person("eve").client):
        assert other.post(report(creation, opinion)).status_code == 404
    assert Opinion.objects.get().reported_at is None


def test_staff_find_it_on_their_first_page_and_nothing_that_was_not_reported(creation: Creation) -> None:
    reported, other = said(creation, reported_at=MONDAY), said(creation, "Between friends")
    client = colleague("support")
    assert "Opinions that were reported" in words(client.get("/admin/").content.decode())
    page = client.get(DESK).content.decode()
    assert ("Grim" in page, "Between friends" in page) == (True, False)
    assert client.get(f"{DESK}{reported.pk}/change/").status_code == 200
    assert client.get(f"{DESK}{other.pk}/change/").status_code == 302
    assert client.post(f"{DESK}{other.pk}/delete/", {"post": "yes"}).status_code == 302
    assert Opinion.objects.count() == 2


def test_staff_delete_it_and_what_the_office_notes_keeps_neither_name_nor_words(creation: Creation) -> None:
    opinion = said(creation, reported_at=MONDAY)
    colleague("support").post(f"{DESK}{opinion.pk}/delete/", {"post": "yes"})
    assert Opinion.objects.count() == 0
    noted = str([*LogEntry.objects.values(), *OfficeChange.objects.values()])
    assert str(opinion.pk) in noted
    assert not any(word in noted for word in ("Eve", "Grim"))


def test_staff_leave_what_nothing_is_wrong_with(creation: Creation) -> None:
    opinion = said(creation, reported_at=MONDAY)
    client = colleague("support")
    client.post(DESK, {"action": "leave", "_selected_action": [opinion.pk]})
    opinion.refresh_from_db()
    assert opinion.reported_at is None
    assert "Opinions that were reported" not in words(client.get("/admin/").content.decode())


@pytest.mark.parametrize("group", ["production", "catalogue", "accountant"])
def test_whose_work_it_is_not_sees_none(creation: Creation, group: str) -> None:
    said(creation, reported_at=MONDAY)
    client = colleague(group)
    assert client.get(DESK).status_code == 403
    assert "Opinions that were reported" not in words(client.get("/admin/").content.decode())
