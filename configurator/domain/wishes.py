"""What somebody wishes of a bar, and what is known of every module to fulfil it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, TypeAlias

from configurator.domain.constraints import problems
from configurator.domain.design import Choice, Design
from configurator.domain.family import Cents, Family, Milligrams, Module, Slot
from configurator.domain.label.contents import Contents, Part
from configurator.domain.label.nutrition import sums
from configurator.domain.pricing import quote

Millikcal: TypeAlias = int

LITTLE, USUAL = 50, 100
"""Doses in per cent of the usual one, as the studio offers them."""

NAMELESS: Final = frozenset({"name"})
"""A bar of ours gets its name later."""


@dataclass(frozen=True, slots=True)
class Wish:
    """``kept`` is what must stay as it is; a base of None is open, and so are all other places."""

    kept: Design
    modules: frozenset[str]
    """What may be added."""
    traits: tuple[str, ...] = ()
    """Tastes and textures that something in the bar must have, by their English words."""
    most_cents: Cents | None = None
    most_kcal: int | None = None
    """In 100 g."""

    def without(self, trait: str) -> Wish:
        return replace(self, traits=tuple(other for other in self.traits if other != trait))


@dataclass(frozen=True, slots=True)
class Larder:
    """A family's modules as a cook looks at them."""

    family: Family
    liked: Mapping[str, frozenset[str]]
    """Module → what our chocolatiers like beside it."""
    traits: Mapping[str, frozenset[str]]
    energy: Mapping[str, Millikcal]
    """Module → thousandths of a kcal in 100 g of it."""

    def bases(self, wish: Wish) -> tuple[Module, ...]:
        """Those that the wish leaves to choose from: the one that is kept, or any that may be added."""
        if wish.kept.base is not None:
            return (self.family.modules[wish.kept.base],)
        seats = self.family.seats[self.family.base_slot.key]
        return tuple(base for base in seats if base.key in wish.modules and not base.retired)

    def choices(self, wish: Wish) -> tuple[Module, ...]:
        """What may lie on a base, and is not in the bar yet."""
        there = set(wish.kept.modules)
        return tuple(
            module
            for module in self.family.modules.values()
            if module.kind != "base"
            and module.key in wish.modules
            and not module.retired
            and module.key not in there
        )

    def kcal(self, design: Design) -> Decimal:
        """In 100 g of the bar."""
        fill_mg = max(0, self.family.net_mg - design.inclusions_mg)
        total = self.energy[design.base] * fill_mg if design.base else 0
        total += sum(self.energy[choice.module] * choice.mg for choice in design.choices)
        return Decimal(total) / self.family.net_mg / 1000

    def has_traits(self, design: Design) -> frozenset[str]:
        return frozenset(trait for module in design.modules for trait in self.traits[module])

    def fulfils(self, design: Design, wish: Wish) -> bool:
        return (
            not faults(design, self.family)
            and self.has_traits(design).issuperset(wish.traits)
            and (wish.most_cents is None or cents(design, self.family) <= wish.most_cents)
            and (wish.most_kcal is None or self.kcal(design) <= wish.most_kcal)
        )


def larder(family: Family, liked: Mapping[str, frozenset[str]]) -> Larder:
    return Larder(
        family,
        liked,
        traits={key: frozenset(traits(module)) for key, module in family.modules.items()},
        energy={key: _energy(module) for key, module in family.modules.items()},
    )


def traits(module: Module) -> Iterator[str]:
    """Tastes and textures, by their English words."""
    yield from (word.en for word in (*module.tastes, *module.textures))


def cents(design: Design, family: Family) -> Cents:
    return quote(design, family, "en").total_cents


def faults(design: Design, family: Family) -> tuple[str, ...]:
    """What keeps the bar from being made, whatever it will be called."""
    return tuple(problem.rule for problem in problems(design, family, "en") if problem.rule not in NAMELESS)


def dose(module: Module, percent: int, family: Family) -> Milligrams:
    """At least a milligram and at most the largest dose."""
    return min(family.largest_dose(module), max(1, family.usual_dose(module) * percent // 100))


def seated(kept: Design, picks: Mapping[str, Milligrams], family: Family) -> Design | None:
    """The picks in slots that take them, each where it is most at home; None when they cannot all sit."""
    table = _Table(kept, family)
    if not all(table.finds_a_seat(module, frozenset()) for module in picks):
        return None
    choices = [Choice(slot, module, picks[module]) for slot, taken in table.taken.items() for module in taken]
    return replace(kept, choices=(*kept.choices, *choices))


def at_home_first(module: Module, family: Family) -> list[Slot]:
    """The slots on a base that take it."""
    fitting = (slot for slot in family.slots if slot is not family.base_slot and slot.takes(module))
    # Pieces are to be seen; what has none does its work inside.
    hides_pieces = {slot.key: bool(module.shape.piece_ug) and "mix-in" in slot.kinds for slot in family.slots}
    return sorted(fitting, key=lambda slot: (hides_pieces[slot.key], module.kind not in slot.kinds))


class _Table:
    """The free places of a bar."""

    def __init__(self, kept: Design, family: Family) -> None:
        self.family = family
        slots = [slot for slot in family.slots if slot is not family.base_slot]
        self.free = {slot.key: slot.maximum - len(kept.in_slot(slot.key)) for slot in slots}
        self.taken: dict[str, list[str]] = {slot.key: [] for slot in slots}

    def finds_a_seat(self, module: str, asked: frozenset[str]) -> bool:
        """Somebody who sits there already may move over to another slot."""
        for slot in at_home_first(self.family.modules[module], self.family):
            if slot.key not in asked and self._makes_room(slot, asked | {slot.key}):
                self.taken[slot.key].append(module)
                return True
        return False

    def _makes_room(self, slot: Slot, asked: frozenset[str]) -> bool:
        if len(self.taken[slot.key]) < self.free[slot.key]:
            return True
        for other in tuple(self.taken[slot.key]):
            if self.finds_a_seat(other, asked):
                self.taken[slot.key].remove(other)
                return True
        return False


def _energy(module: Module) -> Millikcal:
    alone = Contents((Part(module, 100_000),))
    return int((sums(alone).energy_kcal * 1000).to_integral_value())
