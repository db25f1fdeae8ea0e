"""Which modules can still be chosen, and why not: exact, so that no choice is a dead end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from configurator.domain.constraints import Needs, Problem, in_grams, problems
from configurator.domain.design import Choice, Design
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
    return {
        slot.key: {
            module.key: _state(module, slot, design, family, locale)
            for module in family.seats[slot.key]
        }
        for slot in family.slots
    }


def _state(
    module: Module, slot: Slot, design: Design, family: Family, locale: str
) -> ModuleState:
    chosen = _choice(module, slot, design, family)
    if chosen is not None:
        return ModuleState("chosen", mg=chosen)
    return _offer(module, slot, design, family, locale)


def _choice(module: Module, slot: Slot, design: Design, family: Family) -> Milligrams | None:
    if slot is family.base_slot:
        return 0 if design.base == module.key else None
    for choice in design.choices:
        if (choice.module, choice.slot) == (module.key, slot.key):
            return choice.mg
    return None


def _offer(
    module: Module, slot: Slot, design: Design, family: Family, locale: str
) -> ModuleState:
    if module.retired:
        return ModuleState("blocked", _out_of_stock(module, locale))
    if slot is not family.base_slot and len(design.in_slot(slot.key)) >= slot.maximum:
        return ModuleState("blocked", _full(slot, locale))
    mg = _offered_dose(module, slot, design, family)
    if mg < 1 and slot is not family.base_slot:
        return ModuleState("blocked", _no_room(module, design, family, locale))
    reason = _obstacle(_chosen(module, slot, mg, design, family), design, family, locale)
    return ModuleState("blocked", reason) if reason else ModuleState("open", mg=mg)


def _offered_dose(module: Module, slot: Slot, design: Design, family: Family) -> Milligrams:
    """The usual dose, or what is left of the room when at least half of it is."""
    if slot is family.base_slot:
        return 0
    usual = family.usual_dose(module)
    elsewhere = sum(choice.mg for choice in design.choices if choice.module == module.key)
    room = family.inclusions_max_permille * family.net_mg // 1000 - design.inclusions_mg
    dose = min(usual, room, family.largest_dose(module) - elsewhere)
    return dose if 2 * dose >= usual else 0


def _chosen(
    module: Module, slot: Slot, mg: Milligrams, design: Design, family: Family
) -> Design:
    if slot is family.base_slot:
        return design.on_base(module.key)
    return design.adding(module.key, slot.key, mg)


def _obstacle(chosen: Design, design: Design, family: Family, locale: str) -> str:
    """Why the choice leads nowhere, or ""."""
    known = {_identity(problem) for problem in problems(design, family, locale)}
    fresh = [p for p in problems(chosen, family, locale) if _identity(p) not in known]
    for problem in fresh:
        if not problem.curable or not _can_be_cured(problem, chosen, family, locale):
            return problem.message
    return ""


def _identity(problem: Problem) -> tuple[str, tuple[str, ...]]:
    return problem.rule, problem.modules


def _can_be_cured(problem: Problem, design: Design, family: Family, locale: str) -> bool:
    needs = next(
        (rule for rule in family.constraints if rule.key == problem.rule and isinstance(rule, Needs)),
        None,
    )
    return needs is None or any(
        _meets(family.modules[key], slot, problem, design, family, locale)
        for key in needs.one_of
        for slot in family.slots
        if key in family.modules and slot.takes(family.modules[key])
    )


def _meets(
    module: Module, slot: Slot, problem: Problem, design: Design, family: Family, locale: str
) -> bool:
    # A base that is chosen already is the customer's decision: we do not count on a change of it.
    if module.retired or (slot is family.base_slot and design.base is not None):
        return False
    if slot is not family.base_slot and len(design.in_slot(slot.key)) >= slot.maximum:
        return False
    mg = _offered_dose(module, slot, design, family)
    if mg < 1 and slot is not family.base_slot:
        return False
    met = _chosen(module, slot, mg, design, family)
    before = {_identity(p) for p in problems(design, family, locale)}
    after = [p for p in problems(met, family, locale) if _identity(p) not in before]
    return not after and _identity(problem) not in {
        _identity(p) for p in problems(met, family, locale)
    }


def usual_choice(module: Module, slot: Slot, family: Family) -> Choice:
    return Choice(slot.key, module.key, family.usual_dose(module))


def _out_of_stock(module: Module, locale: str) -> str:
    name = module.name.to(locale)
    return Text(f"We no longer have {name}.", f"{name} haben wir nicht mehr.").to(locale)


def _full(slot: Slot, locale: str) -> str:
    name = slot.name.to(locale)
    return Text(
        f"{name}: all {slot.maximum} places are taken. Remove one first.",
        f"{name}: Alle {slot.maximum} Plätze sind belegt. Nimm zuerst etwas weg.",
    ).to(locale)


def _no_room(module: Module, design: Design, family: Family, locale: str) -> str:
    usual = in_grams(family.usual_dose(module), locale)
    if any(choice.module == module.key for choice in design.choices):
        most, name = in_grams(family.largest_dose(module), locale), module.name.to(locale)
        return Text(
            f"There is already as much {name} in the bar as we may use ({most}).",
            f"Es ist schon so viel {name} in der Tafel, wie wir verwenden dürfen ({most}).",
        ).to(locale)
    room_mg = family.inclusions_max_permille * family.net_mg // 1000 - design.inclusions_mg
    left = in_grams(max(0, room_mg), locale)
    return Text(
        f"{usual} would be too much: {left} are left before the bar may no longer be called "
        "chocolate (40 %). Use less of something, or remove it.",
        f"{usual} wären zu viel: {left} sind noch frei, darüber darf die Tafel nicht mehr "
        "Schokolade heißen (40 %). Nimm von etwas weniger oder lass es weg.",
    ).to(locale)
