"""What goes into a bar, lot by lot: weighed into its cup, and filled into the temperer it is poured from."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orders.floor_forms import DoseForm, FillForm, ScrapForm
from orders.models.production import Job
from orders.models.runs import Run
from orders.production import filling, kitting
from orders.production.refusals import StepRefused
from orders.views.floor_access import Staff, about_job, floor_page
from orders.views.floor_job import job_page, refused
from orders.views.floor_runs import runs_page


@require_POST
@about_job("orders.change_job")
def weigh(request: Staff, job: Job) -> HttpResponse:
    form = DoseForm(request.POST)
    if not form.is_valid():
        return job_page(request, job, ScrapForm(), dose_form=form, status=422)
    try:
        dose = kitting.dose(
            job,
            kitting.lot_of(form.cleaned_data["lot"]),
            form.mg,
            by=request.user,
            at=timezone.now(),
            scan=form.cleaned_data["key"],
            more_to_come=form.cleaned_data["more_to_come"],
        )
    except StepRefused as refusal:
        messages.error(request, refusal.words)
        return job_page(request, job, ScrapForm(), dose_form=form, status=409)
    messages.success(request, _("In the cup: %(what)s.") % {"what": dose.lot.stock.module})
    return redirect("orders:floor-job", job.code)


@require_POST
@about_job("orders.change_job")
def pour_back(request: Staff, job: Job) -> HttpResponse:
    try:
        if kitting.pour_back(job):
            messages.success(request, _("The last dose is out of the cup again."))
    except StepRefused as refusal:
        return refused(request, job, refusal.words)
    return redirect("orders:floor-job", job.code)


@require_POST
@floor_page("orders.change_run")
def fill(request: Staff, run_id: int) -> HttpResponse:
    run = get_object_or_404(Run.objects.select_related("temperer"), pk=run_id)
    form = FillForm(request.POST, prefix=f"fill-{run_id}")
    if not form.is_valid():
        return runs_page(request, fill=form, status=422)
    try:
        filling.fill(
            run, kitting.lot_of(form.cleaned_data["lot"]), form.mg, by=request.user, at=timezone.now()
        )
    except StepRefused as refusal:
        messages.error(request, refusal.words)
        return runs_page(request, fill=form, status=409)
    messages.success(request, _("%(place)s is filled.") % {"place": run.temperer})
    return redirect("orders:floor-runs")


@require_POST
@floor_page("orders.change_run")
def empty(request: Staff, key: str) -> HttpResponse:
    """What is left in the temperer is thrown away."""
    if filling.empty(key.upper(), by=request.user, at=timezone.now()):
        messages.success(request, _("%(place)s is empty.") % {"place": key.upper()})
    return redirect("orders:floor-runs")
