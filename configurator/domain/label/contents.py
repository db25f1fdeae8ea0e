"""What is inside one bar, as the label counts it: each module once, however many slots hold it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from configurator.domain.design import Design
from configurator.domain.family import Family, Ingredient, Milligrams, Module
from configurator.domain.recipe import recipe


@dataclass(frozen=True, slots=True)
class Part:
    module: Module
    mg: Milligrams


@dataclass(frozen=True, slots=True)
class Contents:
    parts: tuple[Part, ...]
    total_mg: Milligrams = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total_mg", sum(part.mg for part in self.parts))

    @property
    def base(self) -> Module | None:
        return next((part.module for part in self.parts if part.module.kind == "base"), None)

    @property
    def choices(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.module.kind != "base")

    def percent(self, mg: Milligrams) -> Decimal:
        return Decimal(100 * mg) / self.total_mg

    def average(self, of: Callable[[Ingredient], Decimal | int]) -> Decimal:
        """A figure of the ingredients (per 100 g, per kg), weighted: the figure of the bar."""
        weighted = sum(part.mg * of(part.module.ingredient) for part in self.parts)
        return Decimal(weighted) / max(1, self.total_mg)


def contents(design: Design, family: Family) -> Contents:
    mg: dict[str, Milligrams] = {}
    for portion in recipe(design, family):
        mg[portion.module] = mg.get(portion.module, 0) + portion.mg
    return Contents(tuple(Part(family.modules[key], mg[key]) for key in mg if mg[key] > 0))


def keeps_months(inside: Contents) -> int:
    """As long as the part that keeps shortest."""
    return min((part.module.ingredient.shelf_life_months for part in inside.parts), default=0)
