"""What bars cost less in larger numbers, on a day."""

from __future__ import annotations

from datetime import date
from typing import Final

from configurator.kept_briefly import KeptBriefly
from orders.models.rates import VolumePrice
from orders.prices import billing


def volume_prices(*, on: date) -> tuple[billing.VolumePrice, ...]:
    return tuple(
        billing.VolumePrice(price.from_bars, price.permille_off)
        for price in kept_prices()
        if price.valid_from <= on and (price.valid_until is None or on <= price.valid_until)
    )


def _read() -> tuple[VolumePrice, ...]:
    return tuple(VolumePrice.objects.all())


kept_prices: Final = KeptBriefly(_read)
