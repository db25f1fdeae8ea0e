"""The catalogue's files → checked rows. A mistake is named by its file, row and column."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from configurator.domain.family import Text

FOLDER = Path(__file__).parent / "catalogue"

KINDS = ("base", "mix-in", "topping", "decoration")
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
EU_ALLERGENS = frozenset(
    "GLU-W GLU-R GLU-B GLU-O CRU EGG FIS PNT SOY MLK NUT-ALM NUT-HAZ NUT-WAL NUT-CAS NUT-PEC "
    "NUT-BRA NUT-PIS NUT-MAC CEL MUS SES SO2 LUP MOL".split()
)
# Annex XIV of Regulation (EU) 1169/2011: kilojoules per gram.
KJ_PER_G = {
    "fat": 37,
    "carbohydrate": 17,
    "protein": 17,
    "fibre": 8,
    "alcohol_g": 29,
    "organic_acids": 13,
}
KJ_PER_G_POLYOLS = 10
# The data's own analyses differ this much from the sum that the law prescribes.
ENERGY_TOLERANCE_PERCENT = 2
MASS_LIMIT_G = 104

# The label's words for each allergen: one of them must be emphasised in the English text.
ALLERGEN_STEMS = {
    "GLU-W": ("wheat",),
    "GLU-R": ("rye",),
    "GLU-B": ("barley",),
    "GLU-O": ("oat",),
    "EGG": ("egg",),
    "PNT": ("peanut",),
    "SOY": ("soy",),
    "MLK": ("milk", "butter", "cream", "whey"),
    "NUT-ALM": ("almond",),
    "NUT-HAZ": ("hazelnut",),
    "NUT-WAL": ("walnut",),
    "NUT-CAS": ("cashew",),
    "NUT-PEC": ("pecan",),
    "NUT-BRA": ("brazil",),
    "NUT-PIS": ("pistachio",),
    "NUT-MAC": ("macadamia",),
    "SES": ("sesame",),
    "SO2": ("sulphur",),
    "CEL": ("celery",),
    "MUS": ("mustard",),
    "LUP": ("lupin",),
    "FIS": ("fish",),
    "CRU": ("crustacean",),
    "MOL": ("mollusc",),
}


class CatalogueMistaken(ValueError):
    """A row of the catalogue that must not be sold from; the message names row and column."""


@dataclass(frozen=True, slots=True)
class Row:
    """One module of modules.csv with what browsing.csv says of it, as columns of two tables."""

    key: str
    module: dict[str, Any]
    ingredient: dict[str, Any]


@lru_cache(maxsize=1)
def tastes() -> dict[str, Text]:
    return {row["key"]: Text(row["en"], row["de"]) for row in _lines(FOLDER / "tastes.csv")}


def families(path: Path = FOLDER / "families.toml") -> dict[str, list[dict[str, Any]]]:
    """Slots, families and constraints; constraints may only name modules that exist."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def modules(
    path: Path = FOLDER / "modules.csv", browsing: Path = FOLDER / "browsing.csv"
) -> tuple[Row, ...]:
    """Raises CatalogueMistaken."""
    places = {row["key"]: row for row in _lines(browsing)}
    rows = tuple(
        _row(Cells(path.name, number, cells), places, number)
        for number, cells in enumerate(_lines(path), start=2)
    )
    _refuse_doubles(path.name, rows)
    return rows


