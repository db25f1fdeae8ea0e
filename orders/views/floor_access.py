"""Who may see a page of the floor, and the job that it is about."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from configurator import staff
from configurator.domain.codes import CodeMistyped
from orders.floor_forms import ScanForm
from orders.models.production import Job, read_job_code
from shop import second_factors


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
            if staff.lacks_factor(request):
                return second_factors.asked_for(request)
            return view(request, **captured)

        return never_cache(guarded)

    return guard


def about_job(permission: str) -> Callable[[View], View]:
    """Pages under a job's code. An unknown one leads back to the scanner, with what was typed."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, code: str) -> HttpResponse:
            job = found(code)
            return _unknown(request, code) if job is None else view(request, job)

        return floor_page(permission)(guarded)

    return guard


def found(code: str) -> Job | None:
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
