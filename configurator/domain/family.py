"""The frozen catalogue that every rule reads: what can be made, under one version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from configurator.domain.rules import Constraint

Cents: TypeAlias = int
Milligrams: TypeAlias = int
Micrograms: TypeAlias = int
TenthMm: TypeAlias = int

Locale: TypeAlias = Literal["en", "de"]
Kind: TypeAlias = Literal["base", "mix-in", "topping", "decoration", "sample"]
Form: TypeAlias = Literal["bar", "samples"]
"""What a family is: a chocolate bar on a base, or a box of loose portions, each in a bag of its own."""
OutlineName: TypeAlias = Literal["oblong", "heart"]

REFERENCE_MG: Milligrams = 100_000
"""Doses and surcharges in the catalogue are per 100 g of finished bar."""


@dataclass(frozen=True, slots=True)
class Text:
    en: str
    de: str

    def to(self, locale: str) -> str:
        return self.de if locale == "de" else self.en


@dataclass(frozen=True, slots=True)
class Nutrition:
    """Per 100 g of the ingredient; grams unless the name says otherwise."""

    energy_kj: Decimal
    energy_kcal: Decimal
    fat: Decimal
    saturates: Decimal
    carbohydrate: Decimal
    sugars: Decimal
    fibre: Decimal
    protein: Decimal
    salt: Decimal
    added_sugars: Decimal
    polyols: Decimal
    alcohol: Decimal
    organic_acids: Decimal
    trans_fat: Decimal
    cholesterol_mg: Decimal
    vitamin_d_ug: Decimal
    calcium_mg: Decimal
    iron_mg: Decimal
    potassium_mg: Decimal


@dataclass(frozen=True, slots=True)
class Diet:
    """Facts of the recipe, never a certificate."""

    vegan: bool
    vegetarian: bool
    gluten_free: bool
    halal_ok: bool
    alcohol_free: bool


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A food as the law sees it. ``text`` marks allergens as ``**word**``."""

    text: Text
    nutrition: Nutrition
    allergens: tuple[str, ...]
    us_allergens: tuple[str, ...]
    traces: tuple[str, ...]
    so2_mg_per_kg: int
    diet: Diet
    contains_flour: bool
    shelf_life_months: int
    note: str
    market_block: str


@dataclass(frozen=True, slots=True)
class Chocolate:
    """What only a base has: its composition decides the legal name (2000/36/EC)."""

    legal_name: Text
    legal_name_us: str
    reserved_name: str
    """The name reserved by law that the recipe meets, or "" when it meets none."""
    cocoa_solids_pct: Decimal
    milk_solids_pct: Decimal


@dataclass(frozen=True, slots=True)
class Shape:
    """Size of one piece. ``piece_ug`` is 0 for powders, swirls and liquids."""

    hint: str
    length: TenthMm
    width: TenthMm
    height: TenthMm
    piece_ug: Micrograms


@dataclass(frozen=True, slots=True)
class Module:
    key: str
    kind: Kind
    also_usable_as: frozenset[Kind]
    name: Text
    category: str
    tastes: tuple[Text, ...]
    dose_mg: Milligrams
    """The usual dose in 100 g of finished bar."""
    max_dose_mg: Milligrams
    """The largest dose in 100 g of finished bar."""
    surcharge_cents: Cents
    """For the usual dose in 100 g of finished bar."""
    cost_cents_per_kg: Cents
    colour: str
    shape: Shape
    ingredient: Ingredient
    chocolate: Chocolate | None = None
    retired: bool = False
    """Kept for designs made before; cannot be chosen any more."""
    position: int = 0
    """Place in the catalogue."""
    textures: tuple[Text, ...] = ()
    origin: Text = Text("", "")
    free_zone: bool = False
    """May be handled in zone F, where nothing of Annex II is let in; all else is made in zone O."""

    @property
    def kinds(self) -> frozenset[Kind]:
        return self.also_usable_as | {self.kind}


@dataclass(frozen=True, slots=True)
class Slot:
    key: str
    name: Text
    kinds: frozenset[Kind]
    minimum: int
    maximum: int

    def takes(self, module: Module) -> bool:
        return bool(self.kinds & module.kinds)


NO_SLOT = Slot("", Text("", ""), frozenset(), 0, 0)
"""Stands where a family without a base would have the slot for it: nothing fits it."""


@dataclass(frozen=True, slots=True)
class Face:
    """How the upper side of a bar is made: poured flat, or turned out of a mould with segments."""

    key: str
    name: Text


POURED = Face("poured", Text("Poured, flat", "Gegossen, glatt"))


@dataclass(frozen=True, slots=True)
class Family:
    key: str
    version: str
    """Digest of the frozen catalogue, so that it names the same thing on every machine."""
    name: Text
    net_mg: Milligrams
    """Of a bar; of samples the most that a box holds."""
    length: TenthMm
    width: TenthMm
    price_cents: Cents
    """Of the plainest bar; of samples the packing."""
    name_max: int
    inclusions_max_permille: int
    slots: tuple[Slot, ...]
    modules: Mapping[str, Module]
    constraints: tuple[Constraint, ...] = ()
    outline: OutlineName = "oblong"
    faces: tuple[Face, ...] = (POURED,)
    """The first one is usual."""
    form: Form = "bar"
    seats: Mapping[str, tuple[Module, ...]] = field(init=False, compare=False, repr=False)
    """Slot key → the modules that fit it, in catalogue order."""
    base_slot: Slot = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        seats = {
            slot.key: tuple(module for module in self.modules.values() if slot.takes(module))
            for slot in self.slots
        }
        base_slot = next((slot for slot in self.slots if "base" in slot.kinds), NO_SLOT)
        seats.setdefault(base_slot.key, ())
        object.__setattr__(self, "seats", seats)
        object.__setattr__(self, "base_slot", base_slot)

    def __hash__(self) -> int:
        return hash((self.key, self.version))

    def look(self, face: str) -> str:
        """Names the painted bodies of a face; an unknown face looks like the usual one."""
        others = {other.key for other in self.faces[1:]}
        return f"{self.key}-{face}" if face in others else self.key

    @property
    def is_bar(self) -> bool:
        return self.form == "bar"

    def slot(self, key: str) -> Slot:
        return next(slot for slot in self.slots if slot.key == key)

    def usual_dose(self, module: Module) -> Milligrams:
        return self._scaled(module.dose_mg)

    def largest_dose(self, module: Module) -> Milligrams:
        return self._scaled(module.max_dose_mg)

    def _scaled(self, mg_per_reference: Milligrams) -> Milligrams:
        return max(1, round_half_up(mg_per_reference * self.net_mg, REFERENCE_MG))


def round_half_up(numerator: int, denominator: int) -> int:
    """The whole number nearest to a fraction of non-negative numbers; halves go up."""
    return (2 * numerator + denominator) // (2 * denominator)
