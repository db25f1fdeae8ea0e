"""The Nutrition Facts of one bar (21 CFR 101.9): serving, rounded amounts and daily values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from configurator.domain.family import REFERENCE_MG, Family, Milligrams
from configurator.domain.label.contents import Contents
from configurator.domain.label.words import rounded

RACC_MG: Final[Milligrams] = 30_000
"""What is customarily eaten of "all other candies" at once (101.12(b))."""
ONE_SERVING_BELOW: Final[Milligrams] = 2 * RACC_MG
TWO_COLUMNS_UP_TO: Final[Milligrams] = 3 * RACC_MG
PARTS: Final = (2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20)
"""1/2 to 1/6, and what halving and thirding them gives (101.9(b)(5))."""

DAILY_VALUES: Final[Mapping[str, Decimal]] = {
    name: Decimal(amount)
    for name, amount in {
        "total_fat": 78,
        "sat": 20,
        "chol_mg": 300,
        "sodium_mg": 2300,
        "carb": 275,
        "fibre": 28,
        "added": 50,
        "vit_d_mcg": 20,
        "calcium_mg": 1300,
        "iron_mg": 18,
        "potassium_mg": 4700,
    }.items()
}
VITAMINS_AND_MINERALS: Final = ("vit_d_mcg", "calcium_mg", "iron_mg", "potassium_mg")
SODIUM_MG_PER_G_OF_SALT: Final = 400
"""The law counts salt as sodium × 2.5."""
MALTITOL_KCAL: Final = Decimal("2.1")
"""101.9(c)(1)(i)(F); it is the only polyol of the catalogue."""


@dataclass(frozen=True, slots=True)
class UsServing:
    words: str
    """As printed, such as "1/3 bar (33g)"."""
    count: int
    """So many are in the bar."""


@dataclass(frozen=True, slots=True)
class UsNutrition:
    """Rounded as printed; in grams unless the name says otherwise."""

    calories: int
    total_fat: str
    sat: str
    trans: str
    chol_mg: str
    sodium_mg: int
    carb: str
    fibre: str
    sugars: str
    added: str
    sugar_alcohol: str
    protein: str
    vit_d_mcg: float
    calcium_mg: int
    iron_mg: float
    potassium_mg: int
    daily: dict[str, int]
    """Per cent of the daily value, by the names above."""


# ── The serving ──────────────────────────────────────────────────────────────────────────────────


def us_serving(family: Family) -> UsServing:
    parts = servings(family.net_mg)
    share = "1 bar" if parts == 1 else f"1/{parts} bar"
    return UsServing(f"{share} ({rounded(Decimal(family.net_mg) / parts / 1000, '1')}g)", parts)


def servings(net_mg: Milligrams) -> int:
    """A bar below twice the customary amount is eaten at once; of a larger one the nearest part."""
    if net_mg < ONE_SERVING_BELOW:
        return 1
    return min(PARTS, key=lambda parts: abs(Fraction(net_mg, parts) - RACC_MG))


def has_two_columns(net_mg: Milligrams) -> bool:
    """From two to three times the customary amount the whole bar is declared too (101.9(b)(12))."""
    return ONE_SERVING_BELOW <= net_mg <= TWO_COLUMNS_UP_TO


# ── The amounts ──────────────────────────────────────────────────────────────────────────────────


def us_nutrition(inside: Contents, mg: Fraction) -> UsNutrition:
    """Of so much of the bar; a third of 100 g counts as 33.333 g, whatever the serving prints."""
    amounts = _amounts(inside, mg)
    printed = UsNutrition(
        calories=calories(amounts["calories"]),
        total_fat=fat(amounts["total_fat"]),
        sat=fat(amounts["sat"]),
        trans=fat(amounts["trans"]),
        chol_mg=cholesterol(amounts["chol_mg"]),
        sodium_mg=sodium(amounts["sodium_mg"]),
        carb=carbohydrate(amounts["carb"]),
        fibre=carbohydrate(amounts["fibre"]),
        sugars=carbohydrate(amounts["sugars"]),
        added=carbohydrate(amounts["added"]),
        sugar_alcohol=carbohydrate(amounts["sugar_alcohol"]),
        protein=carbohydrate(amounts["protein"]),
        vit_d_mcg=float(rounded(amounts["vit_d_mcg"], "0.1")),
        calcium_mg=_to_nearest(10, amounts["calcium_mg"]),
        iron_mg=float(rounded(amounts["iron_mg"], "0.1")),
        potassium_mg=_to_nearest(10, amounts["potassium_mg"]),
        daily={},
    )
    return replace(printed, daily={name: _daily(name, printed, amounts) for name in DAILY_VALUES})


def _daily(name: str, printed: UsNutrition, amounts: Mapping[str, Decimal]) -> int:
    """Of the amount before it was rounded, or of the declared one (d)(7)(ii): "0 g" is no per cent at all."""
    is_nothing = getattr(printed, name) in (0, "0")
    return 0 if is_nothing else daily_percent(name, amounts[name])


# Printed name → the ingredient's nutrient and a factor.
_FROM: Final[Mapping[str, tuple[str, int]]] = {
    "total_fat": ("fat", 1),
    "sat": ("saturates", 1),
    "trans": ("trans_fat", 1),
    "chol_mg": ("cholesterol_mg", 1),
    "sodium_mg": ("salt", SODIUM_MG_PER_G_OF_SALT),
    "available": ("carbohydrate", 1),
    "fibre": ("fibre", 1),
    "sugars": ("sugars", 1),
    "added": ("added_sugars", 1),
    "sugar_alcohol": ("polyols", 1),
    "protein": ("protein", 1),
    "alcohol": ("alcohol", 1),
    "vit_d_mcg": ("vitamin_d_ug", 1),
    "calcium_mg": ("calcium_mg", 1),
    "iron_mg": ("iron_mg", 1),
    "potassium_mg": ("potassium_mg", 1),
}


def _amounts(inside: Contents, mg: Fraction) -> dict[str, Decimal]:
    share = Decimal(mg.numerator) / mg.denominator / max(1, inside.total_mg) / REFERENCE_MG
    amounts = dict.fromkeys(_FROM, Decimal())
    for part in inside.parts:
        for name, (nutrient, factor) in _FROM.items():
            amounts[name] += part.mg * factor * getattr(part.module.ingredient.nutrition, nutrient)
    amounts = {name: amount * share for name, amount in amounts.items()}
    # Fibre is part of the carbohydrate here; as its indigestible part it has no calories (c)(1)(i)(C).
    amounts["carb"] = amounts["available"] + amounts["fibre"]
    amounts["calories"] = (
        9 * amounts["total_fat"]
        + 4 * (amounts["available"] - amounts["sugar_alcohol"] + amounts["protein"])
        + MALTITOL_KCAL * amounts["sugar_alcohol"]
        + 7 * amounts["alcohol"]
    )
    return amounts


# ── Rounding (101.9(c)) ──────────────────────────────────────────────────────────────────────────


def calories(kcal: Decimal) -> int:
    if kcal < 5:
        return 0
    return _to_nearest(5 if kcal <= 50 else 10, kcal)


def fat(grams: Decimal) -> str:
    if grams < Decimal("0.5"):
        return "0"
    if grams < 5:
        return f"{(rounded(grams * 2, '1') / 2).normalize():f}"
    return str(rounded(grams, "1"))


def cholesterol(mg: Decimal) -> str:
    if mg < 2:
        return "0"
    return "less than 5" if mg < 5 else str(_to_nearest(5, mg))


def sodium(mg: Decimal) -> int:
    if mg < 5:
        return 0
    return _to_nearest(5 if mg <= 140 else 10, mg)


def carbohydrate(grams: Decimal) -> str:
    """And fibre, sugars, protein."""
    if grams < Decimal("0.5"):
        return "0"
    return "less than 1" if grams < 1 else str(rounded(grams, "1"))


def daily_percent(name: str, amount: Decimal) -> int:
    percent = 100 * amount / DAILY_VALUES[name]
    if name not in VITAMINS_AND_MINERALS:
        return int(rounded(percent, "1"))
    if percent < 2:
        return 0
    return _to_nearest(2 if percent <= 10 else 5 if percent <= 50 else 10, percent)


def _to_nearest(step: int, number: Decimal) -> int:
    return step * int((number / step).to_integral_value(ROUND_HALF_UP))
