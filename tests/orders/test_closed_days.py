"""On a German page a holiday has its German name, and what staff wrote stays as they wrote it."""

from __future__ import annotations

from csv import DictReader
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from orders.models import CapacityDay
from orders.prices import rates_file
from orders.sending import closed_days
from tests import loaded

LIST = "/admin/orders/capacityday/"
IN_GERMAN = {"Accept-Language": "de"}


def test_every_closed_day_of_the_file_is_a_name_that_is_known() -> None:
    with (rates_file.DATA / "closed_days.csv").open() as rows:
        assert {row["note"] for row in DictReader(rows)} == set(closed_days.NAMES)


def keeper(*rights: str) -> Client:
    user = User.objects.create_user("bea", password="a-password-of-the-office", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client(headers=IN_GERMAN)
    client.force_login(user)
    return client


@pytest.fixture
def holiday(db: None) -> str:
    """Its page in the office; the day after it staff have closed."""
    loaded.catalogue()
    loaded.rates()
    today = timezone.localdate()
    for day, note in ((today, "Good Friday"), (today + timedelta(days=1), "Moving the Temperers")):
        CapacityDay.objects.update_or_create(day=day, defaults={"bars": 0, "note": note})
    return f"{LIST}{today}/change/"


def test_the_calendar_speaks_german(holiday: str) -> None:
    page = keeper("view_capacityday", "change_capacityday").get(LIST).content.decode()
    assert '<td class="field-why">Karfreitag</td>' in page
    assert '<td class="field-why">Moving the Temperers</td>' in page
    assert "Good Friday" not in page


def test_a_day_that_is_only_looked_at_speaks_german(holiday: str) -> None:
    page = keeper("view_capacityday").get(holiday).content.decode()
    assert "Karfreitag" in page
    assert "Good Friday" not in page


def test_whoever_saves_a_holiday_in_german_leaves_its_english_name(holiday: str) -> None:
    client = keeper("view_capacityday", "change_capacityday")
    assert 'value="Karfreitag"' in client.get(holiday).content.decode()

    none = {"bookings-TOTAL_FORMS": 0, "bookings-INITIAL_FORMS": 0}
    client.post(holiday, {"bars": "5", "note": "Karfreitag", **none})

    day = CapacityDay.objects.get(note="Good Friday", by_hand=True)
    assert day.bars == 5


@pytest.mark.parametrize("note", ["", "Moving the Temperers"])
def test_what_is_no_holiday_is_said_and_kept_as_it_is(note: str) -> None:
    assert (closed_days.said(note), closed_days.kept(note)) == (note, note)