class Cells:
    """The cells of one line; reading one that is wrong says where it stands."""

    def __init__(self, file: str, number: int, cells: dict[str, str]) -> None:
        self.file, self.number, self.cells = file, number, cells

    def mistake(self, column: str, words: str) -> CatalogueMistaken:
        return CatalogueMistaken(
            f"{self.file}, row {self.number} ({self.cells.get('key', '?')}), column {column}: {words}"
        )

    def text(self, column: str) -> str:
        try:
            return (self.cells[column] or "").strip()
        except KeyError:
            raise self.mistake(column, "the column is missing.") from None

    def needed(self, column: str) -> str:
        return self.text(column) or self._empty(column)

    def _empty(self, column: str) -> str:
        raise self.mistake(column, "must not be empty.")

    def number_of(self, column: str) -> Decimal:
        written = self.text(column) or "0"
        try:
            number = Decimal(written)
        except InvalidOperation:
            raise self.mistake(column, f"“{written}” is not a number.") from None
        if not number.is_finite() or number < 0:
            raise self.mistake(column, f"“{written}” must be 0 or more.")
        return number

    def whole(self, column: str, factor: int) -> int:
        """The number in a smaller unit, which must come out whole."""
        scaled = self.number_of(column) * factor
        if scaled != scaled.to_integral_value():
            raise self.mistake(column, f"“{self.text(column)}” has too many decimals.")
        return int(scaled)

    def yes(self, column: str) -> bool:
        written = self.text(column)
        if written not in {"y", "n", "check"}:
            raise self.mistake(column, f"“{written}” must be y, n or check.")
        return written == "y"

    def words(self, column: str) -> list[str]:
        return [word for word in self.text(column).split(";") if word]

    def one_of(self, column: str, allowed: tuple[str, ...]) -> str:
        written = self.text(column)
        if written not in allowed:
            raise self.mistake(column, f"“{written}” must be one of: {', '.join(allowed)}.")
        return written


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _refuse_doubles(file: str, rows: tuple[Row, ...]) -> None:
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if row.key in seen:
            raise CatalogueMistaken(f"{file}, row {number} ({row.key}), column key: stands twice.")
        seen.add(row.key)


def _row(cells: Cells, places: dict[str, dict[str, str]], number: int) -> Row:
    for check in CHECKS:
        check(cells)
    return Row(cells.needed("key"), _module(cells, places, number), _ingredient(cells))


def _module(cells: Cells, places: dict[str, dict[str, str]], number: int) -> dict[str, Any]:
    length, width, height = _size(cells)
    category, liked = _browsing(cells, places)
    return {
        "kind": cells.one_of("kind", KINDS),
        "also_usable_as": _also(cells),
        "name_en": cells.needed("english_name"),
        "name_de": cells.needed("german_name"),
        "category": category,
        "tastes": liked,
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
    }


def _also(cells: Cells) -> list[str]:
    return [cells.one_of("also_usable_as", KINDS)] if cells.text("also_usable_as") else []


def _browsing(cells: Cells, places: dict[str, dict[str, str]]) -> tuple[str, list[str]]:
    key = cells.needed("key")
    if key not in places:
        raise cells.mistake("key", "has no line in browsing.csv.")
    place = Cells("browsing.csv", list(places).index(key) + 2, places[key])
    liked = place.text("tastes").split()
    unknown = [taste for taste in liked if taste not in tastes()]
    if unknown:
        raise place.mistake("tastes", f"“{unknown[0]}” has no line in tastes.csv.")
    return place.one_of("category", CATEGORIES), liked


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


def _size(cells: Cells) -> tuple[int, int, int]:
    """Millimetres as ``22x12x8`` → tenths; films thinner than that count as one tenth."""
    written = cells.text("piece_mm_LxWxH")
    if not written:
        return (0, 0, 0)
    try:
        length, width, height = (Decimal(side) for side in written.split("x"))
    except (InvalidOperation, ValueError):
        raise cells.mistake("piece_mm_LxWxH", f"“{written}” must look like 22x12x8.") from None
    if min(length, width, height) <= 0:
        raise cells.mistake("piece_mm_LxWxH", f"“{written}”: every side must be above 0.")
    return _tenths(length), _tenths(width), _tenths(height)


def _tenths(mm: Decimal) -> int:
    return max(1, int((mm * 10).to_integral_value()))


def _check_doses(cells: Cells) -> None:
    if not 0 < cells.number_of("dosage_g") <= cells.number_of("max_dosage_g"):
        raise cells.mistake("max_dosage_g", "must be at least the usual dose, which is above 0.")


