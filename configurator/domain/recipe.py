"""What goes into a bar or a box of samples, in milligrams: the bill of materials."""

from __future__ import annotations

from dataclasses import dataclass

from configurator.domain.design import Design
from configurator.domain.family import Family, Milligrams


@dataclass(frozen=True, slots=True)
class Portion:
    module: str
    slot: str
    mg: Milligrams


def recipe(design: Design, family: Family) -> tuple[Portion, ...]:
    """Base first, then the choices in slot order; sums exactly to the net weight. Samples have no base.

    The base fills up what the choices leave. Without a base, or when the choices alone
    outweigh the bar (both are problems of the design), there is no base portion.
    """
    fill_mg = family.net_mg - design.inclusions_mg
    base = (Portion(design.base, family.base_slot.key, fill_mg),) if design.base and fill_mg > 0 else ()
    order = {slot.key: place for place, slot in enumerate(family.slots)}
    choices = sorted(design.choices, key=lambda choice: (order[choice.slot], choice.module))
    return base + tuple(Portion(choice.module, choice.slot, choice.mg) for choice in choices)


def net_mg(design: Design, family: Family) -> Milligrams:
    """A bar always weighs the same; a box of samples what is in its bags."""
    return family.net_mg if family.is_bar else design.inclusions_mg


def numbered(design: Design, family: Family) -> dict[tuple[str, str], int]:
    """Slot and module of every choice → the number that every paper of the bar calls it by."""
    chosen = (portion for portion in recipe(design, family) if portion.slot != family.base_slot.key)
    return {(portion.slot, portion.module): number for number, portion in enumerate(chosen, start=1)}


def grams(mg: Milligrams) -> str:
    """12000 → "12", 2500 → "2.5", 10 → "0.01": exact, no trailing zeros."""
    whole, rest = divmod(mg, 1000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".")
