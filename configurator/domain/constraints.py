"""All that keeps a design from being made, in words: the catalogue's rules, and what a bar can hold."""

from __future__ import annotations

from collections.abc import Iterator

from configurator.domain.design import (
    INSCRIPTION_MAX,
    MOST_MOVES,
    PATTERNS,
    WRAPPER_TEXT_MAX,
    WRAPPERS,
    Choice,
    Design,
    choice_modules,
    is_pattern,
    unprintable,
)
from configurator.domain.family import Family, Milligrams, Module, Slot, Text
from configurator.domain.recipe import grams
from configurator.domain.rulebook import rules_about
from configurator.domain.rules import (
    Avoid,
    Constraint,
    Excludes,
    Limit,
    LimitGrams,
    LimitPercent,
    LimitPrice,
    Needs,
    Problem,
)

__all__ = [
    "Avoid",
    "Constraint",
    "Excludes",
    "Limit",
    "LimitGrams",
    "LimitPercent",
    "LimitPrice",
    "Needs",
    "Problem",
    "in_grams",
    "percent",
    "problems",
]

LOOKED_AT = 200


def problems(design: Design, family: Family, locale: str) -> tuple[Problem, ...]:
    """Everything that keeps the design from being made; empty when it can be ordered.

    Raises ModuleUnknown or SlotUnknown for a design that is not of this family.
    """
    check_known(design, family)
    return (
        *_base_problems(design, family, locale),
        *_slot_problems(design, family, locale),
        *_dose_problems(design, family, locale),
        *(_inclusion_problems(design, family, locale) if family.is_bar else ()),
        *_rule_problems(design, family, locale),
        *_name_problems(design, family, locale),
        *(_arrangement_problems(design, family, locale) if family.is_bar else ()),
        *(_paper_problems(design, locale) if family.is_bar else ()),
    )


class ModuleUnknown(LookupError):
    """The catalogue has no such module."""


class SlotUnknown(LookupError):
    """The family has no such slot for choices."""


def check_known(design: Design, family: Family) -> None:
    for module in design.modules:
        if module not in family.modules:
            raise ModuleUnknown(module)
    slots = {slot.key for slot in family.slots if slot is not family.base_slot}
    for choice in design.choices:
        if choice.slot not in slots:
            raise SlotUnknown(choice.slot)


def _base_problems(design: Design, family: Family, locale: str) -> Iterator[Problem]:
    slot = family.base_slot
    if not family.is_bar:
        yield from _no_base_problems(design, locale)
    elif design.base is None:
        yield Problem(
            "base", (), _words(locale, "Choose a base.", "Wähle eine Basis."), slot.key, curable=True
        )
    else:
        yield from _fitting_problems(family.modules[design.base], slot, locale)


def _no_base_problems(design: Design, locale: str) -> Iterator[Problem]:
    """Only a caller of the API comes here."""
    if design.base:
        yield Problem(
            "base",
            (design.base,),
            _words(
                locale,
                "A box of samples has no base. Choose chocolate as one of the samples.",
                "Eine Probierkiste hat keine Basis. Wähle Schokolade als eine der Proben.",
            ),
        )


def _slot_problems(design: Design, family: Family, locale: str) -> Iterator[Problem]:
    for slot in family.slots:
        if slot is not family.base_slot:
            yield from _count_problems(design.in_slot(slot.key), slot, locale)
    for choice, module in choice_modules(design, family):
        yield from _fitting_problems(module, family.slot(choice.slot), locale)


def _count_problems(chosen: tuple[Choice, ...], slot: Slot, locale: str) -> Iterator[Problem]:
    name = slot.name.to(locale)
    modules = tuple(choice.module for choice in chosen)
    if len(chosen) > slot.maximum:
        yield Problem(
            "slot-maximum",
            modules,
            _words(
                locale,
                f"{name}: {len(chosen)} chosen, at most {slot.maximum} fit. Remove one.",
                f"{name}: {len(chosen)} gewählt, höchstens {slot.maximum} passen. Nimm eine Zutat weg.",
            ),
            slot.key,
        )
    elif len(chosen) < slot.minimum:
        yield Problem(
            "slot-minimum",
            modules,
            _words(
                locale,
                f"{name}: choose at least {slot.minimum}.",
                f"{name}: Wähle mindestens {slot.minimum}.",
            ),
            slot.key,
            curable=True,
        )


