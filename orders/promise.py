"""The day a parcel leaves the house: the first on which the kitchen can have made its bars, or a later wish.

A day is promised under its lock, counted from what is booked; unpaid bookings end by the clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime

from configurator.changed_once import insert
from configurator.written_once import WrittenOnce
from orders.models.capacity import WEEKDAYS, Booking, CapacityDay, WorkingWeek
from orders.models.order import Order
from orders.models.shipping import TariffVersion

HORIZON_DAYS: Final = 190
"""So far ahead somebody may wish; a kitchen that is full for longer promises nothing."""
REPLAN_DAYS: Final = 60


class DayFull(Exception):
    """Others were faster: plan again and show the customer the new day."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day:%Y-%m-%d} has no room for so many bars.")
        self.day = day


class NoDayInSight(Exception):
    """There is no room for so many bars within the next half year."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One parcel: how many bars, and when it may leave at the earliest if somebody has a wish."""

    bars: int
    not_before: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    dispatch_on: date
    bars_by_day: Mapping[date, int]
    """Which days the bars take up; together all of the parcel."""


@dataclass(frozen=True, slots=True)
class Week:
    """A WorkingWeek as a value."""

    valid_from: date
    bars: tuple[int, ...]
    cut_off: time
    lead_days: int


# Before anybody has written a working week: the kitchen takes what comes, from Monday to Friday.
ANY_WEEK: Final = Week(date.min, (10**6,) * 5 + (0, 0), time.max, 3)


@dataclass(frozen=True, slots=True)
class Calendar:
    weeks: tuple[Week, ...] = (ANY_WEEK,)
    """By the day they begin."""
    unlike: Mapping[date, int] = field(default_factory=dict)
    """Days with another number of bars than their weekday."""
    booked: Mapping[date, int] = field(default_factory=dict)

    def week(self, day: date) -> Week:
        begun = [week for week in self.weeks if week.valid_from <= day]
        return begun[-1] if begun else ANY_WEEK

    def capacity(self, day: date) -> int:
        return self.unlike.get(day, self.week(day).bars[day.weekday()])

    def free(self, day: date) -> int:
        return max(0, self.capacity(day) - self.booked.get(day, 0))

    def working_days(self, since: date, until: date) -> Iterator[date]:
        for ahead in range((until - since).days + 1):
            if self.capacity(day := since + timedelta(days=ahead)):
                yield day

    def booking(self, bars_by_day: Mapping[date, int]) -> Calendar:
        return replace(self, booked=Counter(self.booked) + Counter(bars_by_day))


def first_day(calendar: Calendar, now: datetime) -> date:
    """The first on which a bar ordered now, by the shop's clock, can leave. Raises NoDayInSight."""
    today = now.date()
    late = now.time() >= calendar.week(today).cut_off
    counts_from = today + timedelta(days=1) if late else today
    days = calendar.working_days(counts_from, today + timedelta(days=HORIZON_DAYS))
    for place, day in enumerate(days):
        if place == 0:
            lead_days = calendar.week(day).lead_days
        if place == lead_days:
            return day
    raise NoDayInSight


def plan(calendar: Calendar, wanted: Wanted, *, first: date, last: date) -> Plan:
    """The earliest day by which there is room for all bars, and they are made as late as possible: so they
    are fresh, and the near days stay free for others. Raises NoDayInSight."""
    days, room = [], 0
    for day in calendar.working_days(first, last):
        days.append(day)
        room += calendar.free(day)
        if room >= wanted.bars and (wanted.not_before is None or day >= wanted.not_before):
            return Plan(day, dict(_as_late_as_possible(calendar, days, wanted.bars)))
    raise NoDayInSight


def _as_late_as_possible(calendar: Calendar, days: Sequence[date], bars: int) -> Iterator[tuple[date, int]]:
    for day in reversed(days):
        taken = min(bars, calendar.free(day))
        if taken:
            yield day, taken
        bars -= taken


def plans(parcels: Iterable[Wanted], *, at: datetime) -> tuple[Plan, ...]:
    """One after another, so that two parcels of one order do not count on the same room. One query,
    nothing locked. Raises NoDayInSight."""
    now = localtime(at)
    last = now.date() + timedelta(days=HORIZON_DAYS)
    calendar = _calendar(now.date(), last, at)
    first = first_day(calendar, now)
    made = []
    for wanted in parcels:
        made.append(plan(calendar, wanted, first=first, last=last))
        calendar = calendar.booking(made[-1].bars_by_day)
    return tuple(made)


