"""The catalogue's files → checked rows. A mistake is named by its file, row and column."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from configurator.catalogue.cells import CatalogueMistaken, Cells, lines
from configurator.catalogue.checks import CHECKS
from configurator.domain.family import Text

FOLDER = Path(__file__).parent

KINDS = ("base", "mix-in", "topping", "decoration")
SAMPLE = "sample"
"""What a slot of samples takes: no module is one by itself, a box makes one of all that can be filled loose."""
CATEGORIES = (
    "base",
    "nuts",
    "fruit",
    "crunch",
    "spice",
    "flowers",
    "sweets",
    "seeds",
    "decoration",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One module of modules.csv with what browsing.csv says of it, as columns of two tables."""

    key: str
    module: dict[str, Any]
    ingredient: dict[str, Any]


@lru_cache(maxsize=1)
def tastes() -> dict[str, Text]:
    return {row["key"]: Text(row["en"], row["de"]) for row in lines(FOLDER / "tastes.csv")}


@lru_cache(maxsize=1)
def textures() -> dict[str, Text]:
    return {row["key"]: Text(row["en"], row["de"]) for row in lines(FOLDER / "textures.csv")}


def families(path: Path = FOLDER / "families.toml") -> dict[str, list[dict[str, Any]]]:
    """Slots, families and constraints; constraints may only name modules that exist."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def modules(path: Path = FOLDER / "modules.csv", browsing: Path = FOLDER / "browsing.csv") -> tuple[Row, ...]:
    """Raises CatalogueMistaken."""
    places = {row["key"]: row for row in lines(browsing)}
    rows = tuple(
        _row(Cells(path.name, number, cells), places, number)
        for number, cells in enumerate(lines(path), start=2)
    )
    _refuse_doubles(path.name, rows)
    _refuse_allergens_in_free_zone(browsing.name, rows)
    return rows


def _refuse_doubles(file: str, rows: tuple[Row, ...]) -> None:
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if row.key in seen:
            raise CatalogueMistaken(f"{file}, row {number} ({row.key}), column key: stands twice.")
        seen.add(row.key)


def _refuse_allergens_in_free_zone(file: str, rows: tuple[Row, ...]) -> None:
    """Zone F lets nothing of Annex II in; what suppliers cannot rule out is said on the label."""
    for row in rows:
        if row.module["free_zone"] and row.ingredient["allergens"]:
            raise CatalogueMistaken(
                f"{file} ({row.key}), column free_zone: says y, but it contains allergens."
            )


def _row(cells: Cells, places: dict[str, dict[str, str]], number: int) -> Row:
    for check in CHECKS:
        check(cells)
    return Row(cells.needed("key"), _module(cells, places, number), _ingredient(cells))


def _module(cells: Cells, places: dict[str, dict[str, str]], number: int) -> dict[str, Any]:
    length, width, height = cells.size("piece_mm_LxWxH")
    return {
        "kind": cells.one_of("kind", KINDS),
        "also_usable_as": _also(cells),
        "name_en": cells.needed("english_name"),
        "name_de": cells.needed("german_name"),
        "dose_mg": cells.whole("dosage_g", 1000),
        "max_dose_mg": cells.whole("max_dosage_g", 1000),
        "surcharge_cents": cells.whole("surcharge_eur", 100),
        "cost_cents_per_kg": cells.whole("cost_eur_per_kg", 100),
        "colour": _colour(cells),
        "shape_hint": cells.needed("shape_hint"),
        "length": length,
        "width": width,
        "height": height,
        "piece_ug": cells.whole("piece_g", 1_000_000),
        "legal_name_en": cells.text("legal_name_eu_en"),
        "legal_name_de": cells.text("legal_name_eu_de"),
        "legal_name_us": cells.text("legal_name_us"),
        "reserved_name": cells.text("meets_eu_reserved_name").replace("NONE", "").split(";")[0],
        "cocoa_solids_pct": cells.number_of("cocoa_solids_pct"),
        "milk_solids_pct": cells.number_of("milk_solids_pct"),
        "position": number,
        "retired": False,
        **_browsing(cells, places),
    }


def _also(cells: Cells) -> list[str]:
    return [cells.one_of("also_usable_as", KINDS)] if cells.text("also_usable_as") else []


def _browsing(cells: Cells, places: dict[str, dict[str, str]]) -> dict[str, Any]:
    """What a customer looks for: category, taste, texture, origin; and the zone it may be made in."""
    key = cells.needed("key")
    if key not in places:
        raise cells.mistake("key", "has no line in browsing.csv.")
    place = Cells("browsing.csv", list(places).index(key) + 2, places[key])
    return {
        "category": place.one_of("category", CATEGORIES),
        "tastes": _known(place, "tastes", tastes()),
        "textures": _known(place, "textures", textures()),
        "origin_en": place.text("origin_en"),
        "origin_de": place.text("origin_de"),
        "free_zone": place.yes("free_zone"),
    }


def _known(place: Cells, column: str, words: dict[str, Text]) -> list[str]:
    written = place.text(column).split()
    unknown = [word for word in written if word not in words]
    if unknown:
        raise place.mistake(column, f"“{unknown[0]}” has no line in {column}.csv.")
    return written


def _ingredient(cells: Cells) -> dict[str, Any]:
    return {
        "text_en": cells.needed("ingredient_text_en"),
        "text_de": cells.needed("ingredient_text_de"),
        "allergens": sorted(cells.words("eu_allergens")),
        "us_allergens": sorted(cells.words("us_allergens")),
        "traces": sorted(cells.words("typical_supplier_traces")),
        "so2_mg_per_kg": cells.whole("so2_mg_per_kg", 1),
        "energy_kj": cells.number_of("energy_kj_per_100g"),
        "alcohol": cells.number_of("alcohol_g"),
        **{name: cells.number_of(name) for name in SAME_NAME},
        "vegan": cells.yes("vegan"),
        "vegetarian": cells.yes("vegetarian"),
        "gluten_free": cells.yes("gluten_free"),
        "halal_ok": cells.yes("halal_ok"),
        "alcohol_free": not cells.yes("contains_alcohol"),
        "contains_flour": cells.yes("contains_flour"),
        "shelf_life_months": cells.whole("shelf_life_months", 1),
        "note": cells.text("mandatory_statement_or_note"),
        "market_block": cells.text("market_block"),
        "source": cells.text("source"),
    }


SAME_NAME = (
    "energy_kcal",
    "fat",
    "saturates",
    "carbohydrate",
    "sugars",
    "fibre",
    "protein",
    "salt",
    "added_sugars",
    "polyols",
    "organic_acids",
    "trans_fat",
    "cholesterol_mg",
    "vitamin_d_ug",
    "calcium_mg",
    "iron_mg",
    "potassium_mg",
)


def _colour(cells: Cells) -> str:
    colour = cells.needed("colour_hex")
    if not re.fullmatch(r"#[0-9A-F]{6}", colour):
        raise cells.mistake("colour_hex", f"“{colour}” must look like #3B2117.")
    return colour
