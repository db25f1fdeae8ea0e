"""The day as a screen on the wall shows it: what is late or waits, and how far each run has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.db.models import Count, Q
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import get_language

from configurator.models import Module
from orders.models.equipment import Station
from orders.models.production import Job, JobEvent, JobState
from orders.models.runs import ON_THE_TEMPERER, Run, RunState
from orders.production import line
from orders.production.queue import OPEN
from orders.production.steps import WAY

LATE_SHOWN: Final = 12
HELD_SHOWN: Final = 8
LACKING_SHOWN: Final = 8
POURED: Final = WAY[WAY.index(JobState.MOULDED) :]
WRAPPED: Final = WAY[WAY.index(JobState.WRAPPED) :]


@dataclass(frozen=True, slots=True)
class RunRow:
    run: Any
    """With `bars`, `poured`, `wrapped`, `late` and `held`."""
    base: str
    colour: str

    @property
    def is_done(self) -> bool:
        return bool(self.run.wrapped == self.run.bars)

    @property
    def troubled(self) -> bool:
        return bool(self.run.late or self.run.held)


@dataclass(frozen=True, slots=True)
class DayBoard:
    runs: tuple[RunRow, ...]
    late: tuple[Job, ...]
    late_bars: int
    held: tuple[Job, ...]
    held_bars: int
    lacking: tuple[Job, ...]
    stations: Mapping[Station, int]
    due_today: int
    shipped_today: int
    scrapped_today: int


def day_board(*, at: datetime) -> DayBoard:
    """The same number of questions however full the day is."""
    today = localdate(at)
    jobs = Job.objects.filter(is_owed=True, job_state__in=OPEN)
    late = jobs.filter(due_on__lt=today).select_related("order_line").order_by("due_on", "pk")
    held = jobs.exclude(on_hold_since=None).select_related("order_line").order_by("due_on", "pk")
    happened = _happened(today)
    return DayBoard(
        runs=tuple(_runs(today)),
        late=tuple(late[:LATE_SHOWN]),
        late_bars=late.count(),
        held=tuple(held[:HELD_SHOWN]),
        held_bars=held.count(),
        lacking=tuple(line.lacking_their_last(LACKING_SHOWN)),
        stations=line.counts(),
        due_today=jobs.filter(due_on=today).count(),
        shipped_today=happened.get(JobState.SHIPPED, 0),
        scrapped_today=happened.get(JobState.SCRAPPED, 0),
    )


def signs(board: DayBoard) -> tuple[Any, ...]:
    """Change with whatever the board says."""
    runs = [
        (
            row.run.pk,
            row.run.run_state,
            row.run.bars,
            row.run.poured,
            row.run.wrapped,
            row.run.late,
            row.run.held,
        )
        for row in board.runs
    ]
    jobs = [[(job.pk, job.job_state) for job in some] for some in (board.late, board.held, board.lacking)]
    sums = (board.late_bars, board.held_bars, board.due_today, board.shipped_today, board.scrapped_today)
    return runs, jobs, sums, list(board.stations.values())


def _runs(today: date) -> list[RunRow]:
    """Late and blocked first, then what stands on a temperer, then the plan."""
    made = ~Q(jobs__job_state=JobState.SCRAPPED)
    is_open = Q(jobs__job_state__in=OPEN)
    runs = Run.objects.filter(Q(day=today) | Q(run_state__in=ON_THE_TEMPERER)).select_related("temperer")
    counted: Any = runs.annotate(
        bars=Count("jobs", filter=made),
        poured=Count("jobs", filter=Q(jobs__job_state__in=POURED)),
        wrapped=Count("jobs", filter=Q(jobs__job_state__in=WRAPPED)),
        late=Count("jobs", filter=is_open & Q(jobs__due_on__lt=today)),
        held=Count("jobs", filter=is_open & Q(jobs__on_hold_since__isnull=False)),
    )
    bases = _bases()
    rows = [RunRow(run, *bases.get(run.base, (run.base, "#000000"))) for run in counted if run.bars]
    return sorted(rows, key=_turn)


def _turn(row: RunRow) -> tuple[Any, ...]:
    run = row.run
    return (
        row.is_done,
        not row.troubled,
        run.run_state == RunState.PLANNED,
        run.day,
        run.place,
        run.temperer_id,
    )


def _happened(today: date) -> dict[str, int]:
    """Since midnight, without what was taken back."""
    midnight = datetime.combine(today, time(), tzinfo=get_current_timezone())
    events = JobEvent.objects.filter(at__gte=midnight, undoes=None, undone_by=None)
    counted = events.filter(to_state__in=(JobState.SHIPPED, JobState.SCRAPPED)).order_by()
    return dict(counted.values_list("to_state").annotate(Count("pk")))


def _bases() -> dict[str, tuple[str, str]]:
    name = "name_de" if get_language() == "de" else "name_en"
    bases = Module.objects.filter(kind=Module.Kind.BASE)
    return {key: (word, colour) for key, word, colour in bases.values_list("key", name, "colour")}
