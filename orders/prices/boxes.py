"""Gift boxes: for how many bars there are some, and what a box costs beside the bars in it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import ngettext

from configurator.domain.family import Cents
from configurator.domain.pricing import PriceList
from configurator.kept_briefly import KeptBriefly
from orders.models import BoxSize


def sizes_offered() -> tuple[int, ...]:
    return tuple(size.holds for size in kept_sizes().values() if size.offered)


def packing_cents(size: int, prices: PriceList) -> Cents:
    """Also of a size that is no longer offered: it may lie in a cart. A price list may name "box-3" and so on."""
    return prices.listed(kept_sizes()[size].cents, f"box-{size}")


def box_name(size: int) -> str:
    return ngettext("Gift box of %(size)d bar", "Gift box of %(size)d bars", size) % {"size": size}


def _read() -> dict[int, BoxSize]:
    return {size.holds: size for size in BoxSize.objects.all()}


kept_sizes: Final = KeptBriefly(_read)
