"""A tablet at a station: one bar before it, and when that is done the next."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_POST, require_safe

from configurator.pictures.label_prints import CannotBePrinted
from orders import lots
from orders.floor_forms import DoseForm, ScanForm, StepForm
from orders.models.equipment import Equipment, Station
from orders.models.production import Job, JobState
from orders.production import at_hand, gates, kitting, labels, line, queue, steps
from orders.production.gates import Told
from orders.production.refusals import StepRefused
from orders.views.floor_access import Staff, floor_page, found
from orders.views.floor_away import may_work_without_network
from orders.views.station_page import Seen, context, digest, query
from orders.views.station_work import Bench

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


@may_work_without_network
@require_safe
@at_station("orders.view_job")
def show(request: Staff, bench: Bench) -> HttpResponse:
    lot = request.GET.get("lot", "")
    return _page(request, bench, dose_form=DoseForm(initial={"lot": lot}) if lot else None)


@require_safe
@at_station("orders.view_job")
def now(request: Staff, bench: Bench) -> HttpResponse:
    """What has changed since a tablet looked; nothing at all, most of the time."""
    seen = Seen.by(request.user, bench)

    @condition(etag_func=lambda _request: digest(seen, bench))
    def answer(request: HttpRequest) -> HttpResponse:
        return render(request, "floor/_station.html", context(bench, seen))

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
    seen = Seen.by(request.user, bench)
    code = request.POST.get("code")
    shown = context(bench, seen, code=code, step_form=step_form, dose_form=dose_form)
    shown |= {"stop": stop, "over": over, "scan": ScanForm()}
    return render(request, "floor/station.html", shown, status=status)


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
    return redirect(reverse("orders:floor-station", args=[bench.station.value]) + query(bench, **more))
