"""The bars that wait before a station, in the order in which they are taken up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from orders.models.equipment import Equipment, Station
from orders.models.production import Job, JobEvent, JobState
from orders.models.runs import Run, RunState
from orders.production.gates import STATION
from orders.production.kinds import boxes
from orders.production.queue import MANY
from orders.production.steps import WAY, WAY_OF_A_BOX

COOLS_FOR: Final = timedelta(minutes=25)
"""In the cabinet, until it comes out of its mould."""
RUNS_NEAR: Final = 12
FEW: Final = 2
"""Bars that a parcel lacks, for its others to lie in the way."""
AGES_AFTER: Final = timedelta(hours=1)
OLD_AFTER: Final = timedelta(hours=4)
AGES_IN: Final = (
    *(JobState.KITTED, JobState.MOULDED, JobState.TOPPED, JobState.COOLING, JobState.DEMOULDED),
)
"""Between these steps a bar should not lie for long."""


def steps_of(station: Station) -> tuple[str, ...]:
    """The states that a bar enters there."""
    return tuple(to for to, where in STATION.items() if where == station)


def station_of(to: str) -> Station:
    return STATION[to]


def waits(station: Station) -> Q:
    """A box of samples goes past the stations of chocolate."""
    bars_from, boxes_from = (_before(way, station) for way in (WAY, WAY_OF_A_BOX))
    if bars_from == boxes_from:
        return Q(job_state__in=bars_from)
    of_samples = boxes()
    return Q(job_state__in=bars_from) & ~Q(base__in=of_samples) | Q(
        job_state__in=boxes_from, base__in=of_samples
    )


def at_station(station: Station, *, place: Equipment | None = None) -> QuerySet[Job]:
    """Whatever waits there, on hold or not; at one piece of equipment, what fits its zone."""
    jobs = Job.objects.filter(waits(station), is_owed=True)
    jobs = jobs.annotate(since=_since())
    if place is None:
        return jobs
    # Only what is planned has a temperer; the gates say no to what then does not fit.
    return jobs.filter(Q(run__temperer__zone=place.zone) | Q(run=None))


def line(station: Station, *, place: Equipment | None = None, at: datetime, today: date) -> QuerySet[Job]:
    """Bars that can be worked on now, the one to take first before the others."""
    jobs = at_station(station, place=place).filter(on_hold_since=None)
    jobs = jobs.annotate(comes=_comes(today))
    match station:
        case Station.MOULDING:
            return jobs.annotate(runs=_runs_now()).order_by("runs", *_AS_PLANNED)
        case Station.COOLING:
            return jobs.annotate(ready=_is_ready(at)).order_by("ready", "comes", F("since"), "pk")
        case Station.PACKING:
            behind = _others().filter(job_state__in=WAY[: WAY.index(JobState.WRAPPED)])
            held = _others().exclude(on_hold_since=None)
            return jobs.exclude(Exists(behind)).exclude(Exists(held)).order_by(*_BY_PARCEL)
        case Station.SHIPPING:
            behind = _others().filter(job_state__in=WAY[: WAY.index(JobState.PACKED)])
            held = _others().exclude(on_hold_since=None)
            first = _others().filter(job_state=JobState.PACKED, pk__lt=OuterRef("pk"))
            alone = jobs.exclude(Exists(behind)).exclude(Exists(held)).exclude(Exists(first))
            return alone.order_by(*_BY_PARCEL)
        case Station.KITTING:
            return jobs.filter(_near(today, place)).order_by(*_AS_PLANNED)
        case _:
            return jobs.order_by(*_AS_PLANNED)


def these(keys: Sequence[int]) -> list[Job]:
    """In the order of their keys, which were sorted alone: rows are wide."""
    found = with_all(Job.objects.annotate(since=_since())).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def with_all(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Whatever a page of a station says of a bar."""
    return jobs.select_related(
        "order_line__order", "order_line__design", "order_line__box", "shipment", "remake_of", "run__temperer"
    )


def held(station: Station) -> QuerySet[Job]:
    jobs = at_station(station).exclude(on_hold_since=None).select_related("order_line")
    return jobs.only("code", "order_line__name").order_by("due_on", "on_hold_since", "pk")


