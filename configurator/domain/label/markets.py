"""Which modules may not be sold in a country, and why: said before anybody pays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from configurator.domain.design import Design
from configurator.domain.family import Family, Module, Text

UNITED_STATES: Final = "US"
BLOCK: Final = re.compile(r"([A-Z]{2})(?:\?([a-z-]+))?")
"""A country; behind a question mark what has to be cleared before it can be sold there."""

FORBIDDEN: Final = Text("not permitted in food there", "dort in Lebensmitteln nicht zugelassen")
WITH_ALCOHOL: Final = Text(
    "sweets with alcohol may not be sold there", "Süßes mit Alkohol darf dort nicht verkauft werden"
)
NO_BAG_LABELS: Final = Text(
    "our little bags are not labelled for there", "unsere Tütchen sind für dort nicht etikettiert"
)
TO_CLEAR: Final = {
    "legal-name": Text("its name is not cleared there yet", "ihr Name ist dort noch nicht geklärt"),
    "colour-additive": Text("its colour is not cleared there yet", "ihre Farbe ist dort noch nicht geklärt"),
}


@dataclass(frozen=True, slots=True)
class Block:
    module: str
    reason: Text


def blocks(design: Design, family: Family, country: str) -> tuple[Block, ...]:
    """What is doubtful is blocked too, until it has been cleared."""
    present = tuple(family.modules[key] for key in dict.fromkeys(design.modules))
    if country == UNITED_STATES and not family.is_bar:
        return tuple(Block(module.key, NO_BAG_LABELS) for module in present)
    return tuple(
        Block(module.key, reason)
        for module in present
        if (reason := _reason_against(module, country)) is not None
    )


def _reason_against(module: Module, country: str) -> Text | None:
    for named, to_clear in BLOCK.findall(module.ingredient.market_block):
        if named == country:
            return _reason(module, to_clear)
    return None


def _reason(module: Module, to_clear: str) -> Text:
    if to_clear:
        return TO_CLEAR[to_clear]
    return FORBIDDEN if module.ingredient.diet.alcohol_free else WITH_ALCOHOL
