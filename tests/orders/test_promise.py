"""A promised day is a day on which the kitchen can do it, whoever asks at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from time import sleep

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from orders import promise
from orders.models import Booking, CapacityDay, Order, WorkingWeek
from orders.models.shipping import TariffVersion
from orders.promise import Calendar, DayFull, NoDayInSight, Plan, Wanted, Week, first_day, plan
from tests.orders.paid import MONDAY_NOON, design, placed_order
from tests.orders.threads import all_look_first

MONDAY = date(2026, 11, 16)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(days) for days in range(1, 7))
NEXT_MONDAY, NEXT_TUESDAY = MONDAY + timedelta(7), MONDAY + timedelta(8)
FAR = MONDAY + timedelta(days=100)
WEEK = Week(date(2026, 1, 1), (100,) * 5 + (0, 0), time(14), 3)
UNTIL = MONDAY_NOON + timedelta(hours=1)
AFTER = UNTIL + timedelta(seconds=1)
BUYERS, BARS = 24, 10


def clock(day: date, hour: int, minute: int = 0) -> datetime:
    """As it hangs on the wall of the shop."""
    return datetime.combine(day, time(hour, minute))


def calendar(booked=None, unlike=None, week=WEEK) -> Calendar:
    return Calendar((week,), unlike or {}, booked or {})


# ── The first day ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("ordered", "leaves"),
    [
        (clock(MONDAY, 9), THURSDAY),
        (clock(MONDAY, 13, 59), THURSDAY),
        (clock(MONDAY, 14), FRIDAY),
        (clock(WEDNESDAY, 9), NEXT_MONDAY),
        (clock(FRIDAY, 15), NEXT_MONDAY + timedelta(3)),
        (clock(SATURDAY, 9), NEXT_MONDAY + timedelta(3)),
    ],
)
def test_three_working_days_after_the_day_it_counts_for(ordered, leaves):
    assert first_day(calendar(), ordered) == leaves


def test_a_day_on_which_nobody_works_does_not_count():
    assert first_day(calendar(unlike={WEDNESDAY: 0}), clock(MONDAY, 9)) == FRIDAY
    assert first_day(calendar(unlike={MONDAY: 0}), clock(MONDAY, 9)) == FRIDAY
    assert first_day(calendar(unlike={SATURDAY: 50}), clock(WEDNESDAY, 9)) == SATURDAY


def test_another_week_holds_from_its_own_day_on():
    slow = Week(NEXT_MONDAY, (0, 20, 20, 20, 20, 0, 0), time(10), 2)
    both = Calendar((WEEK, slow))
    assert (both.capacity(MONDAY), both.capacity(NEXT_MONDAY), both.capacity(NEXT_TUESDAY)) == (100, 0, 20)


def test_before_anybody_wrote_a_week_the_kitchen_takes_what_comes():
    assert first_day(Calendar(), clock(MONDAY, 23)) == THURSDAY
    assert plan(Calendar(), Wanted(500), first=THURSDAY, last=FAR) == Plan(THURSDAY, {THURSDAY: 500})


# ── A plan ───────────────────────────────────────────────────────────────────────────────────────


def test_what_fits_leaves_on_the_first_day():
    assert plan(calendar({THURSDAY: 90}), Wanted(10), first=THURSDAY, last=FAR) == Plan(
        THURSDAY, {THURSDAY: 10}
    )


def test_what_does_not_fit_leaves_on_the_day_that_completes_it():
    assert plan(calendar({THURSDAY: 99}), Wanted(10), first=THURSDAY, last=FAR) == Plan(FRIDAY, {FRIDAY: 10})
    assert plan(calendar(), Wanted(250), first=THURSDAY, last=FAR) == Plan(
        NEXT_MONDAY, {NEXT_MONDAY: 100, FRIDAY: 100, THURSDAY: 50}
    )


def test_a_wish_is_a_day_not_before_and_its_bars_are_made_fresh():
    wish = Wanted(120, not_before=SUNDAY)
    assert plan(calendar(), wish, first=THURSDAY, last=FAR) == Plan(
        NEXT_MONDAY, {NEXT_MONDAY: 100, FRIDAY: 20}
    )


def test_a_wish_on_a_full_day_is_kept_by_baking_before_it():
    full = calendar({FRIDAY: 100})
    assert plan(full, Wanted(5, not_before=FRIDAY), first=THURSDAY, last=FAR) == Plan(FRIDAY, {THURSDAY: 5})


def test_a_kitchen_full_to_the_horizon_promises_nothing():
    with pytest.raises(NoDayInSight):
        plan(calendar(), Wanted(10**6), first=THURSDAY, last=FAR)
    with pytest.raises(NoDayInSight):
        first_day(calendar(week=Week(date.min, (0,) * 7, time(14), 3)), clock(MONDAY, 9))


days_ahead = st.integers(0, 30).map(lambda days: THURSDAY + timedelta(days))


@given(
    booked=st.dictionaries(days_ahead, st.integers(0, 130)),
    unlike=st.dictionaries(days_ahead, st.sampled_from([0, 7, 300])),
    bars=st.integers(1, 400),
    not_before=st.none() | days_ahead,
)
def test_any_plan_holds_all_bars_within_what_is_free_and_no_earlier_day_would(
    booked, unlike, bars, not_before
):
    kitchen = calendar(booked, unlike)
    made = plan(kitchen, Wanted(bars, not_before), first=THURSDAY, last=FAR)

    assert sum(made.bars_by_day.values()) == bars
    assert all(0 < taken <= kitchen.free(day) for day, taken in made.bars_by_day.items())
    assert THURSDAY <= min(made.bars_by_day) <= max(made.bars_by_day) <= made.dispatch_on
    assert kitchen.capacity(made.dispatch_on)
    sooner = [
        day
        for day in kitchen.working_days(max(THURSDAY, not_before or THURSDAY), made.dispatch_on)
        if day < made.dispatch_on
    ]
    room = sum(kitchen.free(day) for day in kitchen.working_days(THURSDAY, sooner[-1])) if sooner else 0
    assert room < bars


# ── Booked ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def kitchen(catalogue: None) -> None:
    """A hundred bars a day from Monday to Friday, orders until two in the afternoon, three days to make."""
    WorkingWeek.objects.all().delete()
    workdays = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), 100)
    WorkingWeek.objects.create(
        valid_from=WEEK.valid_from,
        **workdays,
        saturday=0,
        sunday=0,
        cut_off=time(14),
        lead_days=3,
        source="us",
    )
    CapacityDay.objects.all().delete()


def an_order(name: str = "Ada") -> Order:
    order = placed_order((design(name), 1))
    promise.free(order)
    return order


def book(order: Order, *plans: Plan, until=UNTIL, at=MONDAY_NOON) -> None:
    with transaction.atomic():
        promise.book(order, plans, until=until, at=at)


def confirm(order: Order, at=MONDAY_NOON) -> dict[int, Plan]:
    with transaction.atomic():
        return promise.confirm(order, at=at)


def on(day: date, bars: int) -> Plan:
    return Plan(day, {day: bars})


def test_noon_by_utc_is_before_two_in_the_shop(kitchen):
    assert promise.earliest(1, at=MONDAY_NOON) == THURSDAY
    assert promise.earliest(1, at=datetime(2026, 11, 16, 13, tzinfo=UTC)) == FRIDAY
    assert promise.earliest(1, at=MONDAY_NOON, not_before=SATURDAY) == NEXT_MONDAY


def test_what_is_booked_is_taken(kitchen):
    book(an_order(), on(THURSDAY, 95))
    assert promise.earliest(5, at=MONDAY_NOON) == THURSDAY
    assert promise.earliest(6, at=MONDAY_NOON) == FRIDAY


def test_two_parcels_of_one_order_do_not_count_on_the_same_room(kitchen):
    assert promise.plans([Wanted(60), Wanted(60)], at=MONDAY_NOON) == (on(THURSDAY, 60), on(FRIDAY, 60))


def test_a_full_day_is_refused_and_nothing_is_booked(kitchen):
    book(an_order("Ada"), on(FRIDAY, 95))
    bob = an_order("Bob")

    with pytest.raises(DayFull) as refusal:
        book(bob, on(THURSDAY, 10), on(FRIDAY, 10))

    assert refusal.value.day == FRIDAY
    assert not bob.bookings.exists()


def test_two_parcels_on_one_day_are_counted_together(kitchen):
    with pytest.raises(DayFull):
        book(an_order(), on(THURSDAY, 60), on(THURSDAY, 60))


def test_a_booking_ends_by_itself_unless_it_is_paid(kitchen):
    ada, bob = an_order("Ada"), an_order("Bob")
    book(ada, on(THURSDAY, 50))
    book(bob, on(THURSDAY, 50))
    assert confirm(bob) == {}

    assert promise.earliest(1, at=UNTIL - timedelta(seconds=1)) == THURSDAY + timedelta(1)
    book(an_order("Cem"), on(THURSDAY, 50), at=AFTER, until=AFTER + timedelta(hours=1))
    with pytest.raises(DayFull):
        book(an_order("Dora"), on(THURSDAY, 51), at=AFTER, until=AFTER + timedelta(hours=1))


def test_while_a_bank_works_the_day_is_kept(kitchen):
    order = an_order()
    book(order, on(THURSDAY, 100))
    promise.extend(order, until=AFTER + timedelta(days=1))

    with pytest.raises(DayFull):
        book(an_order("Bob"), on(THURSDAY, 1), at=AFTER, until=AFTER + timedelta(hours=1))


def test_a_cancelled_order_gives_its_day_back(kitchen):
    order = an_order()
    book(order, on(THURSDAY, 100))
    promise.free(order)
    book(an_order("Bob"), on(THURSDAY, 100))


def test_paid_late_but_in_time_for_its_day_the_promise_stands(kitchen):
    order = an_order()
    book(order, on(FRIDAY, 100))
    assert confirm(order, at=AFTER) == {}
    assert list(Booking.objects.values_list("day", "bars", "until")) == [(FRIDAY, 100, None)]


def test_paid_late_and_its_day_gone_the_parcel_moves_to_the_next_that_is_free(kitchen):
    late, other = an_order("Ada"), an_order("Bob")
    book(late, on(FRIDAY, 60), on(NEXT_MONDAY, 5))
    book(other, on(FRIDAY, 60), at=AFTER, until=None)

    assert confirm(late, at=AFTER) == {1: Plan(NEXT_MONDAY, {NEXT_MONDAY: 60})}

    assert list(late.bookings.values_list("parcel", "day", "bars", "until").order_by("parcel")) == [
        (1, NEXT_MONDAY, 60, None),
        (2, NEXT_MONDAY, 5, None),
    ]


def test_paid_after_its_day_has_passed_it_leaves_as_soon_as_can_be(kitchen):
    order = an_order()
    book(order, on(THURSDAY, 10))
    assert confirm(order, at=MONDAY_NOON + timedelta(days=7)) == {1: on(THURSDAY + timedelta(7), 10)}


def test_paid_is_owed_even_when_no_day_has_room(kitchen):
    order = an_order()
    book(order, on(THURSDAY, 10))
    WorkingWeek.objects.update(**dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), 1))
    TariffVersion.turn()
    Booking.objects.update(bars=1000)

    assert confirm(order, at=AFTER) == {}
    assert Booking.objects.values_list("day", "until").get() == (THURSDAY, None)


def test_staff_close_a_day_and_nobody_is_promised_it(kitchen):
    CapacityDay.objects.create(day=THURSDAY, bars=0, note="The boiler is broken")
    assert promise.earliest(1, at=MONDAY_NOON) == FRIDAY
    with pytest.raises(DayFull):
        book(an_order(), on(THURSDAY, 1))


def test_the_same_few_questions_for_one_parcel_and_for_many(kitchen, django_assert_num_queries):
    promise.open_days(at=MONDAY_NOON)
    promise.earliest(1, at=MONDAY_NOON)
    for parcels in (1, 12):
        with django_assert_num_queries(1):
            made = promise.plans([Wanted(30)] * parcels, at=MONDAY_NOON)
        order = an_order(f"Bar {parcels}")
        with transaction.atomic(), django_assert_num_queries(3):
            promise.book(order, made, until=UNTIL, at=MONDAY_NOON)
        promise.free(order)


# ── At the same moment ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def crowd(transactional_db: None, kitchen: None, monkeypatch: pytest.MonkeyPatch) -> list[Order]:
    """A day with room for ten; everybody has time to look before anybody books."""
    orders = [an_order(f"Bar {number}") for number in range(BUYERS)]
    CapacityDay.objects.update_or_create(day=THURSDAY, defaults={"bars": BARS})
    look = promise._booked

    def slowly(*args):
        seen = look(*args)
        sleep(0.02)
        return seen

    monkeypatch.setattr(promise, "_booked", slowly)
    return orders


def at_once(press: Callable[[Order], None], orders: list[Order]) -> int:
    """How many got their day."""
    gate = Barrier(len(orders))

    def press_and_hang_up(order: Order) -> bool:
        gate.wait()
        try:
            press(order)
        except DayFull:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(len(orders)) as threads:
        return sum(threads.map(press_and_hang_up, orders))


def test_twenty_four_want_the_last_ten_bars_of_a_day_and_ten_get_it(crowd):
    assert at_once(lambda order: book(order, on(THURSDAY, 1)), crowd) == BARS
    assert Booking.objects.count() == BARS


def test_without_the_lock_the_same_crowd_is_promised_too_much(crowd, monkeypatch):
    """The control: what keeps the promise above is the lock in a transaction, not luck."""
    monkeypatch.setattr(promise, "_booked", all_look_first(promise._booked, BUYERS))
    monkeypatch.setattr(
        promise, "_locked", lambda days, at: Calendar((WEEK,), {THURSDAY: BARS}, promise._booked(days, at))
    )

    def press(order: Order) -> None:
        promise.book(order, [on(THURSDAY, 1)], until=UNTIL, at=MONDAY_NOON)

    assert at_once(press, crowd) == BUYERS


def test_parcels_on_the_same_days_in_any_order_never_wait_in_a_circle(crowd):
    mirrored = iter([(THURSDAY, FRIDAY), (FRIDAY, THURSDAY)] * BUYERS)

    def press(order: Order) -> None:
        book(order, *(on(day, 1) for day in next(mirrored)))

    assert at_once(press, crowd) == BARS
