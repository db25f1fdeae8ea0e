"""What is wrong with one rule, in words that name the field and the way out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from configurator.domain.completing import completion
from configurator.domain.constraints import in_grams, percent
from configurator.domain.design import Design
from configurator.domain.family import Cents, Family, Milligrams, Module, Text
from configurator.domain.in_the_making import Standing, standing
from configurator.domain.module_seats import Cap, Seat
from configurator.domain.pricing import surcharge_cents
from configurator.domain.rulebook import Rulebook, without
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

NAMES_SHOWN: Final = 6

Field = Literal["modules", "others", "most", "allergen", ""]


@dataclass(frozen=True, slots=True)
class Finding:
    """``rule`` is the rule's key, "" when it is about the catalogue as a whole."""

    is_error: bool
    rule: str
    field: Field
    words: str
    is_pointless: bool = False
    """In this family; the rule may be made for another."""


def rule_findings(book: Rulebook, locale: str) -> Iterator[Finding]:
    for rule in book.family.constraints:
        findings = list(_Looker(rule, book.family, locale).findings())
        yield from findings
        # What is plainly wrong need not be called pointless as well.
        if not findings and not _can_be_broken(rule, book):
            yield _pointless(rule, locale)


def listed(words: list[str]) -> str:
    rest = f" (+{len(words) - NAMES_SHOWN})" if len(words) > NAMES_SHOWN else ""
    return ", ".join(words[:NAMES_SHOWN]) + rest


def _pointless(rule: Constraint, locale: str) -> Finding:
    return Finding(
        is_error=False,
        rule=rule.key,
        field="",
        words=_words(
            locale,
            f"Rule {rule.key} changes nothing: no bar can break it. Remove it, or name other modules.",
            f"Regel {rule.key} ändert nichts: Keine Tafel kann sie brechen. "
            "Lösche sie, oder nenne andere Module.",
        ),
        is_pointless=True,
    )


