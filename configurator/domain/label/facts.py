"""What an allergy, a diet or a conviction asks of a module or of a whole bar.

Told for everything to everybody, so that a filter in the browser never has to ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from configurator.domain.design import Design
from configurator.domain.family import Family, Ingredient, Module
from configurator.domain.label.allergens import (
    DECLARED_ABOVE_MG_PER_KG,
    SULPHUR_DIOXIDE_CODE,
    contained,
    supplied,
)
from configurator.domain.label.contents import contents
from configurator.domain.label.zones import Zone, zone, zone_of
from configurator.domain.samples import bags

PINE_NUT: Final = "PINE"
"""A tree nut for the law of the United States, and none for Annex II."""
PINE_NUT_US: Final = "TREENUT:PINE NUT"


@dataclass(frozen=True, slots=True)
class Facts:
    """Of the recipe and its suppliers; never a certificate.

    The codes are those of Annex II, and those of the United States for what only they know.
    """

    contains: tuple[str, ...]
    traces: tuple[str, ...]
    """What suppliers cannot rule out; what a bar may meet in its zone is said by the zone."""
    zone: Zone
    vegan: bool
    vegetarian: bool
    halal: bool
    alcohol_free: bool
    gluten_free: bool


def facts(module: Module, family: Family) -> Facts:
    """Of the module in any bar of the family."""
    ingredient = module.ingredient
    contains = set(ingredient.allergens) - {SULPHUR_DIOXIDE_CODE} | _us_only((ingredient,))
    traces = set(ingredient.traces)
    if ingredient.so2_mg_per_kg:
        # By the largest dose: a module that can make the bar declare sulphites contains them.
        (contains if _is_sulphured(module, family) else traces).add(SULPHUR_DIOXIDE_CODE)
    return _facts(contains, traces, zone_of(module), (ingredient,))


def facts_of(design: Design, family: Family) -> Facts:
    """Of the whole bar, or of all bags of a box: sulphites count in each on its own."""
    packs = [contents(pack, family) for pack in bags(design, family) or (design,)]
    ingredients = tuple(part.module.ingredient for inside in packs for part in inside.parts)
    contains = {code for inside in packs for code in contained(inside)} | _us_only(ingredients)
    traces = {code for inside in packs for code in supplied(inside)}
    return _facts(contains, traces, zone(design, family), ingredients)


def _facts(contains: set[str], traces: set[str], where: Zone, ingredients: tuple[Ingredient, ...]) -> Facts:
    diets = [ingredient.diet for ingredient in ingredients]
    return Facts(
        contains=tuple(sorted(contains)),
        traces=tuple(sorted(traces - contains)),
        zone=where,
        vegan=all(diet.vegan for diet in diets),
        vegetarian=all(diet.vegetarian for diet in diets),
        halal=all(diet.halal_ok for diet in diets),
        alcohol_free=all(diet.alcohol_free for diet in diets),
        gluten_free=all(diet.gluten_free for diet in diets),
    )


def _us_only(ingredients: tuple[Ingredient, ...]) -> set[str]:
    found = any(PINE_NUT_US in ingredient.us_allergens for ingredient in ingredients)
    return {PINE_NUT} if found else set()


def _is_sulphured(module: Module, family: Family) -> bool:
    is_all_of_it = module.kind in {"base", "sample"}
    largest = family.net_mg if is_all_of_it else family.largest_dose(module)
    so2_mg_per_kg = module.ingredient.so2_mg_per_kg * largest / family.net_mg
    return so2_mg_per_kg > DECLARED_ABOVE_MG_PER_KG
