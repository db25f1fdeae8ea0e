"""A question that is written once is answered as if Django wrote it each time, on either database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.test.utils import CaptureQueriesContext

from configurator.written_once import WrittenOnce
from orders.models.capacity import CapacityDay

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WEEK = [MONDAY + timedelta(days=ahead) for ahead in range(5)]


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
    assert str(refused.value) == "No question is written for None."


def test_what_the_question_leaves_out_is_no_part_of_it() -> None:
    asked = WrittenOnce(lambda day, bars: CapacityDay.objects.filter(day=day))
    with pytest.raises(TypeError) as refused:
        asked(MONDAY, 3)
    assert str(refused.value) == "The question does not hold what it is about: [3]."
