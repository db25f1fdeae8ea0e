"""Where a bar is made: zone F, into which nothing of Annex II is let, or zone O with all the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from configurator.domain.design import Design
from configurator.domain.family import Family, Module

Zone: TypeAlias = Literal["F", "O"]

FREE: Final = "F"
OPEN: Final = "O"


def zone(design: Design, family: Family) -> Zone:
    """One module of zone O moves the whole bar there; so does a base that is not chosen yet. A box of
    samples is of zone F if each of its bags is."""
    begun = design.base if family.is_bar else design.choices
    return FREE if begun and not freeing(design, family) else OPEN


def freeing(design: Design, family: Family) -> tuple[str, ...]:
    """What keeps the bar out of zone F, the base first: without it, it would be made there."""
    present = dict.fromkeys(design.modules)
    return tuple(key for key in present if not family.modules[key].free_zone)


def zone_of(module: Module) -> Zone:
    return FREE if module.free_zone else OPEN


def handled(here: Zone, family: Family) -> frozenset[str]:
    """Codes of what a bar may meet there: zone O is not cleaned between two bars."""
    return frozenset() if here == FREE else _contained(family.modules.values())


def _contained(modules: Iterable[Module]) -> frozenset[str]:
    # Sulphites are no code of an ingredient: what rubs off stays far below the 10 mg/kg that count.
    return frozenset(code for module in modules if not module.retired for code in module.ingredient.allergens)
