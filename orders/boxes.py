"""Gift boxes: what a box for so many bars is called and costs, beside the bars in it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import ngettext

from configurator.domain.family import Cents
from configurator.domain.pricing import PriceList
from orders.models.cart import BOX_SIZES

PACKING_CENTS: Final[dict[int, Cents]] = {3: 290, 6: 390, 12: 590}
"""In the catalogue's currency; price lists may name "box-3" and so on."""

assert tuple(PACKING_CENTS) == BOX_SIZES, "every size has its price"


def packing_cents(size: int, prices: PriceList) -> Cents:
    return prices.listed(PACKING_CENTS[size], f"box-{size}")


def box_name(size: int) -> str:
    return ngettext("Gift box of %(size)d bar", "Gift box of %(size)d bars", size) % {"size": size}
