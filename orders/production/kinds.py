"""Which kind of bars a design is for the temperers: its base, its zone, and what its label declares."""

from __future__ import annotations

from functools import lru_cache

from configurator.catalogue.families import all_current_families
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.label.zones import OPEN, handled, zone
from orders.production.planning.values import NOTHING, Allergens, Kind


def kind_of(design: Design, family: Family) -> Kind:
    """A box of samples needs no temperer, so it is of no zone."""
    if not family.is_bar:
        return Kind(family.key, "")
    where = zone(design, family)
    ingredients = [family.modules[key].ingredient for key in design.modules]
    contains = frozenset(code for each in ingredients for code in each.allergens)
    traces = frozenset(code for each in ingredients for code in each.traces)
    there = _there(family)
    # What nothing in the house contains cannot cling to a temperer, whatever a supplier warns of.
    declared = contains | ((traces | there) if where == OPEN else traces) & there
    return Kind(design.base or "", where, declared)


def boxes() -> list[str]:
    """What stands in place of a base where nothing is poured."""
    return [family.key for family in all_current_families() if not family.is_bar]


def written(kind: Kind) -> str:
    """The allergens of its label, as a booking keeps them."""
    return " ".join(sorted(kind.declared))


@lru_cache(maxsize=512)
def kind_written(base: str, zone: str, declared: str) -> Kind:
    return Kind(base, zone, frozenset(declared.split()) if declared else NOTHING)  # type: ignore[arg-type]


@lru_cache(maxsize=16)
def _there(family: Family) -> Allergens:
    """Of all that may be chosen."""
    return handled(OPEN, family)
