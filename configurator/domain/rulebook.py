"""A family's rules sorted by the modules they are about, so that what is not concerned costs nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from configurator.domain.design import Design
from configurator.domain.family import Cents, Family, Milligrams, Module, Slot
from configurator.domain.pricing import surcharge_cents
from configurator.domain.rules import (
    Avoid,
    Constraint,
    Excludes,
    Limit,
    LimitGrams,
    LimitPercent,
    LimitPrice,
    Needs,
)


@dataclass(frozen=True, slots=True, eq=False)
class Cap:
    """Something that choices use up: a number of modules, milligrams or cents."""

    index: int
    rule: Constraint
    modules: frozenset[str]
    """Whose choices use it up; empty for everybody's."""
    counts: Literal["modules", "mg", "cents"]
    most: int


class Decision(NamedTuple):
    """A slot and what is chosen for it."""

    slot: str
    module: str

    def __str__(self) -> str:
        return f"{self.slot}:{self.module}"


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """A module in a slot, with all that decides whether it may be taken."""

    decision: Decision
    slot: Slot
    module: Module
    is_base: bool
    barred: bool
    """Retired, or avoided altogether."""
    usual_mg: Milligrams
    """0 for a base, which fills the bar up."""
    least_mg: Milligrams
    """The smallest dose that is offered: half of the usual one."""
    largest_mg: Milligrams
    base_cents: Cents
    foes: frozenset[str]
    needs: tuple[Needs, ...]
    caps: tuple[Cap, ...]

    def load(self, cap: Cap, mg: Milligrams) -> int:
        """What the dose uses up of the cap, when the module is not in the bar yet."""
        if cap.counts == "modules":
            return 1
        if cap.counts == "mg":
            return mg
        return self.base_cents if self.is_base else surcharge_cents(self.module, mg)


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    family: Family
    seats: Mapping[str, tuple[Seat, ...]]
    """By slot, in catalogue order."""
    seats_of: Mapping[str, tuple[Seat, ...]]
    """By module."""
    about: Mapping[str, tuple[int, ...]]
    """Module → places of the rules that it can break."""
    about_all: tuple[int, ...]
    """Places of the rules that any bar can break."""

    def seat(self, slot: str, module: str) -> Seat | None:
        return next((seat for seat in self.seats_of.get(module, ()) if seat.slot.key == slot), None)

    def rules_about(self, modules: Iterable[str]) -> list[Constraint]:
        """Only these can be broken by a bar of the modules; in the catalogue's order."""
        places = set(self.about_all)
        for module in modules:
            places.update(self.about.get(module, ()))
        return [self.family.constraints[place] for place in sorted(places)]


def rules_about(design: Design, family: Family) -> list[Constraint]:
    return rulebook(family).rules_about(design.modules)


@lru_cache(maxsize=64)
def rulebook(family: Family) -> Rulebook:
    """Versions of a catalogue never change, so each is sorted once."""
    return sorted_rules(family)


def sorted_rules(family: Family) -> Rulebook:
    """For a family that is asked about once."""
    about, about_all = _about(family)
    foes, needs, caps = _foes(family.constraints), _needs(family), _caps(family)
    avoided = frozenset(
        key for rule in family.constraints if isinstance(rule, Avoid) for key in rule.about(family)
    )
    whole_bar = tuple(cap for cap in caps if not cap.modules)
    caps_of = _caps_of(caps)
    seats = {
        slot.key: tuple(
            _seat(
                slot,
                module,
                family,
                barred=_is_barred(module, avoided, foes),
                foes=frozenset(foes.get(module.key, ())),
                needs=tuple(needs.get(module.key, ())),
                caps=(*whole_bar, *caps_of.get(module.key, ())),
            )
            for module in family.seats[slot.key]
        )
        for slot in family.slots
    }
    return Rulebook(family, seats, _by_module(seats), about, about_all)


def without(rule: Excludes | Needs, book: Rulebook) -> Rulebook:
    """The same seats, but for what the rule says of its own modules."""
    seats_of = {
        **book.seats_of,
        **{
            key: tuple(_unruled(seat, rule, book) for seat in book.seats_of[key])
            for key in rule.about(book.family)
            if key in book.seats_of
        },
    }
    new = {seat.decision: seat for key in rule.about(book.family) for seat in seats_of.get(key, ())}
    seats = {slot: tuple(new.get(seat.decision, seat) for seat in old) for slot, old in book.seats.items()}
    return replace(book, seats=seats, seats_of=seats_of)


