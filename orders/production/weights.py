"""What a bar must weigh."""

from __future__ import annotations

from typing import Final

from configurator.domain.family import Milligrams

GRAM: Final = 1000
STEPS: Final = (
    # (up to g, permille of the nominal quantity, or else milligrams)
    (50, 90, 0),
    (100, 0, 4500),
    (200, 45, 0),
    (300, 0, 9000),
    (500, 30, 0),
    (1000, 0, 15000),
)
TENTH: Final = 100
"""A gram's tenth: what a percentage gives is rounded up to it."""


def least_mg(net_mg: Milligrams) -> Milligrams:
    """The nominal quantity less the tolerable negative error (directive 76/211/EEC, annex I, 2.4).

    Raises ValueError beyond 1 kg, which no bar of ours weighs.
    """
    for up_to, permille, fixed in STEPS:
        if net_mg <= up_to * GRAM:
            error = fixed or -(-net_mg * permille // (1000 * TENTH)) * TENTH
            return net_mg - error
    raise ValueError(net_mg)
