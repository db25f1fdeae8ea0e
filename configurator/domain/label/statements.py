"""Further sentences on the label: Annex III, net quantity, storage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from configurator.domain.family import Ingredient, Milligrams, Module, Text
from configurator.domain.label.contents import Contents
from configurator.domain.label.names import SHARE, is_listed_flat
from configurator.domain.label.words import listed, plain, written
from configurator.domain.recipe import grams

WITH_SWEETENER = Text("With sweetener.", "Mit Süßungsmittel.")
WITH_SUGAR_AND_SWEETENER = Text("With sugar and sweetener.", "Mit Zucker und Süßungsmittel.")
LAXATIVE = Text(
    "Excessive consumption may produce laxative effects.",
    "Kann bei übermäßigem Verzehr abführend wirken.",
)
LIQUORICE = Text("Contains liquorice.", "Enthält Süßholz.")
LIQUORICE_STRONG = Text(
    "Contains liquorice – people suffering from hypertension should avoid excessive consumption.",
    "Enthält Süßholz – bei hohem Blutdruck sollte ein übermäßiger Verzehr dieses Erzeugnisses "
    "vermieden werden.",
)
ALCOHOL = Text("Contains alcohol.", "Enthält Alkohol.")
INNER_SHARES = Text(
    "Percentages within a compound ingredient refer to that ingredient.",
    "Prozentangaben innerhalb einer zusammengesetzten Zutat beziehen sich auf diese Zutat.",
)
STORAGE = Text(
    "Store dry at 15–18 °C, protected from light and odours.",
    "Trocken bei 15–18 °C lagern, vor Licht und Gerüchen geschützt.",
)

LAXATIVE_ABOVE_PERCENT = 10
LIQUORICE_FROM_MG_PER_KG = 100
LIQUORICE_STRONG_FROM_MG_PER_KG = 4000
# Suppliers state the share of extract, not its glycyrrhizinic acid. 100 g/kg is our estimate for
# an extract of ordinary strength, chosen high so that the warning comes early rather than late.
GLYCYRRHIZINIC_ACID_MG_PER_KG_OF_EXTRACT = 100_000


BESIDE_THE_NAME = (WITH_SWEETENER, WITH_SUGAR_AND_SWEETENER)
"""Annex III point 2: the statement accompanies the name of the food."""


def statements(inside: Contents, locale: str) -> tuple[str, ...]:
    return tuple(statement.to(locale) for statement in _statements(inside))


def accompanying(inside: Contents, locale: str) -> tuple[str, ...]:
    return tuple(s.to(locale) for s in _sweetener_statements(inside) if s in BESIDE_THE_NAME)


def _statements(inside: Contents) -> Iterator[Text]:
    yield from _sweetener_statements(inside)
    yield from _liquorice_statements(inside)
    if any(not part.module.ingredient.diet.alcohol_free for part in inside.parts):
        yield ALCOHOL
    yield from _share_statements(inside)


def _sweetener_statements(inside: Contents) -> Iterator[Text]:
    if any("sweetener" in part.module.ingredient.text.en for part in inside.parts):
        sugared = inside.average(lambda ingredient: ingredient.nutrition.added_sugars) > 0
        yield WITH_SUGAR_AND_SWEETENER if sugared else WITH_SWEETENER
    if inside.average(lambda ingredient: ingredient.nutrition.polyols) > LAXATIVE_ABOVE_PERCENT:
        yield LAXATIVE


def _liquorice_statements(inside: Contents) -> Iterator[Text]:
    strength = inside.average(_glycyrrhizinic_acid_mg_per_kg)
    if strength >= LIQUORICE_STRONG_FROM_MG_PER_KG:
        yield LIQUORICE_STRONG
    elif strength >= LIQUORICE_FROM_MG_PER_KG:
        yield LIQUORICE


def _glycyrrhizinic_acid_mg_per_kg(ingredient: Ingredient) -> Decimal:
    extract = re.search(r"liquorice extract (\d+(?:\.\d+)?) %", ingredient.text.en)
    percent = Decimal(extract[1]) if extract else Decimal()
    return percent * GLYCYRRHIZINIC_ACID_MG_PER_KG_OF_EXTRACT / 100


def _share_statements(inside: Contents) -> Iterator[Text]:
    """Shares beside a chosen food are of the whole bar; those printed inside it need a word."""
    if any(_has_inner_shares(part.module) for part in inside.parts):
        yield INNER_SHARES
    base = inside.base
    if base and inside.choices and is_listed_flat(base) and "%" in base.ingredient.text.en:
        yield Text(
            f"In the list, percentages of {_foods_with_share(base, 'en')} refer to the bar without its "
            "additions.",
            f"Im Zutatenverzeichnis beziehen sich die Prozentangaben zu {_foods_with_share(base, 'de')} "
            "auf die Tafel ohne weitere Zutaten.",
        )


def _has_inner_shares(module: Module) -> bool:
    if module.chocolate is not None:
        return not is_listed_flat(module) and "%" in module.ingredient.text.en
    return "%" in module.ingredient.text.en.partition(" (")[2]


def _foods_with_share(base: Module, locale: str) -> str:
    foods = re.findall(rf"([^,(]+) {SHARE.pattern}", plain(base.ingredient.text.to(locale)))
    return listed([food.strip() for food, _share in foods], locale)


def net_quantity(net_mg: Milligrams, locale: str) -> str:
    return f"{written(grams(net_mg), locale)} g"


def storage(locale: str) -> str:
    return STORAGE.to(locale)
