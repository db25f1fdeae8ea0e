"""The label of a bar at the wrapping station: printed, printed again, and the old one thrown away."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from configurator.pictures.label_prints import CannotBePrinted
from orders.floor_forms import OldLabelForm, ScrapForm
from orders.models.production import Job
from orders.papers.zpl import zpl
from orders.production import labels
from orders.production.refusals import StepRefused
from orders.views.floor_access import Staff, about_job
from orders.views.floor_job import job_page, refused
from orders.views.floor_papers import printed

logger = logging.getLogger(__name__)


@require_POST
@about_job("orders.change_job")
def print_label(request: Staff, job: Job) -> HttpResponse:
    try:
        label = labels.print_label(job, by=request.user, at=timezone.now())
    except StepRefused as refusal:
        return refused(request, job, refusal.words)
    except CannotBePrinted:
        logger.exception("Job %s has no label.", job.code)
        words = _("The label of this bar does not fit: put the bar aside and ask the office.")
        return refused(request, job, words)
    messages.success(request, _("The label %(code)s is ready to print.") % {"code": label.code})
    return redirect("orders:floor-job", job.code)


@require_POST
@about_job("orders.change_job")
def destroy(request: Staff, job: Job) -> HttpResponse:
    form = OldLabelForm(request.POST)
    if not form.is_valid():
        return job_page(request, job, ScrapForm(), old_label_form=form, status=422)
    try:
        label = labels.destroy(job, form.cleaned_data["old_label"], by=request.user, at=timezone.now())
    except StepRefused as refusal:
        messages.error(request, refusal.words)
        return job_page(request, job, ScrapForm(), old_label_form=form, status=409)
    messages.success(request, _("%(code)s does not count any more. Throw it away.") % {"code": label.code})
    return redirect("orders:floor-job", job.code)


@require_safe
@about_job("orders.view_job")
def pdf(request: Staff, job: Job) -> HttpResponse:
    """What was printed, byte for byte."""
    content = _kept(job)
    if content is None:
        return _not_yet(request, job)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{job.code}-label.pdf"'
    return response


@require_safe
@about_job("orders.view_job")
def for_printer(request: Staff, job: Job) -> HttpResponse:
    """The same, for a label printer of 300 dots to the inch."""
    content = _kept(job)
    if content is None:
        return _not_yet(request, job)
    return printed(zpl(content), f"{job.code}-label")


def _kept(job: Job) -> bytes | None:
    label = labels.current_of(job)
    try:
        return labels.pdf_of(label) if label else None
    except FileNotFoundError:
        return None


def _not_yet(request: Staff, job: Job) -> HttpResponse:
    return refused(request, job, _("This bar has no label yet. It is printed once the bar is checked."))
