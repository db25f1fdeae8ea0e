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

from orders.models import Booking, CapacityDay, Order, WorkingWeek
from orders.models.shipping import TariffVersion
from orders.production.planning.earliest import NoDayInSight, Promised, Wanted, line_seconds
from orders.production.planning.kitchen import House, Kitchen
from orders.production.planning.values import MINUTE, Day, Kind, Temperer
from orders.sending import promise
from orders.sending.promise import Calendar, DayFull, Week, first_day, plan
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


DARK, WHITE, RUBY = Kind("dark_60", "O"), Kind("white_32", "O"), Kind("ruby_35", "O")
SHIFT = 420 * MINUTE


def house(*temperers: Temperer, people: int = 2) -> House:
    """Two people and one temperer for zone O; 200 bars a day, of which 170 may be promised."""
    there = temperers or (Temperer("T-O", "O"),)
    return House(Kitchen((), there), Day(date.min, SHIFT, people * SHIFT, 1800))


def dark(bars: int, not_before: date | None = None) -> Wanted:
    return Wanted({DARK: bars}, not_before)


def of_dark(bars_by_day: dict[date, int]) -> dict[date, dict[Kind, int]]:
    return {day: {DARK: bars} for day, bars in bars_by_day.items()}


def on_days(dispatch_on: date, bars_by_day: dict[date, int]) -> Promised:
    return Promised(dispatch_on, of_dark(bars_by_day))


def calendar(booked=None, unlike=None, week=WEEK) -> Calendar:
    return Calendar(house(), (week,), unlike or {}, of_dark(booked or {}))


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
    both = Calendar(house(), (WEEK, slow))
    assert [both.room(day).bars for day in (MONDAY, NEXT_MONDAY, NEXT_TUESDAY)] == [100, 0, 20]


def test_before_anybody_wrote_a_week_the_figures_of_the_kitchen_hold_from_monday_to_friday():
    as_figured = Calendar(house())
    assert first_day(as_figured, clock(MONDAY, 23)) == THURSDAY
    assert plan(as_figured, dark(500), first=THURSDAY, last=FAR) == on_days(
        NEXT_MONDAY, {NEXT_MONDAY: 170, FRIDAY: 170, THURSDAY: 160}
    )


# ── A plan ───────────────────────────────────────────────────────────────────────────────────────


def test_what_fits_leaves_on_the_first_day():
    assert plan(calendar({THURSDAY: 90}), dark(10), first=THURSDAY, last=FAR) == on_days(
        THURSDAY, {THURSDAY: 10}
    )


def test_what_does_not_fit_leaves_on_the_day_that_completes_it():
    assert plan(calendar({THURSDAY: 99}), dark(10), first=THURSDAY, last=FAR) == on_days(FRIDAY, {FRIDAY: 10})
    assert plan(calendar(), dark(250), first=THURSDAY, last=FAR) == on_days(
        NEXT_MONDAY, {NEXT_MONDAY: 100, FRIDAY: 100, THURSDAY: 50}
    )


def test_a_wish_is_a_day_not_before_and_its_bars_are_made_fresh():
    wish = dark(120, not_before=SUNDAY)
    assert plan(calendar(), wish, first=THURSDAY, last=FAR) == on_days(
        NEXT_MONDAY, {NEXT_MONDAY: 100, FRIDAY: 20}
    )


def test_a_wish_on_a_full_day_is_kept_by_baking_before_it():
    full = calendar({FRIDAY: 100})
    assert plan(full, dark(5, not_before=FRIDAY), first=THURSDAY, last=FAR) == on_days(FRIDAY, {THURSDAY: 5})


def test_a_kitchen_full_to_the_horizon_promises_nothing():
    with pytest.raises(NoDayInSight):
        plan(calendar(), dark(10**6), first=THURSDAY, last=FAR)
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
    made = plan(kitchen, dark(bars, not_before), first=THURSDAY, last=FAR)

    assert sum(taken[DARK] for taken in made.bars_by_day.values()) == bars
    assert all(0 < taken[DARK] <= kitchen.room(day).bars for day, taken in made.bars_by_day.items())
    assert THURSDAY <= min(made.bars_by_day) <= max(made.bars_by_day) <= made.dispatch_on
    assert kitchen.is_open(made.dispatch_on)
    sooner = [
        day
        for day in kitchen.working_days(max(THURSDAY, not_before or THURSDAY), made.dispatch_on)
        if day < made.dispatch_on
    ]
    room = sum(kitchen.room(day).bars for day in kitchen.working_days(THURSDAY, sooner[-1])) if sooner else 0
    assert room < bars


