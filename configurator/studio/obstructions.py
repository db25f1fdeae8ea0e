"""What stands in a module's way, in words, and the ways out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from configurator.catalogue import price_lists
from configurator.catalogue.sold_out import gone
from configurator.domain.design import Design
from configurator.domain.domains import Inquiry
from configurator.domain.family import Family
from configurator.domain.repairs import Repair, repairs
from configurator.studio.shelves import ModuleCard, card_of


@dataclass(frozen=True, slots=True)
class Obstruction:
    card: ModuleCard
    state: Literal["chosen", "open", "blocked"]
    reason: str
    causes: tuple[str, ...]
    """The names of what is chosen and stands in the way."""
    repairs: tuple[Repair, ...]
    is_sold_out: bool = False
    """It comes back by itself."""


def obstruction(design: Design, family: Family, module: str, slot: str, locale: str) -> Obstruction:
    wanted = family.modules[module]
    state = Inquiry(design, family, locale).state(module, slot)
    is_blocked = state.state == "blocked"
    return Obstruction(
        card=card_of(wanted, family.slot(slot), family, locale),
        state=state.state,
        reason=f"{state.reason} {state.background}".strip(),
        causes=tuple(family.modules[cause.partition(":")[2]].name.to(locale) for cause in state.because),
        repairs=repairs(design, family, module, slot, locale, price_lists.active()) if is_blocked else (),
        is_sold_out=module in gone(family),
    )
