"""Who may be asked, and when, how the bars were. Such a mail is advertising: docs/mails.md says what the law asks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from orders.models import Dispute, Letter, Objection, Order, PaymentState, Refund, Shipment
from orders.prices.vouchers import customer_digest
from orders.sending import carriage, delivery

AFTER_ARRIVAL: Final = timedelta(days=4)
FORGOTTEN_AFTER: Final = timedelta(days=60)
"""Whoever is asked later than this does not know what about."""
BATCH: Final = 500


def due(at: datetime) -> list[Order]:
    """Paid, sent and arrived some days ago, and never asked about. Nobody is asked where something went wrong."""
    on_its_way = Shipment.objects.filter(order=OuterRef("pk"), shipped_at=None)
    asked = Letter.objects.filter(order=OuterRef("pk"), kind=Letter.Kind.REVIEW)
    agreed = _agreed().filter(~Exists(on_its_way), ~Exists(asked))
    recent = agreed.filter(
        shipments__shipped_at__gt=at - FORGOTTEN_AFTER, shipments__shipped_at__lt=at - AFTER_ARRIVAL
    )
    orders = recent.distinct().order_by("pk").prefetch_related("shipments")[:BATCH]
    return [order for order in orders if _has_arrived(order, at) and not objects(order)]


def may_be_asked(order: Order) -> bool:
    """Asked once more in the moment of sending: the no may be younger than the row."""
    return _agreed().filter(pk=order.pk).exists() and not objects(order)


def objects(order: Order) -> bool:
    """A later yes, with a later order, counts for that order."""
    no = Objection.objects.filter(customer=customer_digest(order.email), at__gte=order.review_agreed_at)
    return no.exists()


def object_to_mails(order: Order, *, at: datetime) -> None:
    """For this address, whichever of its orders the link came with."""
    Objection.objects.update_or_create(customer=customer_digest(order.email), defaults={"at": at})


def _agreed() -> QuerySet[Order]:
    given_back = Refund.objects.filter(payment__order=OuterRef("pk")).exclude(state=Refund.State.FAILED)
    disputed = Dispute.objects.filter(payment__order=OuterRef("pk"))
    paid = Q(payment_state=PaymentState.PAID, review_agreed_at__isnull=False)
    return Order.objects.filter(paid, ~Exists(given_back), ~Exists(disputed))


def _has_arrived(order: Order, at: datetime) -> bool:
    """Nobody tells us of a delivery: the latest promised day counts, and later where it left later."""
    return all(_there_on(parcel) + AFTER_ARRIVAL <= localdate(at) for parcel in order.shipments.all())


def _there_on(parcel: Shipment) -> date:
    assert parcel.shipped_at is not None, "only what has left can arrive"
    counted = carriage.arrival(
        delivery.tariff(), parcel.country, dispatch_on=localdate(parcel.shipped_at), days=parcel.days_max
    )
    return max(counted, parcel.arrive_until or counted)
