"""The Nutrition Facts panel as it is read, row by row (21 CFR 101.9(d), the format of 2016)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from configurator.domain.label.us import UsLabel
from configurator.domain.label.us_nutrition import UsNutrition

FOOTNOTE: Final = (
    "* The % Daily Value (DV) tells you how much a nutrient in a serving of food contributes to a "
    "daily diet. 2,000 calories a day is used for general nutrition advice."
)


@dataclass(frozen=True, slots=True)
class Amount:
    words: str
    daily: str
    """Such as "17%", or "" where the law names no daily value."""


@dataclass(frozen=True, slots=True)
class PanelRow:
    before: str
    """Printed before the amount: "Total Fat", "Includes"."""
    after: str
    indent: int
    is_strong: bool
    amounts: tuple[Amount, ...]
    """Per serving, and for some sizes of the bar per container."""


@dataclass(frozen=True, slots=True)
class Panel:
    servings: str
    serving: str
    columns: tuple[str, ...]
    calories: tuple[str, ...]
    rows: tuple[PanelRow, ...]
    minerals: tuple[PanelRow, ...]
    footnote: str


@dataclass(frozen=True, slots=True)
class _Line:
    key: str
    before: str
    unit: str
    indent: int = 0
    is_strong: bool = False
    after: str = ""


_LINES: Final = (
    _Line("total_fat", "Total Fat", "g", is_strong=True),
    _Line("sat", "Saturated Fat", "g", 1),
    _Line("trans", "Trans Fat", "g", 1),
    _Line("chol_mg", "Cholesterol", "mg", is_strong=True),
    _Line("sodium_mg", "Sodium", "mg", is_strong=True),
    _Line("carb", "Total Carbohydrate", "g", is_strong=True),
    _Line("fibre", "Dietary Fiber", "g", 1),
    _Line("sugars", "Total Sugars", "g", 1),
    _Line("added", "Includes", "g", 2, after="Added Sugars"),
    _Line("sugar_alcohol", "Sugar Alcohol", "g", 1),
    _Line("protein", "Protein", "g", is_strong=True),
)
_MINERALS: Final = (
    _Line("vit_d_mcg", "Vitamin D", "mcg"),
    _Line("calcium_mg", "Calcium", "mg"),
    _Line("iron_mg", "Iron", "mg"),
    _Line("potassium_mg", "Potassium", "mg"),
)


def panel(label: UsLabel) -> Panel:
    tables = (label.nutrition, *([label.nutrition_of_bar] if label.nutrition_of_bar else []))
    # Sugar alcohol is voluntary, and only of interest where there is some.
    sweetened = any(table.sugar_alcohol != "0" for table in tables)
    lines = (line for line in _LINES if sweetened or line.key != "sugar_alcohol")
    return Panel(
        servings=f"{label.servings} serving{'s' if label.servings > 1 else ''} per container",
        serving=label.serving,
        columns=("Per serving", "Per container") if len(tables) > 1 else ("Amount per serving",),
        calories=tuple(str(table.calories) for table in tables),
        rows=tuple(_row(line, tables) for line in lines),
        minerals=tuple(_row(line, tables) for line in _MINERALS),
        footnote=FOOTNOTE,
    )


# The short words that (j)(13)(ii)(B) allows, in the order of the panel.
_SHORT: Final = {
    "total_fat": "Total Fat",
    "sat": "Sat. Fat",
    "trans": "Trans Fat",
    "chol_mg": "Cholest.",
    "sodium_mg": "Sodium",
    "carb": "Total Carb.",
    "fibre": "Fiber",
    "sugars": "Total Sugars",
    "sugar_alcohol": "Sugar Alc.",
    "protein": "Protein",
    "vit_d_mcg": "Vit. D",
    "calcium_mg": "Calcium",
    "iron_mg": "Iron",
    "potassium_mg": "Potas.",
}


def in_a_line(label: UsLabel) -> str:
    """The same as running text, for small packs without room for a panel (101.9(j)(13)(ii)(A)(2)); "" for
    a bar that must declare its whole beside the serving."""
    if label.nutrition_of_bar:
        return ""
    amounts = {line.key: _amount(line.key, line.unit, label.nutrition) for line in (*_LINES, *_MINERALS)}
    shown = [key for key in _SHORT if key != "sugar_alcohol" or label.nutrition.sugar_alcohol != "0"]
    foods = [f"{_SHORT[key]} {amounts[key].words}{_in_brackets(key, amounts)}" for key in shown]
    return (
        f"Servings: {label.servings}, Serv. size: {label.serving}, Amount per serving: "
        f"Calories {label.nutrition.calories}, {', '.join(foods)}. % DV = % Daily Value."
    )


def _in_brackets(key: str, amounts: Mapping[str, Amount]) -> str:
    if key == "sugars":
        added = amounts["added"]
        return f" (Incl. {added.words} Added Sugars, {added.daily} DV)"
    return f" ({amounts[key].daily} DV)" if amounts[key].daily else ""


def _row(line: _Line, tables: tuple[UsNutrition, ...]) -> PanelRow:
    amounts = tuple(_amount(line.key, line.unit, table) for table in tables)
    return PanelRow(line.before, line.after, line.indent, line.is_strong, amounts)


def _amount(key: str, unit: str, table: UsNutrition) -> Amount:
    daily = f"{table.daily[key]}%" if key in table.daily else ""
    number = getattr(table, key)
    return Amount(f"{number:g}{unit}" if isinstance(number, float) else f"{number}{unit}", daily)
