"""The floor's pages: the queue, the scanner and one page per job. Staff only."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from configurator import prints
from configurator.domain.codes import CodeMistyped
from configurator.domain.label.sheet import thawed
from configurator.families import family_under
from configurator.label_prints import CannotBePrinted, label_pdf
from configurator.photos import PhotoUnknown
from configurator.previews import preview_url
from configurator.prints import NothingToPrint
from configurator.rendering.inscriptions import PRINT
from orders.floor_forms import HoldForm, QueueForm, ScanForm, ScrapForm
from orders.models.order import Substitution
from orders.models.production import Job, JobState, read_job_code
from orders.production import consent, queue, steps, tickets

JOBS_PER_PAGE = 25
logger = logging.getLogger(__name__)


class Staff(HttpRequest):
    user: User


View = Callable[..., HttpResponse]


def floor_page(permission: str) -> Callable[[View], View]:
    """Guests sign in first; who is signed in without the permission is told so."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **captured: str) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("admin:login"))
            if not (request.user.is_staff and request.user.has_perm(permission)):
                raise PermissionDenied
            return view(request, **captured)

        return never_cache(guarded)

    return guard


@require_safe
@floor_page("orders.view_job")
def show_queue(request: Staff) -> HttpResponse:
    language = translation.get_language() or "en"
    today = timezone.localdate()
    form = QueueForm(request.GET, bases=queue.counts_by_base(language))
    jobs = queue.queue(**form.chosen, today=today)
    page = Paginator(jobs, JOBS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "floor/queue.html",
        {
            "form": form,
            "scan": ScanForm(),
            "rows": [_row(job, language) for job in page],
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


@require_safe
@floor_page("orders.view_job")
def show_job(request: Staff, code: str) -> HttpResponse:
    job = _find(code)
    if job is None:
        return _unknown(request, code)
    return _job_page(request, job, ScrapForm(), status=200)


@require_POST
@floor_page("orders.change_job")
def take_step(request: Staff, code: str) -> HttpResponse:
    job = _find(code)
    if job is None:
        return _unknown(request, code)
    to = request.POST.get("to", "")
    if to not in steps.BEFORE:
        return _refused(request, job, _("Choose the next step on this page."))
    try:
        moved = steps.advance(job, to, by=request.user, at=timezone.now())
    except steps.StepRefused as refusal:
        return _refused(request, job, refusal.words)
    words = _("%(code)s: %(state)s.") if moved else _("%(code)s: you had already marked it as %(state)s.")
    messages.success(request, words % {"code": job.code, "state": JobState(to).label})
    return redirect("orders:floor-job", job.code)


@require_POST
@floor_page("orders.change_job")
def scrap(request: Staff, code: str) -> HttpResponse:
    job = _find(code)
    if job is None:
        return _unknown(request, code)
    form = ScrapForm(request.POST)
    if not form.is_valid():
        return _job_page(request, job, form, status=422)
    try:
        result = steps.scrap(job, form.kept, by=request.user, at=timezone.now())
    except steps.StepRefused as refusal:
        return _refused(request, job, refusal.words)
    messages.warning(request, _("%(code)s is scrapped. This is its remake.") % {"code": job.code})
    return redirect("orders:floor-job", result.remake.code)


@require_POST
@floor_page("orders.change_job")
def hold(request: Staff, code: str) -> HttpResponse:
    """An ingredient is missing. Where the customer wants the money, the form to give it back comes next."""
    job = _find(code)
    if job is None:
        return _unknown(request, code)
    form = HoldForm(request.POST, ingredients=consent.ingredients(job.order_line, _language()))
    if not form.is_valid():
        return _job_page(request, job, ScrapForm(), form, status=422)
    try:
        steps.hold(job, form.kept, by=request.user, at=timezone.now())
    except steps.StepRefused as refusal:
        return _refused(request, job, refusal.words)
    messages.warning(request, _("%(code)s is on hold.") % {"code": job.code})
    if "refund" in request.POST and (address := _refund_address(request, job)):
        return redirect(address)
    return redirect("orders:floor-job", job.code)


@require_POST
@floor_page("orders.change_job")
def go_on(request: Staff, code: str) -> HttpResponse:
    job = _find(code)
    if job is None:
        return _unknown(request, code)
    if steps.go_on(job):
        messages.success(request, _("%(code)s goes on.") % {"code": job.code})
    return redirect("orders:floor-job", job.code)


@require_POST
@floor_page("orders.change_job")
def leave_out(request: Staff, code: str) -> HttpResponse:
    """The customer wants the money: the parcel goes without this bar."""
    job = _find(code)
    if job is None:
        return _unknown(request, code)
    try:
        steps.leave_out(job, by=request.user, at=timezone.now())
    except steps.StepRefused as refusal:
        return _refused(request, job, refusal.words)
    messages.warning(request, _("%(code)s is left out. Its parcel goes without it.") % {"code": job.code})
    return redirect("orders:floor-job", job.code)


@require_safe
@floor_page("orders.view_job")
def ticket(request: Staff, code: str) -> HttpResponse:
    """The kept ticket; while the worker is still at it, the very same page made on the spot."""
    job = _find(code)
    if job is None:
        return _unknown(request, code)
    return _pdf(tickets.kept_or_made(job), job.code)


@require_safe
@floor_page("orders.view_job")
def wrapper(request: Staff, code: str) -> HttpResponse:
    """The sleeve for the press, with the customer's photo."""
    job = _find(code)
    if job is None:
        return _unknown(request, code)
    pdf = prints.wrapper_pdf(job.order_line.design.value, family_under(job.order_line.family_version))
    return _pdf(pdf, f"{job.code}-wrapper")


@require_safe
@floor_page("orders.view_job")
def placement(request: Staff, code: str) -> HttpResponse:
    """The sheet at true size that a bar is laid on."""
    job = _find(code)
    if job is None:
        return _unknown(request, code)
    family = family_under(job.order_line.family_version)
    pdf = prints.placement_pdf(job.order_line.design.value, family, translation.get_language() or "en")
    return _pdf(pdf, f"{job.code}-placement")


@require_safe
@floor_page("orders.view_job")
def label(request: Staff, code: str) -> HttpResponse:
    """The legal label as it was ordered, in the language of the country it goes to."""
    job = _find(code)
    if job is None:
        return _unknown(request, code)
    line = job.order_line
    kept = thawed(line.labels[job.shipment.label_locale])
    try:
        pdf = label_pdf(kept, family_under(line.family_version), line.name, line.code)
    except CannotBePrinted:
        logger.exception("Job %s has no label.", job.code)
        words = _("The label of this bar does not fit: put the bar aside and ask the office.")
        return _refused(request, job, words)
    return _pdf(pdf, f"{job.code}-label")


@require_safe
@floor_page("orders.view_job")
def transfer(request: Staff, code: str) -> HttpResponse:
    """What is printed on the bar itself, at true size."""
    job = _find(code)
    if job is None:
        return _unknown(request, code)
    line = job.order_line
    try:
        pdf = prints.transfer_pdf(line.design.value, family_under(line.family_version))
    except NothingToPrint:
        return _refused(request, job, _("There is no transfer print on this bar."), status=404)
    except PhotoUnknown:
        words = _("The photo of this bar is gone: put the bar aside and ask the office.")
        return _refused(request, job, words, status=404)
    return _pdf(pdf, f"{job.code}-print")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _find(code: str) -> Job | None:
    try:
        known = read_job_code(code)
    except CodeMistyped:
        return None
    jobs = Job.objects.select_related(
        "order_line__order", "order_line__design", "order_line__box", "shipment", "remake_of", "remake"
    )
    return jobs.filter(code=known).first()


def _unknown(request: HttpRequest, code: str) -> HttpResponse:
    form = ScanForm({"code": code})
    form.is_valid()
    return render(request, "floor/scan.html", {"scan": form}, status=404)


def _refused(request: Staff, job: Job, words: str, *, status: int = 409) -> HttpResponse:
    messages.error(request, words)
    return _job_page(request, _find(job.code) or job, ScrapForm(), status=status)


def _job_page(
    request: Staff, job: Job, scrap_form: ScrapForm, hold_form: HoldForm | None = None, *, status: int
) -> HttpResponse:
    line = job.order_line
    family = family_under(line.family_version)
    doses = tickets.doses_of(line, family)
    to = steps.next_step(job)
    may_move = request.user.has_perm("orders.change_job") and line.order.is_paid
    context = {
        "job": job,
        "line": line,
        "scan": ScanForm(),
        "bar": tickets.bar_of_order(job),
        "mould": tickets.mould(family, line.design.value.face),
        "picture": preview_url(line.design_id, 1200),
        "doses": doses,
        "is_printed": line.design.value.has(PRINT),
        "plan": tickets.map_of(line, family),
        "zone": tickets.zone_words(line),
        "contains": tickets.allergens_of(line),
        "traces": tickets.traces_of(line),
        "way": _way(job),
        "to": to if may_move and not job.on_hold_since else None,
        "button": steps.BUTTONS[to] if to and may_move else "",
        "may_move": may_move,
        "may_leave_out": may_move and line.order.substitution == Substitution.REFUND,
        "hold_words": consent.hold_words(job, _language()) if job.on_hold_since else "",
        "consent": _consent(request, job, hold_form) if to else None,
        "scrap_form": scrap_form if may_move and _can_be_scrapped(job) else None,
        "events": job.events.select_related("by"),
        "parcel": _parcel(job),
        "urgency": _urgency(job),
    }
    return render(request, "floor/job.html", context, status=status)


def _consent(request: Staff, job: Job, form: HoldForm | None) -> dict[str, Any]:
    """What the customer allowed if something runs out, and what to do then."""
    line, language = job.order_line, _language()
    return {
        "allowed": line.order.get_substitution_display(),
        "to_do": consent.TO_DO[line.order.substitution],
        "nearest": consent.nearest(line, language),
        "form": form or HoldForm(ingredients=consent.ingredients(line, language)),
        "refund": _refund_address(request, job),
    }


def _refund_address(request: Staff, job: Job) -> str:
    """Where the money for this bar is given back; "" for whoever may not, or where the customer does not want it."""
    order = job.order_line.order
    if order.substitution != Substitution.REFUND or not request.user.has_perm("orders.add_refund"):
        return ""
    payment = order.payments.filter(accepted=True).first()
    if payment is None:
        return ""
    return f"{reverse('admin:orders_payment_refund', args=[payment.pk])}?bar={job.code}"


def _language() -> str:
    return translation.get_language() or "en"


def _row(job: Job, language: str) -> dict[str, Any]:
    line = job.order_line
    modules = family_under(line.family_version).modules
    toppings = [modules[portion["module"]].name.to(language) for portion in line.recipe[1:]]
    return {
        "job": job,
        "line": line,
        "bar": tickets.bar_of_order(job),
        "base": modules[job.base].name.to(language),
        "with": ", ".join(toppings),
        "picture": preview_url(line.design_id, 300),
        "urgency": _urgency(job),
    }


def _urgency(job: Job) -> str:
    today = timezone.localdate()
    if job.job_state not in queue.OPEN or job.due_on > today:
        return ""
    return queue.TODAY if job.due_on == today else queue.LATE


def _way(job: Job) -> list[tuple[str, bool, bool]]:
    """Every state on the way, whether the job is past it, and whether it is there."""
    there = job.scrap_station or job.job_state
    place = [str(state) for state in steps.WAY].index(there)
    return [(str(state.label), index < place, index == place) for index, state in enumerate(steps.WAY)]


def _can_be_scrapped(job: Job) -> bool:
    return job.job_state not in {JobState.QUEUED, JobState.SHIPPED, JobState.SCRAPPED}


def _parcel(job: Job) -> list[Job]:
    """The other bars that travel with this one."""
    bars = steps.bars_in_the_making(job.shipment_id).exclude(pk=job.pk)
    return list(bars.select_related("order_line").order_by("place"))


def _without_page(request: HttpRequest) -> str:
    filters = request.GET.copy()
    filters.pop("page", None)
    return filters.urlencode()
