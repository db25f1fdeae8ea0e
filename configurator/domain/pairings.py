"""What goes with what: counted in the bars that people keep, and whether it can be made at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations, product
from typing import Final

from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.family import Family, Module

FEWEST_BARS: Final = 20
"""Below that a share is an anecdote."""
FEWEST_TOGETHER: Final = 4
LEAST_PERCENT: Final = 20
"""What fewer people combine is no habit of theirs."""


@dataclass(frozen=True, slots=True)
class Habit:
    """Of ``bars`` with one module, ``together`` have the other too."""

    module: str
    together: int
    bars: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many bars have a module, and how many have two."""

    alone: Counter[str]
    pairs: Counter[tuple[str, str]]

    def habits(self, module: str) -> tuple[Habit, ...]:
        """What enough people put beside the module, the most usual first."""
        bars = self.alone[module]
        if bars < FEWEST_BARS:
            return ()
        found = (Habit(other, self.pairs[module, other], bars) for other in self.alone if other != module)
        worth = [habit for habit in found if _is_habit(habit)]
        return tuple(sorted(worth, key=lambda habit: (-habit.together, habit.module)))


def tally(bars: Iterable[Iterable[str]]) -> Tally:
    """Bars as the keys of what is in them."""
    counted = Tally(Counter(), Counter())
    for bar in bars:
        modules = sorted(set(bar))
        counted.alone.update(modules)
        counted.pairs.update(permutations(modules, 2))
    return counted


def possible_together(one: Module, other: Module, family: Family) -> bool:
    """Whether a bar with just these two, on some base, keeps every rule."""
    return any(not _faulty(design, family) for design in _with_both(one, other, family))


def _is_habit(habit: Habit) -> bool:
    return habit.together >= FEWEST_TOGETHER and habit.together * 100 >= LEAST_PERCENT * habit.bars


def _faulty(design: Design, family: Family) -> bool:
    # What is still missing in this bar of two is chosen later.
    return any(problem.rule not in {"name", "slot-minimum"} for problem in problems(design, family, "en"))


def _with_both(one: Module, other: Module, family: Family) -> Iterator[Design]:
    pair = (one, other)
    choices = [module for module in pair if module.kind != "base"]
    bases = [module for module in pair if module.kind == "base"] or family.seats[family.base_slot.key]
    # Two bases are never in one bar.
    if choices:
        for base, slots in product(bases, product(*(_seats(choice, family) for choice in choices))):
            design = Design(family.key, family.version, base.key)
            for choice, slot in zip(choices, slots, strict=True):
                design = design.adding(choice.key, slot, family.usual_dose(choice))
            yield design


def _seats(module: Module, family: Family) -> list[str]:
    return [slot.key for slot in family.slots if slot.takes(module)]
