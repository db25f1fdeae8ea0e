"""The people of the floor: run by run they weigh, pour, place, check, wrap and send whatever was paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import pairwise
from random import Random
from typing import Final
from uuid import uuid4

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.utils.timezone import localdate, now

from configurator.domain.family import Milligrams
from orders import lots
from orders.models import Cleaning, Equipment, Job, JobEvent, JobState, Lot, Recall, Run, RunState, Shipment
from orders.models.runs import ON_THE_TEMPERER
from orders.production import (
    allergens,
    filling,
    gates,
    kitting,
    labels,
    planning_desk,
    recall,
    runs,
    steps,
    trace,
    trial_shelf,
    unnamed,
)
from orders.production.gates import Told
from orders.production.refusals import LabelDoesNotCover, TooLight
from orders.production.run_outs import shortage
from orders.simulated_day.patience import until_done

BROKEN_IN_100: Final = 2
LIGHT_IN_100: Final = 1
BAD_TEMPER_IN_100: Final = 10
SCANNED_TWICE_IN_100: Final = 5
IN_THE_TEMPERER: Final = 120
"""Percent of what the bars of a run need."""
ON_THE_BENCH: Final = (
    *(JobState.KITTED, JobState.MOULDED, JobState.TOPPED, JobState.COOLING, JobState.DEMOULDED),
)
DONE: Final = (JobState.WRAPPED, JobState.PACKED, JobState.SHIPPED, JobState.SCRAPPED)
AT_REST: Final = (JobState.SCRAPPED, JobState.SHIPPED)


@dataclass(frozen=True, slots=True)
class Crew:
    maker: User
    checker: User
    """Looks at what the other has cleaned."""


@dataclass(slots=True)
class Day:
    """What has happened so far."""

    dice: Random
    crew: Crew
    began: datetime
    bad_lot_after: int = 0
    """Bars that have left when a lot turns out to be bad."""
    happened: Counter[str] = field(default_factory=Counter)
    bad_lot: Lot | None = None
    recalled: Recall | None = None
    is_recall_over: bool = False

    @property
    def left(self) -> QuerySet[JobEvent]:
        """When which bar left the house."""
        return JobEvent.objects.filter(to_state=JobState.SHIPPED, by=self.crew.maker, at__gte=self.began)

    def one_in_100(self, times: int) -> bool:
        return self.dice.randrange(100) < times


def work(day: Day, *, tell: Callable[[int, int], None]) -> None:
    """Until nothing waits any more. `tell` hears how many bars have left, of how many."""
    while until_done(partial(_make_a_run, day), day.happened):
        tell(*until_done(_left_of_all, day.happened))


def _make_a_run(day: Day) -> bool:
    """What was begun before the lights went out comes first. False when nothing is left to make or to send."""
    planning_desk.replan(at=now())
    _send(day)
    with_work = Run.objects.filter(jobs__in=_going_on(Job.objects.all())).distinct()
    begun = with_work.filter(run_state__in=ON_THE_TEMPERER).first()
    run = begun or with_work.filter(run_state=RunState.PLANNED).first()
    if run:
        _make(day, run)
        _send(day)
    return run is not None


def _left_of_all() -> tuple[int, int]:
    there = Job.objects.exclude(job_state=JobState.SCRAPPED)
    return there.filter(job_state=JobState.SHIPPED).count(), there.count()


# ── A run ────────────────────────────────────────────────────────────────────────────────────────


def _make(day: Day, run: Run) -> None:
    """Station by station, so that a lot that turns out to be bad finds bars everywhere. Each takes what waits there."""
    bars = run.jobs.values_list("pk", flat=True)
    ours = Job.objects.filter(pk__in=list(bars))
    for bar in _at(JobState.QUEUED, ours):
        _weigh(day, bar)
        _step(day, bar, JobState.KITTED)
    run = _tempered(day, run, _at(JobState.KITTED, ours))
    for now_at, to in pairwise(ON_THE_BENCH):
        for bar in _at(now_at, ours):
            _step(day, bar, to)
        if to == JobState.TOPPED:
            _find_a_bad_lot(day)
    for bar in _going_on(ours):
        _check_and_wrap(day, bar)
    runs.close(run, by=day.crew.maker, at=now())


def _at(state: JobState, bars: QuerySet[Job]) -> list[Job]:
    return list(_going_on(bars.filter(job_state=state)))


def _going_on(bars: QuerySet[Job]) -> QuerySet[Job]:
    """What is to be worked on at a station."""
    ours = bars.filter(on_hold_since=None).exclude(job_state__in=DONE)
    return ours.select_related("order_line__order", "shipment").order_by("pk")


def _weigh(day: Day, bar: Job) -> None:
    """Of what came in lots, the lot that expires first; a hand is never quite exact."""
    for part in kitting.wanted(bar, "en"):
        left = 0 if part.is_done else part.target_mg - part.weighed_mg
        while left > 0:
            named = unnamed.named_for(bar, part.module)
            taken = lots.first_out(part.module, left, today=localdate(), named=named)[0]
            is_last = taken.mg >= left
            most_off = min(kitting.tolerance(part.target_mg), taken.mg) // 2
            off = day.dice.randint(-1, 1) * most_off if is_last else 0
            # Not of the dice: the same day played twice sends other messages.
            key = uuid4()
            lot = kitting.lot_of(taken.code)
            for _message in range(2 if day.one_in_100(SCANNED_TWICE_IN_100) else 1):
                kitting.dose(
                    bar, lot, taken.mg + off, by=day.crew.maker, at=now(), scan=key, more_to_come=not is_last
                )
            left -= taken.mg


def _tempered(day: Day, run: Run, bars: list[Job]) -> Run:
    maker = day.crew.maker
    if run.run_state == RunState.PLANNED:
        _make_way(day, run.temperer)
        runs.melt(run, by=maker, at=now())
        run.refresh_from_db()
    needed = sum(_base_mg(bar, run.base) for bar in bars) * IN_THE_TEMPERER // 100
    there = filling.inside([run.temperer]).get(run.temperer_id)
    missing = needed - (there.rest_mg if there else 0)
    for taken in lots.first_out(run.base, missing, today=localdate()) if missing > 0 else ():
        filling.fill(run, kitting.lot_of(taken.code), taken.mg, by=maker, at=now())
    low, _high = runs.working_range(run.base)
    while run.run_state != RunState.RUNNING:
        is_good = not day.one_in_100(BAD_TEMPER_IN_100)
        runs.take_strip(run, by=maker, at=now())
        run.refresh_from_db()
        if not runs.judge(run, decidegrees=low, strip_set=is_good, by=maker, at=now()):
            day.happened["strips that did not set"] += 1
        run.refresh_from_db()
    return run


def _make_way(day: Day, place: Equipment) -> None:
    """Another chocolate goes in only after what was there is out."""
    for there in Run.objects.filter(temperer=place, run_state__in=ON_THE_TEMPERER):
        runs.close(there, by=day.crew.maker, at=now())
    if filling.empty(place.pk, by=day.crew.maker, at=now()):
        _wash(day, place)


def _base_mg(bar: Job, base: str) -> Milligrams:
    return sum(part["mg"] for part in bar.order_line.recipe if part["module"] == base)


# ── A bar ────────────────────────────────────────────────────────────────────────────────────────


def _check_and_wrap(day: Day, bar: Job) -> None:
    if bar.job_state == JobState.DEMOULDED and not _is_good(day, bar):
        return
    label = labels.print_label(bar, by=day.crew.maker, at=now())
    _step(day, bar, JobState.WRAPPED, Told(label=label.code))


def _is_good(day: Day, bar: Job) -> bool:
    maker, net = day.crew.maker, bar.order_line.net_mg
    if day.one_in_100(BROKEN_IN_100):
        steps.scrap(bar, "broken", by=maker, at=now())
        day.happened["bars that broke"] += 1
        return False
    weight = net // 2 if day.one_in_100(LIGHT_IN_100) else net + day.dice.randint(0, net // 50)
    try:
        _step(day, bar, JobState.CHECKED, Told(weight_mg=weight))
    except TooLight:
        steps.scrap(bar, "light", by=maker, at=now())
        day.happened["bars that were too light"] += 1
        return False
    return True


def _step(day: Day, bar: Job, to: JobState, told: Told | None = None) -> None:
    """Where the gate finds allergens that the label does not name, the place is washed and looked at first."""
    told = told or Told()
    try:
        steps.advance(bar, to, by=day.crew.maker, at=now(), told=told)
    except LabelDoesNotCover:
        for place in gates.fitting(bar, to):
            _wash(day, place)
        steps.advance(bar, to, by=day.crew.maker, at=now(), told=told)
    if day.one_in_100(SCANNED_TWICE_IN_100):
        day.happened["scans that came twice"] += 1
        assert not steps.advance(bar, to, by=day.crew.maker, at=now(), told=told)


def _wash(day: Day, place: Equipment) -> None:
    done = allergens.clean(place, Cleaning.Kind.WET, by=day.crew.maker, at=now())
    allergens.verify(done, Cleaning.Swab.CLEAN, by=day.crew.checker, at=now())
    day.happened["cleanings"] += 1


def _send(day: Day) -> None:
    """Parcels of which every bar is wrapped."""
    ready = (
        Shipment.objects.filter(shipped_at=None, jobs__job_state__in=(JobState.WRAPPED, JobState.PACKED))
        .exclude(jobs__in=Job.objects.exclude(job_state__in=DONE))
        .exclude(jobs__in=Job.objects.exclude(on_hold_since=None).exclude(job_state=JobState.SCRAPPED))
        .distinct()
    )
    for parcel in ready:
        bars = list(parcel.jobs.exclude(job_state=JobState.SCRAPPED).order_by("pk"))
        for bar in bars:
            if bar.job_state == JobState.WRAPPED:
                steps.advance(bar, JobState.PACKED, by=day.crew.maker, at=now())
        steps.advance(bars[0], JobState.SHIPPED, by=day.crew.maker, at=now())


# ── A lot that turns out to be bad ───────────────────────────────────────────────────────────────


def _find_a_bad_lot(day: Day) -> None:
    """Once: called back, told, and its bars in the house made anew from what another delivery brings."""
    if day.is_recall_over or day.left.count() < day.bad_lot_after:
        return
    maker = day.crew.maker
    called = day.recalled = day.recalled or _called_back(day)
    if not Recall.objects.get(pk=called.pk).confirmed_at:
        day.happened["orders told of the recall"] = recall.tell(called, by=maker, at=now())
    for bar in Job.objects.exclude(on_hold_since=None).exclude(job_state__in=AT_REST).order_by("pk"):
        _make_anew(day, bar, called.lot)
    day.is_recall_over = True


def _called_back(day: Day) -> Recall:
    maker = day.crew.maker
    lot = day.bad_lot = day.bad_lot or _most_used()
    known = Recall.objects.filter(lot=lot, is_mock=False).first()
    if known:
        return known
    trial_shelf.deliver(lot.stock.module, by=maker, at=now())
    return recall.recall(lot, "Reported by its supplier.", by=maker, at=now())


def _most_used() -> Lot:
    """Among those in bars that have left: so somebody has to be told."""
    doses = Lot.objects.filter(doses__job__job_state=JobState.SHIPPED)
    return doses.annotate(bars=Count("doses")).order_by("-bars", "pk").select_related("stock__module")[0]


def _make_anew(day: Day, bar: Job, lot: Lot) -> None:
    day.happened["bars stopped by the recall"] += 1
    if bar.job_state != JobState.QUEUED:
        steps.scrap(bar, f"lot {lot.code} was called back", by=day.crew.maker, at=now())
        return
    while any(origin.lot == lot for origin in trace.lots_of(bar)):
        kitting.pour_back(bar)
    shortage.let_go_on(bar, at=now())
