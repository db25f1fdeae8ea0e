from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from configurator.wording import locale
from shop.gallery import ORDERS, rows, shown

BARS_A_PAGE: Final = 12


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    order = request.GET.get("by", "")
    order = order if order in ORDERS else next(iter(ORDERS))
    page = Paginator(rows(order), BARS_A_PAGE).get_page(request.GET.get("page"))
    bars = shown(page.object_list, locale())
    return render(
        request, "shop/gallery.html", {"page": page, "bars": bars, "orders": ORDERS.items(), "order": order}
    )