def _unruled(seat: Seat, rule: Excludes | Needs, book: Rulebook) -> Seat:
    others = [other for other in book.rules_about([seat.module.key]) if other is not rule]
    foes = _foes(others)
    avoided = frozenset({seat.module.key} if any(isinstance(other, Avoid) for other in others) else ())
    return replace(
        seat,
        barred=_is_barred(seat.module, avoided, foes),
        foes=frozenset(foes.get(seat.module.key, ())),
        needs=tuple(need for need in seat.needs if need is not rule),
    )


def _about(family: Family) -> tuple[dict[str, tuple[int, ...]], tuple[int, ...]]:
    about: dict[str, list[int]] = defaultdict(list)
    about_all = []
    for place, rule in enumerate(family.constraints):
        modules = rule.about(family)
        if modules is None:
            about_all.append(place)
        else:
            for module in modules:
                about[module].append(place)
    return {module: tuple(places) for module, places in about.items()}, tuple(about_all)


def _foes(rules: Iterable[Constraint]) -> dict[str, set[str]]:
    foes: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        if isinstance(rule, Excludes):
            for module in rule.modules:
                foes[module].update(rule.others)
            for module in rule.others:
                foes[module].update(rule.modules)
    return foes


def _needs(family: Family) -> dict[str, list[Needs]]:
    needs: dict[str, list[Needs]] = defaultdict(list)
    for rule in family.constraints:
        if isinstance(rule, Needs):
            for module in rule.modules:
                needs[module].append(rule)
    return needs


def _caps(family: Family) -> list[Cap]:
    caps: list[Cap] = []
    for rule in family.constraints:
        place = len(caps)
        if rule.about(family) == ():
            continue
        if isinstance(rule, Limit):
            caps.append(Cap(place, rule, frozenset(rule.modules), "modules", rule.most))
        elif isinstance(rule, LimitGrams | LimitPercent):
            caps.append(Cap(place, rule, frozenset(rule.modules), "mg", rule.most_in(family)))
        elif isinstance(rule, LimitPrice):
            bar_cents = 0 if rule.modules else family.price_cents
            caps.append(Cap(place, rule, frozenset(rule.modules), "cents", rule.most_cents - bar_cents))
    return caps


def _caps_of(caps: Iterable[Cap]) -> dict[str, list[Cap]]:
    caps_of: dict[str, list[Cap]] = defaultdict(list)
    for cap in caps:
        for module in cap.modules:
            caps_of[module].append(cap)
    return caps_of


def _is_barred(module: Module, avoided: frozenset[str], foes: Mapping[str, set[str]]) -> bool:
    return module.retired or module.key in avoided or module.key in foes.get(module.key, ())


def _seat(
    slot: Slot,
    module: Module,
    family: Family,
    *,
    barred: bool,
    foes: frozenset[str],
    needs: tuple[Needs, ...],
    caps: tuple[Cap, ...],
) -> Seat:
    is_base = slot is family.base_slot
    usual_mg = 0 if is_base else family.usual_dose(module)
    return Seat(
        decision=Decision(slot.key, module.key),
        slot=slot,
        module=module,
        is_base=is_base,
        barred=barred,
        usual_mg=usual_mg,
        least_mg=(usual_mg + 1) // 2,
        largest_mg=0 if is_base else family.largest_dose(module),
        base_cents=surcharge_cents(module, family.net_mg) if is_base else 0,
        foes=foes,
        needs=needs,
        # Bases fill the bar up, so that no limit of grams is about them.
        caps=tuple(cap for cap in caps if not (is_base and cap.counts == "mg")),
    )


def _by_module(seats: Mapping[str, tuple[Seat, ...]]) -> dict[str, tuple[Seat, ...]]:
    seats_of: dict[str, list[Seat]] = defaultdict(list)
    for seated in seats.values():
        for seat in seated:
            seats_of[seat.module.key].append(seat)
    return {module: tuple(of_module) for module, of_module in seats_of.items()}
