"""The nutrition declaration (Art. 30-35, Annexes XIV and XV), from unrounded sums."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal

from configurator.domain.family import REFERENCE_MG, Milligrams
from configurator.domain.label.contents import Contents
from configurator.domain.label.declaration import NutritionDeclaration
from configurator.domain.label.words import rounded, written


@dataclass(frozen=True, slots=True)
class Sums:
    """Grams, unrounded. Carbohydrate includes polyols and excludes fibre."""

    fat: Decimal
    saturates: Decimal
    carbohydrate: Decimal
    sugars: Decimal
    fibre: Decimal
    protein: Decimal
    salt: Decimal
    polyols: Decimal
    alcohol: Decimal
    organic_acids: Decimal

    @property
    def energy_kj(self) -> Decimal:
        return self._energy(fat=37, carbohydrate=17, polyols="10", fibre=8, alcohol=29, acids=13)

    @property
    def energy_kcal(self) -> Decimal:
        return self._energy(fat=9, carbohydrate=4, polyols="2.4", fibre=2, alcohol=7, acids=3)

    def _energy(
        self, *, fat: int, carbohydrate: int, polyols: str, fibre: int, alcohol: int, acids: int
    ) -> Decimal:
        """The factors of Annex XIV; protein has that of carbohydrate."""
        return (
            fat * self.fat
            + carbohydrate * (self.carbohydrate - self.polyols + self.protein)
            + Decimal(polyols) * self.polyols
            + fibre * self.fibre
            + alcohol * self.alcohol
            + acids * self.organic_acids
        )


_SUMMED = tuple(field.name for field in fields(Sums))


def sums(inside: Contents) -> Sums:
    """In 100 g of the bar."""
    total = [Decimal()] * len(_SUMMED)
    for part in inside.parts:
        nutrition = part.module.ingredient.nutrition
        for place, name in enumerate(_SUMMED):
            total[place] += part.mg * getattr(nutrition, name)
    weight = max(1, inside.total_mg)
    return Sums(*(grams / weight for grams in total))


def in_grams(per_100g: Sums, mg: Milligrams) -> Sums:
    """The same food, that much of it."""
    return Sums(*(getattr(per_100g, name) * mg / REFERENCE_MG for name in _SUMMED))


def declared(grams: Sums, locale: str) -> NutritionDeclaration:
    return NutritionDeclaration(
        energy=energy(grams),
        fat=written(macronutrient(grams.fat), locale),
        saturates=written(saturates(grams.saturates), locale),
        carbohydrate=written(macronutrient(grams.carbohydrate), locale),
        sugars=written(macronutrient(grams.sugars), locale),
        fibre=written(macronutrient(grams.fibre), locale),
        protein=written(macronutrient(grams.protein), locale),
        salt=written(salt(grams.salt), locale),
    )


def energy(grams: Sums) -> str:
    return f"{rounded(grams.energy_kj, '1')} kJ / {rounded(grams.energy_kcal, '1')} kcal"


# The steps of the Commission's guidance on tolerances (December 2012), section 6.


def macronutrient(grams: Decimal) -> str:
    return _stepped(grams, negligible="0.5", fine="0.1", coarse_from=10, coarse="1")


def saturates(grams: Decimal) -> str:
    return _stepped(grams, negligible="0.1", fine="0.1", coarse_from=10, coarse="1")


def salt(grams: Decimal) -> str:
    if 0 < grams <= Decimal("0.0125"):
        return "<0.01 g"
    return _stepped(grams, negligible="0", fine="0.01", coarse_from=1, coarse="0.1")


def _stepped(grams: Decimal, *, negligible: str, fine: str, coarse_from: int, coarse: str) -> str:
    if not grams:
        return "0 g"
    if grams <= Decimal(negligible):
        return f"<{negligible} g"
    finely = rounded(grams, fine)
    # What the fine step rounds up to the limit is written like the limit: 9.95 g is "10 g".
    return f"{rounded(grams, coarse) if finely >= coarse_from else finely} g"
