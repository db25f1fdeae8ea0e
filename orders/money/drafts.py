"""Orders that were placed and never reached the payment page: the web process died, or the customer left."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q

from orders.models import Order, Payment, PaymentState
from orders.money import payments
from orders.money.payments import NotPayable, StillPayable

DRAFT_FOR: Final = timedelta(hours=2)
"""By then its stock and its day in the kitchen are free for others anyway."""
BATCH: Final = 100

logger = logging.getLogger(__name__)


def sweep(at: datetime) -> int:
    """Gives drafts up and opens their carts again, so that the bars are where they were. How many."""
    at_stripe = Payment.objects.filter(order=OuterRef("pk"), session_id__isnull=False)
    placed = Order.objects.filter(payment_state=PaymentState.PENDING, placed_at__lt=at - DRAFT_FOR)
    # What a gift card pays is off the card since it was placed: it must not wait until nobody pays after all.
    under_way = Payment.objects.filter(order=OuterRef("pk"), state__in=Payment.ACTIVE)
    of_cards = Q(gift_card_cents__gt=0) & ~Exists(under_way)
    return sum(_give_up(order, at) for order in placed.filter(~Exists(at_stripe) | of_cards)[:BATCH])


def _give_up(order: Order, at: datetime) -> int:
    try:
        payments.cancel(order, at=at)
    except (NotPayable, StillPayable):
        logger.info("Draft %s is not given up: it is being paid", order)
        return 0
    return Order.objects.filter(pk=order.pk, payment_state=PaymentState.CANCELLED).update(cart=None)
