"""Which modules can still be chosen, and why not: exact, so that no choice is a dead end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from configurator.domain.constraints import Needs, Problem, in_grams
from configurator.domain.design import Design
from configurator.domain.family import Family, Milligrams, Module, Slot, Text


@dataclass(frozen=True, slots=True)
class ModuleState:
    state: Literal["chosen", "open", "blocked"]
    reason: str = ""
    mg: Milligrams = 0
    """The dose it has, or would get when chosen; 0 for a base and for a blocked module."""


def domains(design: Design, family: Family, locale: str) -> dict[str, dict[str, ModuleState]]:
    """Slot → module → state, for every module that fits the slot.

    All rules but Needs are monotone: what is broken stays broken however much is added. So a
    module leads to a valid design exactly if adding it breaks nothing new that adding cannot
    cure, and each Needs that it leaves open can itself be met by one such addition.
    """
    inquiry = Inquiry(design, family, locale)
    return {
        slot.key: {module.key: inquiry.state(module, slot) for module in family.seats[slot.key]}
        for slot in family.slots
    }


class Inquiry:
    """Asks, for one design, what choosing a module would lead to."""

    def __init__(self, design: Design, family: Family, locale: str) -> None:
        self.design, self.family, self.locale = design, family, locale
        self.known = frozenset(map(_identity, self._broken_rules(design)))
        self.doses: dict[str, Milligrams] = {}
        for choice in design.choices:
            self.doses[choice.module] = self.doses.get(choice.module, 0) + choice.mg
        most_mg = family.inclusions_max_permille * family.net_mg // 1000
        self.room_mg = max(0, most_mg - design.inclusions_mg)

    def state(self, module: Module, slot: Slot) -> ModuleState:
        chosen_mg = self._chosen_mg(module, slot)
        if chosen_mg is not None:
            return ModuleState("chosen", mg=chosen_mg)
        reason = self._obstacle(module, slot)
        if reason:
            return ModuleState("blocked", reason)
        return ModuleState("open", mg=self._offered_mg(module, slot))

    def _chosen_mg(self, module: Module, slot: Slot) -> Milligrams | None:
        if slot is self.family.base_slot:
            return 0 if self.design.base == module.key else None
        for choice in self.design.choices:
            if (choice.module, choice.slot) == (module.key, slot.key):
                return choice.mg
        return None

    def _obstacle(self, module: Module, slot: Slot) -> str:
        """Why the choice leads nowhere, in words, or ""."""
        if not self._has_place(module, slot):
            return self._no_place(module, slot)
        if self._breaks_nothing(module, slot):
            return ""
        choosing = self._choosing(module, slot)
        for problem in self._broken_rules(choosing):
            hopeless = not problem.curable or not self._can_be_cured(problem, choosing)
            if hopeless and _identity(problem) not in self.hopeless:
                return problem.message
        return ""

    def _breaks_nothing(self, module: Module, slot: Slot) -> bool:
        """Seen at a glance for most modules, which no rule of the catalogue is about."""
        adds_only = slot is not self.family.base_slot and not self.known
        return adds_only and not any(rule.concerns(module) for rule in self.family.constraints)

    def _has_place(self, module: Module, slot: Slot) -> bool:
        if slot is self.family.base_slot:
            return not module.retired
        free = len(self.design.in_slot(slot.key)) < slot.maximum
        return not module.retired and free and self._offered_mg(module, slot) > 0

    def _offered_mg(self, module: Module, slot: Slot) -> Milligrams:
        """The usual dose, or what is left of the room when at least half of it is."""
        if slot is self.family.base_slot:
            return 0
        usual_mg = self.family.usual_dose(module)
        offered_mg = min(usual_mg, self.room_mg, self._left_of_largest_mg(module))
        return offered_mg if 2 * offered_mg >= usual_mg else 0

    def _left_of_largest_mg(self, module: Module) -> Milligrams:
        return self.family.largest_dose(module) - self.doses.get(module.key, 0)

    def _choosing(self, module: Module, slot: Slot) -> Design:
        if slot is self.family.base_slot:
            return self.design.on_base(module.key)
        return self.design.adding(module.key, slot.key, self._offered_mg(module, slot))

    @cached_property
    def hopeless(self) -> frozenset[tuple[str, tuple[str, ...]]]:
        """Broken before, and past cure by adding: not the fault of what is chosen next."""
        return frozenset(
            _identity(problem)
            for problem in self._broken_rules(self.design)
            if not problem.curable or not self._can_be_cured(problem, self.design)
        )

    def _fresh(self, design: Design) -> list[Problem]:
        """Places and doses are seen to before; what is left to break are the catalogue's rules."""
        return [p for p in self._broken_rules(design) if _identity(p) not in self.known]

    def _broken_rules(self, design: Design) -> Iterator[Problem]:
        for rule in self.family.constraints:
            yield from rule.problems(design, self.family, self.locale)

    def _can_be_cured(self, problem: Problem, choosing: Design) -> bool:
        """One more choice meets the need. A base that is chosen already counts as decided."""
        rule = next(rule for rule in self.family.constraints if rule.key == problem.rule)
        assert isinstance(rule, Needs)
        after = Inquiry(choosing, self.family, self.locale)
        return any(
            after._has_place(module, slot) and not after._fresh(after._choosing(module, slot))
            for slot in self.family.slots
            if choosing.base is None or slot is not self.family.base_slot
            for module in self.family.seats[slot.key]
            if module.key in rule.one_of
        )

    def _no_place(self, module: Module, slot: Slot) -> str:
        if module.retired:
            return self._out_of_stock(module)
        if len(self.design.in_slot(slot.key)) >= slot.maximum:
            return self._full(slot)
        if 2 * self._left_of_largest_mg(module) < self.family.usual_dose(module):
            return self._enough(module)
        return self._no_room(module)

    def _out_of_stock(self, module: Module) -> str:
        name = module.name.to(self.locale)
        return self._words(f"We no longer have {name}.", f"{name} haben wir nicht mehr.")

    def _full(self, slot: Slot) -> str:
        name = slot.name.to(self.locale)
        return self._words(
            f"{name}: all {slot.maximum} places are taken. Remove one first.",
            f"{name}: Alle {slot.maximum} Plätze sind belegt. Nimm zuerst etwas weg.",
        )

    def _enough(self, module: Module) -> str:
        name, most = module.name.to(self.locale), self._in_grams(self.family.largest_dose(module))
        return self._words(
            f"{name}: the bar holds as much of it as we may use ({most}).",
            f"{name}: Davon ist schon so viel in der Tafel, wie wir verwenden dürfen ({most}).",
        )

    def _no_room(self, module: Module) -> str:
        usual, left = self._in_grams(self.family.usual_dose(module)), self._in_grams(self.room_mg)
        return self._words(
            f"{usual} would be too much, only {left} are left: above 40 % the bar may no longer "
            "be called chocolate. Use less of something, or remove it.",
            f"{usual} wären zu viel, nur {left} sind noch frei: Über 40 % darf die Tafel nicht "
            "mehr Schokolade heißen. Nimm von etwas weniger oder lass es weg.",
        )

    def _in_grams(self, mg: Milligrams) -> str:
        return in_grams(mg, self.locale)

    def _words(self, en: str, de: str) -> str:
        return Text(en, de).to(self.locale)


def _identity(problem: Problem) -> tuple[str, tuple[str, ...]]:
    return problem.rule, problem.modules
