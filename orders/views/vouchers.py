from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from configurator import currency, limits
from orders.buying import typed_codes
from orders.buying.cart_forms import VoucherForm
from orders.buying.whose_cart import cart_key
from orders.prices.vouchers import VoucherRefused
from orders.views.responses import SeeOther

CODES_AN_HOUR = 30
"""Whoever tries codes out is stopped long before finding one."""


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """A code into the cart."""
    if not limits.within("vouchers", request, most=CODES_AN_HOUR, seconds=3600):
        return render(request, "429.html", status=429)
    form = VoucherForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["code"][0]))
        return _to_cart()
    try:
        words = typed_codes.enter(
            cart_key(request), form.cleaned_data["code"], currency=currency.active(), at=now()
        )
    except VoucherRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return _to_cart()


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """A code out of the cart."""
    typed_codes.leave(cart_key(request), request.POST.get("code", ""))
    return _to_cart()


def _to_cart() -> HttpResponse:
    return SeeOther(reverse("orders:cart") + "#vouchers")
