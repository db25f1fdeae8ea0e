"""What the planner reads: the kitchen, the bars to be made and the runs they are in, as its plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.db.models import Max, Sum
from django.utils.timezone import localdate

from configurator.domain.label.sheet import thawed
from orders import promise
from orders.models.equipment import Equipment, Station
from orders.models.figures import KitchenFigures
from orders.models.order import OrderLine, PaymentState
from orders.models.production import Job, JobState
from orders.models.runs import ON_THE_TEMPERER, Run, RunState
from orders.production import allergens
from orders.production.planning.changeovers import SetUps
from orders.production.planning.kitchen import Kitchen, Work
from orders.production.planning.values import MINUTE, Allergens, Bar, Day, Kind, Left, Shift, Temperer
from orders.production.planning.values import Run as PlannedRun

HORIZON_DAYS: Final = 400
NOT_BEGUN: Final = (JobState.QUEUED, JobState.KITTED)


@dataclass(frozen=True, slots=True)
class Floor:
    """All that a plan is made from."""

    kitchen: Kitchen
    bars: tuple[Bar, ...]
    run_of: Mapping[int, int | None]
    """Key of a bar → the run it is in, planned or begun."""
    rows: tuple[Run, ...]
    """From today on, with what stands on the temperers now; by day, temperer and place."""

    def shifts(self) -> list[Shift]:
        """As they are written down."""
        bars_of: dict[int, list[Bar]] = {}
        for bar in self.bars:
            bars_of.setdefault(self.run_of[bar.key] or 0, []).append(bar)
        temperers = {temperer.key: temperer for temperer in self.kitchen.temperers}
        days = {day.on: day for day in self.kitchen.days}
        found = []
        for (on, key), rows in groupby(self.rows, key=lambda row: (row.day, row.temperer_id)):
            if on in days and key in temperers:
                runs = (self._run(row, bars_of.get(row.pk, []), temperers[key]) for row in rows)
                found.append(Shift(days[on], temperers[key], tuple(runs)))
        return found

    def _run(self, row: Run, bars: list[Bar], temperer: Temperer) -> PlannedRun:
        declared = bars[0].kind.declared if bars else self._everything(temperer)
        kind = Kind(row.base, temperer.zone, declared)
        return PlannedRun(
            kind,
            tuple(bar for bar in bars if bar.kind == kind),
            row.setup_minutes * MINUTE,
            self.kitchen.work.seconds(len(bars)),
            running=row.run_state in ON_THE_TEMPERER,
            pinned=row.by_hand,
            key=row.pk,
        )

    def _everything(self, temperer: Temperer) -> Allergens:
        """That a bar of its zone may declare, for a run that nobody has put a bar into yet."""
        declared = (bar.kind.declared for bar in self.bars if bar.kind.zone == temperer.zone)
        return frozenset().union(*declared)


def floor(*, at: datetime) -> Floor:
    """A handful of queries, however many bars."""
    today = localdate(at)
    places = list(Equipment.objects.filter(station=Station.MOULDING, in_use=True).order_by("key"))
    carried = allergens.carried(places)
    jobs = _jobs()
    bars = _bars(jobs, frozenset().union(*carried.values()))
    rows = Run.objects.filter(run_state__in=(RunState.PLANNED, *ON_THE_TEMPERER), day__gte=today)
    older = list(Run.objects.filter(run_state__in=ON_THE_TEMPERER, day__lt=today))
    for run in older:
        run.day = today
    ordered = sorted(
        (*rows, *older),
        key=lambda row: (row.day, row.temperer_id, row.run_state == RunState.PLANNED, row.place, row.pk),
    )
    return Floor(
        kitchen(places, carried, at=at),
        tuple(bars),
        {job["pk"]: job["run_id"] for job in jobs},
        tuple(ordered),
    )


def kitchen(places: Iterable[Equipment], carried: Mapping[str, Allergens], *, at: datetime) -> Kitchen:
    figures, today, places = KitchenFigures.current(), localdate(at), list(places)
    last_runs = _last_runs([place.pk for place in places])
    temperers = tuple(
        Temperer(place.pk, place.zone, _left(last_runs.get(place.pk), carried[place.pk], place, today))  # type: ignore[arg-type]
        for place in places
    )
    calendar = promise.days_ahead(days=HORIZON_DAYS, at=at)
    moulds = _moulds(places)
    days = (_day(today + timedelta(ahead), calendar, figures, moulds) for ahead in range(HORIZON_DAYS))
    return Kitchen(tuple(days), temperers, work(figures), set_ups(figures))


def work(figures: KitchenFigures) -> Work:
    return Work(
        bar=figures.bar_seconds,
        lot=figures.lot_minutes * MINUTE,
        bars_in_lot=figures.lot_bars,
        hands=figures.hands_seconds,
        usual_set_up=figures.usual_set_up_minutes * MINUTE,
        ahead_days=figures.ahead_days,
    )


def set_ups(figures: KitchenFigures) -> SetUps:
    return SetUps(
        base=figures.base_minutes * MINUTE,
        darker_before=figures.darker_minutes * MINUTE,
        nut_mass_before=figures.nut_minutes * MINUTE,
        clean=figures.clean_minutes * MINUTE,
        clean_per_allergen=figures.clean_allergen_minutes * MINUTE,
    )


def _day(on: date, calendar: promise.Calendar, figures: KitchenFigures, moulds: int) -> Day:
    """Open on the days of the working week; a day with a number of its own holds no more bars than that."""
    if not calendar.capacity(on):
        return Day(on, 0, 0, 0)
    seconds = figures.shift_minutes * MINUTE
    cavities = moulds * max(1, figures.shift_minutes // figures.round_minutes)
    own = calendar.unlike.get(on)
    if own is not None:
        cavities = min(cavities, own * 100 // figures.promised_percent)
    return Day(on, seconds, figures.people * seconds, cavities)


def _moulds(places: Iterable[Equipment]) -> int:
    """Bars that can lie in moulds at once, and in the cabinets: whatever is less."""
    in_moulds = sum(place.holds_bars or 0 for place in places)
    cabinets = Equipment.objects.filter(station=Station.COOLING, in_use=True)
    cooled = cabinets.aggregate(bars=Sum("holds_bars"))["bars"]
    return min(in_moulds, cooled) if cooled else in_moulds


def _left(last: Run | None, carried: Allergens, place: Equipment, today: date) -> Left | None:
    """After washing there is nothing left; in zone F, where nothing has to be washed, until the next morning."""
    if last is None:
        return None
    is_today = last.day == today
    if not (carried or (is_today and place.zone == "F")):
        return None
    return Left(Kind(last.base, place.zone, carried), same_day=is_today)  # type: ignore[arg-type]


def _last_runs(keys: Iterable[str]) -> dict[str, Run]:
    closed = Run.objects.filter(temperer__in=list(keys), run_state=RunState.CLOSED)
    latest = closed.values("temperer").annotate(last=Max("events__pk")).values("last")
    found = Run.objects.filter(events__in=latest)
    return {run.temperer_id: run for run in found}


def _jobs() -> list[dict[str, Any]]:
    """Bars that no chocolate was poured for yet, and that nothing keeps waiting."""
    jobs = Job.objects.filter(
        order_line__order__payment_state=PaymentState.PAID, job_state__in=NOT_BEGUN, on_hold_since=None
    )
    columns = ("pk", "base", "due_on", "remake_of_id", "order_line_id", "shipment__label_locale", "run_id")
    return list(jobs.order_by("pk").values(*columns))


def _bars(jobs: list[dict[str, Any]], carried: Allergens) -> list[Bar]:
    """What a label declares counts as far as it can come into touch with anything that is there."""
    labels = _labels(jobs)
    bars = []
    for job in jobs:
        label = labels[job["order_line_id"], job["shipment__label_locale"]]
        bars.append(replace(label, key=job["pk"], due=job["due_on"], remake=job["remake_of_id"] is not None))
    there = carried.union(*(bar.contains for bar in bars))
    kinds: dict[Kind, Kind] = {}
    for bar in bars:
        kinds.setdefault(bar.kind, replace(bar.kind, declared=bar.kind.declared & there))
    return [replace(bar, kind=kinds[bar.kind]) for bar in bars]


def _labels(jobs: Iterable[Mapping[str, Any]]) -> dict[tuple[int, str], Bar]:
    """One bar for each line and language, to be copied."""
    wanted = {(job["order_line_id"], job["shipment__label_locale"]): job["base"] for job in jobs}
    lines = OrderLine.objects.in_bulk([line for line, _locale in wanted]) if wanted else {}
    found = {}
    for (line, locale), base in wanted.items():
        label = thawed(lines[line].labels[locale])
        contains = frozenset(label.allergens)
        kind = Kind(base, label.zone, contains | frozenset(label.may_contain))
        found[line, locale] = Bar(0, kind, date.min, contains=contains)
    return found