# ── The same minutes as the plan ─────────────────────────────────────────────────────────────────


def promised(wanted: dict[Kind, int], booked=None, within: House | None = None) -> Promised:
    taken = Calendar(within or house(people=9), booked={THURSDAY: booked or {}})
    return plan(taken, Wanted(wanted), first=THURSDAY, last=FAR)


def test_a_temperer_with_no_minutes_left_moves_the_day_though_there_are_hands():
    """85 % of 420 minutes are 357: 408 dark bars take 357 with their lots, and one more is another day."""
    assert promised({DARK: 408}) == Promised(THURSDAY, {THURSDAY: {DARK: 408}})
    assert promised({DARK: 409}).dispatch_on == FRIDAY


def test_a_kind_that_is_made_that_day_anyway_needs_no_set_up_and_another_does():
    """White before dark: 18 minutes of set-up, a lot of 3 minutes and 45 seconds; then 45 seconds for one more."""
    with_white = line_seconds({WHITE: 1, DARK: 383}, "O", house().kitchen)
    assert with_white == 18 * MINUTE + 225 + line_seconds({DARK: 383}, "O", house().kitchen) == 357 * MINUTE
    assert promised({WHITE: 1}, {DARK: 383}).dispatch_on == THURSDAY
    assert promised({WHITE: 1}, {DARK: 384}).dispatch_on == FRIDAY
    assert promised({DARK: 24}, {DARK: 384}).dispatch_on == THURSDAY
    assert promised({WHITE: 1}, {DARK: 382, WHITE: 1}).dispatch_on == THURSDAY


def test_a_second_temperer_promises_the_same_bars_sooner():
    two = house(Temperer("T-O", "O"), Temperer("T-2", "O"), people=9)
    assert promised({DARK: 500}).dispatch_on == FRIDAY
    assert promised({DARK: 500}, within=two).dispatch_on == THURSDAY


def test_the_zones_have_lines_of_their_own_and_share_the_hands():
    both = house(Temperer("T-O", "O"), Temperer("T-F", "F"))
    free = Kind("dark_60", "F")
    assert promised({DARK: 100, free: 70}, within=both).dispatch_on == THURSDAY
    assert promised({DARK: 100, free: 71}, within=both).dispatch_on == FRIDAY
    full_line = {RUBY: 400}
    many_hands = house(Temperer("T-O", "O"), Temperer("T-F", "F"), people=9)
    assert promised({DARK: 20}, full_line, many_hands).dispatch_on == FRIDAY
    assert promised({free: 20}, full_line, many_hands).dispatch_on == THURSDAY


def test_what_needs_no_temperer_or_has_none_counts_by_its_hands_and_the_shop_stays_open():
    samples, free = Kind("sample-box", ""), Kind("dark_60", "F")
    for kind in (samples, free):
        assert promised({kind: 170}, within=house()).dispatch_on == THURSDAY
        assert promised({kind: 171}, within=house()).dispatch_on == FRIDAY


def test_what_does_not_fit_beside_its_set_up_is_made_the_day_before():
    wanted = {DARK: 300, WHITE: 200}
    made = promised(wanted)
    assert made.dispatch_on == FRIDAY
    assert {kind: sum(bars.get(kind, 0) for bars in made.bars_by_day.values()) for kind in wanted} == wanted


kinds = st.sampled_from(
    [DARK, WHITE, RUBY, Kind("gianduja_milk", "O", frozenset({"MLK"})), Kind("dark_60", "F"), Kind("box", "")]
)
parcel = st.dictionaries(kinds, st.integers(1, 150), min_size=1)


