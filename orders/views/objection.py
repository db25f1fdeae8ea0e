"""No more mails but those that an order needs, by the link that stands in each of the others."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from configurator import limits
from orders.after import reviews
from orders.order_access import kept_secret, order_or_404
from orders.views.order import LOOKS_A_MINUTE


# Mail programs press this button for their reader, without a cookie (RFC 8058). Whoever has the link may do it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def objection(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing: scanners of mail open every link."""
    if not limits.within("orders", request, most=LOOKS_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    order = order_or_404(token)
    if request.method == "POST":
        reviews.object_to_mails(order, at=now())
    page = {"refused": request.method == "POST"}
    return kept_secret(render(request, "orders/objection.html", page))
