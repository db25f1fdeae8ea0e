"""``python -m bench.peers.floor.fill``: forty products."""

from __future__ import annotations

from decimal import Decimal

import django

django.setup()

from bench.peers.floor.models import Product  # noqa: E402  # Django must be set up first

Product.objects.bulk_create(
    Product(
        title=f"Chocolate bar {number:02d} with roasted hazelnuts",
        price=Decimal("6.90") + number % 7,
        image=f"bar{number}.jpg",
        words="Fine chocolate with selected ingredients and toppings. " * 6,
        stock=10**9,
    )
    for number in range(40)
)
