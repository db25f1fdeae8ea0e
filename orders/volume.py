"""What bars cost less in larger numbers, on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from orders import billing
from orders.models.rates import VolumePrice


def volume_prices(*, on: date) -> tuple[billing.VolumePrice, ...]:
    held = VolumePrice.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on)
    return tuple(billing.VolumePrice(price.from_bars, price.permille_off) for price in held)
