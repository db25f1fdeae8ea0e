"""The plan of the floor, made from what is written down and written down again as runs.

It is made anew when bars have come that no run holds, or a planned run lies in the past. Whoever replans holds
the temperers, so that nothing is melted meanwhile; bars that are being moulded keep the run they come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from orders.models.equipment import Equipment, Station
from orders.models.production import Job
from orders.models.runs import Run, RunState
from orders.production import runs
from orders.production.plan_rows import NOT_BEGUN, Floor, floor, to_be_planned
from orders.production.planning.days import planned
from orders.production.planning.moving import (
    AllergenOrder,
    DayIsFull,
    MoveRefused,
    OtherZone,
    Place,
    RunHasBegun,
    moved,
)
from orders.production.planning.values import MINUTE, Plan, Shift
from orders.production.planning.values import Run as PlannedRun
from orders.production.refusals import RunRefused

AT_ONCE: Final = 500
"""Keys in one statement."""


def replan(*, at: datetime) -> Plan:
    """All bars that are not begun; what runs and what a person has placed stays."""
    with transaction.atomic():
        _hold_temperers()
        seen = floor(at=at)
        held = [shift.holding(*filter(_stays, shift.runs)) for shift in seen.shifts()]
        plan = planned(seen.bars, seen.kitchen, held=held)
        _write(plan, seen, at=at)
    return plan


def is_out_of_date(*, at: datetime) -> bool:
    """Two small questions, for beat."""
    waiting = to_be_planned().filter(run=None)
    missed = Run.objects.filter(run_state=RunState.PLANNED, day__lt=localdate(at), events=None)
    return waiting.exists() or missed.exists()


def move(run_id: int, to: Place, *, at: datetime) -> None:
    """A person puts a planned run elsewhere; there it stays. Raises RunRefused in words, or Run.DoesNotExist."""
    with transaction.atomic():
        _hold_temperers()
        seen = floor(at=at)
        row = next((row for row in seen.rows if row.pk == run_id), None)
        if row is None:
            raise Run.DoesNotExist
        shifts = tuple(seen.shifts())
        run = next(run for shift in shifts for run in shift.runs if run.key == run_id)
        try:
            plan = moved(Plan(shifts), run, to, seen.kitchen)
        except MoveRefused as refusal:
            raise RunRefused(words(refusal, to)) from refusal
        _write_runs(plan, {row.pk: row for row in seen.rows}, at=at)


def words(refusal: MoveRefused, to: Place) -> str:
    match refusal:
        case RunHasBegun():
            return _("This run has begun: what is on the temperer stays there.")
        case OtherZone():
            return _("These bars are made in zone %(zone)s alone. Take a temperer that stands there.") % {
                "zone": refusal.zone
            }
        case AllergenOrder():
            return _(
                "%(after)s must not follow %(before)s on the same day: what is left in the temperer could "
                "harm somebody. Put it before, or on another day."
            ) % {
                "after": runs.base_name(refusal.after.base),
                "before": runs.base_name(refusal.before.base),
            }
        case DayIsFull(short="temperer"):
            return _(
                "%(temperer)s has %(free)d minutes left on that day, and this run takes %(needed)d. "
                "Move another run away first."
            ) % {
                "temperer": to.temperer,
                "free": refusal.free // MINUTE,
                "needed": -(-refusal.needed // MINUTE),
            }
        case DayIsFull():
            return _(
                "On that day there are hands and moulds for %(free)d more bars, and this run has %(needed)d. "
                "Move another run away first."
            ) % {"free": refusal.free, "needed": refusal.needed}
        case _:
            return _("Nobody works there on that day. Choose another day or temperer.")


def _stays(run: PlannedRun) -> bool:
    """One that was placed by hand and has lost all its bars goes."""
    return run.running or (run.pinned and bool(run.bars))


def _hold_temperers() -> None:
    """Whoever melts or moulds locks them too."""
    places = Equipment.objects.select_for_update(no_key=True).filter(station=Station.MOULDING)
    list(places.order_by("key").values_list("key"))


def _write(plan: Plan, seen: Floor, *, at: datetime) -> None:
    today = localdate(at)
    missed = Run.objects.filter(run_state=RunState.PLANNED, day__lt=today)
    rows = {row.pk: row for row in (*seen.rows, *missed)}
    run_of = _write_runs(plan, rows, at=at)
    _put_into_runs(run_of, seen)
    _clear_what_waits()
    kept = {*run_of.values(), *(run.key for shift in plan.shifts for run in shift.runs)}
    spare = [pk for pk, row in rows.items() if row.run_state == RunState.PLANNED and pk not in kept]
    # One that somebody has planned on the floor has its history.
    Run.objects.filter(pk__in=spare, events=None).delete()


def _write_runs(plan: Plan, rows: Mapping[int, Run], *, at: datetime) -> dict[int, int]:
    """Rows are used again, so that an unchanged plan changes nothing. The answer: key of a bar → its row."""
    today = localdate(at)
    spare: dict[tuple[date, str, str], list[Run]] = {}
    pinned = {run.key for shift in plan.shifts for run in shift.runs}
    for row in rows.values():
        if row.run_state == RunState.PLANNED and row.pk not in pinned:
            spare.setdefault((row.day, row.temperer_id, row.base), []).append(row)
    written: list[tuple[Run, PlannedRun]] = []
    begun = _places_begun(today)
    for shift in plan.shifts:
        first = begun.get(shift.temperer.key, 0) if shift.day.on == today else 0
        planned_runs = [run for run in shift.runs if not run.running]
        for place, run in enumerate(planned_runs, start=first + 1):
            same = spare.get((shift.day.on, shift.temperer.key, run.kind.base))
            row = rows[run.key] if run.key else same.pop(0) if same else Run(base=run.kind.base)
            written.append((_placed(row, shift, place, run), run))
    _save([row for row, _run in written])
    begun_runs = [(rows[run.key], run) for shift in plan.shifts for run in shift.runs if run.running]
    return {bar.key: row.pk for row, run in (*written, *begun_runs) for bar in run.bars}


def _placed(row: Run, shift: Shift, place: int, run: PlannedRun) -> Run:
    row.day, row.temperer_id, row.place = shift.day.on, shift.temperer.key, place
    row.setup_minutes, row.work_minutes = _minutes(run.set_up), _minutes(run.work)
    row.by_hand = run.pinned
    return row


def _minutes(seconds: int) -> int:
    return -(-seconds // MINUTE)


def _save(rows: Sequence[Run]) -> None:
    columns = ["day", "temperer", "place", "setup_minutes", "work_minutes", "by_hand"]
    Run.objects.bulk_update([row for row in rows if row.pk], columns, batch_size=100)
    Run.objects.bulk_create([row for row in rows if not row.pk])


def _places_begun(today: date) -> dict[str, int]:
    begun = Run.objects.filter(day=today).exclude(run_state=RunState.PLANNED).order_by()
    return dict(begun.values_list("temperer").annotate(Max("place")))


def _put_into_runs(run_of: Mapping[int, int], seen: Floor) -> None:
    """Only those that change their run."""
    changed: dict[int | None, list[int]] = {}
    for bar in seen.bars:
        run = run_of.get(bar.key)
        if run != seen.run_of[bar.key]:
            changed.setdefault(run, []).append(bar.key)
    for run, keys in changed.items():
        for some in range(0, len(keys), AT_ONCE):
            Job.objects.filter(pk__in=keys[some : some + AT_ONCE], job_state__in=NOT_BEGUN).update(run=run)


def _clear_what_waits() -> None:
    """On hold, cancelled or paid back: it is no part of the plan."""
    planned = Job.objects.filter(run__run_state=RunState.PLANNED)
    waiting = planned.exclude(pk__in=to_be_planned().values("pk"))
    keys = list(waiting.values_list("pk", flat=True))
    for some in range(0, len(keys), AT_ONCE):
        Job.objects.filter(pk__in=keys[some : some + AT_ONCE]).update(run=None)
