"""The food label of one bar as the United States ask for it (21 CFR 101, FALCPA, FASTER)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Final

from configurator.domain.design import Design
from configurator.domain.family import Chocolate, Family, Ingredient, Milligrams
from configurator.domain.label.allergens import is_sulphured, supplied
from configurator.domain.label.american import american
from configurator.domain.label.contents import Contents, contents
from configurator.domain.label.markets import UNITED_STATES, blocks
from configurator.domain.label.names import fillings
from configurator.domain.label.us_nutrition import UsNutrition, has_two_columns, us_nutrition, us_serving
from configurator.domain.label.words import listed, mid_sentence
from configurator.domain.label.zones import FREE, Zone, zone
from configurator.domain.recipe import grams

STORAGE: Final = "Store dry at 59–64 °F (15–18 °C), protected from light and odors."
MG_PER_OUNCE: Final = Decimal("28349.523125")

ALLERGENS: Final = {
    "MILK": "milk",
    "EGG": "egg",
    "FISH": "fish",
    "SHELLFISH": "crustacean shellfish",
    "TREENUT:ALMOND": "almonds",
    "TREENUT:BRAZIL NUT": "Brazil nuts",
    "TREENUT:CASHEW": "cashews",
    "TREENUT:HAZELNUT": "hazelnuts",
    "TREENUT:MACADAMIA": "macadamia nuts",
    "TREENUT:PECAN": "pecans",
    "TREENUT:PINE NUT": "pine nuts",
    "TREENUT:PISTACHIO": "pistachios",
    "TREENUT:WALNUT": "walnuts",
    "PEANUT": "peanuts",
    "WHEAT": "wheat",
    "SOY": "soy",
    "SESAME": "sesame",
}

# Suppliers write Annex II; what is not here is no major allergen of the United States.
FROM_EU: Final = {
    "MLK": "MILK",
    "EGG": "EGG",
    "FIS": "FISH",
    "CRU": "SHELLFISH",
    "PNT": "PEANUT",
    "GLU-W": "WHEAT",
    "SOY": "SOY",
    "SES": "SESAME",
    "NUT-ALM": "TREENUT:ALMOND",
    "NUT-BRA": "TREENUT:BRAZIL NUT",
    "NUT-CAS": "TREENUT:CASHEW",
    "NUT-HAZ": "TREENUT:HAZELNUT",
    "NUT-MAC": "TREENUT:MACADAMIA",
    "NUT-PEC": "TREENUT:PECAN",
    "NUT-PIS": "TREENUT:PISTACHIO",
    "NUT-WAL": "TREENUT:WALNUT",
}


@dataclass(frozen=True, slots=True)
class UsLabel:
    name: str
    """The statement of identity."""
    ingredients: str
    contains: tuple[str, ...]
    """Codes of the major allergens it contains, sorted."""
    contains_statement: str
    """Printed directly after the list; "" without an allergen."""
    may_contain: tuple[str, ...]
    precaution: str
    nutrition: UsNutrition
    """Per serving."""
    nutrition_of_bar: UsNutrition | None
    """The second column, where the law asks for one."""
    serving: str
    servings: int
    net_quantity: str
    storage: str
    zone: Zone
    blocked: tuple[str, ...]
    """Modules that may not be sold there: with one of them the bar must not be shipped there."""


def us_label(design: Design, family: Family) -> UsLabel:
    """Works for unfinished designs too: their label covers what has been chosen so far."""
    inside = contents(design, family)
    where = zone(design, family)
    serving = us_serving(family)
    codes = us_contained(inside)
    traces = us_may_contain(inside, where, family)
    return UsLabel(
        name=us_name(inside),
        ingredients=us_ingredient_list(inside),
        contains=codes,
        contains_statement=contains_statement(codes),
        may_contain=traces,
        precaution=us_precaution(traces),
        nutrition=us_nutrition(inside, Fraction(family.net_mg, serving.count)),
        nutrition_of_bar=us_nutrition(inside, Fraction(family.net_mg))
        if has_two_columns(family.net_mg)
        else None,
        serving=serving.words,
        servings=serving.count,
        net_quantity=us_net_quantity(family.net_mg),
        storage=STORAGE,
        zone=where,
        blocked=tuple(block.module for block in blocks(design, family, UNITED_STATES)),
    )


# ── The name ─────────────────────────────────────────────────────────────────────────────────────


def us_name(inside: Contents) -> str:
    """Empty while there is no base."""
    if inside.base is None or inside.base.chocolate is None:
        return ""
    inner = [_food_name(filling) for filling in fillings(inside)]
    name = inside.base.chocolate.legal_name_us
    if not inner:
        return name
    return f"{name}{',' if ',' in name else ''} filled with {listed(inner, 'en')}"


def _food_name(ingredient: Ingredient) -> str:
    return american(ingredient.text.en).partition(" (")[0]


# ── The list ─────────────────────────────────────────────────────────────────────────────────────


def us_ingredient_list(inside: Contents) -> str:
    """Empty for a bar of nothing."""
    if not inside.parts:
        return ""
    foods: dict[str, Milligrams] = {}
    for part in inside.parts:
        text = _text(part.module.ingredient, part.module.chocolate, inside)
        foods[text] = foods.get(text, 0) + part.mg
    return f"Ingredients: {', '.join(sorted(foods, key=lambda text: -foods[text]))}."


def _text(ingredient: Ingredient, chocolate: Chocolate | None, inside: Contents) -> str:
    text = american(ingredient.text.en)
    if chocolate is not None:
        # As in the EU: only what meets a standard of identity is a food of its own name.
        name = mid_sentence(chocolate.legal_name_us.partition(",")[0], "en")
        return f"{name} ({text})" if chocolate.reserved_name else text
    if ingredient.so2_mg_per_kg and "sulfur dioxide" not in text and is_sulphured(inside):
        return f"{text} (sulfur dioxide)"
    return text


# ── Allergens ────────────────────────────────────────────────────────────────────────────────────


def us_contained(inside: Contents) -> tuple[str, ...]:
    return tuple(sorted({code for part in inside.parts for code in part.module.ingredient.us_allergens}))


def us_may_contain(inside: Contents, where: Zone, family: Family) -> tuple[str, ...]:
    """Voluntary there too, and as true as here."""
    traces = {FROM_EU[code] for code in supplied(inside) if code in FROM_EU}
    if where != FREE and inside.parts:
        traces.update(
            code
            for module in family.modules.values()
            if not module.retired
            for code in module.ingredient.us_allergens
        )
    return tuple(sorted(traces.difference(us_contained(inside))))


def us_precaution(codes: Iterable[str]) -> str:
    words = [ALLERGENS[code] for code in codes]
    return f"May contain {listed(words, 'en')}." if words else ""


def contains_statement(codes: Iterable[str]) -> str:
    """The wording of the law: "Contains: Almonds, Milk"."""
    words = [ALLERGENS[code] for code in codes]
    return f"Contains: {', '.join(word[:1].upper() + word[1:] for word in words)}." if words else ""


# ── Net quantity ─────────────────────────────────────────────────────────────────────────────────


def us_net_quantity(net_mg: Milligrams) -> str:
    """Both systems (101.7), the ounces to one decimal, never more than there is."""
    ounces = (net_mg / MG_PER_OUNCE).quantize(Decimal("0.1"), ROUND_DOWN)
    return f"Net Wt {ounces.normalize():f} oz ({grams(net_mg)}g)"