def _fitting_problems(module: Module, slot: Slot, locale: str) -> Iterator[Problem]:
    name, place = module.name.to(locale), slot.name.to(locale)
    if not slot.takes(module):
        yield Problem(
            "slot-fit",
            (module.key,),
            _words(
                locale,
                f"{name} cannot be used as: {place}.",
                f"{name} passt nicht zu: {place}.",
            ),
            slot.key,
        )
    elif module.retired:
        yield Problem(
            "retired",
            (module.key,),
            _words(
                locale,
                f"We no longer have {name}. Choose something else.",
                f"{name} haben wir nicht mehr. Wähle etwas anderes.",
            ),
            slot.key,
        )


def _dose_problems(design: Design, family: Family, locale: str) -> Iterator[Problem]:
    """The largest dose holds for the module in the whole bar, whichever slots share it."""
    for module in _chosen_modules(design, family):
        choices = [choice for choice in design.choices if choice.module == module.key]
        dose_mg, most_mg = sum(choice.mg for choice in choices), family.largest_dose(module)
        name = module.name.to(locale)
        if min(choice.mg for choice in choices) < 1:
            yield Problem(
                "dose-minimum",
                (module.key,),
                _words(
                    locale,
                    f"{name}: the dose must be more than 0 g.",
                    f"{name}: Die Menge muss mehr als 0 g sein.",
                ),
                choices[0].slot,
            )
        elif dose_mg > most_mg:
            yield Problem(
                "dose-maximum",
                (module.key,),
                _words(
                    locale,
                    f"{name}: {in_grams(dose_mg, locale)} is too much, "
                    f"at most {in_grams(most_mg, locale)} go into this {_thing(family).en}.",
                    f"{name}: {in_grams(dose_mg, locale)} sind zu viel, "
                    f"höchstens {in_grams(most_mg, locale)} passen in diese {_thing(family).de}.",
                ),
                choices[0].slot,
            )
        elif dose_mg < most_mg and not family.is_bar:
            yield Problem(
                "portion",
                (module.key,),
                _words(
                    locale,
                    f"{name}: a bag holds {in_grams(most_mg, locale)}, not {in_grams(dose_mg, locale)}.",
                    f"{name}: Ein Tütchen fasst {in_grams(most_mg, locale)}, "
                    f"nicht {in_grams(dose_mg, locale)}.",
                ),
                choices[0].slot,
            )


def _chosen_modules(design: Design, family: Family) -> tuple[Module, ...]:
    return tuple(family.modules[key] for key in dict.fromkeys(choice.module for choice in design.choices))


def _inclusion_problems(design: Design, family: Family, locale: str) -> Iterator[Problem]:
    """Above 40 % of other edible substances the law takes the name chocolate away (2000/36/EC)."""
    most = family.inclusions_max_permille
    if design.inclusions_mg * 1000 > most * family.net_mg:
        share = percent(design.inclusions_mg, family.net_mg, locale)
        limit = percent(most, 1000, locale)
        yield Problem(
            "inclusions",
            tuple(dict.fromkeys(choice.module for choice in design.choices)),
            _words(
                locale,
                f"Ingredients and toppings make up {share} of the bar. Above {limit} it may no "
                "longer be called chocolate. Use less, or remove one.",
                f"Zutaten und Toppings machen {share} der Tafel aus. Über {limit} darf sie nicht "
                "mehr Schokolade heißen. Nimm weniger oder lass etwas weg.",
            ),
        )


def _rule_problems(design: Design, family: Family, locale: str) -> Iterator[Problem]:
    for rule in rules_about(design, family):
        yield from rule.problems(design, family, locale)


