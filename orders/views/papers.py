"""Invoices and credit notes of an order, for whoever has the link from the mail or ordered in this browser."""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from configurator import currency, limits
from orders.models import Invoice, InvoicePaper, Order
from orders.order_access import kept_secret, order_or_404
from orders.papers import invoice_files, keys
from orders.papers.invoice_files import FileWasChanged

LOOKS_A_MINUTE = 60

logger = logging.getLogger(__name__)


@require_safe
@cache_control(private=True, no_store=True)
def papers(request: HttpRequest, token: str, key: str) -> HttpResponse:
    if not limits.within("papers", request, most=LOOKS_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    order = _opened(token, key)
    made = Invoice.objects.filter(order=order).select_related("paper").order_by("pk")
    with currency.override(order.currency):
        page = {"order": order, "papers": list(made), "key": key}
        return kept_secret(render(request, "orders/papers.html", page))


@require_safe
@cache_control(private=True, no_store=True)
def paper(request: HttpRequest, token: str, key: str, number: str) -> HttpResponse:
    if not limits.within("papers", request, most=LOOKS_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    order = _opened(token, key)
    found = InvoicePaper.objects.filter(invoice__order=order, invoice__number=number).first()
    if found is None:
        raise Http404
    return kept_secret(pdf_of(request, found, number))


def pdf_of(request: HttpRequest, paper: InvoicePaper, number: str) -> HttpResponse:
    try:
        pdf = invoice_files.read(paper)
    except (FileNotFoundError, FileWasChanged):
        logger.exception("The file of invoice %s is not what was made", number)
        words = _(
            "This paper cannot be read just now. We have been told; please try again later or write to us."
        )
        return render(request, "orders/paper_unreadable.html", {"words": words}, status=503)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response


def _opened(token: str, key: str) -> Order:
    order = order_or_404(token)
    if not keys.fits(order, key):
        raise Http404
    return order
