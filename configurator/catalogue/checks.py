"""What must be true of a module before it is sold: energy, masses, allergens, piece weight."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from configurator.catalogue.cells import Cells
from configurator.domain.claims import Claim, claims
from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.label.markets import BLOCK, TO_CLEAR

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

BANNED_COLOURS = re.compile(r"\bE ?(?:102|104|110|122|124|129|171)\b")

# Annex I A.3 to A.6 of Directive 2000/36/EC, in per cent of the base.
RESERVED_NAMES = {
    "chocolate": {"cocoa_solids_pct": "35", "cocoa_butter_pct": "18", "dry_nonfat_cocoa_pct": "14"},
    "milk chocolate": {
        "cocoa_solids_pct": "25",
        "dry_nonfat_cocoa_pct": "2.5",
        "milk_solids_pct": "14",
        "milk_fat_pct": "3.5",
        "fat": "25",
    },
    "white chocolate": {"cocoa_butter_pct": "20", "milk_solids_pct": "14", "milk_fat_pct": "3.5"},
}
# 21 CFR 163.123, .124 and .130: chocolate liquor is counted from its fat-free part.
LIQUOR_PER_DRY_COCOA = Decimal("2.2")
US_STANDARDS = {
    "milk chocolate": {"dry_nonfat_cocoa_pct": "10", "milk_fat_pct": "3.39", "milk_solids_pct": "12"},
    "semisweet chocolate": {"dry_nonfat_cocoa_pct": "35"},
    "bittersweet chocolate": {"dry_nonfat_cocoa_pct": "35"},
    "white chocolate": {"cocoa_butter_pct": "20", "milk_solids_pct": "14", "milk_fat_pct": "3.5"},
}

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


def _check_doses(cells: Cells) -> None:
    if not 0 < cells.number_of("dosage_g") <= cells.number_of("max_dosage_g"):
        raise cells.mistake("max_dosage_g", "must be at least the usual dose, which is above 0.")


def _check_energy(cells: Cells) -> None:
    """The declared energy must be the sum that Annex XIV prescribes."""
    polyols = cells.number_of("polyols")
    expected = sum((cells.number_of(name) * factor for name, factor in KJ_PER_G.items()), Decimal(0))
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
        unknown = set(cells.words(column)) - ALLERGENS.keys()
        if unknown:
            raise cells.mistake(column, f"“{min(unknown)}” is not an allergen of Annex II.")
    for column in ("ingredient_text_en", "ingredient_text_de"):
        if cells.text(column).count("**") % 2:
            raise cells.mistake(column, "a ** is not closed.")
    _check_stems(cells, codes)
    if bool(_marks(cells.text("ingredient_text_de"))) != bool(_marks(cells.text("ingredient_text_en"))):
        raise cells.mistake("ingredient_text_de", "emphasise with ** what the English text does.")


def _check_stems(cells: Cells, codes: list[str]) -> None:
    marks = _marks(cells.text("ingredient_text_en"))
    for code in unmarked(codes, cells.text("ingredient_text_en")):
        raise cells.mistake("ingredient_text_en", f"{code} is not emphasised as **word**.")
    known = [stem for code in codes for stem in ALLERGEN_STEMS[code]]
    if cells.number_of("so2_mg_per_kg"):
        known += ALLERGEN_STEMS["SO2"]
    for mark in marks:
        if not any(stem in mark for stem in known):
            raise cells.mistake("eu_allergens", f"“{mark}” is emphasised, but has no code here.")


def unmarked(codes: list[str], english: str) -> list[str]:
    """The allergens that the text does not emphasise."""
    marks = _marks(english)
    return [
        code for code in codes if not any(stem in mark for mark in marks for stem in ALLERGEN_STEMS[code])
    ]


def _marks(text: str) -> list[str]:
    return [mark.lower() for mark in text.split("**")[1::2]]


def _check_diet(cells: Cells) -> None:
    if cells.yes("vegan") and {"MLK", "EGG", "FIS", "CRU", "MOL"} & set(cells.words("eu_allergens")):
        raise cells.mistake("vegan", "says y, but the allergens name an animal product.")


def _check_colours(cells: Cells) -> None:
    """The six that need a warning about children (Reg. 1333/2008 Annex V), and E 171, which is banned."""
    for column in ("ingredient_text_en", "ingredient_text_de"):
        found = BANNED_COLOURS.search(cells.text(column))
        if found:
            raise cells.mistake(column, f"“{found[0]}” is a colour that we do not use.")


def _check_claims(cells: Cells) -> None:
    """What a bar is free from is not a matter of one ingredient: the next one, or the zone, may bring it."""
    for column in ("legal_name_eu_en", "legal_name_eu_de", "legal_name_us"):
        for claim in claims(cells.text(column)):
            raise cells.mistake(column, f"{claim.reason('en')}, which a label may not promise.")
    for column in ("ingredient_text_en", "ingredient_text_de"):
        for claim in claims_of_name(cells.text(column)):
            raise cells.mistake(column, f"{claim.reason('en')}, which a label may not promise.")


def claims_of_name(text: str) -> tuple[Claim, ...]:
    """Lactose and proteins may well stand among what a food is made of, but not in its name."""
    return claims(text.replace("**", "").partition(" (")[0])


def _check_reserved_name(cells: Cells) -> None:
    """A name that 2000/36/EC reserves, only for what its Annex I describes."""
    reserved = cells.text("meets_eu_reserved_name").split(";")[0]
    if reserved in RESERVED_NAMES:
        _check_minima(cells, "meets_eu_reserved_name", reserved, RESERVED_NAMES[reserved])
    elif re.search("chocolate", cells.text("legal_name_eu_en"), re.IGNORECASE):
        raise cells.mistake("legal_name_eu_en", "says chocolate, but the recipe meets no reserved name.")
    # "Chocolate with almond paste" is measured without its paste, which the file does not split.
    american = cells.text("legal_name_us").lower().partition(",")[0]
    standard = american if american in US_STANDARDS else ""
    if standard:
        _check_minima(cells, "legal_name_us", standard, US_STANDARDS[standard])


def _check_minima(cells: Cells, column: str, name: str, minima: dict[str, str]) -> None:
    for part, least in minima.items():
        factor = LIQUOR_PER_DRY_COCOA if part == "dry_nonfat_cocoa_pct" and name in US_STANDARDS else 1
        if cells.number_of(part) * factor < Decimal(least):
            raise cells.mistake(column, f"{name} needs {part} of {least} % at least.")


def _check_market(cells: Cells) -> None:
    for block in cells.words("market_block"):
        found = BLOCK.fullmatch(block)
        if not found or (found[2] and found[2] not in TO_CLEAR):
            raise cells.mistake("market_block", f"“{block}” must look like US or US?legal-name.")


def _check_piece(cells: Cells) -> None:
    """Weight and size of a piece must agree: its mass lies within a factor of 2.5 of its box."""
    length, width, height = cells.size("piece_mm_LxWxH")
    piece_g, density = cells.number_of("piece_g"), cells.number_of("density_g_cm3")
    if bool(length) != bool(piece_g) and cells.text("shape_hint") != "swirl":
        raise cells.mistake("piece_g", "size and weight of a piece must be given together.")
    if piece_g and density and height > 1:
        ratio = piece_g / (Decimal(length * width * height) / 1_000_000 * density)
        if not Decimal("0.2") <= ratio <= Decimal("2.5"):
            raise cells.mistake("piece_g", f"{piece_g} g does not fit {cells.text('piece_mm_LxWxH')} mm.")


CHECKS: tuple[Callable[[Cells], None], ...] = (
    _check_doses,
    _check_energy,
    _check_masses,
    _check_allergens,
    _check_diet,
    _check_colours,
    _check_claims,
    _check_reserved_name,
    _check_market,
    _check_piece,
)
