"""Orders that wait for their payment: one bar each, and no two bars alike."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle, islice
from typing import Any

from django.utils import timezone

from bench.full_floor import ways
from orders.models import Order
from tests.orders.paid import ADA, design, placed_order


def run(count: int) -> dict[str, Any]:
    before, at = Order.objects.count(), timezone.now()
    for number, (base, toppings) in enumerate(islice(cycle(ways()), count), before):
        bar = design(f"Bar {number}", base, *toppings)
        placed_order((bar, 1), contact=replace(ADA, email=f"buyer-{number}@example.org"), at=at)
    return {"orders": count}
