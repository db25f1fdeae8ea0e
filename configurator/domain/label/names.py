"""The legal name follows from the composition (2000/36/EC), never from marketing."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from configurator.domain.family import Chocolate, Ingredient, Module, Text
from configurator.domain.label.contents import Contents
from configurator.domain.label.words import mid_sentence, plain, share_written

SHARE: Final = re.compile(r"\((\d+(?:[.,]\d+)?) %\)")
"""As the catalogue writes it beside a food: of the base as it comes."""


def legal_name(inside: Contents, locale: str) -> str:
    """Empty while there is no base."""
    if inside.base is None or inside.base.chocolate is None:
        return ""
    name = _of_this_bar(inside.base.chocolate.legal_name.to(locale), inside, locale)
    inner = fillings(inside)
    return _filled(name, inner, locale) if inner else name


def _of_this_bar(name: str, inside: Contents, locale: str) -> str:
    """What the name says of a food counts in the finished bar (Annex VIII point 3), of which the base is
    a part. The cocoa statement stays: its minima are counted without what is added."""
    of_bar = Decimal(sum(part.mg for part in inside.parts if part.module is inside.base)) / inside.total_mg

    def counted(found: re.Match[str]) -> str:
        return f"({share_written(Decimal(found[1].replace(',', '.')) * of_bar, locale)})"

    return SHARE.sub(counted, name)


def fillings(inside: Contents) -> list[Ingredient]:
    # The catalogue marks a filling in the note that it keeps for the staff.
    ingredients = (part.module.ingredient for part in inside.choices)
    return [ingredient for ingredient in ingredients if ingredient.note.startswith("filling:")]


def _filled(name: str, inside: list[Ingredient], locale: str) -> str:
    # Filled chocolate (Annex I A.7) carries no cocoa statement (Art. 3(3) leaves it out).
    chocolate = mid_sentence(without_cocoa_statement(name), locale)
    inner = ", ".join(food_name(filling, locale) for filling in inside)
    return Text(
        f"Filled {chocolate}, filling: {inner}",
        f"Gefüllte {chocolate}, Füllung: {inner}",
    ).to(locale)


def without_cocoa_statement(name: str) -> str:
    return name.partition(". ")[0]


def food_name(ingredient: Ingredient, locale: str) -> str:
    return plain(ingredient.text.to(locale)).partition(" (")[0]


def compound_name(chocolate: Chocolate, locale: str) -> str:
    """The base as one ingredient among others: "dark chocolate"."""
    name = without_cocoa_statement(chocolate.legal_name.to(locale))
    return mid_sentence(name.partition(" (")[0].partition(",")[0], locale)


def is_listed_flat(base: Module) -> bool:
    """Only a base that meets a reserved name is a compound "chocolate (…)"."""
    return base.chocolate is None or not base.chocolate.reserved_name