@given(parcels=st.lists(parcel, max_size=12), people=st.integers(1, 8))
def test_whatever_is_promised_no_day_has_more_than_its_part_of_minutes_and_hands(parcels, people):
    there = house(Temperer("T-O", "O"), Temperer("T-F", "F"), people=people)
    days = Calendar(there)
    for wanted in parcels:
        made = plan(days, Wanted(wanted), first=THURSDAY, last=FAR)
        days = days.booking(made.bars_by_day)
        assert {kind: sum(b.get(kind, 0) for b in made.bars_by_day.values()) for kind in wanted} == wanted
    for bars in days.booked.values():
        assert sum(bars.values()) <= 100 * people * 85 // 100
        for zone in ("O", "F"):
            assert line_seconds(bars, zone, there.kitchen) <= SHIFT * 85 // 100


def test_a_year_that_is_full_moves_the_day_and_closes_nothing():
    full = {THURSDAY + timedelta(ahead): 100 for ahead in range(366)}
    made = plan(calendar(full), dark(10), first=THURSDAY, last=MONDAY + timedelta(promise.HORIZON_DAYS))
    # A Saturday ends the year, so it is the Monday after it.
    assert made == on(date(2027, 11, 22), 10)


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


def book(order: Order, *plans: Promised, until=UNTIL, at=MONDAY_NOON) -> None:
    with transaction.atomic():
        promise.book(order, plans, until=until, at=at)


def confirm(order: Order, at=MONDAY_NOON) -> dict[int, Promised]:
    with transaction.atomic():
        return promise.confirm(order, at=at)


def on(day: date, bars: int) -> Promised:
    return on_days(day, {day: bars})


def leaves(bars: int, at: datetime = MONDAY_NOON, not_before: date | None = None) -> date:
    [promised] = promise.plans([dark(bars, not_before)], at=at)
    return promised.dispatch_on


def test_noon_by_utc_is_before_two_in_the_shop(kitchen):
    assert leaves(1, at=MONDAY_NOON) == THURSDAY
    assert leaves(1, at=datetime(2026, 11, 16, 13, tzinfo=UTC)) == FRIDAY
    assert leaves(1, at=MONDAY_NOON, not_before=SATURDAY) == NEXT_MONDAY


def test_what_is_booked_is_taken(kitchen):
    book(an_order(), on(THURSDAY, 95))
    assert leaves(5, at=MONDAY_NOON) == THURSDAY
    assert leaves(6, at=MONDAY_NOON) == FRIDAY


def test_two_parcels_of_one_order_do_not_count_on_the_same_room(kitchen):
    assert promise.plans([dark(60), dark(60)], at=MONDAY_NOON) == (on(THURSDAY, 60), on(FRIDAY, 60))


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

    assert leaves(1, at=UNTIL - timedelta(seconds=1)) == THURSDAY + timedelta(1)
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

    assert confirm(late, at=AFTER) == {1: on_days(NEXT_MONDAY, {NEXT_MONDAY: 60})}

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
    assert leaves(1, at=MONDAY_NOON) == FRIDAY
    with pytest.raises(DayFull):
        book(an_order(), on(THURSDAY, 1))


def test_the_same_few_questions_for_one_parcel_and_for_many(kitchen, django_assert_num_queries):
    promise.open_days(at=MONDAY_NOON)
    leaves(1, at=MONDAY_NOON)
    for parcels in (1, 12):
        with django_assert_num_queries(1):
            made = promise.plans([dark(30)] * parcels, at=MONDAY_NOON)
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
        promise,
        "_locked",
        lambda days, at: Calendar(house(), (WEEK,), {THURSDAY: BARS}, promise._booked(days, at)),
    )

    def press(order: Order) -> None:
        promise.book(order, [on(THURSDAY, 1)], until=UNTIL, at=MONDAY_NOON)

    assert at_once(press, crowd) == BUYERS


def test_parcels_on_the_same_days_in_any_order_never_wait_in_a_circle(crowd):
    mirrored = iter([(THURSDAY, FRIDAY), (FRIDAY, THURSDAY)] * BUYERS)

    def press(order: Order) -> None:
        book(order, *(on(day, 1) for day in next(mirrored)))

    assert at_once(press, crowd) == BARS
