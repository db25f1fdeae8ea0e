"""Whether a wish can be fulfilled at all, and by which bar: a search through all that matter.

A taste needs no more of its module than a small dose. Few calories need much of what is lighter than
the base: as much as there may be of one thing after another, and of the last one as much as is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from configurator.domain.design import Design
from configurator.domain.family import Cents, Family, Milligrams, Module
from configurator.domain.pricing import surcharge_cents
from configurator.domain.rulebook import rulebook
from configurator.domain.seeded import Stream
from configurator.domain.wishes import LITTLE, USUAL, Larder, Wish, cents, dose, faults, seated

MOST_STEPS: Final = 4_000
"""For one base; wishes for real bars need a few hundred at most."""
MOST_STEPS_OF_DICE: Final = 300
STEP_MG: Final = 100
"""Doses are weighed to tenths of a gram here."""
FOOD_FROM_MG: Final = 6_000
NO_LIMIT: Final = 1 << 60


def fulfilment(wish: Wish, larder: Larder) -> Design | None:
    """The cheapest bar that fulfils the wish, with nothing that it does not ask for."""
    best: Design | None = None
    for base in larder.bases(wish):
        most = cents(best, larder.family) - 1 if best else wish.most_cents
        best = _Search(replace(wish, most_cents=most), larder, base).cheapest() or best
    return best


def is_possible(wish: Wish, larder: Larder) -> bool:
    return any(_Search(wish, larder, base).any() is not None for base in larder.bases(wish))


def varied(wish: Wish, larder: Larder, base: Module, dice: Stream) -> Design | None:
    """Any bar on the base that fulfils the wish, another one for other dice."""
    tried = _Search(wish, larder, base, dice).any()
    return tried or _Search(wish, larder, base).any()


@dataclass(frozen=True, slots=True)
class _Taken:
    """What was chosen so far, beside what is kept."""

    picks: dict[str, Milligrams]
    spent: Cents
    owed: int
    """Energy still to be saved: thousandths of a kcal in 100 g, times milligrams. Below 0: some to spare."""
    room_mg: Milligrams


@dataclass(frozen=True, slots=True)
class _Saver:
    """A module that is lighter than the base whose place it takes."""

    module: Module
    most_mg: Milligrams
    saved_by_mg: int
    cents_to_save: float
    """For each unit of energy."""
    is_food: bool
    """Salt saves energy as well, but nobody eats it for that."""

    @classmethod
    def of(cls, module: Module, saved_by_mg: int, family: Family) -> _Saver:
        most_mg = family.largest_dose(module)
        price = surcharge_cents(module, most_mg) / max(1, saved_by_mg * most_mg)
        return cls(module, most_mg, saved_by_mg, price, module.max_dose_mg >= FOOD_FROM_MG)


class _Search:
    """On one base."""

    def __init__(self, wish: Wish, larder: Larder, base: Module, dice: Stream | None = None) -> None:
        self.wish, self.larder, self.family, self.base = wish, larder, larder.family, base
        self.dice = dice
        self.most_steps = MOST_STEPS if dice is None else MOST_STEPS_OF_DICE
        self.start = wish.kept.on_base(base.key)
        self.most_cents = NO_LIMIT if wish.most_cents is None else wish.most_cents
        self.best: Design | None = None
        self.enough = False
        self.steps = 0
        self.choices = larder.choices(wish)
        self.carriers: dict[str, list[Module]] = {}
        light = self.choices if wish.most_kcal is not None else ()
        savers = [_Saver.of(module, self._saved_by(module), self.family) for module in light]
        self.cheapest_first = sorted((s for s in savers if s.saved_by_mg > 0), key=lambda s: s.cents_to_save)
        self.lightest_first = sorted(self.cheapest_first, key=lambda saver: -saver.saved_by_mg)
        self.savers = self._in_order([s.module for s in self.cheapest_first if dice is None or s.is_food])
        self.places = {module.key: place for place, module in enumerate(self.savers)}

    def cheapest(self) -> Design | None:
        self._cover(self._nothing_yet(), frozenset(self.wish.traits) - self.larder.has_traits(self.start))
        return self.best

    def any(self) -> Design | None:
        self.enough = True
        return self.cheapest()

    def _nothing_yet(self) -> _Taken:
        most_mg = self.family.inclusions_max_permille * self.family.net_mg // 1000
        return _Taken({}, cents(self.start, self.family), self._owed(), most_mg - self.start.inclusions_mg)

    def _owed(self) -> int:
        if self.wish.most_kcal is None:
            return -NO_LIMIT
        now = self.larder.kcal(self.start) * 1000
        return int((now - 1000 * self.wish.most_kcal) * self.family.net_mg)

    def _saved_by(self, module: Module) -> int:
        """By a milligram that takes the place of a milligram of the base."""
        return self.larder.energy[self.base.key] - self.larder.energy[module.key]

    def _in_order(self, modules: list[Module]) -> list[Module]:
        """As they are, or by chance, with those before the others that go with what is there."""
        dice = self.dice
        if dice is None or not modules:
            return modules
        liked = {key for module in self.start.modules for key in self.larder.liked.get(module, ())}
        chance = {module.key: dice.at(place) % 8 for place, module in enumerate(self.choices, start=1000)}
        return sorted(modules, key=lambda module: chance[module.key] - 4 * (module.key in liked))

    def _cover(self, taken: _Taken, missing: frozenset[str]) -> None:
        """A module for each trait first, the rarest trait before the others."""
        if not missing:
            self._save(taken, 0)
            return
        if taken.owed > 0 and not self._can_save(taken, 0):
            return
        carriers = [self._carriers(trait) for trait in sorted(missing)]
        if self._dearest_trait(carriers) + taken.spent > self.most_cents:
            return
        for module in self._in_order(min(carriers, key=len)):
            for mg in self._doses(module):
                if self._is_over():
                    return
                more = self._taking(module, mg, taken)
                if more is not None:
                    self._cover(more, missing - self.larder.traits[module.key])

    def _carriers(self, trait: str) -> list[Module]:
        """The cheapest first."""
        if trait not in self.carriers:
            found = (module for module in self.choices if trait in self.larder.traits[module.key])
            self.carriers[trait] = sorted(found, key=self._least_cents)
        return self.carriers[trait]

    def _least_cents(self, module: Module) -> Cents:
        return surcharge_cents(module, dose(module, LITTLE, self.family))

    def _dearest_trait(self, carriers: list[list[Module]]) -> Cents:
        return max(self._least_cents(modules[0]) if modules else NO_LIMIT for modules in carriers)

    def _doses(self, module: Module) -> Iterator[Milligrams]:
        if self.dice is not None:
            yield dose(module, USUAL, self.family)
        yield dose(module, LITTLE, self.family)
        if self.wish.most_kcal is not None and self._saved_by(module) > 0:
            yield self.family.largest_dose(module)

    def _save(self, taken: _Taken, first: int) -> None:
        """What is lighter than the base, what saves most for its price before the others."""
        if taken.owed <= 0:
            self._finish(taken)
            return
        for place in range(first, len(self.savers)):
            if self._is_over() or not self._can_save(taken, place):
                return
            module = self.savers[place]
            more = self._taking(module, self._needed_mg(module, taken), taken)
            if more is not None:
                self._save(more, place + 1)

    def _can_save(self, taken: _Taken, first: int) -> bool:
        """Whether those from the first on could do: within the room, and apart from that within the price."""
        room_mg, owed = taken.room_mg, taken.owed
        for saver in self.lightest_first:
            if room_mg <= 0 or owed <= 0:
                break
            if self._is_left(saver, taken, first):
                mg = min(room_mg, saver.most_mg)
                room_mg, owed = room_mg - mg, owed - mg * saver.saved_by_mg
        return owed <= 0 and (self.most_cents == NO_LIMIT or self._can_afford(taken, first))

    def _can_afford(self, taken: _Taken, first: int) -> bool:
        owed, spent = taken.owed, float(taken.spent)
        for saver in self.cheapest_first:
            if owed <= 0:
                break
            if self._is_left(saver, taken, first):
                saved = min(owed, saver.most_mg * saver.saved_by_mg)
                owed, spent = owed - saved, spent + saved * saver.cents_to_save
        # Each price is rounded once, to the nearest cent.
        return spent <= self.most_cents + len(taken.picks) + 1

    def _is_left(self, saver: _Saver, taken: _Taken, first: int) -> bool:
        key = saver.module.key
        return self.places.get(key, -1) >= first and key not in taken.picks

    def _needed_mg(self, module: Module, taken: _Taken) -> Milligrams:
        """As much as is missing, and no more than there may be."""
        needed_mg = -(-taken.owed // (self._saved_by(module) * STEP_MG)) * STEP_MG
        least_mg = dose(module, LITTLE, self.family)
        return max(least_mg, min(needed_mg, self.family.largest_dose(module), taken.room_mg))

    def _taking(self, module: Module, mg: Milligrams, taken: _Taken) -> _Taken | None:
        self.steps += 1
        spent = taken.spent + surcharge_cents(module, mg)
        if module.key in taken.picks or mg > taken.room_mg or spent > self.most_cents:
            return None
        picks = {**taken.picks, module.key: mg}
        if self._breaks_a_rule(module, picks):
            return None
        return _Taken(picks, spent, taken.owed - self._saved_by(module) * mg, taken.room_mg - mg)

    def _breaks_a_rule(self, module: Module, picks: dict[str, Milligrams]) -> bool:
        rules = rulebook(self.family).rules_about((module.key,))
        if not rules:
            return False
        design = seated(self.start, picks, self.family)
        return design is None or any(
            not problem.curable for rule in rules for problem in rule.problems(design, self.family, "en")
        )

    def _finish(self, taken: _Taken) -> None:
        self.steps += 1
        design = seated(self.start, taken.picks, self.family)
        if design is None or faults(design, self.family):
            return
        price = cents(design, self.family)
        if price <= self.most_cents:
            self.best, self.most_cents = design, price - 1

    def _is_over(self) -> bool:
        return self.steps > self.most_steps or (self.enough and self.best is not None)
