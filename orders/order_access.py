"""An order by its secret address: whoever has it sees the order and may do what its page offers."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from orders.models import Order


def order_or_404(token: str) -> Order:
    found = Order.objects.filter(token=token).first()
    if found is None:
        raise Http404
    return found


def kept_secret(response: HttpResponse) -> HttpResponse:
    """The address is the key: it must not leave by a link, a search engine or a shared cache."""
    # Not "no-referrer": with it browsers send "Origin: null", and the pay button would be refused.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
