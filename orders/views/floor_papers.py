"""What is printed for a job."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from configurator.catalogue.families import family_under
from configurator.domain.family import Family
from configurator.pictures import prints
from configurator.pictures.photos import PhotoUnknown
from configurator.pictures.prints import NothingToPrint
from orders.models.production import Job
from orders.papers import packing_slip
from orders.papers.zpl import zpl
from orders.production import tickets
from orders.views.floor_access import Staff, about_job
from orders.views.floor_job import refused


@require_safe
@about_job("orders.view_job")
def ticket(request: Staff, job: Job) -> HttpResponse:
    """The kept ticket; while the worker is still at it, the very same page made on the spot."""
    return _pdf(tickets.kept_or_made(job), job.code)


@require_safe
@about_job("orders.view_job")
def ticket_for_printer(request: Staff, job: Job) -> HttpResponse:
    """The same page for a printer of 300 dots to the inch, six inches wide."""
    return printed(zpl(tickets.kept_or_made(job), has_pictures=True), f"{job.code}-ticket")


@require_safe
@about_job("orders.view_job")
def wrapper(request: Staff, job: Job) -> HttpResponse:
    """The sleeve for the press, with the customer's photo."""
    pdf = prints.wrapper_pdf(job.order_line.design.value, _bar_or_404(job))
    return _pdf(pdf, f"{job.code}-wrapper")


@require_safe
@about_job("orders.view_job")
def placement(request: Staff, job: Job) -> HttpResponse:
    """The sheet at true size that a bar is laid on."""
    pdf = prints.placement_pdf(
        job.order_line.design.value, _bar_or_404(job), translation.get_language() or "en"
    )
    return _pdf(pdf, f"{job.code}-placement")


@require_safe
@about_job("orders.view_job")
def slip(request: Staff, job: Job) -> HttpResponse:
    """What lies in the parcel of this bar, without any price."""
    pdf = packing_slip.render(job.shipment)
    return _pdf(pdf, f"{job.order_line.order.number}-{job.shipment.place}-packing-slip")


@require_safe
@about_job("orders.view_job")
def transfer(request: Staff, job: Job) -> HttpResponse:
    """What is printed on the bar itself, at true size."""
    line = job.order_line
    try:
        pdf = prints.transfer_pdf(line.design.value, family_under(line.family_version))
    except NothingToPrint:
        return refused(request, job, _("There is no transfer print on this bar."), status=404)
    except PhotoUnknown:
        words = _("The photo of this bar is gone: put the bar aside and ask the office.")
        return refused(request, job, words, status=404)
    return _pdf(pdf, f"{job.code}-print")


def _bar_or_404(job: Job) -> Family:
    """A box of samples has no sleeve, and nothing is laid on it."""
    family = family_under(job.order_line.family_version)
    if not family.is_bar:
        raise Http404
    return family


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def printed(content: str, name: str) -> HttpResponse:
    """What a label printer takes."""
    response = HttpResponse(content, content_type="text/plain; charset=us-ascii")
    response["Content-Disposition"] = f'attachment; filename="{name}.zpl"'
    return response
