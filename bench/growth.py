"""How a review grows with the catalogue: 100, 300, 1,000 and 3,000 modules, twice as many rules."""

from __future__ import annotations

import gc
from collections.abc import Callable
from random import Random
from typing import Any

from bench.own_shop import own_shop
from bench.rules import enlarged, walk
from bench.timing import Milliseconds, once, percentiles
from configurator.catalogue.loading import from_files
from configurator.designs import review
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.domains import domains
from configurator.domain.family import Family

SIZES = (100, 300, 1_000, 3_000)
DESIGNS = 100
ROUNDS = 5
"""Each design counts by its fastest: what else a machine does lasts for seconds, but not for all rounds."""


def measure() -> dict[str, Any]:
    real = from_files("bar-100")
    # The price lists of the day stand in a database.
    with own_shop():
        return {
            "the real catalogue": reviewed(real),
            **{
                f"{size:,} modules, {2 * size:,} rules": reviewed(enlarged(real, size, 2 * size))
                for size in SIZES
            },
        }


def reviewed(family: Family) -> dict[str, Milliseconds]:
    """Bars as people have them before their eyes: with a base, half done and full."""
    dice = Random(3)
    bases = family.seats[family.base_slot.key]
    designs = [list(walk(family, dice, place % 10, dice.choice(bases).key))[-1] for place in range(DESIGNS)]
    return {
        "review_ms": _each(designs, lambda design: review(design, family, "en").domains),
        "domains_ms": _each(designs, lambda design: domains(design, family, "en")),
        "problems_ms": _each(designs, lambda design: problems(design, family, "en")),
    }


def _each(designs: list[Design], action: Callable[[Design], object]) -> Milliseconds:
    for design in designs[:10]:
        action(design)
    # As a web process does once it is ready (configurator/pictures/previews.py).
    gc.collect()
    gc.freeze()
    rounds = [[_timed(action, design) for design in designs] for _round in range(ROUNDS)]
    return percentiles([min(of_design) for of_design in zip(*rounds, strict=True)])


def _timed(action: Callable[[Design], object], design: Design) -> float:
    """No answer is kept from one round to the next."""
    return once(lambda: action(design))
