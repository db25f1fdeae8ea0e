"""Random walks through what is offered: none may reach a bar that adding alone cannot finish."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from random import Random
from time import perf_counter
from typing import Any

from bench.designs import families
from bench.rules import enlarged, walk
from configurator.domain.completing import finished
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.rulebook import rulebook

WALKS = 100_000
STEPS = 12
ENTANGLED = 40
"""Other catalogues, whose rules compete for places that must be filled."""


def measure(walks: int = WALKS) -> dict[str, Any]:
    dice = Random(4)
    started = perf_counter()
    bars = dead_ends = 0
    for family, number in _catalogues(walks):
        for _ in repeat(None, number):
            for design in walk(family, dice, dice.randint(1, STEPS)):
                bars += 1
                dead_ends += not can_be_finished(design, family)
    return {
        "walks": walks,
        "bars": bars,
        "dead_ends": dead_ends,
        "seconds": round(perf_counter() - started),
    }


def _catalogues(walks: int) -> Iterator[tuple[Family, int]]:
    real = families()
    for family in real:
        yield family, walks * 9 // 10 // len(real)
    for seed in range(ENTANGLED):
        entangled = enlarged(real[0], len(real[0].modules), 80, minimum=seed % 3, seed=seed)
        yield entangled, walks // 10 // ENTANGLED


def can_be_finished(design: Design, family: Family) -> bool:
    """Believed only when it is shown: a valid bar with all that is chosen, as it was chosen."""
    whole = finished(design, rulebook(family))
    return (
        whole is not None
        and set(design.choices) <= set(whole.choices)
        and design.base in {None, whole.base}
        and not problems(whole, family, "en")
    )
