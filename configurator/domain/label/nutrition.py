"""The nutrition declaration per 100 g (Art. 30-35, Annexes XIV and XV), from unrounded sums."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from configurator.domain.label.contents import Contents
from configurator.domain.label.declaration import NutritionDeclaration
from configurator.domain.label.words import rounded, written


@dataclass(frozen=True, slots=True)
class Sums:
    """Grams in 100 g of the bar, unrounded. Carbohydrate includes polyols and excludes fibre."""

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


def sums(inside: Contents) -> Sums:
    return Sums(
        fat=inside.average(lambda ingredient: ingredient.nutrition.fat),
        saturates=inside.average(lambda ingredient: ingredient.nutrition.saturates),
        carbohydrate=inside.average(lambda ingredient: ingredient.nutrition.carbohydrate),
        sugars=inside.average(lambda ingredient: ingredient.nutrition.sugars),
        fibre=inside.average(lambda ingredient: ingredient.nutrition.fibre),
        protein=inside.average(lambda ingredient: ingredient.nutrition.protein),
        salt=inside.average(lambda ingredient: ingredient.nutrition.salt),
        polyols=inside.average(lambda ingredient: ingredient.nutrition.polyols),
        alcohol=inside.average(lambda ingredient: ingredient.nutrition.alcohol),
        organic_acids=inside.average(lambda ingredient: ingredient.nutrition.organic_acids),
    )


def declaration(inside: Contents, locale: str) -> NutritionDeclaration:
    per_100g = sums(inside)
    return NutritionDeclaration(
        energy=energy(per_100g),
        fat=written(macronutrient(per_100g.fat), locale),
        saturates=written(saturates(per_100g.saturates), locale),
        carbohydrate=written(macronutrient(per_100g.carbohydrate), locale),
        sugars=written(macronutrient(per_100g.sugars), locale),
        fibre=written(macronutrient(per_100g.fibre), locale),
        protein=written(macronutrient(per_100g.protein), locale),
        salt=written(salt(per_100g.salt), locale),
    )


def energy(per_100g: Sums) -> str:
    return f"{rounded(per_100g.energy_kj, '1')} kJ / {rounded(per_100g.energy_kcal, '1')} kcal"


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