def counts() -> dict[Station, int]:
    """How many bars wait at each station; before the first, where they may be any number, not beyond MANY."""
    owed = Job.objects.filter(is_owed=True).order_by()
    begun = owed.filter(job_state__in=WAY[1:-1]).annotate(box=_one_if(Q(base__in=boxes())))
    rows = begun.values_list("job_state", "box")
    found = dict.fromkeys(Station, 0)
    found[Station.KITTING] = owed.filter(job_state=JobState.QUEUED)[:MANY].count()
    for state, is_box, bars in rows.annotate(bars=Count("pk")):
        way = WAY_OF_A_BOX if is_box else WAY
        found[station_of(dict(pairwise(way))[JobState(state)])] += bars
    return found


def lacking_their_last(limit: int) -> list[Job]:
    """Bars that a parcel still waits for at packing, where no more than two are missing: its others lie there."""
    wrapped = Job.objects.filter(job_state=JobState.WRAPPED).order_by().values("shipment")
    behind = Job.objects.filter(job_state__in=WAY[: WAY.index(JobState.WRAPPED)], is_owed=True)
    beside = behind.filter(shipment=OuterRef("shipment")).order_by().values("shipment")
    missing = Subquery(beside.annotate(bars=Count("pk")).values("bars"))
    found = behind.filter(shipment__in=wrapped).annotate(short=missing).filter(short__lte=FEW)
    return list(found.select_related("order_line__order").order_by("due_on", "shipment", "place")[:limit])


def age(job: Job, *, today: date, at: datetime) -> str:
    """How urgent: "late", "today", "old", "ageing" or ""."""
    if job.due_on < today:
        return "late"
    lain = at - job.since if job.job_state in AGES_IN and job.since else timedelta()  # type: ignore[attr-defined]  # annotated
    if lain >= OLD_AFTER:
        return "old"
    if job.due_on == today:
        return "today"
    return "ageing" if lain >= AGES_AFTER else ""


def _near(today: date, place: Equipment | None) -> Q:
    """However much is planned for later: what is urgent or has no run, and the next runs with bars to weigh."""
    waiting = Job.objects.filter(run=OuterRef("pk"), job_state=JobState.QUEUED, on_hold_since=None)
    runs = Run.objects.exclude(run_state=RunState.CLOSED).filter(Exists(waiting))
    if place:
        runs = runs.filter(temperer__zone=place.zone)
    near = list(runs.order_by("day", "place", "temperer_id").values_list("pk", flat=True)[:RUNS_NEAR])
    return Q(due_on__lt=today) | Q(remake_of__isnull=False) | Q(run=None) | Q(run__in=near)


def in_zone(places: Iterable[Equipment], zone: str) -> list[Equipment]:
    return [place for place in places if place.zone == zone]


def _before(way: tuple[JobState, ...], station: Station) -> list[str]:
    return [before for before, to in pairwise(way) if STATION[to] == station]


def _since() -> Subquery:
    """When it entered the state that it is in."""
    entered = JobEvent.objects.filter(job=OuterRef("pk"), to_state=OuterRef("job_state"))
    return Subquery(entered.order_by("-pk").values("at")[:1])


def _comes(today: date) -> Case:
    """What is late goes before all else, then what is made once more."""
    return Case(
        When(due_on__lt=today, then=Value(0)),
        When(remake_of__isnull=False, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def _runs_now() -> Case:
    """First what the temperers run with: the rest cannot be poured."""
    running = Run.objects.filter(run_state=RunState.RUNNING)
    return _one_if(~Q(base__in=running.values("base")))


def _is_ready(at: datetime) -> Case:
    """Out of the cabinet, into the cabinet, and only then what has to stay there."""
    return Case(
        When(job_state=JobState.COOLING, since__lte=at - COOLS_FOR, then=Value(0)),
        When(job_state=JobState.TOPPED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _others() -> QuerySet[Job]:
    """Of the same parcel, as far as they are made."""
    return Job.objects.filter(shipment=OuterRef("shipment"))


_DAY: Final = Coalesce(F("run__day"), F("due_on"))
"""What is in no run, such as a box of samples, comes by the day it is due."""
_AS_PLANNED: Final = ("comes", _DAY, "run__place", "run__temperer", "due_on", "base", "pk")
_BY_PARCEL: Final = ("comes", "due_on", "shipment", "place", "pk")
