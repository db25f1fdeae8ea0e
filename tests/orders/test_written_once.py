"""What is written once is asked, and changed, as if Django wrote it each time, on either database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet, Sum
from django.test.utils import CaptureQueriesContext

from configurator.changed_once import ChangedOnce, insert
from configurator.written_once import WrittenOnce
from orders.models import Cart, Order
from orders.models.capacity import CapacityDay

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WEEK = [MONDAY + timedelta(days=ahead) for ahead in range(5)]
ORDER: dict[str, Any] = {
    "locale": "de",
    "email": "ada@example.com",
    "name": "Ada Lovelace",
    "street": "Teststraße 1",
    "postcode": "10115",
    "city": "Berlin",
    "country": "DE",
    "country_name": "Deutschland",
    "currency": "EUR",
    "goods_cents": 900,
    "shipping_cents": 490,
    "total_cents": 1390,
    "vat": [{"permille": 70, "gross_cents": 1390, "vat_cents": 91}],
    "placed_at": NOON,
}


@pytest.fixture(autouse=True)
def five_days() -> None:
    CapacityDay.objects.bulk_create(CapacityDay(day=day, bars=place) for place, day in enumerate(WEEK))


def _between(since: date, until: date, note: str, bars: int, at: datetime) -> QuerySet[CapacityDay, Any]:
    running = Q(bookings__until=None) | Q(bookings__until__gt=at)
    days = CapacityDay.objects.filter(day__range=(since, until), note=note, bars__gt=bars).order_by("day")
    return days.values_list("day", "bars").annotate(booked=Sum("bookings__bars", filter=running))


def test_days_moments_words_and_numbers_find_their_own_places() -> None:
    asked = WrittenOnce(_between)
    for about in [
        (WEEK[0], WEEK[4], "", 1, NOON),
        (WEEK[3], WEEK[4], "", 0, NOON),
        (WEEK[0], WEEK[4], "closed", 0, NOON),
        (WEEK[4], WEEK[0], "", 0, NOON + timedelta(days=400)),
    ]:
        assert asked(*about) == list(_between(*about))
    assert asked(WEEK[1], WEEK[3], "", 0, NOON) == [
        (day, place + 1, None) for place, day in enumerate(WEEK[1:4])
    ]


def test_a_question_about_several_takes_any_number_of_them_and_about_none_asks_nobody() -> None:
    asked = WrittenOnce(lambda *days: CapacityDay.objects.filter(pk__in=days).order_by("day"))
    for days in (WEEK[:1], WEEK[1:3], WEEK[:2], WEEK):
        assert [row.bars for row in asked(*days)] == [WEEK.index(day) for day in days]
    with CaptureQueriesContext(connection) as statements:
        assert asked() == []
    assert len(statements) == 0


def test_nothing_stands_for_none_which_is_asked_for_otherwise() -> None:
    asked = WrittenOnce(lambda bars: CapacityDay.objects.filter(bars=bars))
    with pytest.raises(TypeError) as refused:
        asked(None)
    assert str(refused.value) == "No statement is written for None."


def test_what_the_question_leaves_out_is_no_part_of_it() -> None:
    asked = WrittenOnce(lambda day, bars: CapacityDay.objects.filter(day=day))
    with pytest.raises(TypeError) as refused:
        asked(MONDAY, 3)
    assert str(refused.value) == "The statement does not hold what it is about: [1]."


def test_a_change_finds_its_rows_and_says_how_many_there_were() -> None:
    changed = ChangedOnce(
        lambda day, most, note: (
            CapacityDay.objects.filter(day__gte=day, bars__lte=most),
            {"note": note, "bars": F("bars") + 1},
        )
    )
    assert changed(WEEK[1], 3, "Monday's leftovers") == 3
    assert changed(WEEK[4], 3, "nothing") == 0
    rows = CapacityDay.objects.order_by("day").values_list("bars", "note")
    assert list(rows) == [
        (0, ""),
        (2, "Monday's leftovers"),
        (3, "Monday's leftovers"),
        (4, "Monday's leftovers"),
        (4, ""),
    ]


def test_one_new_row_is_kept_as_several_are_and_knows_its_number() -> None:
    one, *several = (Cart(key=key) for key in "abc")
    with CaptureQueriesContext(connection) as statements:
        assert insert([one]) == [one]
        assert insert(several) == several
        assert insert([]) == []
    assert len(statements) == 2
    assert [cart.pk for cart in (one, *several)] == list(
        Cart.objects.order_by("key").values_list("pk", flat=True)
    )
    one.refresh_from_db()
    assert (one.key, one.created_at.tzinfo) == ("a", UTC)
    one.key = "d"
    one.save()
    assert Cart.objects.count() == 3


def test_a_row_with_everything_in_it_is_read_as_it_was_written() -> None:
    order, day = Order(**ORDER), CapacityDay(day=MONDAY + timedelta(days=9))
    insert([order])
    insert([day])
    assert {**Order.objects.values().get(), "vat": order.vat} == {
        field.attname: getattr(order, field.attname) for field in Order._meta.concrete_fields
    }
    assert Order.objects.get().vat == ORDER["vat"]
    assert CapacityDay.objects.get(pk=day.pk).bars is None


def test_a_new_row_that_breaks_a_rule_ends_the_transaction() -> None:
    insert([Cart(key="once")])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([Cart(key="once")])
    assert Cart.objects.count() == 1
