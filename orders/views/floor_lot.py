"""Lots on the floor: the address in the QR code of a label, and what a bar is made of."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from orders import lots
from orders.floor_forms import ScanForm
from orders.models.production import Job
from orders.production import allergens, trace, unnamed
from orders.views.floor_access import Staff, about_job, floor_page


@require_safe
@floor_page("orders.view_lot")
def scanned(request: Staff, code: str) -> HttpResponse:
    lot = lots.find(code)
    if lot is None:
        form = ScanForm({"code": code})
        form.is_valid()
        return render(request, "floor/scan.html", {"scan": form}, status=404)
    return redirect("admin:orders_lot_change", lot.pk)


@require_safe
@about_job("orders.view_lot")
def of_bar(request: Staff, job: Job) -> HttpResponse:
    """Backward: each lot that is, or may be, in the bar."""
    origins = trace.lots_of(job)
    page = {
        "scan": ScanForm(),
        "job": job,
        "line": job.order_line,
        "rows": [
            {
                "origin": origin,
                "warns": allergens.named(origin.lot.traces),
                "silent": bool(unnamed.of_lot(origin.lot, job)),
            }
            for origin in origins
        ],
        "best_before": min((origin.lot.best_before for origin in origins), default=None),
        "today": timezone.localdate(),
    }
    return render(request, "floor/lots.html", page)
