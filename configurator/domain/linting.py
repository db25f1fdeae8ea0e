"""What is wrong with the rules of a catalogue, in words that name the field and the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from configurator.domain.completing import Search, completion, forgiven
from configurator.domain.constraints import in_grams, percent
from configurator.domain.design import Design
from configurator.domain.family import Cents, Family, Module, Text
from configurator.domain.in_the_making import Standing, standing
from configurator.domain.pricing import surcharge_cents
from configurator.domain.rulebook import Rulebook, Seat, sorted_rules
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

FEWEST_TOPPINGS: Final = 8
"""A base that leaves somebody on a diet fewer than these is no choice for them."""
NAMES_SHOWN: Final = 6

DIETS: Final[dict[str, tuple[Text, Callable[[Module], bool]]]] = {
    "vegan": (Text("vegan", "vegan"), lambda module: module.ingredient.diet.vegan),
    "vegetarian": (Text("vegetarian", "vegetarisch"), lambda module: module.ingredient.diet.vegetarian),
    "gluten-free": (Text("gluten-free", "glutenfrei"), lambda module: module.ingredient.diet.gluten_free),
    "alcohol-free": (Text("alcohol-free", "alkoholfrei"), lambda module: module.ingredient.diet.alcohol_free),
    "nuts": (Text("without nuts", "ohne Nüsse"), lambda module: _is_without("NUT", module)),
    "peanuts": (Text("without peanuts", "ohne Erdnüsse"), lambda module: _is_without("PNT", module)),
    "milk": (Text("without milk", "ohne Milch"), lambda module: _is_without("MLK", module)),
    "soya": (Text("without soya", "ohne Soja"), lambda module: _is_without("SOY", module)),
    "egg": (Text("without egg", "ohne Ei"), lambda module: _is_without("EGG", module)),
    "sesame": (Text("without sesame", "ohne Sesam"), lambda module: _is_without("SES", module)),
}

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


def lint(family: Family, locale: str) -> tuple[Finding, ...]:
    """Errors first. An error would leave customers before a closed door; a warning is worth a look."""
    found = (*_rule_findings(family, locale), *_unreachable(family, locale), *_lean_bases(family, locale))
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: not finding.is_error))


def _is_without(allergen: str, module: Module) -> bool:
    return not any(
        code == allergen or code.startswith(f"{allergen}-") for code in module.ingredient.allergens
    )


# ── Each rule ────────────────────────────────────────────────────────────────────────────────────


def _rule_findings(family: Family, locale: str) -> Iterator[Finding]:
    for rule in family.constraints:
        findings = list(_Looker(rule, family, locale).findings())
        yield from findings
        # What is plainly wrong need not be called pointless as well.
        if not findings and not _can_be_broken(rule, family):
            yield _pointless(rule, locale)


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
                    f"{_listed(unknown)}: there is no such module. Choose one from the list.",
                    f"{_listed(unknown)}: Dieses Modul gibt es nicht. Wähle eines aus der Liste.",
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
        return _listed([self.family.modules[key].name.to(self.locale) for key in keys])


def _can_be_broken(rule: Constraint, family: Family) -> bool:
    """Whether some bar that keeps all the other rules breaks this one."""
    others = replace(family, constraints=_without(rule, family))
    start = standing(_nothing(others), sorted_rules(others))
    match rule:
        case Excludes(_, modules, opposite, _):
            return _any_finished(start, ([one, other] for one in modules for other in opposite))
        case Needs(_, modules, one_of, _):
            barred = _barring(start, frozenset(one_of))
            return _any_finished(barred, ([key] for key in modules if key not in one_of))
        case _:
            # What has no other rule against it can be had beyond any limit that is within its doses.
            return True


def _without(rule: Constraint, family: Family) -> tuple[Constraint, ...]:
    return tuple(other for other in family.constraints if other is not rule)


def _barring(start: Standing, keys: frozenset[str]) -> Standing:
    seats = frozenset(seat for key in keys for seat in start.book.seats_of.get(key, ()))
    return replace(start, seated=start.seated | seats)


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


# ── The catalogue as a whole ─────────────────────────────────────────────────────────────────────


def _unreachable(family: Family, locale: str) -> Iterator[Finding]:
    book = sorted_rules(family)
    start = standing(_nothing(family), book)
    name = family.name.to(locale)
    if not completion(start) or _is_too_dear(book):
        yield Finding(
            is_error=True,
            rule="",
            field="",
            words=_words(
                locale,
                f"{name}: no bar can be made under these rules. Loosen the rules, or the minimum of a slot.",
                f"{name}: Unter diesen Regeln lässt sich keine Tafel machen. "
                "Lockere die Regeln oder das Minimum eines Platzes.",
            ),
        )
        return
    search = Search(start)
    for key, seats in book.seats_of.items():
        if not family.modules[key].retired and not any(_leads_on(start, search, seat) for seat in seats):
            yield _never(family.modules[key], book, locale)


def _is_too_dear(book: Rulebook) -> bool:
    """A limit of the price below that of the bar itself is broken whatever is chosen."""
    bases = book.seats[book.family.base_slot.key]
    return any(cap.most < 0 for seat in bases for cap in seat.caps)


def _leads_on(start: Standing, search: Search, seat: Seat) -> bool:
    return start.admits(seat) and search.finished_with(seat) is not None


def _never(module: Module, book: Rulebook, locale: str) -> Finding:
    rules = [rule.key for rule in book.rules_about([module.key])]
    name, family = module.name.to(locale), book.family.name.to(locale)
    about = _listed(rules) or _words(locale, "none", "keine")
    return Finding(
        is_error=True,
        rule=rules[0] if rules else "",
        field="",
        words=_words(
            locale,
            f"{family}: nobody could ever choose {name}. Rules about it: {about}. "
            "Change one of them, or retire the module.",
            f"{family}: Niemand könnte {name} je wählen. Regeln dazu: {about}. "
            "Ändere eine davon, oder nimm das Modul aus dem Sortiment.",
        ),
    )


def _lean_bases(family: Family, locale: str) -> Iterator[Finding]:
    book = sorted_rules(family)
    toppings = [seat for slot in family.slots if "topping" in slot.kinds for seat in book.seats[slot.key]]
    for base in book.seats[family.base_slot.key]:
        if not base.barred:
            start = forgiven(standing(_nothing(family).on_base(base.module.key), book))
            search = Search(start)
            left = [seat.module for seat in toppings if _leads_on(start, search, seat)]
            yield from _lean_diets(base.module, left, family, locale)


def _lean_diets(base: Module, left: list[Module], family: Family, locale: str) -> Iterator[Finding]:
    for name, suits in DIETS.values():
        number = sum(suits(module) for module in left)
        if suits(base) and number < FEWEST_TOPPINGS:
            yield Finding(
                is_error=False,
                rule="",
                field="",
                words=_words(
                    locale,
                    f"{family.name.en}, {base.name.en}: only {number} toppings are left for a bar that is "
                    f"{name.en}; there should be {FEWEST_TOPPINGS}. Loosen a rule, or add toppings.",
                    f"{family.name.de}, {base.name.de}: Für eine Tafel, die {name.de} ist, bleiben nur "
                    f"{number} Toppings; es sollten {FEWEST_TOPPINGS} sein. Lockere eine Regel, oder nimm "
                    "Toppings auf.",
                ),
            )


def _nothing(family: Family) -> Design:
    return Design(family.key, family.version)


def _listed(words: list[str]) -> str:
    rest = f" (+{len(words) - NAMES_SHOWN})" if len(words) > NAMES_SHOWN else ""
    return ", ".join(words[:NAMES_SHOWN]) + rest


def _words(locale: str, en: str, de: str) -> str:
    return Text(en, de).to(locale)
