"""All orders that wait for it are paid, one after the other, as the settlement of a webhook does it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from orders.models import Order, PaymentState
from orders.production.release import release


def run(most: int) -> dict[str, Any]:
    orders = list(Order.objects.filter(payment_state=PaymentState.PENDING).order_by("pk")[:most])
    began = timezone.now()
    for order in orders:
        with transaction.atomic():
            order.mark_paid(timezone.now())
            release(order)
    return {"orders": len(orders), "began": began.isoformat(), "until": timezone.now().isoformat()}
