"""What the size of a pack asks of its label: how large the type is, and what a portion is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from configurator.domain.family import Family, Milligrams, TenthMm

X_HEIGHT: Final[TenthMm] = 12
SMALL_X_HEIGHT: Final[TenthMm] = 9
SMALL_BELOW_CM2: Final = 80
"""Art. 13(3): a largest surface below that may carry the small type."""

# 76/211/EEC Annex I point 3.1: up to that net quantity, digits of that height.
DIGITS: Final[tuple[tuple[Milligrams, TenthMm], ...]] = ((50_000, 20), (200_000, 30), (1_000_000, 40))
LARGEST_DIGITS: Final[TenthMm] = 60

BAR_IS_ONE_PORTION_UP_TO: Final[Milligrams] = 60_000
PORTIONS: Final[tuple[Milligrams, ...]] = (25_000, 20_000, 30_000)
"""A row of squares, roughly; the first that divides the bar evenly is named."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What a person may eat at once, and how many of it are in the bar."""

    mg: Milligrams
    count: int


def largest_surface_cm2(family: Family) -> Decimal:
    """Of the pack: a heart lies in a box with corners."""
    return Decimal(family.length * family.width) / 10_000


def x_height(family: Family) -> TenthMm:
    return X_HEIGHT if largest_surface_cm2(family) >= SMALL_BELOW_CM2 else SMALL_X_HEIGHT


def digit_height(net_mg: Milligrams) -> TenthMm:
    """Of the net quantity."""
    return next((height for up_to, height in DIGITS if net_mg <= up_to), LARGEST_DIGITS)


def portion(family: Family) -> Serving | None:
    """None where no round portion divides the bar: then the 100 g have to do."""
    if family.net_mg <= BAR_IS_ONE_PORTION_UP_TO:
        return Serving(family.net_mg, 1)
    even = next((mg for mg in PORTIONS if family.net_mg % mg == 0), None)
    return Serving(even, family.net_mg // even) if even else None
