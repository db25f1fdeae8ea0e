"""Thirty working days: orders come, days are promised, bars are planned, made, broken and made again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from bench.planner.demand import an_order, policies
from bench.planner.kitchens import MONDAY, kitchen
from orders.production.planning.days import planned
from orders.production.planning.earliest import Wanted
from orders.production.planning.kitchen import House
from orders.production.planning.values import Bar, Kind, Shift
from orders.sending.promise import HORIZON_DAYS, Calendar, Week, first_day, plan

WORKING_DAYS = 30
SCRAPPED = 0.03
HALF_A_DAY_LOST = 0.05
CUT_OFF = time(14)
LEAD_DAYS = 3


@dataclass(slots=True)
class Month:
    orders: int = 0
    bars: int = 0
    remakes: int = 0
    half_days_lost: int = 0
    late: set[int] = field(default_factory=set)
    waits: dict[int, int] = field(default_factory=dict)
    """How many orders were promised after so many days of the calendar."""

    @property
    def kept(self) -> int:
        return self.orders - len(self.late)


def simulated(
    *, seed: int, load: float = 0.85, rush: float = 1.0, policy: str = "declared for the zone"
) -> Month:
    """``load``: bars ordered a day, of what the kitchen can make; in the second week ``rush`` times as many."""
    return _Simulation(seed, load, rush, policy).month


class _Simulation:
    def __init__(self, seed: int, load: float, rush: float, policy: str) -> None:
        self.month = Month()
        self._dice, self._policy = Random(seed), policy
        self._kitchen = kitchen()
        house = House(self._kitchen, self._kitchen.days[0])
        self._calendar = Calendar(house, (Week(MONDAY, (None,) * 5 + (0, 0), CUT_OFF, LEAD_DAYS),))
        self._waits: Counter[int] = Counter()
        self._open: dict[int, Bar] = {}
        self._order_of: dict[int, int] = {}
        for number, day in enumerate(self._working_days()):
            if number < WORKING_DAYS:
                self._orders_come_in(day, load * (rush if 5 <= number < 10 else 1))
            elif not self._open:
                break
            self._a_day_is_worked(day)
        self.month.waits = dict(sorted(self._waits.items()))

    def _working_days(self) -> Iterator[date]:
        return (day.on for day in self._kitchen.days if day.seconds)

    def _orders_come_in(self, day: date, load: float) -> None:
        wanted = load * max(self._kitchen.limits(day).bars for day in self._kitchen.days)
        while wanted > 0:
            self.month.orders += 1
            order = an_order(self.month.orders, day, self._dice)
            now = datetime.combine(day, time(self._dice.randint(0, 23)))
            bars = policies([order])[self._policy]
            due = self._promised(Counter(bar.kind for bar in bars), now)
            self._waits[(due - day).days] += 1
            for bar in bars:
                self._put(replace(bar, due=due))
            wanted -= len(order.kinds)

    def _promised(self, bars: Counter[Kind], now: datetime) -> date:
        """As at checkout."""
        first = first_day(self._calendar, now)
        made = plan(self._calendar, Wanted(bars), first=first, last=first + timedelta(days=HORIZON_DAYS))
        self._calendar = self._calendar.booking(made.bars_by_day)
        return made.dispatch_on

    def _put(self, bar: Bar) -> None:
        self.month.bars += 1
        key = self.month.bars
        self._open[key] = replace(bar, key=key)
        self._order_of[key] = self.month.orders

    def _a_day_is_worked(self, day: date) -> None:
        ahead = tuple(d for d in self._kitchen.days if d.on >= day)
        today = [
            s
            for s in planned(self._open.values(), replace(self._kitchen, days=ahead)).shifts
            if s.day.on == day
        ]
        is_half = self._dice.random() < HALF_A_DAY_LOST
        self.month.half_days_lost += is_half
        for bar in _made(today, half=is_half):
            if self._dice.random() < SCRAPPED:
                self.month.remakes += 1
                self._open[bar.key] = replace(bar, remake=True)
            else:
                del self._open[bar.key]
        self.month.late |= {self._order_of[bar.key] for bar in self._open.values() if bar.due <= day}


def _made(shifts: Iterable[Shift], *, half: bool) -> Iterator[Bar]:
    for shift in shifts:
        bars = [bar for run in shift.runs for bar in run.bars]
        yield from bars[: len(bars) // 2] if half else bars
