"""My account: what somebody has ordered, and the way to everything else that is theirs."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from orders.account.account_orders import orders_of, with_what_a_list_shows
from orders.account.account_sections import SECTIONS
from orders.order_access import kept_secret
from orders.views.responses import SeeOther

ORDERS_A_PAGE: Final = 10


@require_safe
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    own = with_what_a_list_shows(orders_of(customer(request)))
    orders = Paginator(own, ORDERS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "account/overview.html", {"orders": orders, "sections": SECTIONS})


@require_safe
@never_cache
@login_required
def order(request: HttpRequest, number: str) -> HttpResponse:
    """To the page of an order, for whom the account says that it is theirs."""
    found = get_object_or_404(orders_of(customer(request)), number=number)
    return kept_secret(SeeOther(reverse("orders:order", args=[found.token])))


def customer(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # login_required
    return request.user
