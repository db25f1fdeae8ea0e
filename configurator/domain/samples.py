"""Samples: what a module is when it is filled loose into a little bag, to be tasted before one designs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from configurator.domain.design import Design
from configurator.domain.family import (
    Cents,
    Family,
    Milligrams,
    Module,
    Shape,
    TenthMm,
    round_half_up,
)

CHOCOLATE_MG: Final[Milligrams] = 10_000
LEAST_MG: Final[Milligrams] = 500
"""What seasons a bar with less than that is nothing to eat from a bag."""
UNIT_PRICED_FROM_MG: Final[Milligrams] = 10_000
"""Below that a unit price helps nobody (PAngV § 4(3) no. 1)."""

BAG_LENGTH: Final[TenthMm] = 450
BAG_WIDTH: Final[TenthMm] = 520
"""Below 25 cm², so that nutrition may be left out (Annex V point 18 of Regulation (EU) 1169/2011)."""

_NOT_LOOSE: Final = {"swirl", "sheet", "leaf_sheet"}
_BUTTON: Final = Shape("drop", 110, 110, 55, 400_000)
"""How we cast chocolate that is to be tasted."""


def as_samples(modules: Iterator[Module], portion_cents: Cents) -> Iterator[Module]:
    """Those that can be filled loose. A bag holds what usually goes into 100 g of bar, and costs what that
    adds to a bar and its filling."""
    return (_as_sample(module, portion_cents) for module in modules if _is_loose(module))


def _is_loose(module: Module) -> bool:
    """Decorations are chosen by eye, pastes and prints cannot be filled, and what the law knows as a
    confectionery bar would be none in a bag."""
    return (
        module.kind != "decoration"
        and module.shape.hint not in _NOT_LOOSE
        and _portion_mg(module) >= LEAST_MG
        and not (module.chocolate and " bar" in module.chocolate.legal_name.en)
    )


def _as_sample(module: Module, portion_cents: Cents) -> Module:
    mg = _portion_mg(module)
    surcharge = round_half_up(module.surcharge_cents * mg, module.dose_mg)
    return replace(
        module,
        kind="sample",
        also_usable_as=frozenset(),
        dose_mg=mg,
        max_dose_mg=mg,
        surcharge_cents=portion_cents + surcharge,
        shape=_BUTTON if module.kind == "base" else module.shape,
    )


def _portion_mg(module: Module) -> Milligrams:
    return CHOCOLATE_MG if module.kind == "base" else module.dose_mg


def bags(design: Design, family: Family) -> tuple[Design, ...]:
    """Each bag of the box as a box of its own, in the order in which they are numbered."""
    if family.is_bar:
        return ()
    order = {slot.key: place for place, slot in enumerate(family.slots)}
    choices = sorted(design.choices, key=lambda choice: (order[choice.slot], choice.module))
    return tuple(replace(design, choices=(choice,), moves=()) for choice in choices)


def cents_per_kg(cents: Cents, mg: Milligrams) -> Cents | None:
    """The price of a bag for a kilogram, where one must stand beside it."""
    return round_half_up(cents * 1_000_000, mg) if mg >= UNIT_PRICED_FROM_MG else None
