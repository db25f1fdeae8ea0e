"""Runs on the floor: which chocolate stands on which temperer, and whether its temper is good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Avg, Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.floor_forms import MG_PER_KG, FillForm, RunForm, ScanForm, TemperForm
from orders.models.equipment import Equipment, Station
from orders.models.production import JobState
from orders.models.runs import ON_THE_TEMPERER, Run, RunState
from orders.production import allergens, filling, runs
from orders.production.refusals import StepRefused
from orders.views.floor_access import Staff, floor_page

CLOSED_SHOWN = 6


@require_safe
@floor_page("orders.view_run")
def show_runs(request: Staff) -> HttpResponse:
    return runs_page(request)


@require_POST
@floor_page("orders.change_run")
def begin(request: Staff) -> HttpResponse:
    """The next run of a temperer; melting begins at once."""
    form = RunForm(request.POST)
    if not form.is_valid():
        return runs_page(request, form=form, status=422)
    now = timezone.now()
    temperer, base = form.cleaned_data["temperer"], form.cleaned_data["base"]
    try:
        run = runs.begin(temperer, base, day=timezone.localdate(now), by=request.user, at=now)
    except StepRefused as refusal:
        messages.error(request, refusal.words)
        return runs_page(request, form=form, status=409)
    messages.success(request, _("%(run)s is melting.") % {"run": run.temperer})
    return redirect("orders:floor-runs")


@require_POST
@floor_page("orders.change_run")
def melt(request: Staff, run_id: int) -> HttpResponse:
    return _taken(request, run_id, lambda run: runs.melt(run, by=request.user, at=timezone.now()))


@require_POST
@floor_page("orders.change_run")
def take_strip(request: Staff, run_id: int) -> HttpResponse:
    return _taken(request, run_id, lambda run: runs.take_strip(run, by=request.user, at=timezone.now()))


@require_POST
@floor_page("orders.change_run")
def judge(request: Staff, run_id: int) -> HttpResponse:
    run, form = get_object_or_404(Run, pk=run_id), TemperForm(request.POST, prefix=f"run-{run_id}")
    if not form.is_valid():
        return runs_page(request, temper=form, status=422)
    try:
        passed = runs.judge(
            run,
            decidegrees=form.decidegrees,
            strip_set=form.cleaned_data["strip_set"],
            by=request.user,
            at=timezone.now(),
        )
    except StepRefused as refusal:
        messages.error(request, refusal.words)
        return runs_page(request, temper=form, status=409)
    if passed:
        messages.success(request, _("The temper is good: %(place)s runs.") % {"place": run.temperer_id})
    else:
        messages.warning(request, _("The temper is not good yet: temper once more, and take another strip."))
    return redirect("orders:floor-runs")


@require_POST
@floor_page("orders.change_run")
def close(request: Staff, run_id: int) -> HttpResponse:
    return _taken(request, run_id, lambda run: runs.close(run, by=request.user, at=timezone.now()))


def _taken(request: Staff, run_id: int, step: Callable[[Run], bool]) -> HttpResponse:
    run = get_object_or_404(Run.objects.select_related("temperer"), pk=run_id)
    try:
        step(run)
    except StepRefused as refusal:
        messages.error(request, refusal.words)
        return runs_page(request, status=409)
    return redirect("orders:floor-runs")


def runs_page(
    request: Staff,
    *,
    form: RunForm | None = None,
    temper: TemperForm | None = None,
    fill: FillForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    temperers = list(Equipment.objects.filter(station=Station.MOULDING, in_use=True))
    told = _Told(runs.base_names(), runs.working_ranges(), temper, fill)
    open_runs = list(_runs().filter(run_state__in=ON_THE_TEMPERER))
    planned = list(_runs().filter(run_state=RunState.PLANNED, day__lte=today))
    closed = _runs().filter(run_state=RunState.CLOSED).order_by("-pk")[:CLOSED_SHOWN]
    carried, inside = allergens.carried(temperers), filling.inside(temperers)
    by_lot = filling.come_in_lots([run.base for run in open_runs])
    rows = [
        {
            "temperer": temperer,
            "carries": allergens.named(carried[temperer.pk]),
            "inside": inside.get(temperer.pk),
            "rest_kg": temperer.pk in inside and inside[temperer.pk].rest_mg / MG_PER_KG,
            "run": next((told.of(run) for run in open_runs if run.temperer_id == temperer.pk), None),
            "next": [told.of(run) for run in planned if run.temperer_id == temperer.pk],
        }
        for temperer in temperers
    ]
    context = {
        "rows": rows,
        "by_lot": {base for base, is_by_lot in by_lot.items() if is_by_lot},
        "closed": [told.of(run) for run in closed],
        "form": form or RunForm(),
        "may_run": request.user.has_perm("orders.change_run"),
        "scan": ScanForm(),
    }
    return render(request, "floor/runs.html", context, status=status)


def _runs() -> QuerySet[Any]:
    """With how many bars each has or is meant to have, and what those weigh that were weighed."""
    weighed = Q(jobs__events__to_state=JobState.CHECKED)
    return (
        Run.objects.select_related("temperer")
        .annotate(
            bars=Count("jobs", distinct=True),
            weight_mg=Avg("jobs__events__weight_mg", filter=weighed),
            nominal_mg=Avg("jobs__order_line__net_mg", filter=weighed),
        )
        .prefetch_related("events")
    )


@dataclass(frozen=True)
class _Told:
    """A run as the page tells it."""

    names: Mapping[str, str]
    ranges: Mapping[str, tuple[int, int]]
    temper: TemperForm | None
    fill: FillForm | None

    def of(self, run: Any) -> dict[str, Any]:
        low, high = self.ranges.get(run.base, runs.ANY_RANGE)
        prefix = f"run-{run.pk}"
        fill = f"fill-{run.pk}"
        typed = self.temper if self.temper and self.temper.prefix == prefix else None
        return {
            "run": run,
            "base": self.names.get(run.base, run.base),
            "from_degrees": low / 10,
            "to_degrees": high / 10,
            # What the planner has planned has no history yet.
            "since": next(
                (event.at for event in reversed(list(run.events.all())) if event.to_state == run.run_state),
                None,
            ),
            "fill_form": self.fill if self.fill and self.fill.prefix == fill else FillForm(prefix=fill),
            "form": typed or TemperForm(prefix=prefix),
            "mean_g": run.weight_mg and run.weight_mg / 1000,
            "is_light": run.weight_mg is not None and run.weight_mg < run.nominal_mg,
        }
