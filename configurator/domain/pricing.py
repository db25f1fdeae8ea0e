"""What a bar costs: one function, for the studio, the cart, the order and the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from configurator.domain.design import Design, choice_modules
from configurator.domain.family import (
    REFERENCE_MG,
    Cents,
    Family,
    Milligrams,
    Module,
    round_half_up,
)

CURRENCY: Final = "EUR"
"""The catalogue's own."""
CURRENCIES: Final = (CURRENCY, "USD", "GBP", "CHF")
"""In which prices are kept; each has a hundred cents."""


@dataclass(frozen=True, slots=True)
class PriceLine:
    text: str
    cents: Cents
    module: str = ""
    """Empty for the bar itself."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Prices include VAT."""

    lines: tuple[PriceLine, ...]
    net_mg: Milligrams
    currency: str = CURRENCY

    @property
    def total_cents(self) -> Cents:
        return sum(line.cents for line in self.lines)

    @property
    def cents_per_kg(self) -> Cents:
        """The unit price that must stand beside the price (98/6/EC)."""
        return round_half_up(self.total_cents * 1_000_000, self.net_mg)


def quote(design: Design, family: Family, locale: str) -> Quote:
    bar = PriceLine(family.name.to(locale), family.price_cents)
    base = (
        [_line(family.modules[design.base], family.net_mg, locale)]
        if design.base and family.modules[design.base].surcharge_cents
        else []
    )
    choices = [_line(module, choice.mg, locale) for choice, module in choice_modules(design, family)]
    return Quote((bar, *base, *choices), family.net_mg)


def surcharge_cents(module: Module, mg: Milligrams) -> Cents:
    """In proportion to the dose; rounded once, here."""
    dose_mg = REFERENCE_MG if module.kind == "base" else module.dose_mg
    return round_half_up(module.surcharge_cents * mg, dose_mg)


def _line(module: Module, mg: Milligrams, locale: str) -> PriceLine:
    return PriceLine(module.name.to(locale), surcharge_cents(module, mg), module.key)
