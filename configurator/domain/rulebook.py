"""A family's rules sorted by the modules they are about, so that what is not concerned costs nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from operator import or_

from configurator.domain.design import Design
from configurator.domain.family import Family, Module, Slot
from configurator.domain.module_seats import Cap, Decision, Seat, SeatSet, SeatSets, seat_sets
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
class Rulebook:
    family: Family
    seats: Mapping[str, tuple[Seat, ...]]
    """By slot, in catalogue order."""
    seats_of: Mapping[str, tuple[Seat, ...]]
    """By module."""
    about: Mapping[str, tuple[int, ...]]
    """Module → places of the rules that it can break."""
    needs_about: Mapping[str, tuple[tuple[int, Needs], ...]]
    """Those of them that need something, each with its place."""
    about_all: tuple[int, ...]
    """Places of the rules that any bar can break."""
    foes: Mapping[str, frozenset[str]]
    """Module → those that may not stand beside it."""
    sets: SeatSets
    caps: tuple[Cap, ...]
    """By their indices."""
    tight: tuple[Cap, ...]
    """Too narrow for some seat even in an empty bar."""
    willing: SeatSet
    """All but the barred."""
    _refused: dict[str, SeatSet] = field(default_factory=dict, init=False)
    _helping: dict[SeatSet, SeatSet] = field(default_factory=dict, init=False)
    _meeting: dict[int, SeatSet] = field(default_factory=dict, init=False)

    def refused_beside(self, module: str) -> SeatSet:
        refused = self._refused.get(module)
        if refused is None:
            refused = self._refused[module] = self.sets.of_modules(self.foes.get(module, ()))
        return refused

    def meeting(self, need: Needs) -> SeatSet:
        meeting = self._meeting.get(id(need))
        if meeting is None:
            meeting = self._meeting[id(need)] = self.sets.of_modules(need.one_of)
        return meeting

    def helping(self, debt: SeatSet) -> SeatSet:
        """Those who could meet a debt, and whatever these, or those that they need, would need."""
        helping = self._helping.get(debt)
        if helping is None:
            helping = waiting = debt
            while waiting & self.sets.needing:
                needs = {
                    id(need): need
                    for seat in self.sets.seats(waiting & self.sets.needing)
                    for need in seat.needs
                }
                waiting = reduce(or_, map(self.meeting, needs.values())) & ~helping
                helping |= waiting
            self._helping[debt] = helping
        return helping

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
    seats = _numbered(
        {
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
    )
    sets = seat_sets(seats)
    seats = {slot: tuple(_acquainted(seat, sets) for seat in of_slot) for slot, of_slot in seats.items()}
    return Rulebook(
        family=family,
        seats=seats,
        seats_of=_by_module(seats),
        about=about,
        needs_about=_needs_about(about, family),
        about_all=about_all,
        foes={module: frozenset(of_module) for module, of_module in foes.items()},
        sets=sets.exchanging(seat for of_slot in seats.values() for seat in of_slot),
        caps=tuple(caps),
        tight=tuple(cap for cap in caps if _is_tight(cap, sets)),
        willing=_willing(seats),
    )


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
    foes = {key: seats_of[key][0].foes for key in rule.about(book.family) if key in seats_of}
    return replace(
        book,
        seats=seats,
        seats_of=seats_of,
        foes={**book.foes, **foes},
        sets=book.sets.exchanging(new.values()),
        willing=_willing(seats),
    )


def _is_tight(cap: Cap, sets: SeatSets) -> bool:
    return cap.index in sets.by_load and sets.by_load[cap.index].beyond(max(0, cap.most)) != 0


def _numbered(seats: Mapping[str, tuple[Seat, ...]]) -> dict[str, tuple[Seat, ...]]:
    """Bits by what a seat weighs, so that the lightest of a set is its lowest."""
    everyone = [seat for of_slot in seats.values() for seat in of_slot]
    ranked = sorted(everyone, key=lambda seat: seat.least_mg)
    bits = {seat: 1 << place for place, seat in enumerate(ranked)}
    return {slot: tuple(replace(seat, bit=bits[seat]) for seat in of_slot) for slot, of_slot in seats.items()}


def _willing(seats: Mapping[str, tuple[Seat, ...]]) -> SeatSet:
    return sum(seat.bit for of_slot in seats.values() for seat in of_slot if not seat.barred)


def _acquainted(seat: Seat, sets: SeatSets) -> Seat:
    """Knowing the seats of those that its rules speak of."""
    return replace(
        seat,
        closes=seat.bit | sets.of_modules(seat.foes),
        ways=tuple([sets.of_modules(need.one_of) for need in seat.needs]),
        of_module=sets.of_module[seat.module.key],
        seats_alike=seat.bit if seat.is_base else sets.of_module[seat.module.key] & ~sets.bases,
        strains=tuple(
            [
                (cap.index, load, cap.most - sets.by_load[cap.index].highest, cap)
                for cap, load in seat.least_loads
            ]
        ),
    )


def _unruled(seat: Seat, rule: Excludes | Needs, book: Rulebook) -> Seat:
    others = [other for other in book.rules_about([seat.module.key]) if other is not rule]
    foes = _foes(others)
    avoided = frozenset({seat.module.key} if any(isinstance(other, Avoid) for other in others) else ())
    unruled = replace(
        seat,
        barred=_is_barred(seat.module, avoided, foes),
        foes=frozenset(foes.get(seat.module.key, ())),
        needs=tuple(need for need in seat.needs if need is not rule),
    )
    return _acquainted(unruled, book.sets)


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


def _needs_about(
    about: Mapping[str, tuple[int, ...]], family: Family
) -> dict[str, tuple[tuple[int, Needs], ...]]:
    needs: dict[str, tuple[tuple[int, Needs], ...]] = {}
    for module, places in about.items():
        rules = [(place, family.constraints[place]) for place in places]
        of_module = tuple([(place, rule) for place, rule in rules if isinstance(rule, Needs)])
        if of_module:
            needs[module] = of_module
    return needs


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
            # What one of them meets itself, it does not need.
            for module in set(rule.modules).difference(rule.one_of):
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
    seat = Seat(
        bit=0,
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
    return replace(seat, least_loads=tuple((cap, seat.load(cap, seat.least_mg)) for cap in seat.caps))


def _by_module(seats: Mapping[str, tuple[Seat, ...]]) -> dict[str, tuple[Seat, ...]]:
    seats_of: dict[str, list[Seat]] = defaultdict(list)
    for seated in seats.values():
        for seat in seated:
            seats_of[seat.module.key].append(seat)
    return {module: tuple(of_module) for module, of_module in seats_of.items()}