def earliest(bars: int, *, at: datetime, not_before: date | None = None) -> date:
    return plans([Wanted(bars, not_before)], at=at)[0].dispatch_on


def days_ahead(*, days: int, at: datetime) -> Calendar:
    """From today on; for whoever plans the work of the promised days."""
    today = localtime(at).date()
    return _calendar(today, today + timedelta(days=days), at)


def book(order: Order, parcels: Sequence[Plan], *, until: datetime | None, at: datetime) -> None:
    """Inside the caller's transaction. Raises DayFull; then nothing is booked."""
    wanted: Counter[date] = Counter()
    for parcel in parcels:
        wanted.update(parcel.bars_by_day)
    calendar = _locked(sorted(wanted), at)
    if full := _is_full(calendar, wanted):
        raise DayFull(full)
    _book(order, dict(enumerate(parcels, start=1)), until, at)


def extend(order: Order, *, until: datetime) -> None:
    """While a bank is working nobody else may have the day."""
    Booking.objects.filter(order=order, until__lt=until).update(until=until)


def free(order: Order) -> None:
    Booking.objects.filter(order=order).delete()


def free_bars(order: Order, *, parcel: int, bars: int) -> None:
    """So many of a parcel are not made after all: its last days are free for others first."""
    for booking in Booking.objects.filter(order=order, parcel=parcel).order_by("-day"):
        fewer = min(bars, booking.bars)
        if fewer == booking.bars:
            booking.delete()
        else:
            Booking.objects.filter(pk=booking.pk).update(bars=F("bars") - fewer)
        bars -= fewer
        if not bars:
            return


def confirm(order: Order, *, at: datetime) -> dict[int, Plan]:
    """In the transaction that marks the order paid. The answer: parcels that were paid so late that their
    day has gone to others, and what they are promised now; without room anywhere they keep their day."""
    bookings = Booking.objects.filter(order=order)
    late = bookings.filter(until__lte=at)
    lost: dict[int, dict[date, int]] = {}
    for parcel, day, bars in late.order_by("day").values_list("parcel", "day", "bars"):
        lost.setdefault(parcel, {})[day] = bars
    moved = _planned_again(order, lost, at) if lost else {}
    bookings.exclude(until=None).update(until=None)
    return moved


def with_capacity(days: QuerySet[CapacityDay], *, at: datetime) -> QuerySet[CapacityDay]:
    """Each with `capacity` and `booked`, for lists."""
    weeks = WorkingWeek.objects.filter(valid_from__lte=OuterRef("day")).order_by("-valid_from")
    of_week = (
        When(day__iso_week_day=number, then=Subquery(weeks.values(weekday)[:1]))
        for number, weekday in enumerate(WEEKDAYS, start=1)
    )
    unlimited = Value(ANY_WEEK.bars[0])
    return days.annotate(
        capacity=Coalesce("bars", Case(*of_week), unlimited, output_field=IntegerField()),
        booked=Coalesce(Sum("bookings__bars", filter=_still_booked(at)), 0),
    )


def overbooked(*, at: datetime) -> QuerySet[CapacityDay]:
    """Days to come on which more is promised than the kitchen makes: closed later, or paid too late."""
    ahead = CapacityDay.objects.filter(day__gte=localtime(at).date())
    counted: Any = with_capacity(ahead, at=at)
    overbooked: QuerySet[CapacityDay] = counted.filter(booked__gt=F("capacity"))
    return overbooked


def _planned_again(order: Order, lost: Mapping[int, Mapping[date, int]], at: datetime) -> dict[int, Plan]:
    today = localtime(at).date()
    last = today + timedelta(days=REPLAN_DAYS)
    calendar = _locked(_days(today, REPLAN_DAYS), at)
    first = first_day(calendar, localtime(at))
    moved = {}
    for parcel, bars_by_day in lost.items():
        if min(bars_by_day) < first or _is_full(calendar, bars_by_day):
            wanted = Wanted(sum(bars_by_day.values()), not_before=max(bars_by_day))
            try:
                moved[parcel] = plan(calendar, wanted, first=first, last=last)
            except NoDayInSight:
                continue
        calendar = calendar.booking(moved[parcel].bars_by_day if parcel in moved else bars_by_day)
    Booking.objects.filter(order=order, parcel__in=moved, until__lte=at).delete()
    _book(order, moved, None, at)
    return moved