@dataclass(frozen=True, slots=True)
class _Looker:
    rule: Constraint
    family: Family
    locale: str

    def findings(self) -> Iterator[Finding]:
        rule = self.rule
        yield from self._lists()
        match rule:
            case Excludes():
                yield from self._excludes(rule)
            case Needs():
                yield from self._needs(rule)
            case Limit():
                yield from self._limit(rule)
            case LimitGrams() | LimitPercent():
                yield from self._limit_of_mass(rule)
            case LimitPrice():
                yield from self._limit_of_price(rule)
            case Avoid():
                yield from self._avoid(rule)

    def _lists(self) -> Iterator[Finding]:
        for field, keys in self._named().items():
            unknown = [key for key in keys if key not in self.family.modules]
            if unknown:
                yield self._error(
                    field,
                    f"{listed(unknown)}: there is no such module. Choose one from the list.",
                    f"{listed(unknown)}: Dieses Modul gibt es nicht. Wähle eines aus der Liste.",
                )
            elif not keys and not isinstance(self.rule, LimitPrice):
                yield self._error(field, "Choose at least one module.", "Wähle mindestens ein Modul.")
            retired = [key for key in keys if key not in unknown and self.family.modules[key].retired]
            if retired:
                names = self._names(retired)
                yield self._warning(
                    field,
                    f"{names}: retired, nobody can choose it. It may stay for when it comes back.",
                    f"{names}: nicht mehr im Sortiment, niemand kann es wählen. Es kann stehen bleiben, "
                    "falls es wiederkommt.",
                )

    def _named(self) -> dict[Field, tuple[str, ...]]:
        match self.rule:
            case Excludes(_, modules, others, _) | Needs(_, modules, others, _):
                return {"modules": modules, "others": others}
            case Limit(_, modules, _, _) | LimitGrams(_, modules, _, _) | LimitPercent(_, modules, _, _):
                return {"modules": modules}
            case LimitPrice(_, modules, _, _):
                return {"modules": modules}
            case _:
                return {}

    def _excludes(self, rule: Excludes) -> Iterator[Finding]:
        both = [key for key in rule.modules if key in rule.others]
        if both:
            names = self._names(both)
            yield self._error(
                "others",
                f"{names}: stands on both sides and so excludes itself; nobody could choose it. "
                "Take it out of one list.",
                f"{names}: steht auf beiden Seiten und schließt sich selbst aus; niemand könnte es wählen. "
                "Nimm es aus einer Liste heraus.",
            )

    def _needs(self, rule: Needs) -> Iterator[Finding]:
        both = [key for key in rule.modules if key in rule.one_of]
        if both:
            names = self._names(both)
            yield self._warning(
                "others",
                f"{names}: stands on both sides, so for it the rule is always kept. Take it out of one list.",
                f"{names}: steht auf beiden Seiten, also ist die Regel dafür immer erfüllt. "
                "Nimm es aus einer Liste heraus.",
            )

    def _limit(self, rule: Limit) -> Iterator[Finding]:
        if rule.most == 0:
            yield self._error(
                "most",
                "At most 0 means that nobody can choose these. Write at least 1, or retire the modules.",
                "Höchstens 0 heißt, dass niemand diese wählen kann. "
                "Schreibe mindestens 1, oder nimm die Module aus dem Sortiment.",
            )
        elif rule.most >= len(set(rule.modules)) > 0:
            number = len(set(rule.modules))
            yield self._warning(
                "most",
                f"There are only {number} of these, so the rule is always kept. Write less than {number}.",
                f"Es sind nur {number}, also ist die Regel immer erfüllt. Schreibe weniger als {number}.",
            )

    def _limit_of_mass(self, rule: LimitGrams | LimitPercent) -> Iterator[Finding]:
        known = [self.family.modules[key] for key in rule.modules if key in self.family.modules]
        bases = [module.key for module in known if module.kinds == {"base"}]
        if bases:
            names = self._names(bases)
            yield self._error(
                "modules",
                f"{names}: a base fills the bar up and has no dose of its own. Take it out of the list.",
                f"{names}: Eine Basis füllt die Tafel auf und hat keine eigene Menge. "
                "Nimm sie aus der Liste heraus.",
            )
        most_mg = rule.most_in(self.family)
        heavy = [m for m in known if m.key not in bases and (self.family.usual_dose(m) + 1) // 2 > most_mg]
        if heavy:
            names, least = self._names(m.key for m in heavy), self._largest_half(heavy)
            yield self._error(
                "most",
                f"{names}: could never be chosen, for half of a usual dose is more already. "
                f"Write at least {least}.",
                f"{names}: könnte niemand mehr wählen, denn schon die halbe übliche Menge ist mehr. "
                f"Schreibe mindestens {least}.",
            )

    def _largest_half(self, heavy: Iterable[Module]) -> str:
        least_mg = max((self.family.usual_dose(module) + 1) // 2 for module in heavy)
        if isinstance(self.rule, LimitPercent):
            return percent(least_mg, self.family.net_mg, self.locale)
        # The field is for 100 g of bar, whatever the family weighs.
        return in_grams(-(-least_mg * 100_000 // self.family.net_mg), self.locale)

    def _limit_of_price(self, rule: LimitPrice) -> Iterator[Finding]:
        if not rule.modules and rule.most_cents < self._least_cents():
            name = self.family.name.to(self.locale)
            yield self._error(
                "most",
                f"{name}: costs more before anything is chosen, so that none could be made. "
                "Write a higher price.",
                f"{name}: kostet schon mehr, bevor etwas gewählt ist; keine könnte gemacht werden. "
                "Schreibe einen höheren Preis.",
            )

    def _least_cents(self) -> Cents:
        """Of a bar with nothing but a base."""
        bases = self.family.seats[self.family.base_slot.key]
        surcharges = [surcharge_cents(base, self.family.net_mg) for base in bases if not base.retired]
        return self.family.price_cents + min(surcharges, default=0)

    def _avoid(self, rule: Avoid) -> Iterator[Finding]:
        concerned = [module for module in self.family.modules.values() if rule.concerns(module)]
        if not concerned:
            yield self._warning(
                "allergen",
                "No module contains it, so the rule changes nothing.",
                "Kein Modul enthält es, also ändert die Regel nichts.",
            )

    def _error(self, field: Field, en: str, de: str) -> Finding:
        return self._finding(field, en, de, is_error=True)

    def _warning(self, field: Field, en: str, de: str) -> Finding:
        return self._finding(field, en, de, is_error=False)

    def _finding(self, field: Field, en: str, de: str, *, is_error: bool) -> Finding:
        place = _words(self.locale, f"Rule {self.rule.key}: ", f"Regel {self.rule.key}: ")
        return Finding(is_error, self.rule.key, field, place + _words(self.locale, en, de))

    def _names(self, keys: Iterable[str]) -> str:
        return listed([self.family.modules[key].name.to(self.locale) for key in keys])


# ── Whether it ever says no ──────────────────────────────────────────────────────────────────────


def _can_be_broken(rule: Constraint, book: Rulebook) -> bool:
    """Whether some bar that keeps all the other rules breaks this one."""
    match rule:
        case Excludes(_, modules, opposite, _):
            start = _empty_mould(without(rule, book))
            return _any_finished(start, ([one, other] for one in modules for other in opposite))
        case Needs(_, modules, one_of, _):
            start = _empty_mould(without(rule, book)).barring(book.sets.of_modules(one_of))
            return _any_finished(start, ([key] for key in modules if key not in one_of))
        case Limit() | LimitGrams() | LimitPercent() | LimitPrice():
            return _can_be_exceeded(rule, book)
        case _:
            return True


def _empty_mould(book: Rulebook) -> Standing:
    return standing(Design(book.family.key, book.family.version), book)


def _any_finished(start: Standing, sets: Iterable[list[str]]) -> bool:
    return any(_finished_with(start, keys) for keys in sets)


def _finished_with(start: Standing, keys: list[str]) -> bool:
    """With all of the modules, each in any of its slots."""
    if not keys:
        return completion(start) is not None
    first, *rest = keys
    if first in start.present:
        return _finished_with(start, rest)
    return any(
        _finished_with(start.adding(seat, seat.least_mg), rest)
        for seat in start.book.seats_of.get(first, ())
        if start.admits(seat)
    )


def _can_be_exceeded(rule: Constraint, book: Rulebook) -> bool:
    """As far as places, doses and the bar's room go; that other limits leave less is not asked."""
    concerned = rule.about(book.family)
    keys = book.seats_of if concerned is None else set(concerned)
    seats = [seat for key in keys for seat in book.seats_of.get(key, ()) if not seat.barred]
    caps = {cap for seat in seats for cap in seat.caps if cap.rule is rule}
    return any(_most_used(cap, seats, book.family) > cap.most for cap in caps)


def _most_used(cap: Cap, seats: list[Seat], family: Family) -> int:
    """Never less than any bar uses up; what each of these bounds overlooks, another may not."""
    room_mg = family.inclusions_max_permille * family.net_mg // 1000
    loads = [(seat, seat.load(cap, min(seat.largest_mg, room_mg))) for seat in seats if cap in seat.caps]
    bounds = [_in_places(loads), _each_once(loads, cap)]
    if cap.counts == "mg":
        bounds.append(room_mg)
    elif cap.counts == "cents":
        bounds.append(_in_room(loads, room_mg))
    return min(bounds)


def _each_once(loads: list[tuple[Seat, int]], cap: Cap) -> int:
    """The largest dose holds for all the slots of a module together; of a price each rounds up its part."""
    most: dict[str, int] = {}
    for seat, load in loads:
        key = seat.module.key
        split = 1 if key in most and cap.counts == "cents" else 0
        most[key] = max(most.get(key, 0), load) + split
    return sum(most.values())


def _in_places(loads: list[tuple[Seat, int]]) -> int:
    by_slot: dict[str, list[int]] = defaultdict(list)
    for seat, load in loads:
        by_slot[seat.slot.key].append(load)
    places = {seat.slot.key: seat.slot.maximum for seat, _load in loads}
    return sum(sum(sorted(most, reverse=True)[: places[slot]]) for slot, most in by_slot.items())


def _in_room(loads: list[tuple[Seat, Cents]], room_mg: Milligrams) -> Cents:
    """The dearest base, and the room full of what is dearest by weight."""
    cents = max((load for seat, load in loads if seat.is_base), default=0)
    choices = [(seat, load) for seat, load in loads if not seat.is_base]
    for seat, load in sorted(choices, key=lambda choice: -choice[1] / choice[0].largest_mg):
        mg = min(room_mg, seat.largest_mg)
        cents += -(-load * mg // seat.largest_mg)
        room_mg -= mg
    return cents


def _words(locale: str, en: str, de: str) -> str:
    return Text(en, de).to(locale)
