"""The plan of the floor, for whoever works by it; what would change it, for whoever pays for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders import tasks
from orders.floor_forms import MoveForm, ScanForm
from orders.models.runs import Run
from orders.production import kitchen_rows, plan_board, plan_questions, planning_desk
from orders.production.planning.moving import Place
from orders.production.refusals import RunRefused
from orders.views.floor_access import Staff, floor_page

DAYS_PER_PAGE = 5
LONG_PAGE_NUMBER = 5


@require_safe
@floor_page("orders.view_run")
def show_plan(request: Staff) -> HttpResponse:
    return _page(request)


@require_POST
@floor_page("orders.change_run")
def plan_again(request: Staff) -> HttpResponse:
    plan = planning_desk.replan(at=timezone.now())
    bars = sum(shift.bars for shift in plan.shifts)
    messages.success(
        request,
        ngettext("Planned anew: %(bars)d bar.", "Planned anew: %(bars)d bars.", bars) % {"bars": bars},
    )
    return redirect("orders:floor-plan")


@require_POST
@floor_page("orders.change_run")
def move(request: Staff, run_id: int) -> HttpResponse:
    """A plain form, so that nothing has to be dragged; what the guard says is told as it is."""
    at = timezone.now()
    form = MoveForm(request.POST, days=plan_board.open_days(at=at), temperers=kitchen_rows.temperers())
    if not form.is_valid():
        return _page(request, typed=_Typed(run_id, form), status=422)
    to = Place(form.cleaned_data["day"], form.cleaned_data["temperer"], form.cleaned_data["position"])
    try:
        planning_desk.move(run_id, to, at=at)
    except Run.DoesNotExist:
        raise Http404 from None
    except RunRefused as refusal:
        messages.error(request, refusal.words)
        return _page(request, typed=_Typed(run_id, form), status=409)
    messages.success(request, _("Moved. It stays there until you move it again."))
    return redirect(f"{reverse('orders:floor-plan')}?page={_page_number(request)}")


@require_http_methods(["GET", "HEAD", "POST"])
@floor_page("orders.change_kitchenfigures")
def what_if(request: Staff) -> HttpResponse:
    """Whoever asks is shown how far the answers are, and may go away meanwhile: they are kept."""
    if request.method == "POST":
        tasks.ring_what_if(plan_questions.ask(at=timezone.now()))
        return redirect("orders:floor-what-if")
    context = {
        "found": plan_questions.found(),
        "under_way": plan_questions.under_way(at=timezone.now()),
        "failed": plan_questions.last_failed(),
        "of": len(plan_questions.KITCHENS),
        "scan": ScanForm(),
    }
    return render(request, "floor/what_if.html", context)


def _page_number(request: Staff) -> int:
    """Of the plan as somebody looked at it; nonsense is the first."""
    written = request.GET.get("page", "")
    return int(written) if written.isdecimal() and len(written) < LONG_PAGE_NUMBER else 1


@dataclass(frozen=True)
class _Typed:
    """What somebody wanted, kept beside the refusal."""

    run_id: int
    form: MoveForm


def _page(request: Staff, *, typed: _Typed | None = None, status: int = 200) -> HttpResponse:
    at = timezone.now()
    open_days, temperers = plan_board.open_days(at=at), kitchen_rows.temperers()
    days = plan_board.days(open_days, at=at)
    page = Paginator(days, DAYS_PER_PAGE).get_page(request.GET.get("page"))
    board = plan_board.board(page.object_list, temperers, open_days, at=at)
    context: dict[str, Any] = {
        "page": page,
        "planned": any(day.bars for day in board) or page.has_other_pages(),
        "days": board,
        "today": timezone.localdate(at),
        "waiting": plan_board.waiting(),
        "capacity": plan_board.capacity(at=at),
        "open_days": [(day, day.isoformat(), _day_words(day)) for day in open_days],
        "temperers": temperers,
        "typed": typed,
        "may_run": request.user.has_perm("orders.change_run"),
        "may_ask": request.user.has_perm("orders.change_kitchenfigures"),
        "scan": ScanForm(),
    }
    return render(request, "floor/plan.html", context, status=status)


def _day_words(day: date) -> str:
    """Once for all the runs that could be moved there."""
    return f"{date_format(day, 'D')}, {date_format(day, _('j M'))}"