def _name_problems(design: Design, family: Family, locale: str) -> Iterator[Problem]:
    if not design.name:
        yield Problem(
            "name",
            (),
            _words(
                locale,
                f"Give your {_thing(family).en} a name.",
                f"Gib deiner {_thing(family).de} einen Namen.",
            ),
            "name",
            curable=True,
        )
    elif len(design.name) > family.name_max:
        yield Problem(
            "name",
            (),
            _words(
                locale,
                f"The name has {len(design.name)} characters, "
                f"the {'wrapper' if family.is_bar else 'lid'} has room for {family.name_max}.",
                f"Der Name hat {len(design.name)} Zeichen, "
                f"auf {'die Hülle' if family.is_bar else 'den Deckel'} passen {family.name_max}.",
            ),
            "name",
        )
    else:
        yield from _foreign_signs(design.name, "name", locale)


def _arrangement_problems(design: Design, family: Family, locale: str) -> Iterator[Problem]:
    """Only a forged form, or a caller of the API, comes here."""
    if design.face and design.face not in {face.key for face in family.faces}:
        faces = ", ".join(face.key for face in family.faces)
        yield Problem(
            "face",
            (),
            _words(
                locale,
                f"There is no face “{design.face}” for this bar. Choose one of: {faces}.",
                f"Die Oberseite „{design.face}“ gibt es für diese Tafel nicht. Wähle eine von: {faces}.",
            ),
        )
    for choice in design.choices:
        if not is_pattern(choice.pattern):
            known = ", ".join((*PATTERNS, "letter:A"))
            yield Problem(
                "pattern",
                (choice.module,),
                _words(
                    locale,
                    f"There is no pattern “{choice.pattern}”. Choose one of: {known}.",
                    f"Das Muster „{choice.pattern}“ gibt es nicht. Wähle eines von: {known}.",
                ),
                choice.slot,
            )
    if len(design.moves) > MOST_MOVES:
        yield Problem(
            "moves",
            (),
            _words(
                locale,
                f"{len(design.moves)} pieces are laid one by one; we can lay up to {MOST_MOVES} so.",
                f"{len(design.moves)} Stücke sind einzeln gelegt; das geht mit bis zu {MOST_MOVES}.",
            ),
        )


def _paper_problems(design: Design, locale: str) -> Iterator[Problem]:
    """Whether a text fits is measured where it is set; here are only its length and its signs."""
    if design.wrapper.pattern not in WRAPPERS:
        known = ", ".join(WRAPPERS)
        yield Problem(
            "wrapper",
            (),
            _words(
                locale,
                f"There is no wrapper “{design.wrapper.pattern}”. Choose one of: {known}.",
                f"Die Hülle „{design.wrapper.pattern}“ gibt es nicht. Wähle eine von: {known}.",
            ),
            "wrapper",
        )
    for text, most, place in (
        (design.wrapper.text, WRAPPER_TEXT_MAX, "wrapper"),
        (design.inscription.text, INSCRIPTION_MAX, "inscription"),
    ):
        if len(text) > most:
            yield Problem(
                place,
                (),
                _words(
                    locale,
                    f"This text has {len(text)} characters; there is room for {most}.",
                    f"Dieser Text hat {len(text)} Zeichen; Platz ist für {most}.",
                ),
                place,
            )
        yield from _foreign_signs(text, place, locale)


def _foreign_signs(text: str, place: str, locale: str) -> Iterator[Problem]:
    # A text that is far too long is refused for that; its signs need not be looked at.
    if foreign := unprintable(text[:LOOKED_AT]):
        signs = " ".join(foreign[:12])
        yield Problem(
            place,
            (),
            _words(
                locale,
                f"We cannot print this: {signs}. Use letters, digits and punctuation.",
                f"Das können wir nicht drucken: {signs}. Nimm Buchstaben, Ziffern und Satzzeichen.",
            ),
            place,
        )


def _thing(family: Family) -> Text:
    return Text("bar", "Tafel") if family.is_bar else Text("box", "Kiste")


def in_grams(mg: Milligrams, locale: str) -> str:
    return f"{_decimal(grams(mg), locale)} g"


def percent(part: int, whole: int, locale: str) -> str:
    """Rounded up to tenths, so that 40.01 % is never shown as the 40.0 % that is allowed."""
    tenths = -(-part * 1000 // whole)
    return f"{_decimal(f'{tenths // 10}.{tenths % 10}', locale)} %"


def _decimal(number: str, locale: str) -> str:
    return number.replace(".", ",") if locale == "de" else number


def _words(locale: str, en: str, de: str) -> str:
    return Text(en, de).to(locale)
