"""The queue of the floor, and scanning a ticket."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from configurator.catalogue.families import family_under
from configurator.pictures.previews import preview_url
from orders.floor_forms import QueueForm, ScanForm
from orders.models.production import Job, JobState
from orders.production import queue, tickets
from orders.views.floor_access import Staff, floor_page

JOBS_PER_PAGE = 25


class _Pages(Paginator[int]):
    @cached_property
    def count(self) -> int:
        keys: Any = self.object_list
        return int(keys.order_by()[: queue.MANY].count())


@require_safe
@floor_page("orders.view_job")
def show_queue(request: Staff) -> HttpResponse:
    language = translation.get_language() or "en"
    today = timezone.localdate()
    form = QueueForm(request.GET, bases=queue.counts_by_base(language))
    jobs = queue.queue(**form.chosen, today=today)
    page = _Pages(jobs.values_list("pk", flat=True), JOBS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "floor/queue.html",
        {
            "form": form,
            "scan": ScanForm(),
            "rows": [_row(job, language, today) for job in queue.rows(list(page))],
            "many": queue.MANY,
            "page": page,
            "counts": [
                (state, JobState(state).label, bars) for state, bars in queue.counts_by_state().items()
            ],
            "all_day": queue.all_day(today, language),
            "today": today,
            "filters": _without_page(request),
        },
    )


@require_safe
@floor_page("orders.view_job")
def scan(request: Staff) -> HttpResponse:
    """A plain form by GET, so that a keyboard-wedge scanner needs no script."""
    if "code" not in request.GET:
        return render(request, "floor/scan.html", {"scan": ScanForm()})
    form = ScanForm(request.GET)
    if form.is_valid():
        return redirect("orders:floor-job", form.cleaned_data["code"])
    return render(request, "floor/scan.html", {"scan": form}, status=404)


@require_safe
@floor_page("orders.view_job")
def scanned(request: Staff, code: str) -> HttpResponse:
    """The address in the QR code."""
    return redirect("orders:floor-job", code)


def _row(job: Job, language: str, today: date) -> dict[str, Any]:
    line = job.order_line
    family = family_under(line.family_version)
    others = line.recipe[1:] if family.is_bar else line.recipe
    toppings = [family.modules[portion["module"]].name.to(language) for portion in others]
    return {
        "job": job,
        "line": line,
        "bar": tickets.bar_of_order(job),
        "base": queue.base_name(job.base, family, language),
        "with": ", ".join(toppings),
        "picture": preview_url(line.design_id, 300),
        "urgency": queue.urgency(job, today),
    }


def _without_page(request: HttpRequest) -> str:
    filters = request.GET.copy()
    filters.pop("page", None)
    return filters.urlencode()
