"""The address in the QR code of a lot's label."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from orders import lots
from orders.floor_forms import ScanForm
from orders.views.floor_access import Staff, floor_page


@require_safe
@floor_page("orders.view_lot")
def scanned(request: Staff, code: str) -> HttpResponse:
    lot = lots.find(code)
    if lot is None:
        form = ScanForm({"code": code})
        form.is_valid()
        return render(request, "floor/scan.html", {"scan": form}, status=404)
    return redirect("admin:orders_lot_change", lot.pk)
