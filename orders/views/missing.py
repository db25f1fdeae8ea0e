"""An ingredient has run out, and the customer says what shall become of the bars: wait, money back, something else."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from configurator import currency, limits
from orders.models import Order
from orders.order_access import kept_secret, order_or_404
from orders.production.run_outs import questions
from orders.production.run_outs.questions import ChangedMeanwhile, Question
from orders.views.responses import SeeOther

ACTS_A_MINUTE: Final = 30


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def missing(request: HttpRequest, token: str) -> HttpResponse:
    if not limits.within("order-acts", request, most=ACTS_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    order = order_or_404(token)
    with currency.override(order.currency):
        asked = questions.of(order, at=now()) if order.is_paid else []
        if not asked:
            messages.info(request, _("No bar of this order lacks anything any more."))
            return SeeOther(reverse("orders:order", args=[token]))
        if request.method == "POST":
            return _answered(request, order, asked)
        return kept_secret(render(request, "orders/missing.html", _page(order, asked)))


def _page(order: Order, asked: list[Question]) -> dict[str, Any]:
    missing = {module for question in asked for module in question.lacks[0].modules}
    return {"order": order, "questions": asked, "missing": missing}


def _answered(request: HttpRequest, order: Order, asked: list[Question]) -> HttpResponse:
    key, chosen = request.POST.get("bars", ""), request.POST.get("choice", "")
    if not chosen:
        page = _page(order, asked) | {"unanswered": key}
        return kept_secret(render(request, "orders/missing.html", page, status=422))
    try:
        questions.answer(order, key, chosen, at=now())
    except ChangedMeanwhile:
        messages.error(
            request,
            _("Something about these bars has changed since you opened the page. Look at it once more."),
        )
        return SeeOther(reverse("orders:missing", args=[order.token]))
    messages.success(request, _("Thank you. We do as you chose, and a mail tells you the same."))
    return SeeOther(reverse("orders:order", args=[order.token]))
