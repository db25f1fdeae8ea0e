"""The day a parcel leaves the house: the first by which the plan of the kitchen can have made its bars, or a
later wish.

A day is promised under its lock, counted from what is booked; unpaid bookings end by the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final, TypeAlias

from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime

from configurator.changed_once import insert
from configurator.written_once import WrittenOnce
from orders.models.capacity import WEEKDAYS, Booking, CapacityDay, WorkingWeek
from orders.models.order import Order
from orders.models.shipping import TariffVersion
from orders.production.kinds import kind_written, written
from orders.production.kitchen_rows import house_remembered
from orders.production.planning.earliest import (
    NO_BARS,
    Bars,
    NoDayInSight,
    Promised,
    Room,
    Wanted,
    earliest,
    together,
)
from orders.production.planning.kitchen import House
from orders.production.planning.values import Day, Kind

HORIZON_DAYS: Final = 400
"""So far ahead somebody may wish; a kitchen that is full for longer promises nothing."""
REPLAN_DAYS: Final = 60
NEXT_WITHIN_DAYS: Final = 60
KIND: Final = ("base", "zone", "declared")
BarsByDay: TypeAlias = Mapping[date, Bars]


class DayFull(Exception):
    """Others were faster: plan again and show the customer the new day."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day:%Y-%m-%d} has no room for so many bars.")
        self.day = day


@dataclass(frozen=True, slots=True)
class Week:
    """A WorkingWeek as a value."""

    valid_from: date
    bars: tuple[int | None, ...]
    cut_off: time
    lead_days: int


# Before anybody has written a working week: from Monday to Friday, as much as the figures of the kitchen allow.
ANY_WEEK: Final = Week(date.min, (None,) * 5 + (0, 0), time.max, 3)


@dataclass(frozen=True, slots=True)
class Calendar:
    house: House
    weeks: tuple[Week, ...] = (ANY_WEEK,)
    """By the day they begin."""
    unlike: Mapping[date, int] = field(default_factory=dict)
    """Days with another number of bars than their weekday."""
    booked: BarsByDay = field(default_factory=dict)

    def week(self, day: date) -> Week:
        begun = [week for week in self.weeks if week.valid_from <= day]
        return begun[-1] if begun else ANY_WEEK

    def most(self, day: date) -> int | None:
        """Bars that the owner wants to promise; None leaves it to the figures of the kitchen."""
        return self.unlike.get(day, self.week(day).bars[day.weekday()])

    def day(self, on: date) -> Day:
        """As the plan of the floor knows it, and the promise too."""
        return self.house.day(on, self.most(on))

    def room(self, day: date) -> Room:
        return Room(self.day(day), self.booked.get(day, NO_BARS), self.house.kitchen)

    def is_open(self, day: date) -> bool:
        return self.most(day) != 0

    def working_days(self, since: date, until: date) -> Iterator[date]:
        for ahead in range((until - since).days + 1):
            if self.is_open(day := since + timedelta(days=ahead)):
                yield day

    def booking(self, bars_by_day: BarsByDay) -> Calendar:
        return replace(self, booked=together([self.booked, bars_by_day]))


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


def plan(calendar: Calendar, wanted: Wanted, *, first: date, last: date) -> Promised:
    """Raises NoDayInSight."""
    days = map(calendar.day, calendar.working_days(first, last))
    return earliest(wanted, days, calendar.booked, calendar.house.kitchen)


def plans(parcels: Iterable[Wanted], *, at: datetime) -> tuple[Promised, ...]:
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


def due_on(*, at: datetime) -> date:
    """When a bar that is asked for now should leave: in as many working days as it takes to make one, however
    many others wait. Raises NoDayInSight."""
    now = localtime(at)
    return first_day(_calendar(now.date(), now.date() + timedelta(days=HORIZON_DAYS), at), now)


