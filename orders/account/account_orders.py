"""Which orders are somebody's: those placed while signed in, and a guest's with an address that is proven theirs."""

from __future__ import annotations

from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Lower
from django.http import HttpRequest

from configurator.accounts import signed_in
from orders.buying.cookies import placed_orders
from orders.models import Job, JobState, Order, OrderLine

BARS_SHOWN: Final = 3


def orders_of(user: User) -> QuerySet[Order]:
    """The newest first."""
    guests = Q(account=None, written_to__in=proven_addresses(user))
    mine = Order.objects.alias(written_to=Lower("email")).filter(Q(account=user.pk) | guests)
    return mine.order_by("-placed_at", "-pk")


def proven_addresses(user: User) -> list[str]:
    """Whoever only typed an address owns nothing by it."""
    proven = EmailAddress.objects.filter(user=user.pk, verified=True)
    return [address.lower() for address in proven.values_list("email", flat=True)]


def is_buyer(request: HttpRequest, order: Order) -> bool:
    """Placed in this browser, or by the account that is signed in."""
    if order.token in placed_orders(request):
        return True
    user = signed_in(request)
    return user is not None and is_of(user, order)


def is_of(user: User, order: Order) -> bool:
    if order.account_id is None:
        return order.email.lower() in proven_addresses(user)
    return order.account_id == user.pk


def with_what_a_list_shows(orders: QuerySet[Order]) -> QuerySet[Order]:
    """How many bars, where they are, and the first of them to be seen, with one more that tells of others."""
    jobs = Job.objects.filter(order_line__order=OuterRef("pk")).exclude(job_state=JobState.SCRAPPED)
    first = OrderLine.objects.select_related("design").order_by("place")[: BARS_SHOWN + 1]
    return orders.annotate(
        bars=Sum("lines__quantity", filter=Q(lines__instead_of=None), default=0),
        is_made=Exists(jobs),
        is_under_way=Exists(jobs.exclude(job_state=JobState.SHIPPED)),
    ).prefetch_related(Prefetch("lines", first, to_attr="first_lines"))
