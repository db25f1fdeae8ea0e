"""What is wrong with the rules of a catalogue, before a customer meets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from configurator.domain.completing import Search, completion
from configurator.domain.design import Design
from configurator.domain.family import Family, Module, Text
from configurator.domain.in_the_making import Standing, standing
from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.label.facts import PINE_NUT, Facts, facts
from configurator.domain.label.zones import FREE
from configurator.domain.rule_findings import Finding, listed, rule_findings
from configurator.domain.rulebook import Rulebook, sorted_rules

FEWEST_TOPPINGS: Final = 8
"""A base that leaves somebody on a diet fewer than these is no choice for them."""

Suits = Callable[[Facts], bool]


def _is_without(allergen: str, known: Facts) -> bool:
    return not any(code == allergen or code.startswith(f"{allergen}-") for code in known.contains)


_AVOIDED: Final = {
    "NUT": Text("nuts", "Nüsse"),
    "GLU": Text("cereals with gluten", "glutenhaltiges Getreide"),
    **ALLERGENS,
    PINE_NUT: Text("pine nuts", "Pinienkerne"),
}
DIETS: Final[tuple[tuple[Text, Suits], ...]] = (
    (Text("vegan", "vegan"), lambda known: known.vegan),
    (Text("vegetarian", "vegetarisch"), lambda known: known.vegetarian),
    (Text("halal", "halal"), lambda known: known.halal),
    (Text("alcohol-free", "alkoholfrei"), lambda known: known.alcohol_free),
    (Text("gluten-free", "glutenfrei"), lambda known: known.gluten_free),
    (Text("made in zone F", "in Zone F gemacht"), lambda known: known.zone == FREE),
    *(
        (Text(f"without {words.en}", f"ohne {words.de}"), partial(_is_without, code))
        for code, words in _AVOIDED.items()
    ),
)
"""All that the filter of the shelves knows, so that no choice there leads to an empty one."""


def lint(family: Family, locale: str) -> tuple[Finding, ...]:
    """Errors first. An error would leave customers before a closed door; a warning is worth a look."""
    book = sorted_rules(family)
    found = (*rule_findings(book, locale), *_unreachable(book, locale), *_lean_bases(book, locale))
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: not finding.is_error))


def _unreachable(book: Rulebook, locale: str) -> Iterator[Finding]:
    start, family = _empty_mould(book), book.family
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
    search = _searching(start)
    for key, seats in book.seats_of.items():
        if not family.modules[key].retired and not any(map(search.leads_on, seats)):
            yield _never(family.modules[key], book, locale)


def _is_too_dear(book: Rulebook) -> bool:
    """A limit of the price below that of the bar itself is broken whatever is chosen."""
    bases = book.seats.get(book.family.base_slot.key, ())
    return any(cap.most < 0 for seat in bases for cap in seat.caps)


def _searching(start: Standing) -> Search:
    search = Search(start)
    search.finished()
    return search


def _never(module: Module, book: Rulebook, locale: str) -> Finding:
    rules = [rule.key for rule in book.rules_about([module.key])]
    name, family = module.name.to(locale), book.family.name.to(locale)
    about = listed(rules) or _words(locale, "none", "keine")
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


# ── Bases that leave somebody too little ─────────────────────────────────────────────────────────


def _lean_bases(book: Rulebook, locale: str) -> Iterator[Finding]:
    family = book.family
    known = {key: facts(module, family) for key, module in family.modules.items()}
    bases = [seat for seat in book.seats.get(family.base_slot.key, ()) if not seat.barred]
    starts = [(base, _empty_mould(book).adding(base, 0)) for base in bases]
    possible = [(base, start) for base, start in starts if completion(start)]
    for diet, suits in DIETS:
        unsuited = book.sets.of_modules(key for key in book.seats_of if not suits(known[key]))
        for base, start in possible:
            if base.bit & unsuited:
                continue
            number = _toppings_left(start.barring(unsuited))
            if number < FEWEST_TOPPINGS:
                yield _lean(base.module, diet, number, family, locale)


def _toppings_left(start: Standing) -> int:
    """Counted no further than there should be."""
    search, book = _searching(start), start.book
    slots = [slot.key for slot in book.family.slots if "topping" in slot.kinds]
    seats = sorted((seat for slot in slots for seat in book.seats[slot]), key=lambda seat: len(seat.needs))
    left: set[str] = set()
    for seat in seats:
        if len(left) < FEWEST_TOPPINGS and search.leads_on(seat):
            left.add(seat.module.key)
    return len(left)


def _lean(base: Module, diet: Text, number: int, family: Family, locale: str) -> Finding:
    return Finding(
        is_error=False,
        rule="",
        field="",
        words=_words(
            locale,
            f"{family.name.en}, {base.name.en}: only {number} toppings are left for a bar that is "
            f"{diet.en}; there should be {FEWEST_TOPPINGS}. Loosen a rule, or add toppings.",
            f"{family.name.de}, {base.name.de}: Für eine Tafel, die {diet.de} ist, bleiben nur "
            f"{number} Toppings; es sollten {FEWEST_TOPPINGS} sein. Lockere eine Regel, oder nimm "
            "Toppings auf.",
        ),
    )


def _empty_mould(book: Rulebook) -> Standing:
    return standing(Design(book.family.key, book.family.version), book)


def _words(locale: str, en: str, de: str) -> str:
    return Text(en, de).to(locale)