def next_working_day(day: date) -> date:
    """After a day; the one after it where none is known."""
    calendar = _counted(_unlike(day, day + timedelta(days=NEXT_WITHIN_DAYS)), {})
    days = calendar.working_days(day + timedelta(days=1), day + timedelta(days=NEXT_WITHIN_DAYS))
    return next(days, day + timedelta(days=1))


def days_ahead(*, days: int, at: datetime) -> Calendar:
    """From today on; for whoever plans the work of the promised days."""
    today = localtime(at).date()
    return _calendar(today, today + timedelta(days=days), at)


def book(order: Order, parcels: Sequence[Promised], *, until: datetime | None, at: datetime) -> None:
    """Inside the caller's transaction. Raises DayFull; then nothing is booked."""
    wanted = together(parcel.bars_by_day for parcel in parcels)
    calendar = _locked(sorted(wanted), at)
    if full := _is_full(calendar, wanted):
        raise DayFull(full)
    _book(order, dict(enumerate(parcels, start=1)), until, at)


def extend(order: Order, *, until: datetime) -> None:
    """While a bank is working nobody else may have the day."""
    Booking.objects.filter(order=order, until__lt=until).update(until=until)


def free(order: Order) -> None:
    Booking.objects.filter(order=order).delete()


def free_bars(order: Order, *, parcel: int, base: str, bars: int) -> None:
    """So many of a parcel are not made after all: its last days are free for others first."""
    for booking in Booking.objects.filter(order=order, parcel=parcel, base=base).order_by("-day", "pk"):
        fewer = min(bars, booking.bars)
        if fewer == booking.bars:
            booking.delete()
        else:
            Booking.objects.filter(pk=booking.pk).update(bars=F("bars") - fewer)
        bars -= fewer
        if not bars:
            return


def confirm(order: Order, *, at: datetime) -> dict[int, Promised]:
    """In the transaction that marks the order paid. The answer: parcels that were paid so late that their
    day has gone to others, and what they are promised now; without room anywhere they keep their day."""
    bookings = Booking.objects.filter(order=order)
    late = bookings.filter(until__lte=at).order_by("day")
    lost: dict[int, dict[date, dict[Kind, int]]] = {}
    for parcel, day, base, zone, declared, bars in late.values_list("parcel", "day", *KIND, "bars"):
        lost.setdefault(parcel, {}).setdefault(day, {})[kind_written(base, zone, declared)] = bars
    moved = _planned_again(order, lost, at) if lost else {}
    bookings.exclude(until=None).update(until=None)
    return moved


def with_booked(days: QuerySet[CapacityDay], *, at: datetime) -> QuerySet[CapacityDay]:
    """Each with `booked`, for lists."""
    return days.annotate(booked=Coalesce(Sum("bookings__bars", filter=_still_booked(at)), 0))


def holds(day: CapacityDay) -> int:
    """Bars that may be promised of it, if its temperers have the time for them."""
    calendar = _counted({day.day: day.bars}, {})
    return calendar.house.kitchen.promised_bars(calendar.day(day.day))


def room_on(day: date, *, at: datetime) -> Room:
    return _calendar(day, day, at).room(day)


def overbooked(*, at: datetime) -> QuerySet[CapacityDay]:
    """Days to come on which more is promised than the kitchen makes: closed later, or paid too late."""
    today = localtime(at).date()
    calendar = _calendar(today, today + timedelta(days=HORIZON_DAYS), at)
    empty = replace(calendar, booked={})
    full = [day for day, bars in calendar.booked.items() if not empty.room(day).holds(bars)]
    return CapacityDay.objects.filter(pk__in=full)


