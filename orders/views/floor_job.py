"""One job on the floor: where it is, its next step, and what goes wrong with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from configurator.catalogue.families import family_under
from configurator.pictures.previews import preview_url
from configurator.rendering.inscriptions import PRINT
from orders import changes
from orders.floor_forms import DoseForm, HoldForm, OldLabelForm, PhotoForm, ScanForm, ScrapForm, StepForm
from orders.models.order import Substitution
from orders.models.production import Job, JobState
from orders.production import as_made, consent, gates, kitting, labels, queue, steps, tickets
from orders.production.refusals import StepRefused
from orders.production.run_outs import shortage
from orders.views.floor_access import Staff, about_job, found


@require_safe
@about_job("orders.view_job")
def show_job(request: Staff, job: Job) -> HttpResponse:
    return job_page(request, job, ScrapForm(), status=200)


@require_POST
@about_job("orders.change_job")
def take_step(request: Staff, job: Job) -> HttpResponse:
    to = request.POST.get("to", "")
    if to not in steps.WAY[1:]:
        return refused(request, job, _("Choose the next step on this page."))
    form = StepForm(request.POST, to=to, places=gates.fitting(job, to))
    if not form.is_valid():
        return job_page(request, job, ScrapForm(), step_form=form, status=422)
    try:
        moved = steps.advance(job, to, by=request.user, at=timezone.now(), told=form.told)
    except StepRefused as refusal:
        return refused(request, job, refusal.words)
    words = _("%(code)s: %(state)s.") if moved else _("%(code)s: you had already marked it as %(state)s.")
    messages.success(request, words % {"code": job.code, "state": JobState(to).label})
    return redirect("orders:floor-job", job.code)


@require_POST
@about_job("orders.change_job")
def take_back(request: Staff, job: Job) -> HttpResponse:
    """The last step was a slip of the finger, or a wrong scan."""
    try:
        state = steps.take_back(job, by=request.user, at=timezone.now())
    except StepRefused as refusal:
        return refused(request, job, refusal.words)
    words = _("%(code)s: taken back. It is %(state)s again.")
    messages.success(request, words % {"code": job.code, "state": JobState(state).label})
    return redirect("orders:floor-job", job.code)


@require_POST
@about_job("orders.change_job")
def scrap(request: Staff, job: Job) -> HttpResponse:
    form = ScrapForm(request.POST)
    if not form.is_valid():
        return job_page(request, job, form, status=422)
    try:
        result = steps.scrap(job, form.kept, by=request.user, at=timezone.now())
    except StepRefused as refusal:
        return refused(request, job, refusal.words)
    messages.warning(request, _("%(code)s is scrapped. This is its remake.") % {"code": job.code})
    return redirect("orders:floor-job", result.remake.code)


@require_POST
@about_job("orders.change_job")
def hold(request: Staff, job: Job) -> HttpResponse:
    """An ingredient is missing. Where the customer wants the money, the form to give it back comes next."""
    form = HoldForm(request.POST, ingredients=consent.ingredients(job.order_line, _language()))
    if not form.is_valid():
        return job_page(request, job, ScrapForm(), form, status=422)
    try:
        with transaction.atomic():
            if steps.hold(job, form.kept, by=request.user, at=timezone.now()):
                waits = {"code": job.code, "why": form.said}
                _write_down(request, job, _("%(code)s waits: %(why)s") % waits)
    except StepRefused as refusal:
        return refused(request, job, refusal.words)
    messages.warning(request, _("%(code)s is on hold.") % {"code": job.code})
    if "refund" in request.POST and (address := _refund_address(request, job)):
        return redirect(address)
    return redirect("orders:floor-job", job.code)


@require_POST
@about_job("orders.change_job")
def go_on(request: Staff, job: Job) -> HttpResponse:
    with transaction.atomic():
        goes_on = shortage.let_go_on(job, at=timezone.now())
        if goes_on:
            _write_down(request, job, _("%(code)s goes on") % {"code": job.code})
    if goes_on:
        messages.success(request, _("%(code)s goes on.") % {"code": job.code})
    return redirect("orders:floor-job", job.code)


@require_POST
@about_job("orders.change_job")
def leave_out(request: Staff, job: Job) -> HttpResponse:
    """The customer wants the money: the parcel goes without this bar."""
    try:
        shortage.leave_out(job, by=request.user, at=timezone.now())
    except StepRefused as refusal:
        return refused(request, job, refusal.words)
    messages.warning(request, _("%(code)s is left out. Its parcel goes without it.") % {"code": job.code})
    return redirect("orders:floor-job", job.code)


def _write_down(request: Staff, job: Job, words: str) -> None:
    """With the order, where the office reads what happened."""
    changes.note(job.order_line.order, by=request.user, words=words)


def refused(request: Staff, job: Job, words: str, *, status: int = 409) -> HttpResponse:
    messages.error(request, words)
    return job_page(request, found(job.code) or job, ScrapForm(), status=status)


def job_page(
    request: Staff,
    job: Job,
    scrap_form: ScrapForm,
    hold_form: HoldForm | None = None,
    step_form: StepForm | None = None,
    dose_form: DoseForm | None = None,
    old_label_form: OldLabelForm | None = None,
    photo_form: PhotoForm | None = None,
    *,
    status: int,
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
        "is_bar": family.is_bar,
        "is_printed": line.design.value.has(PRINT),
        "plan": tickets.map_of(line, family),
        "zone": tickets.zone_words(line),
        "contains": tickets.allergens_of(line),
        "traces": tickets.traces_of(line),
        "way": _way(job),
        "to": to if may_move and not job.on_hold_since else None,
        "scale": _scale(job, dose_form) if to == JobState.KITTED and may_move else None,
        "label": _label(request, job, old_label_form),
        "photo": _photo(request, job, photo_form),
        "step_form": step_form or _step_form(job, to),
        "may_take_back": may_move and steps.can_be_taken_back(job, by=request.user, at=timezone.now()),
        "button": steps.BUTTONS[to] if to and may_move else "",
        "may_move": may_move,
        "may_leave_out": may_move and line.order.substitution == Substitution.REFUND,
        **_on_hold(job),
        "consent": _consent(request, job, hold_form) if to else None,
        "scrap_form": scrap_form if may_move and _can_be_scrapped(job) else None,
        "events": job.events.select_related("by"),
        "parcel": _parcel(job),
        "urgency": queue.urgency(job, timezone.localdate()),
    }
    return render(request, "floor/job.html", context, status=status)


def _on_hold(job: Job) -> dict[str, Any]:
    if job.on_hold_since is None:
        return {}
    lack = shortage.lack_of(job, at=timezone.now())
    return {"hold_words": shortage.hold_words(job, lack, _language()), "lacks": lack and lack.bar}


def _scale(job: Job, form: DoseForm | None) -> dict[str, Any] | None:
    """What is weighed from lots, while the bar is at the scale; None where nothing of it comes in lots."""
    wanted = [each for each in kitting.wanted(job, _language()) if each.by_lot]
    if not wanted:
        return None
    first = kitting.to_take([job], {job.pk: wanted}, today=timezone.localdate())[job.pk]
    rows = [
        {
            "wanted": each,
            "target_g": each.target_mg / 1000,
            "weighed_g": each.weighed_mg / 1000,
            "take": ", ".join(suggestion.code for suggestion in first.get(each.module, ())),
        }
        for each in wanted
    ]
    return {
        "rows": rows,
        "is_done": all(each.is_done for each in wanted),
        "has_some": any(each.weighed_mg for each in wanted),
        "form": form or DoseForm(),
    }


def _label(request: Staff, job: Job, form: OldLabelForm | None) -> dict[str, Any] | None:
    """From the station where it is printed on; None before."""
    if job.job_state not in labels.PRINTED_IN:
        return None
    now = labels.standing(job)
    if not now.may_be_printed:
        return None
    may_change = request.user.has_perm("orders.change_job")
    needs_bin = bool(now.left) or now.is_outdated
    return {
        "now": now,
        "may_print": may_change,
        "old_form": (form or OldLabelForm()) if may_change and needs_bin else None,
        "comes_first": now.is_ready and not now.may_be_scanned,
    }


def _photo(request: Staff, job: Job, form: PhotoForm | None) -> dict[str, Any] | None:
    """From its topping on, once there is one or as long as one can be taken."""
    if job.job_state not in (*as_made.TAKEN_IN, *labels.WRAPPED):
        return None
    last = as_made.last_of([job]).get(job.pk)
    may_take = request.user.has_perm("orders.change_job") and job.job_state in as_made.TAKEN_IN
    if last is None and not may_take:
        return None
    kind, words = as_made.hint(last.likeness) if last else ("", "")
    return {
        "last": last,
        # A new photo is a new address, so that no browser shows the old one.
        "address": f"{reverse('orders:floor-photo', args=[job.code])}?{last.pk}" if last else "",
        "kind": kind,
        "words": words,
        "form": (form or PhotoForm()) if may_take else None,
    }


def _step_form(job: Job, to: str | None) -> StepForm | None:
    return StepForm(to=to, places=gates.fitting(job, to)) if to else None


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


def _way(job: Job) -> list[tuple[str, bool, bool]]:
    """Every state on the way, whether the job is past it, and whether it is there."""
    there = job.scrap_station or job.job_state
    way = steps.way_of(job)
    place = [str(state) for state in way].index(there)
    return [(str(state.label), index < place, index == place) for index, state in enumerate(way)]


def _can_be_scrapped(job: Job) -> bool:
    return job.job_state not in {JobState.QUEUED, JobState.SHIPPED, JobState.SCRAPPED}


def _parcel(job: Job) -> list[Job]:
    """The other bars that travel with this one."""
    bars = steps.bars_in_the_making(job.shipment_id).exclude(pk=job.pk)
    return list(bars.select_related("order_line").order_by("place"))
