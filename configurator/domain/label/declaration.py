"""The food label of one bar, as printed (Regulation (EU) 1169/2011)."""

from __future__ import annotations

from dataclasses import dataclass

from configurator.domain.label.zones import Zone


@dataclass(frozen=True, slots=True)
class NutritionDeclaration:
    """Each a printed string such as ``2356 kJ / 567 kcal`` or ``<0.5 g``."""

    energy: str
    fat: str
    saturates: str
    carbohydrate: str
    sugars: str
    fibre: str
    protein: str
    salt: str


@dataclass(frozen=True, slots=True)
class Quid:
    """The share of one food in the finished bar (Art. 22), as it stands in the list."""

    modules: tuple[str, ...]
    """More than one where two modules are made of the same food."""
    name: str
    share: str


@dataclass(frozen=True, slots=True)
class Portion:
    grams: str
    count: int
    """So many are in the bar."""
    nutrition: NutritionDeclaration


@dataclass(frozen=True, slots=True)
class Label:
    """Allergens inside ``ingredients`` are emphasised as ``**word**``."""

    locale: str
    name: str
    """The legal name; the customer's name of the bar never replaces it."""
    accompanying: tuple[str, ...]
    """Those of the statements that must stand beside the name."""
    ingredients: str
    quid: tuple[Quid, ...]
    allergens: tuple[str, ...]
    """Codes of what the bar contains, sorted."""
    may_contain: tuple[str, ...]
    """Codes of what it may contain through its zone and suppliers, sorted; never one it contains."""
    precaution: str
    """The sentence printed for ``may_contain``, or ""."""
    nutrition: NutritionDeclaration
    """Per 100 g."""
    portion: Portion | None
    statements: tuple[str, ...]
    """Further mandatory sentences (Annex III), as printed."""
    net_quantity: str
    storage: str
    zone: Zone
    """Where it is made: "F" is free from all of Annex II, "O" is open to everything."""
    keeps_months: int
    """From the day it is made: as long as the part that keeps shortest."""
    bags: tuple[Label, ...] = ()
    """Of a box of samples: the label of each bag, by its number; the rest is what is true of all of them."""
