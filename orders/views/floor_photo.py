"""The photo of a finished bar, taken with the tablet at topping or quality."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from configurator.pictures.photos import PhotoRefused
from orders.floor_forms import PhotoForm, ScrapForm
from orders.models.production import Job
from orders.production import as_made
from orders.production.refusals import StepRefused
from orders.views.floor_access import Staff, about_job
from orders.views.floor_job import job_page, refused


@require_POST
@about_job("orders.change_job")
def take(request: Staff, job: Job) -> HttpResponse:
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return job_page(request, job, ScrapForm(), photo_form=form, status=422)
    try:
        as_made.keep(job, form.cleaned_data["photo"], by=request.user, at=timezone.now())
    except StepRefused as refusal:
        return refused(request, job, refusal.words)
    except PhotoRefused as refusal:
        form.add_error("photo", refusal.words)
        return job_page(request, job, ScrapForm(), photo_form=form, status=422)
    messages.success(request, _("The photo is kept."))
    return redirect("orders:floor-job", job.code)


@require_safe
@about_job("orders.view_job")
def show(request: Staff, job: Job) -> HttpResponse:
    photo = as_made.last_of([job]).get(job.pk)
    if photo is None:
        raise Http404
    try:
        return HttpResponse(as_made.read(photo), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
