"""Allergens of Annex II: what the bar contains, and what it may contain without anyone wanting it."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

from configurator.domain.family import Text
from configurator.domain.label.contents import Contents
from configurator.domain.label.words import listed

SULPHUR_DIOXIDE_CODE = "SO2"
SULPHUR_DIOXIDE = Text("sulphur dioxide", "Schwefeldioxid")
DECLARED_ABOVE_MG_PER_KG = 10
"""Annex II point 12: of sulphur dioxide, in the finished bar."""

ALLERGENS = {
    "GLU-W": Text("wheat", "Weizen"),
    "GLU-R": Text("rye", "Roggen"),
    "GLU-B": Text("barley", "Gerste"),
    "GLU-O": Text("oats", "Hafer"),
    "CRU": Text("crustaceans", "Krebstiere"),
    "EGG": Text("egg", "Ei"),
    "FIS": Text("fish", "Fisch"),
    "PNT": Text("peanuts", "Erdnüsse"),
    "SOY": Text("soya", "Soja"),
    "MLK": Text("milk", "Milch"),
    "NUT-ALM": Text("almonds", "Mandeln"),
    "NUT-HAZ": Text("hazelnuts", "Haselnüsse"),
    "NUT-WAL": Text("walnuts", "Walnüsse"),
    "NUT-CAS": Text("cashew nuts", "Kaschunüsse"),
    "NUT-PEC": Text("pecan nuts", "Pecannüsse"),
    "NUT-BRA": Text("Brazil nuts", "Paranüsse"),
    "NUT-PIS": Text("pistachios", "Pistazien"),
    "NUT-MAC": Text("macadamia nuts", "Macadamianüsse"),
    "CEL": Text("celery", "Sellerie"),
    "MUS": Text("mustard", "Senf"),
    "SES": Text("sesame", "Sesam"),
    SULPHUR_DIOXIDE_CODE: SULPHUR_DIOXIDE,
    "LUP": Text("lupin", "Lupinen"),
    "MOL": Text("molluscs", "Weichtiere"),
}


def contained(inside: Contents) -> tuple[str, ...]:
    codes = {code for part in inside.parts for code in part.module.ingredient.allergens}
    # Sulphites count by their amount in the whole bar, not by the ingredient that brings them.
    codes.discard(SULPHUR_DIOXIDE_CODE)
    if is_sulphured(inside):
        codes.add(SULPHUR_DIOXIDE_CODE)
    return tuple(sorted(codes))


def is_sulphured(inside: Contents) -> bool:
    return sulphur_dioxide_mg_per_kg(inside) > DECLARED_ABOVE_MG_PER_KG


def sulphur_dioxide_mg_per_kg(inside: Contents) -> Decimal:
    return inside.average(lambda ingredient: ingredient.so2_mg_per_kg)


def supplied(inside: Contents) -> tuple[str, ...]:
    """What it may contain through the suppliers of its parts, wherever it is made."""
    traces = {code for part in inside.parts for code in part.module.ingredient.traces}
    return tuple(sorted(traces.difference(contained(inside))))


def may_contain(inside: Contents, met: AbstractSet[str] = frozenset()) -> tuple[str, ...]:
    """Through its suppliers, and through what it may have ``met`` where it is made."""
    traces = {*supplied(inside), *(met if inside.parts else ())}
    return tuple(sorted(traces.difference(contained(inside))))


def precaution(codes: Sequence[str], locale: str) -> str:
    """The voluntary warning (Art. 36) in the only wording we use, or ""."""
    if not codes:
        return ""
    words = listed([ALLERGENS[code].to(locale) for code in codes], locale)
    return Text(f"May contain {words}.", f"Kann {words} enthalten.").to(locale)
