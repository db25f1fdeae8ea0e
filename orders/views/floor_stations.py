"""A tablet at a station: one bar before it, and when that is done the next."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Any, Final

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_POST, require_safe

from configurator.label_prints import CannotBePrinted
from orders import lots
from orders.floor_forms import DoseForm, ScanForm, StepForm
from orders.models.equipment import Equipment, Station
from orders.models.production import Job, JobEvent, JobState
from orders.models.runs import ON_THE_TEMPERER, Run
from orders.production import at_hand, gates, kitting, labels, line, queue, steps
from orders.production.gates import Told
from orders.production.refusals import StepRefused
from orders.views.floor_access import Staff, floor_page, found
from orders.views.station_work import Bench, works

AHEAD: Final = 5
"""Bars that a tablet knows beforehand, so that it goes on without the network."""
HELD_SHOWN: Final = 4
LACKING_SHOWN: Final = 12

logger = logging.getLogger(__name__)

StationView = Callable[..., HttpResponse]


def at_station(permission: str) -> Callable[[StationView], StationView]:
    """Pages of a station; with `?place=` of one piece of equipment there."""

    def guard(view: StationView) -> StationView:
        @wraps(view)
        def guarded(request: Staff, station: str) -> HttpResponse:
            return view(request, _bench(request, station))

        return floor_page(permission)(guarded)

    return guard


# ── To look at ───────────────────────────────────────────────────────────────────────────────────


@require_safe
@floor_page("orders.view_job")
def show_all(request: Staff) -> HttpResponse:
    rows = [(station, bars) for station, bars in line.counts().items()]
    return render(request, "floor/stations.html", {"rows": rows, "many": queue.MANY, "scan": ScanForm()})


@require_safe
@at_station("orders.view_job")
def show(request: Staff, bench: Bench) -> HttpResponse:
    lot = request.GET.get("lot", "")
    return _page(request, bench, dose_form=DoseForm(initial={"lot": lot}) if lot else None)


@require_safe
@at_station("orders.view_job")
def now(request: Staff, bench: Bench) -> HttpResponse:
    """What has changed since a tablet looked; nothing at all, most of the time."""
    seen = _Seen.by(request.user, bench)

    @condition(etag_func=lambda _request: _digest(seen, bench))
    def answer(request: HttpRequest) -> HttpResponse:
        return render(request, "floor/_station.html", _context(request, bench, seen))  # type: ignore[arg-type]  # the same request

    return answer(request)


# ── To do ────────────────────────────────────────────────────────────────────────────────────────


@require_POST
@at_station("orders.change_job")
def take_up(request: Staff, bench: Bench) -> HttpResponse:
    at_hand.take_next(bench.station, place=bench.place, by=request.user, at=bench.at)
    return _onward(bench)


@require_POST
@at_station("orders.change_job")
def put_down(request: Staff, bench: Bench) -> HttpResponse:
    at_hand.put_down(bench.station, by=request.user)
    return _onward(bench)


@require_POST
@at_station("orders.change_job")
def scan(request: Staff, bench: Bench) -> HttpResponse:
    """A ticket takes its bar up; a lot is checked against the bar in hand."""
    typed = request.POST.get("code", "").strip()
    lot = lots.find(typed)
    try:
        if lot and bench.station == Station.KITTING:
            job = at_hand.in_hand(bench.station, by=request.user)
            if job is None:
                return _stopped(request, bench, _("Take up a bar first, then scan what goes into its cup."))
            kitting.check(job, lot, today=bench.today)
            return _onward(bench, lot=lot.code)
        if bench.station == Station.WRAPPING and labels.is_label(typed):
            return _wrapped(request, bench, typed)
        job = _scanned(typed)
        at_hand.take(job, bench.station, by=request.user, at=bench.at, over="over" in request.POST)
    except at_hand.InOtherHands as refusal:
        return _stopped(request, bench, refusal.words, over=typed)
    except StepRefused as refusal:
        return _stopped(request, bench, refusal.words)
    return _onward(bench)


@require_POST
@at_station("orders.change_job")
def take_step(request: Staff, bench: Bench) -> HttpResponse:
    job, to = found(request.POST.get("code", "")), request.POST.get("to", "")
    if job is None or to not in line.steps_of(bench.station):
        return _stopped(request, bench, _("Nothing was done: scan the bar once more."))
    form = StepForm(request.POST, to=to, places=gates.fitting(job, to))
    if not form.is_valid():
        return _page(request, bench, step_form=form, stop=_first_error(form), status=422)
    try:
        steps.advance(job, to, by=request.user, at=bench.at, told=form.told)
    except StepRefused as refusal:
        return _stopped(request, bench, f"{job.code}: {refusal.words}", step_form=form)
    at_hand.take_next(bench.station, place=bench.place, by=request.user, at=bench.at)
    return _onward(bench)


@require_POST
@at_station("orders.change_job")
def make_label(request: Staff, bench: Bench) -> HttpResponse:
    """Of the bar in hand: now its lots and its day are known."""
    job = found(request.POST.get("code", ""))
    if job is None:
        return _stopped(request, bench, _("Nothing was done: scan the bar once more."))
    try:
        labels.print_label(job, by=request.user, at=bench.at)
    except StepRefused as refusal:
        return _stopped(request, bench, f"{job.code}: {refusal.words}")
    except CannotBePrinted:
        logger.exception("Job %s has no label.", job.code)
        words = _("The label of this bar does not fit: put the bar aside and ask the office.")
        return _stopped(request, bench, f"{job.code}: {words}")
    return _onward(bench)


@require_POST
@at_station("orders.change_job")
def take_back(request: Staff, bench: Bench) -> HttpResponse:
    """The last step was a slip: its bar is in hand again."""
    job = found(request.POST.get("code", ""))
    if job is None:
        return _stopped(request, bench, _("Nothing was done: scan the bar once more."))
    try:
        steps.take_back(job, by=request.user, at=bench.at)
    except StepRefused as refusal:
        return _stopped(request, bench, f"{job.code}: {refusal.words}")
    # Unless the next cup is half full already: then that one is finished first.
    with suppress(StepRefused):
        at_hand.take(job, bench.station, by=request.user, at=bench.at)
    return _onward(bench)


@require_POST
@at_station("orders.change_job")
def weigh(request: Staff, bench: Bench) -> HttpResponse:
    job, form = found(request.POST.get("code", "")), DoseForm(request.POST)
    if job is None:
        return _stopped(request, bench, _("Nothing was done: scan the bar once more."))
    if not form.is_valid():
        return _page(request, bench, dose_form=form, stop=_first_error(form), status=422)
    told = form.cleaned_data
    try:
        kitting.dose(
            job,
            kitting.lot_of(told["lot"]),
            form.mg,
            by=request.user,
            at=bench.at,
            scan=told["key"],
            more_to_come=told["more_to_come"],
        )
    except StepRefused as refusal:
        return _stopped(request, bench, f"{job.code}: {refusal.words}", dose_form=form)
    return _onward(bench)


@require_POST
@at_station("orders.change_job")
def pour_back(request: Staff, bench: Bench) -> HttpResponse:
    job = found(request.POST.get("code", ""))
    try:
        if job:
            kitting.pour_back(job)
    except StepRefused as refusal:
        return _stopped(request, bench, refusal.words)
    return _onward(bench)


# ── The page ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Last:
    """The step that this person took here just now."""

    job: Job
    state: str
    at: Any


@dataclass(frozen=True, slots=True)
class _Seen:
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
    def by(cls, by: User, bench: Bench) -> _Seen:
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


def _bench(request: Staff, station: str) -> Bench:
    if station not in Station.values:
        raise Http404
    where, at = Station(station), timezone.now()
    places = list(Equipment.objects.filter(station=where, in_use=True).order_by("key"))
    wanted = request.GET.get("place", "").upper()
    place = next((place for place in places if place.key == wanted), None)
    language = translation.get_language() or "en"
    return Bench(where, places, place, language, at, timezone.localdate(at))


def _page(
    request: Staff,
    bench: Bench,
    *,
    stop: str = "",
    over: str = "",
    step_form: StepForm | None = None,
    dose_form: DoseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    seen = _Seen.by(request.user, bench)
    context = _context(request, bench, seen, step_form=step_form, dose_form=dose_form)
    context |= {"stop": stop, "over": over, "scan": ScanForm()}
    return render(request, "floor/station.html", context, status=status)


def _context(
    request: Staff,
    bench: Bench,
    seen: _Seen,
    *,
    step_form: StepForm | None = None,
    dose_form: DoseForm | None = None,
) -> dict[str, Any]:
    station, mine, counts = bench.station, seen.mine, seen.counts
    ahead = line.these([key for key, _state in seen.ahead if mine is None or key != mine.pk][:AHEAD])
    shown = works([mine, *ahead] if mine else ahead, bench)
    if mine and request.POST.get("code", mine.code) == mine.code:
        shown[0] |= {"step_form": step_form} if step_form else {}
        if dose_form and shown[0]["scale"]:
            shown[0]["scale"]["form"] = dose_form
    if mine and station == Station.WRAPPING:
        shown[0]["label"] = labels.standing(mine)
    return {
        "station": station,
        "bench": bench,
        "query": _query(bench),
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
        "digest": _digest(seen, bench),
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


def _digest(seen: _Seen, bench: Bench) -> str:
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


def _wrapped(request: Staff, bench: Bench, label: str) -> HttpResponse:
    """The label of the bar in hand was scanned: that is all that wrapping wants to know. Raises StepRefused."""
    job = at_hand.in_hand(bench.station, by=request.user)
    if job is None:
        return _stopped(request, bench, _("Take up a bar first, then scan the label on it."))
    told = Told(equipment=bench.place.pk if bench.place else "", label=label)
    steps.advance(job, JobState.WRAPPED, by=request.user, at=bench.at, told=told)
    at_hand.take_next(bench.station, place=bench.place, by=request.user, at=bench.at)
    return _onward(bench)


def _scanned(typed: str) -> Job:
    """Raises NotHere in words."""
    form = ScanForm({"code": typed})
    if not form.is_valid():
        raise at_hand.NotHere(_first_error(form))
    job = found(form.cleaned_data["code"])
    assert job is not None
    return job


def _stopped(
    request: Staff,
    bench: Bench,
    words: str,
    *,
    over: str = "",
    step_form: StepForm | None = None,
    dose_form: DoseForm | None = None,
) -> HttpResponse:
    return _page(request, bench, stop=words, over=over, step_form=step_form, dose_form=dose_form, status=409)


def _first_error(form: Any) -> str:
    return str(next(iter(form.errors.values()))[0])


def _onward(bench: Bench, **more: str) -> HttpResponse:
    return redirect(reverse("orders:floor-station", args=[bench.station.value]) + _query(bench, **more))


def _query(bench: Bench, **more: str) -> str:
    wanted = ({"place": bench.place.pk} if bench.place else {}) | more
    return f"?{urlencode(wanted)}" if wanted else ""
