"""The label as it is read, from top to bottom: what a page shows and what a printer prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from configurator.domain.family import Text
from configurator.domain.label.declaration import Label, NutritionDeclaration, Portion, Quid

NUTRITION: Final = Text("Nutrition declaration", "Nährwertangaben")
PER_100_G: Final = Text("per 100 g", "je 100 g")
PER_BAR: Final = Text("per bar ({grams})", "je Tafel ({grams})")
PER_PORTION: Final = Text("per portion ({grams})", "je Portion ({grams})")
PORTIONS: Final = Text(
    "The pack contains {count} portions of {grams}.", "Die Packung enthält {count} Portionen zu je {grams}."
)
BEST_BEFORE: Final = Text("Best before", "Mindestens haltbar bis")
LOT: Final = Text("Lot", "Los")
ROWS: Final = (
    ("energy", Text("Energy", "Energie"), False),
    ("fat", Text("Fat", "Fett"), False),
    ("saturates", Text("of which saturates", "davon gesättigte Fettsäuren"), True),
    ("carbohydrate", Text("Carbohydrate", "Kohlenhydrate"), False),
    ("sugars", Text("of which sugars", "davon Zucker"), True),
    ("fibre", Text("Fibre", "Ballaststoffe"), False),
    ("protein", Text("Protein", "Eiweiß"), False),
    ("salt", Text("Salt", "Salz"), False),
)
"""In the order of Annex XV."""


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    part_of_the_row_above: bool
    amounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every particular of Art. 9 but the name and address of the firm, in the words of the label."""

    locale: str
    name: str
    accompanying: tuple[str, ...]
    net_quantity: str
    ingredients: str
    statements: tuple[str, ...]
    """But for those that accompany the name."""
    precaution: str
    nutrition: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    portions: str
    storage: str
    best_before: str
    """Only the words: the day and the lot are stamped where the bar is made."""
    lot: str
    bags: tuple[Sheet, ...] = ()
    """Of a box of samples, whose bags are each food of its own; then nothing above but the allergens of all."""


def sheet(label: Label) -> Sheet:
    """Of a box of samples only the bags are prepacked food; none is so large that it needs nutrition
    (Annex V point 18)."""
    if not label.bags:
        return _with_nutrition(label)
    bags = tuple(replace(_with_nutrition(bag), columns=(), rows=(), portions="") for bag in label.bags)
    return replace(_with_nutrition(label), columns=(), rows=(), portions="", bags=bags)


def _with_nutrition(label: Label) -> Sheet:
    locale = label.locale
    return Sheet(
        locale=locale,
        name=label.name,
        accompanying=label.accompanying,
        net_quantity=label.net_quantity,
        ingredients=label.ingredients,
        statements=tuple(words for words in label.statements if words not in label.accompanying),
        precaution=label.precaution,
        nutrition=NUTRITION.to(locale),
        columns=_columns(label),
        rows=_rows(label),
        portions=_portions(label),
        storage=label.storage,
        best_before=BEST_BEFORE.to(locale),
        lot=LOT.to(locale),
    )


def _columns(label: Label) -> tuple[str, ...]:
    per_100_g = PER_100_G.to(label.locale)
    if label.portion is None:
        return (per_100_g,)
    words = PER_BAR if label.portion.count == 1 else PER_PORTION
    return per_100_g, words.to(label.locale).format(grams=label.portion.grams)


def _rows(label: Label) -> tuple[Row, ...]:
    tables = [label.nutrition, *([label.portion.nutrition] if label.portion else [])]
    return tuple(
        Row(words.to(label.locale), is_part, tuple(getattr(table, key) for table in tables))
        for key, words, is_part in ROWS
    )


def _portions(label: Label) -> str:
    if label.portion is None or label.portion.count == 1:
        return ""
    words = PORTIONS.to(label.locale)
    return words.format(count=label.portion.count, grams=label.portion.grams)


def thawed(frozen: Mapping[str, Any]) -> Label:
    """A label that an order kept; what labels could not say yet when it was kept stays empty."""
    unsaid: dict[str, Any] = {
        "accompanying": (), "quid": (), "portion": None, "zone": "O", "keeps_months": 0, "bags": (),
    }  # fmt: skip
    kept = {**unsaid, **frozen}
    portion = kept["portion"]
    return Label(
        **{
            **{field.name: _immutable(kept[field.name]) for field in fields(Label)},
            "nutrition": NutritionDeclaration(**kept["nutrition"]),
            "portion": portion
            and Portion(portion["grams"], portion["count"], NutritionDeclaration(**portion["nutrition"])),
            "bags": tuple(thawed(bag) for bag in kept["bags"]),
            "quid": tuple(Quid(tuple(quid["modules"]), quid["name"], quid["share"]) for quid in kept["quid"]),
        }
    )


def _immutable(kept: Any) -> Any:
    return tuple(kept) if isinstance(kept, list) else kept
