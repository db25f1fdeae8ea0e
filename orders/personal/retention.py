"""What goes by itself, whether anybody asks or not: papers and books when the law lets them go, and what was never
bought, much sooner. docs/privacy.md has the table."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.utils.timezone import localdate

from orders.buying.cookies import CART_AGE
from orders.models import (
    Cart,
    Invoice,
    InvoicePaper,
    InvoiceSeries,
    LedgerEntry,
    Order,
    Payment,
    PaymentState,
    Refund,
)
from orders.money.tax_years import first_year_kept, first_year_of_books
from orders.personal import account
from orders.personal.carts import forget_cart
from orders.personal.open_matters import StillOpen
from orders.personal.papers import kept_until
from orders.personal.people import Person
from orders.personal.rooms import forget_order

NEVER_PAID_KEPT: Final = timedelta(days=90)
NEVER_CONFIRMED_KEPT: Final = timedelta(days=30)
CART_KEPT: Final = timedelta(seconds=2 * CART_AGE)
"""Its cookie lives for half of that, and every visit to the cart renews it: what is older is still looked at."""
AT_ONCE: Final = 500

logger = logging.getLogger(__name__)


def let_go(at: datetime) -> None:
    papers = _let_papers_go(at)
    orders = _forget_orders(at)
    _let_books_go(at)
    carts = _forget_carts(at)
    _forget_accounts_never_opened(at)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    logger.info("Let go: %s papers, %s customers of orders, %s carts", papers, orders, carts)


def _let_papers_go(at: datetime) -> int:
    gone, first = 0, datetime(first_year_kept(at), 1, 1, tzinfo=UTC)
    old = Invoice.objects.filter(year__lt=first.year).exclude(paper__made_at__gte=first)
    # The youngest first: some take back an older one, which stays as long as they do.
    for invoice in old.order_by("-pk"):
        if kept_until(invoice) < localdate(at) and not Invoice.objects.filter(reverses=invoice).exists():
            gone += _let_go(invoice)
    for series in InvoiceSeries.objects.filter(year__lt=first.year):
        if not Invoice.objects.filter(kind=series.kind, year=series.year).exists():
            series.delete()
    return gone


def _let_go(invoice: Invoice) -> int:
    with transaction.atomic():
        papers = InvoicePaper.objects.filter(invoice=invoice)
        for paper in papers:
            default_storage.delete(paper.file)
        papers.let_go()
        return Invoice.objects.filter(pk=invoice.pk).let_go()


def _forget_orders(at: datetime) -> int:
    """Without a paper that names its customer there is no reason left to keep them."""
    known = Order.objects.filter(forgotten_at=None)
    begun = datetime(first_year_kept(at), 1, 1, tzinfo=UTC)
    old = known.filter(placed_at__lt=begun).exclude(Exists(Invoice.objects.filter(order=OuterRef("pk"))))
    unpaid = known.filter(payment_state=PaymentState.CANCELLED, closed_at__lt=at - NEVER_PAID_KEPT).exclude(
        Exists(LedgerEntry.objects.filter(order=OuterRef("pk")))
    )
    return sum(_forget(order, at) for order in [*unpaid[:AT_ONCE], *old[:AT_ONCE]])


def _forget(order: Order, at: datetime) -> int:
    try:
        forget_order(order, at)
    except StillOpen:
        logger.info("Order %s is not forgotten: something of it is open", order)
        return 0
    return 1


def _let_books_go(at: datetime) -> None:
    """The sums stay; what leads to a name at Stripe goes."""
    first = datetime(first_year_of_books(at), 1, 1, tzinfo=UTC)
    old = Order.objects.filter(placed_at__lt=first, forgotten_at__isnull=False)
    known = Payment.objects.filter(order__in=old).exclude(session_id=None, intent_id=None, charge_id=None)
    LedgerEntry.objects.filter(payment__in=known).blank(stripe_id=_mere_number())
    Refund.objects.filter(payment__in=known).update(stripe_id=None)
    known.update(session_id=None, intent_id=None, charge_id=None)


def _mere_number() -> Concat:
    return Concat(Value("entry-"), Cast(F("pk"), CharField()))


def _forget_carts(at: datetime) -> int:
    old = Cart.objects.filter(order=None, account=None, created_at__lt=at - CART_KEPT).order_by("pk")
    carts: QuerySet[Cart] = old.exclude(lines__held_until__gt=at - CART_KEPT)
    gone = list(carts[:AT_ONCE])
    for cart in gone:
        forget_cart(cart)
    return len(gone)


def _forget_accounts_never_opened(at: datetime) -> None:
    """Whose address nobody has confirmed may be anybody's."""
    customers = User.objects.filter(is_staff=False, is_superuser=False, last_login=None)
    old = customers.filter(date_joined__lt=at - NEVER_CONFIRMED_KEPT)
    for user in old.exclude(emailaddress__verified=True)[:AT_ONCE]:
        account.forget(Person(user=user), at)
