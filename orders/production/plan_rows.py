"""What the planner reads: the kitchen, the bars to be made and the runs they are in, as its plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.db.models import Max, QuerySet
from django.utils.timezone import localdate

from configurator.domain.label.sheet import thawed
from orders.models.order import OrderLine
from orders.models.production import Job, JobState
from orders.models.runs import ON_THE_TEMPERER, Run, RunState
from orders.production import allergens, kitchen_rows
from orders.production.kinds import boxes
from orders.production.planning.kitchen import Kitchen
from orders.production.planning.values import (
    MINUTE,
    NOTHING,
    Allergens,
    Bar,
    Kind,
    Left,
    Shift,
    Temperer,
    Zone,
)
from orders.production.planning.values import Run as PlannedRun
from orders.sending import promise

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
    carried = allergens.carried(kitchen_rows.temperers())
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
        kitchen(carried, at=at),
        tuple(bars),
        {job["pk"]: job["run_id"] for job in jobs},
        tuple(ordered),
    )


def kitchen(carried: Mapping[str, Allergens], *, at: datetime) -> Kitchen:
    """With the days ahead, and what is left in each temperer."""
    house, today = kitchen_rows.house(), localdate(at)
    last_runs = _last_runs([temperer.key for temperer in house.kitchen.temperers])
    temperers = tuple(
        replace(
            temperer,
            left=_left(last_runs.get(temperer.key), carried.get(temperer.key, NOTHING), temperer.zone, today),
        )
        for temperer in house.kitchen.temperers
    )
    calendar = replace(promise.days_ahead(days=HORIZON_DAYS, at=at), house=house)
    days = (calendar.day(today + timedelta(ahead)) for ahead in range(HORIZON_DAYS))
    return replace(house.kitchen, days=tuple(days), temperers=temperers)


def _left(last: Run | None, carried: Allergens, zone: Zone, today: date) -> Left | None:
    """After washing there is nothing left; in zone F, where nothing has to be washed, until the next morning."""
    if last is None:
        return None
    is_today = last.day == today
    if not (carried or (is_today and zone == "F")):
        return None
    return Left(Kind(last.base, zone, carried), same_day=is_today)


def _last_runs(keys: Iterable[str]) -> dict[str, Run]:
    closed = Run.objects.filter(temperer__in=list(keys), run_state=RunState.CLOSED)
    latest = closed.values("temperer").annotate(last=Max("events__pk")).values("last")
    found = Run.objects.filter(events__in=latest)
    return {run.temperer_id: run for run in found}


def to_be_planned() -> QuerySet[Job]:
    """Bars that no chocolate was poured for yet, and that nothing keeps waiting; samples need no temperer."""
    jobs = Job.objects.filter(is_owed=True, job_state__in=NOT_BEGUN, on_hold_since=None)
    return jobs.exclude(base__in=boxes())


def _jobs() -> list[dict[str, Any]]:
    jobs = to_be_planned()
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
    lines = OrderLine.every.in_bulk([line for line, _locale in wanted]) if wanted else {}
    found = {}
    for (line, locale), base in wanted.items():
        label = thawed(lines[line].labels[locale])
        contains = frozenset(label.allergens)
        kind = Kind(base, label.zone, contains | frozenset(label.may_contain))
        found[line, locale] = Bar(0, kind, date.min, contains=contains)
    return found
