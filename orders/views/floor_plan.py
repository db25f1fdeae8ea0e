"""The plan of the floor, for whoever works by it; what would change it, for whoever pays for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from orders.floor_forms import MoveForm, ScanForm
from orders.models.runs import Run
from orders.production import kitchen_rows, plan_board, plan_questions, planning_desk
from orders.production.planning.moving import Place
from orders.production.refusals import RunRefused
from orders.views.floor_access import Staff, floor_page

DAYS_PER_PAGE = 5


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
    return redirect("orders:floor-plan")


@require_safe
@floor_page("orders.change_kitchenfigures")
def what_if(request: Staff) -> HttpResponse:
    answers = plan_questions.answers(at=timezone.now())
    return render(request, "floor/what_if.html", {"answers": answers, "scan": ScanForm()})


@dataclass(frozen=True)
class _Typed:
    """What somebody wanted, kept beside the refusal."""

    run_id: int
    form: MoveForm


def _page(request: Staff, *, typed: _Typed | None = None, status: int = 200) -> HttpResponse:
    at = timezone.now()
    page = Paginator(plan_board.days(at=at), DAYS_PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "days": plan_board.board(page.object_list, at=at),
        "today": timezone.localdate(at),
        "waiting": plan_board.waiting(),
        "capacity": plan_board.capacity(at=at),
        "open_days": plan_board.open_days(at=at),
        "temperers": kitchen_rows.temperers(),
        "typed": typed,
        "may_run": request.user.has_perm("orders.change_run"),
        "may_ask": request.user.has_perm("orders.change_kitchenfigures"),
        "scan": ScanForm(),
    }
    return render(request, "floor/plan.html", context, status=status)