def _planned_again(order: Order, lost: Mapping[int, BarsByDay], at: datetime) -> dict[int, Promised]:
    today = localtime(at).date()
    last = today + timedelta(days=REPLAN_DAYS)
    calendar = _locked(_days(today, REPLAN_DAYS), at)
    first = first_day(calendar, localtime(at))
    moved = {}
    for parcel, bars_by_day in lost.items():
        if min(bars_by_day) < first or _is_full(calendar, bars_by_day):
            bars = together([{today: bars} for bars in bars_by_day.values()])[today]
            try:
                moved[parcel] = plan(calendar, Wanted(bars, max(bars_by_day)), first=first, last=last)
            except NoDayInSight:
                continue
        calendar = calendar.booking(moved[parcel].bars_by_day if parcel in moved else bars_by_day)
    Booking.objects.filter(order=order, parcel__in=moved, until__lte=at).delete()
    _book(order, moved, None, at)
    return moved


def _is_full(calendar: Calendar, bars_by_day: BarsByDay) -> date | None:
    return next(
        (day for day, bars in sorted(bars_by_day.items()) if not calendar.room(day).holds(bars)), None
    )


def _book(order: Order, parcels: Mapping[int, Promised], until: datetime | None, at: datetime) -> None:
    insert(
        Booking(
            order=order,
            parcel=parcel,
            day_id=day,
            base=kind.base,
            zone=kind.zone,
            declared=written(kind),
            bars=bars,
            taken_at=at,
            until=until,
        )
        for parcel, promised in parcels.items()
        for day, bars_of in promised.bars_by_day.items()
        for kind, bars in bars_of.items()
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


def _booked(days: Sequence[date], at: datetime) -> BarsByDay:
    return _by_day(_booked_on(at, *days)) if days else {}


def _live(at: datetime, *days: date) -> QuerySet[Booking, Any]:
    return _sums(Booking.objects.filter(Q(until=None) | Q(until__gt=at), day__in=days))


def _sums(live: QuerySet[Booking]) -> QuerySet[Booking, Any]:
    return live.order_by().values_list("day", *KIND).annotate(Sum("bars"))


_booked_on: Final = WrittenOnce(_live)


def _by_day(sums: Iterable[tuple[date, str, str, str, int]]) -> BarsByDay:
    booked: dict[date, dict[Kind, int]] = {}
    for day, base, zone, declared, bars in sums:
        booked.setdefault(day, {})[kind_written(base, zone, declared)] = bars
    return booked


def _calendar(since: date, until: date, at: datetime) -> Calendar:
    seen = _written_down(since, until, at)
    return _counted(
        {day: bars for day, *_kind, bars, is_capacity in seen if is_capacity},
        _by_day((day, *kind, bars) for day, *kind, bars, is_capacity in seen if not is_capacity),
    )


def _capacities_and_bookings(since: date, until: date, at: datetime) -> QuerySet[Any, Any]:
    """Of all days ahead the few that are unlike their weekday, and those that are booked, with their bars."""
    unlike = CapacityDay.objects.filter(day__range=(since, until), bars__isnull=False).order_by()
    live = Booking.objects.filter(Q(until=None) | Q(until__gt=at), day__gte=since, day__lte=until)
    nothing = Value("")
    capacities: QuerySet[Any, Any] = unlike.values_list("day", nothing, nothing, nothing, "bars", Value(True))
    booked: QuerySet[Any, Any] = _sums(live).annotate(is_capacity=Value(False))
    # Apart, so that bookings are found by their days: joined, all there have ever been would be looked through.
    return capacities.union(booked, all=True)


_written_down: Final = WrittenOnce(_capacities_and_bookings)


def _unlike(since: date, until: date) -> dict[date, int | None]:
    days = CapacityDay.objects.filter(day__range=(since, until), bars__isnull=False)
    return dict(days.values_list("day", "bars"))


def _counted(bars: Mapping[date, int | None], booked: BarsByDay) -> Calendar:
    return Calendar(
        house_remembered(),
        weeks=_weeks(TariffVersion.current()) or (ANY_WEEK,),
        unlike={day: number for day, number in bars.items() if number is not None},
        booked=booked,
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
