"""The plan as people look at it: day by day, what each temperer makes in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy

from configurator.models import Module
from orders.models.equipment import Equipment
from orders.models.figures import KitchenFigures
from orders.models.runs import ON_THE_TEMPERER, Run, RunState
from orders.production.plan_rows import NOT_BEGUN, to_be_planned
from orders.production.planning.kitchen import Limits
from orders.sending import promise

SHOWN: Final = (RunState.PLANNED, *ON_THE_TEMPERER)
MOVED_WITHIN_DAYS: Final = 21
SHOWN_EMPTY: Final = 5
"""So many open days are shown whether something is planned for them or not."""
USUAL_WITHIN_DAYS: Final = 14
BOTTLENECKS: Final[Mapping[str, Promise]] = {
    "hands": gettext_lazy("people"),
    "temperers": gettext_lazy("temperers"),
    "cavities": gettext_lazy("moulds and cooling"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One run."""

    run: Any
    """With `bars` and `late`."""
    base: str
    colour: str
    place: int
    """Among those that are not done yet, from 1."""

    @property
    def begun(self) -> bool:
        return self.run.run_state in ON_THE_TEMPERER


@dataclass(frozen=True, slots=True)
class Turn:
    """A temperer's day."""

    temperer: str
    zone: str
    rows: tuple[Row, ...]
    minutes: int
    """Of the day's work."""

    @property
    def taken(self) -> int:
        return sum(row.run.setup_minutes + row.run.work_minutes for row in self.rows)

    @property
    def set_up(self) -> int:
        return sum(row.run.setup_minutes for row in self.rows)


@dataclass(frozen=True, slots=True)
class BoardDay:
    on: date
    turns: tuple[Turn, ...]

    @property
    def bars(self) -> int:
        return sum(row.run.bars for turn in self.turns for row in turn.rows)

    @property
    def late(self) -> int:
        return sum(row.run.late for turn in self.turns for row in turn.rows)


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a usual day holds, and what is promised of it."""

    limits: Limits
    """Of the kitchen."""
    percent: int
    promised: int
    """At most, on the day of the next two weeks of which most may be promised."""

    @property
    def bottleneck(self) -> Promise:
        return BOTTLENECKS[self.limits.bottleneck]

    @property
    def by_figures(self) -> int:
        return self.limits.bars * self.percent // 100


def days(open_days: Sequence[date], *, at: datetime) -> list[date]:
    """On which something is to be made, from today on; and the next ones on which it could be."""
    runs = _runs(at).order_by("day").values_list("day", flat=True).distinct()
    today = localdate(at)
    return sorted({*(max(day, today) for day in runs), *open_days[:SHOWN_EMPTY]})


def board(
    shown: Iterable[date], temperers: Iterable[Equipment], open_days: Iterable[date], *, at: datetime
) -> list[BoardDay]:
    """Two questions, however many runs there are. On a day that is open every temperer has its place."""
    shown, today = list(shown), localdate(at)
    wanted = Q(day__in=shown) | (Q(day__lt=today) if today in shown else Q(pk=None))
    late = Q(jobs__due_on__lt=F("day"))
    counted = _runs(at).filter(wanted).select_related("temperer")
    runs: Iterable[Any] = counted.annotate(
        bars=Count("jobs", filter=Q(jobs__job_state__in=NOT_BEGUN)), late=Count("jobs", filter=late)
    )
    bases, minutes = _bases(), KitchenFigures.current().shift_minutes
    of_turn: dict[tuple[date, str], list[Any]] = {}
    for run in sorted(runs, key=_turn):
        of_turn.setdefault((max(run.day, today), run.temperer_id), []).append(run)
    there = {temperer.pk: temperer for temperer in temperers}
    is_open = frozenset(open_days)
    found = []
    for day in shown:
        at_work = dict(there) if day in is_open else {}
        at_work |= {
            runs[0].temperer_id: runs[0].temperer for (on, _key), runs in of_turn.items() if on == day
        }
        turns = (
            _of_temperer(temperer, of_turn.get((day, key), ()), bases, minutes)
            for key, temperer in sorted(at_work.items())
        )
        found.append(BoardDay(day, tuple(turns)))
    return found


def waiting() -> int:
    """Bars that have no day yet."""
    return to_be_planned().filter(run=None).count()


def open_days(*, at: datetime) -> list[date]:
    """To which a run can be moved."""
    calendar, today = promise.days_ahead(days=MOVED_WITHIN_DAYS, at=at), localdate(at)
    return list(calendar.working_days(today, today + timedelta(days=MOVED_WITHIN_DAYS)))


def capacity(*, at: datetime) -> Capacity:
    """The days of the calendar differ; a usual one is the one on which most is made within two weeks."""
    calendar, today = promise.days_ahead(days=USUAL_WITHIN_DAYS, at=at), localdate(at)
    kitchen = calendar.house.kitchen
    near = [calendar.day(today + timedelta(ahead)) for ahead in range(USUAL_WITHIN_DAYS)]
    usual = max(near, key=kitchen.promised_bars)
    return Capacity(
        kitchen.limits(calendar.house.usual), kitchen.promised_percent, kitchen.promised_bars(usual)
    )


def _runs(at: datetime) -> QuerySet[Run]:
    today = localdate(at)
    return Run.objects.filter(run_state__in=SHOWN).exclude(run_state=RunState.PLANNED, day__lt=today)


def _turn(run: Run) -> tuple[bool, int, int]:
    return run.run_state == RunState.PLANNED, run.place, run.pk


def _of_temperer(
    temperer: Equipment, runs: Iterable[Any], bases: Mapping[str, tuple[str, str]], minutes: int
) -> Turn:
    rows = tuple(_row(run, bases, place) for place, run in enumerate(runs, start=1))
    return Turn(temperer.pk, temperer.get_zone_display(), rows, minutes)


def _row(run: Any, bases: Mapping[str, tuple[str, str]], place: int) -> Row:
    base, colour = bases.get(run.base, (run.base, "#000000"))
    return Row(run, base, colour, place)


def _bases() -> dict[str, tuple[str, str]]:
    name = "name_de" if get_language() == "de" else "name_en"
    bases = Module.objects.filter(kind=Module.Kind.BASE)
    return {key: (word, colour) for key, word, colour in bases.values_list("key", name, "colour")}