def _is_full(calendar: Calendar, bars_by_day: Mapping[date, int]) -> date | None:
    full = (day for day, bars in sorted(bars_by_day.items()) if bars > calendar.free(day))
    return next(full, None)


def _book(order: Order, parcels: Mapping[int, Plan], until: datetime | None, at: datetime) -> None:
    insert(
        Booking(order=order, parcel=parcel, day_id=day, bars=bars, taken_at=at, until=until)
        for parcel, planned in parcels.items()
        for day, bars in planned.bars_by_day.items()
    )


def open_days(*, at: datetime) -> None:
    """Rows to lock, made ahead of whoever books them."""
    days = _days(localtime(at).date(), HORIZON_DAYS)
    CapacityDay.objects.bulk_create([CapacityDay(day=day) for day in days], ignore_conflicts=True)


def _locked(days: Sequence[date], at: datetime) -> Calendar:
    """These days alone, locked by date, so that nobody waits in a circle; counted afterwards, in a statement
    of its own, for one that had to wait would still see what was there before."""
    known = dict(_bars_on(*days))
    if len(known) < len(days):
        missing = [CapacityDay(day=day) for day in days if day not in known]
        CapacityDay.objects.bulk_create(missing, ignore_conflicts=True)
        known = dict(_bars_on(*days))
    return _counted(known, _booked(days, at))


def _for_update(*days: date) -> QuerySet[CapacityDay, tuple[date, int | None]]:
    rows = CapacityDay.objects.select_for_update().filter(pk__in=days).order_by("day")
    return rows.values_list("day", "bars")


_bars_on: Final = WrittenOnce(_for_update)


def _booked(days: Sequence[date], at: datetime) -> dict[date, int]:
    return dict(_booked_on(at, *days)) if days else {}


def _live(at: datetime, *days: date) -> QuerySet[Booking, tuple[date, int]]:
    live = Booking.objects.filter(Q(until=None) | Q(until__gt=at), day__in=days).order_by()
    return live.values_list("day").annotate(Sum("bars"))


_booked_on: Final = WrittenOnce(_live)


def _calendar(since: date, until: date, at: datetime) -> Calendar:
    seen = _written_down(since, until, at)
    return _counted(
        {day: bars for day, bars, is_capacity in seen if is_capacity},
        {day: bars for day, bars, is_capacity in seen if not is_capacity},
    )


def _capacities_and_bookings(since: date, until: date, at: datetime) -> QuerySet[Any, tuple[date, int, bool]]:
    """Of half a year the few days that are unlike their weekday, and those that are booked, with their bars."""
    unlike = CapacityDay.objects.filter(day__range=(since, until), bars__isnull=False).order_by()
    live = Booking.objects.filter(Q(until=None) | Q(until__gt=at), day__gte=since, day__lte=until).order_by()
    capacities: QuerySet[Any, Any] = unlike.values_list("day", "bars", Value(True))
    booked: QuerySet[Any, Any] = live.values_list("day").annotate(Sum("bars"), is_capacity=Value(False))
    # Apart, so that bookings are found by their days: joined, all there have ever been would be looked through.
    return capacities.union(booked, all=True)


_written_down: Final = WrittenOnce(_capacities_and_bookings)


def _counted(bars: Mapping[date, int | None], booked: Mapping[date, int | None]) -> Calendar:
    return Calendar(
        weeks=_weeks(TariffVersion.current()) or (ANY_WEEK,),
        unlike={day: number for day, number in bars.items() if number is not None},
        booked={day: number for day, number in booked.items() if number},
    )


def _weeks(version: str) -> tuple[Week, ...]:
    return _weeks_once(version) if version else ()


@lru_cache(maxsize=2)
def _weeks_once(version: str) -> tuple[Week, ...]:
    return tuple(map(_week, WorkingWeek.objects.order_by("valid_from")))


def _days(first: date, ahead: int) -> list[date]:
    return [first + timedelta(days=day) for day in range(ahead + 1)]


def _still_booked(at: datetime) -> Q:
    return Q(bookings__until=None) | Q(bookings__until__gt=at)


def _week(row: WorkingWeek) -> Week:
    bars = tuple(getattr(row, weekday) for weekday in WEEKDAYS)
    return Week(row.valid_from, bars, row.cut_off, row.lead_days)
