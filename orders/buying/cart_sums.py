"""What the goods of a cart come to before anybody has said where they go: without shipping, and VAT not told apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from orders.buying.basket import Basket
from orders.buying.parcels import key_of
from orders.prices import billing
from orders.prices.billing import Goods, VolumePrice
from orders.prices.volume import volume_prices
from orders.prices.vouchers import Entered, idle_words


@dataclass(frozen=True, slots=True)
class CartSums:
    bill: billing.Bill
    idle: tuple[str, ...]
    """Why codes take nothing off."""
    next_volume_price: VolumePrice | None
    """The first that is not reached yet."""
    bars_to_it: int


def cart_sums(basket: Basket, entered: Entered, *, on: date) -> CartSums:
    volume = volume_prices(on=on)
    bill = billing.bill(list(_goods(basket)), (), volume, entered.terms)
    ahead = min(
        (price for price in volume if price.from_bars > basket.count),
        key=lambda price: price.from_bars,
        default=None,
    )
    return CartSums(
        bill=bill,
        idle=idle_words(entered, bill, basket.currency),
        next_volume_price=ahead,
        bars_to_it=ahead.from_bars - basket.count if ahead else 0,
    )


def _goods(basket: Basket) -> Iterator[Goods]:
    for bars in basket.lines:
        yield Goods(key_of(bars), bars.unit_cents, bars.quantity, permille=0)
    for box in basket.boxes:
        yield Goods(key_of(box), box.packing_cents, box.quantity, permille=0, bars=0)
