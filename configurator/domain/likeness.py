"""How unlike two modules are, as somebody sees it who wanted the one and is offered the other."""

from __future__ import annotations

from collections.abc import Collection
from math import dist

from configurator.domain.family import Module

WHITE_TO_BLACK = 442


def unlikeness(wanted: Module, offered: Module) -> int:
    """0 for the same; what a person must not eat weighs most, then what it is, tastes and feels like."""
    return (
        60 * (offered.category != wanted.category)
        + 40 * bool(set(offered.ingredient.allergens) - set(wanted.ingredient.allergens))
        + 20 * (_diets_lost(wanted, offered) > 0)
        + _apart(40, wanted.tastes, offered.tastes)
        + _apart(30, wanted.textures, offered.textures)
        + 15 * (offered.shape.hint != wanted.shape.hint)
        + round(20 * dist(_rgb(wanted), _rgb(offered)) / WHITE_TO_BLACK)
        + min(20, abs(offered.surcharge_cents - wanted.surcharge_cents) // 5)
    )


def _diets_lost(wanted: Module, offered: Module) -> int:
    before, after = wanted.ingredient.diet, offered.ingredient.diet
    return sum(
        (
            before.vegan and not after.vegan,
            before.vegetarian and not after.vegetarian,
            before.gluten_free and not after.gluten_free,
            before.alcohol_free and not after.alcohol_free,
        )
    )


def _apart(weight: int, some: Collection[object], others: Collection[object]) -> int:
    """Nothing in common is the whole weight."""
    together = {*some, *others}
    return weight - weight * len({*some} & {*others}) // len(together) if together else 0


def _rgb(module: Module) -> tuple[int, ...]:
    return tuple(bytes.fromhex(module.colour.removeprefix("#")))
