"""Cancelling a paid order while nothing of it has been begun: look, confirm, done."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from configurator import currency, limits
from configurator.wording import money
from orders.buying.cart_forms import CancellingForm
from orders.models import Order, Refund
from orders.money import cancelling as cancelling_
from orders.money.cancelling import NotCancellable
from orders.order_access import kept_secret, order_or_404
from orders.views.responses import SeeOther

ACTS_A_MINUTE: Final = 30


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def cancelling(request: HttpRequest, token: str) -> HttpResponse:
    if not limits.within("order-acts", request, most=ACTS_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    order = order_or_404(token)
    back = SeeOther(reverse("orders:order", args=[token]))
    with currency.override(order.currency):
        try:
            if request.method != "POST":
                page = {"order": order, "offer": cancelling_.offer(order)}
                return kept_secret(render(request, "orders/cancelling.html", page))
            refund = _cancelled(request, order)
        except NotCancellable as refusal:
            messages.error(request, str(refusal))
        else:
            words = _(
                "Cancelled. %(sum)s goes back the way you paid; a mail tells you when it is on its way."
            )
            messages.success(request, words % {"sum": money(refund.total_cents)})
        return back


def _cancelled(request: HttpRequest, order: Order) -> Refund:
    """Raises NotCancellable."""
    form = CancellingForm(request.POST)
    if not form.is_valid():
        raise NotCancellable(_("Choose which bars you want to cancel, and how many."))
    typed = form.cleaned_data
    if typed["line"] is None:
        return cancelling_.cancel(order, seen=typed["seen"], at=now())
    return cancelling_.cancel_bars(order, typed["line"], typed["bars"] or 0, seen=typed["seen"], at=now())
