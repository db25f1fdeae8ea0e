"""What a page of a station shows, and the digest by which a tablet knows that nothing has changed."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from django.contrib.auth.models import User
from django.utils.http import urlencode

from orders.floor_forms import DoseForm, StepForm
from orders.models.equipment import Station
from orders.models.production import Job, JobEvent, JobState
from orders.models.runs import ON_THE_TEMPERER, Run
from orders.production import at_hand, labels, line, queue, steps
from orders.views.station_work import Bench, works

AHEAD: Final = 5
"""Bars that a tablet knows beforehand, so that it goes on without the network."""
HELD_SHOWN: Final = 4
LACKING_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class _Last:
    """The step that this person took here just now."""

    job: Job
    state: str
    at: Any


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page of a station shows, by its keys: looked up once, told on the page and in its digest."""

    who: User
    mine: Job | None
    ahead: list[tuple[int, str]]
    """Keys and states of the bars that come, with the one in hand among them."""
    counts: dict[Station, int]
    held: list[Job]
    last: _Last | None
    lacking: list[Job]

    @classmethod
    def by(cls, by: User, bench: Bench) -> Seen:
        station = bench.station
        free = at_hand.free_line(station, place=bench.place, by=by, at=bench.at)
        return cls(
            by,
            at_hand.in_hand(station, by=by),
            list(free.values_list("pk", "job_state")[: AHEAD + 1]),
            line.counts(),
            list(line.held(station)[:HELD_SHOWN]),
            _last(bench, by),
            line.lacking_their_last(LACKING_SHOWN) if station == Station.PACKING else [],
        )


def context(
    bench: Bench,
    seen: Seen,
    *,
    code: str | None = None,
    step_form: StepForm | None = None,
    dose_form: DoseForm | None = None,
) -> dict[str, Any]:
    station, mine, counts = bench.station, seen.mine, seen.counts
    ahead = line.these([key for key, _state in seen.ahead if mine is None or key != mine.pk][:AHEAD])
    shown = works([mine, *ahead] if mine else ahead, bench)
    if mine and code in {None, mine.code}:
        shown[0] |= {"step_form": step_form} if step_form else {}
        if dose_form and shown[0]["scale"]:
            shown[0]["scale"]["form"] = dose_form
    if mine and station == Station.WRAPPING:
        shown[0]["label"] = labels.standing(mine)
    return {
        "station": station,
        "bench": bench,
        "query": query(bench),
        "work": shown[0] if mine else None,
        "ahead": shown[1:] if mine else shown,
        "may_move": seen.who.has_perm("orders.change_job"),
        "waiting": counts[station],
        "many": queue.MANY,
        "stations": [(each, counts[each]) for each in Station],
        "held": seen.held,
        "last": seen.last,
        "all_day": _cups(bench) if station == Station.KITTING else [],
        "lacking": seen.lacking,
        "digest": digest(seen, bench),
        "kept_for": seen.who.pk,
    }


def _cups(bench: Bench) -> list[queue.AllDay]:
    return [row for row in queue.all_day(bench.today, bench.language) if not row.poured]


def _last(bench: Bench, by: Any) -> _Last | None:
    events = JobEvent.objects.filter(
        by=by,
        to_state__in=line.steps_of(bench.station),
        undoes=None,
        undone_by=None,
        at__gt=bench.at - steps.TAKEN_BACK_WITHIN,
    )
    event = events.select_related("job").order_by("-pk").first()
    if event is None or event.job.job_state != event.to_state or event.to_state not in steps.TAKEN_BACK:
        return None
    return _Last(event.job, str(JobState(event.to_state).label), event.at)


def digest(seen: Seen, bench: Bench) -> str:
    """Changes with whatever the page shows; ages are told by the minute."""
    station, mine, last = bench.station, seen.mine, seen.last
    signs: list[Any] = [
        bench.language,
        bench.place and bench.place.pk,
        seen.who.pk,
        int(bench.at.timestamp()) // 60,
        mine and (mine.pk, mine.job_state, mine.on_hold_since),
        list(mine.doses.values_list("pk", flat=True)) if mine else (),
        last and (last.job.pk, last.state),
        mine and station == Station.WRAPPING and labels.sign_of(mine),
        seen.ahead,
        list(seen.counts.values()),
        [job.pk for job in seen.held],
        [(job.pk, job.job_state) for job in seen.lacking],
    ]
    if station == Station.MOULDING:
        runs = Run.objects.filter(run_state__in=ON_THE_TEMPERER).order_by("pk")
        signs.append(list(runs.values_list("pk", "run_state")))
    return f'"{sha256(repr(signs).encode()).hexdigest()[:24]}"'


def query(bench: Bench, **more: str) -> str:
    wanted = ({"place": bench.place.pk} if bench.place else {}) | more
    return f"?{urlencode(wanted)}" if wanted else ""
