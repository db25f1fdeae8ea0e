"""Edits of a design as a compact text, such as "-toppings:walnut_half +toppings:almond_whole:5000".

Three kinds: ``-slot:module`` takes out, ``+slot:module:mg`` puts in or changes the dose, ``slot:module``
chooses a base. A text so short fits into a button of a form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from configurator.domain.design import MOST_CHOICES, Design
from configurator.domain.family import Family, Milligrams

MOST_EDITS: Final = 2 * MOST_CHOICES
MOST_DIGITS: Final = 7


class EditsMistaken(ValueError):
    """The text is no edits of this family's designs."""


@dataclass(frozen=True, slots=True)
class Removing:
    slot: str
    module: str

    def __str__(self) -> str:
        return f"-{self.slot}:{self.module}"


@dataclass(frozen=True, slots=True)
class Adding:
    """Also a new dose of what is there."""

    slot: str
    module: str
    mg: Milligrams

    def __str__(self) -> str:
        return f"+{self.slot}:{self.module}:{self.mg}"


@dataclass(frozen=True, slots=True)
class OnBase:
    slot: str
    module: str

    def __str__(self) -> str:
        return f"{self.slot}:{self.module}"


Edit = Removing | Adding | OnBase


def applied(design: Design, edits: str, family: Family) -> Design:
    """Raises EditsMistaken. Taking out what is not there changes nothing."""
    after = edited(design, read(edits, family), family)
    if len(after.choices) > MOST_CHOICES:
        raise EditsMistaken(f"No bar takes more than {MOST_CHOICES} things.")
    return after


def read(edits: str, family: Family) -> tuple[Edit, ...]:
    """Raises EditsMistaken."""
    return tuple(_read(word, family) for word in _words(edits))


def written(edits: tuple[Edit, ...]) -> str:
    return " ".join(map(str, edits))


def edited(design: Design, edits: tuple[Edit, ...], family: Family) -> Design:
    for edit in edits:
        match edit:
            case Removing(slot, module) if slot == family.base_slot.key:
                design = design.on_base(None) if design.base == module else design
            case Removing(slot, module):
                design = design.removing(module, slot)
            case Adding(slot, module, mg):
                design = design.adding(module, slot, mg)
            case OnBase(_slot, module):
                design = design.on_base(module)
    return design


def _words(edits: str) -> list[str]:
    words = edits.split()
    if not 0 < len(words) <= MOST_EDITS:
        raise EditsMistaken(f"Write 1 to {MOST_EDITS} edits.")
    return words


def _read(word: str, family: Family) -> Edit:
    sign = word[0] if word[0] in "+-" else ""
    slot, module, *dose = word.removeprefix(sign).split(":")[:4] if word.count(":") else ("", "")
    if module not in family.modules or slot not in family.seats:
        raise EditsMistaken(f"“{word[:80]}” names nothing of this family.")
    is_base = slot == family.base_slot.key
    if sign == "-" and not dose:
        return Removing(slot, module)
    if sign == "+" and not is_base and len(dose) == 1:
        return Adding(slot, module, _mg(dose[0], word))
    if not sign and is_base and not dose:
        return OnBase(slot, module)
    raise EditsMistaken(f"“{word[:80]}” is no edit. Such are -slot:module, +slot:module:mg, base:module.")


def _mg(digits: str, word: str) -> Milligrams:
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
        raise EditsMistaken(f"“{word[:80]}”: write the dose in milligrams, such as 5000.")
    return int(digits)
