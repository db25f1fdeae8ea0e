"""Catalogues of any size with rules of every kind, and people who add what they are offered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from configurator.domain.design import Design
from configurator.domain.domains import Inquiry
from configurator.domain.family import Family, Module, Text
from configurator.domain.module_seats import Seat
from configurator.domain.rulebook import rulebook
from configurator.domain.rules import (
    Constraint,
    Excludes,
    Limit,
    LimitGrams,
    LimitPercent,
    LimitPrice,
    Needs,
)

WORDS = Text("Not so.", "So nicht.")
TRIES = 40


def enlarged(real: Family, modules: int, rules: int, *, minimum: int = 0, seed: int = 1) -> Family:
    """The real modules again and again under other keys, and rules about any of them."""
    dice = Random(seed)
    kinds = list(real.modules.values())
    copies = [_copy(kinds[place % len(kinds)], place, len(kinds)) for place in range(modules)]
    return replace(
        real,
        version=f"{modules} modules, {rules} rules, seed {seed}",
        modules={module.key: module for module in copies},
        slots=tuple(replace(slot, minimum=min(minimum, slot.maximum)) for slot in real.slots),
        constraints=tuple(_rules(copies, rules, dice)),
    )


def _copy(module: Module, place: int, period: int) -> Module:
    key = module.key if place < period else f"{module.key}_{place // period}"
    return replace(module, key=key, position=place)


def _rules(modules: list[Module], number: int, dice: Random) -> Iterator[Constraint]:
    bases = [module.key for module in modules if module.kind == "base"]
    others = [module.key for module in modules if module.kind != "base"]

    def some(least: int, most: int) -> tuple[str, ...]:
        return tuple(dice.sample(others, dice.randint(least, most)))

    def some_bases() -> tuple[str, ...]:
        return tuple(dice.sample(bases, dice.randint(1, min(6, len(bases)))))

    makers: list[Callable[[str], Constraint]] = [
        *5 * [lambda key: Excludes(key, some(1, 2), some(1, 4), WORDS)],
        lambda key: Excludes(key, some_bases(), some(1, 2), WORDS),
        lambda key: Needs(key, some(1, 1), (*some(1, 4), *some_bases()), WORDS),
        lambda key: Limit(key, some(3, 10), 2, WORDS),
        lambda key: LimitGrams(key, some(3, 8), 15_000, WORDS),
        lambda key: LimitPercent(key, some(3, 8), 200, WORDS),
    ]
    for place in range(number):
        yield makers[place % len(makers)](f"rule-{place}")
    yield LimitPrice("dear", (), 1_400, WORDS)


def walk(family: Family, dice: Random, steps: int, base: str | None = None) -> Iterator[Design]:
    """Each step adds one thing that was offered, in the dose in which it was offered."""
    seats = [seat for of_slot in rulebook(family).seats.values() for seat in of_slot]
    design = Design(family.key, family.version, base, name="Any")
    yield design
    for _ in range(steps):
        longer = _one_more(design, family, seats, dice)
        if longer is None:
            return
        design = longer
        yield design


def _one_more(design: Design, family: Family, seats: list[Seat], dice: Random) -> Design | None:
    inquiry = Inquiry(design, family, "en")
    for _ in range(TRIES):
        seat = dice.choice(seats)
        if seat.is_base and design.base:
            continue
        mg = inquiry.offer(seat)
        if mg is not None:
            key, slot = seat.decision.module, seat.decision.slot
            return design.on_base(key) if seat.is_base else design.adding(key, slot, mg)
    return None