def _check_energy(cells: Cells) -> None:
    """The declared energy must be the sum that Annex XIV prescribes."""
    polyols = cells.number_of("polyols")
    expected = sum(
        (cells.number_of(name) * factor for name, factor in KJ_PER_G.items()), Decimal(0)
    )
    expected -= polyols * (KJ_PER_G["carbohydrate"] - KJ_PER_G_POLYOLS)
    declared = cells.number_of("energy_kj_per_100g")
    slack = max(Decimal(5), expected * ENERGY_TOLERANCE_PERCENT / 100)
    if abs(declared - expected) > slack:
        raise cells.mistake(
            "energy_kj_per_100g",
            f"{declared} kJ declared, but fat, carbohydrate, protein, fibre and the rest give "
            f"{expected:.0f} kJ.",
        )


def _check_masses(cells: Cells) -> None:
    for part, whole in (("saturates", "fat"), ("sugars", "carbohydrate"), ("polyols", "carbohydrate")):
        if cells.number_of(part) > cells.number_of(whole):
            raise cells.mistake(part, f"more than {whole}.")
    mass = sum(
        (cells.number_of(name) for name in ("fat", "carbohydrate", "fibre", "protein", "salt", "water")),
        Decimal(0),
    )
    if mass > MASS_LIMIT_G:
        raise cells.mistake("fat", f"the nutrients of 100 g weigh {mass} g together.")


def _check_allergens(cells: Cells) -> None:
    """Every allergen is emphasised in the text, and nothing is emphasised without a code."""
    codes = cells.words("eu_allergens")
    for column in ("eu_allergens", "typical_supplier_traces"):
        unknown = set(cells.words(column)) - EU_ALLERGENS
        if unknown:
            raise cells.mistake(column, f"“{min(unknown)}” is not an allergen of Annex II.")
    for column in ("ingredient_text_en", "ingredient_text_de"):
        if cells.text(column).count("**") % 2:
            raise cells.mistake(column, "a ** is not closed.")
        marked = bool(_marks(cells.text(column)))
        if marked != (bool(codes) or bool(cells.number_of("so2_mg_per_kg") and marked)):
            raise cells.mistake(column, "allergens and ** marks do not agree.")
    _check_stems(cells, codes)


def _check_stems(cells: Cells, codes: list[str]) -> None:
    marks = _marks(cells.text("ingredient_text_en"))
    for code in codes:
        if not any(stem in mark for mark in marks for stem in ALLERGEN_STEMS[code]):
            raise cells.mistake("ingredient_text_en", f"{code} is not emphasised as **word**.")
    known = [stem for code in codes for stem in ALLERGEN_STEMS[code]]
    if cells.number_of("so2_mg_per_kg"):
        known += ALLERGEN_STEMS["SO2"]
    for mark in marks:
        if not any(stem in mark for stem in known):
            raise cells.mistake("eu_allergens", f"“{mark}” is emphasised, but has no code here.")


def _marks(text: str) -> list[str]:
    return [mark.lower() for mark in text.split("**")[1::2]]


def _check_diet(cells: Cells) -> None:
    if cells.yes("vegan") and {"MLK", "EGG", "FIS", "CRU", "MOL"} & set(cells.words("eu_allergens")):
        raise cells.mistake("vegan", "says y, but the allergens name an animal product.")


def _check_piece(cells: Cells) -> None:
    """Weight and size of a piece must agree: its mass lies within a factor of 2.5 of its box."""
    length, width, height = _size(cells)
    piece_g, density = cells.number_of("piece_g"), cells.number_of("density_g_cm3")
    if bool(length) != bool(piece_g) and cells.text("shape_hint") != "swirl":
        raise cells.mistake("piece_g", "size and weight of a piece must be given together.")
    if piece_g and density and height > 1:
        ratio = piece_g / (Decimal(length * width * height) / 1_000_000 * density)
        if not Decimal("0.2") <= ratio <= Decimal("2.5"):
            raise cells.mistake(
                "piece_g", f"{piece_g} g does not fit {cells.text('piece_mm_LxWxH')} mm."
            )


CHECKS: tuple[Callable[[Cells], None], ...] = (
    _check_doses,
    _check_energy,
    _check_masses,
    _check_allergens,
    _check_diet,
    _check_piece,
)
