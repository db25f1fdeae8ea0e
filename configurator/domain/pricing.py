"""What a bar costs: one function, for the studio, the cart, the order and the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from configurator.domain.design import Design, choice_modules
from configurator.domain.family import (
    REFERENCE_MG,
    Cents,
    Family,
    Milligrams,
    Module,
    Text,
    round_half_up,
)
from configurator.domain.recipe import net_mg

CURRENCY: Final = "EUR"
"""The catalogue's own."""
CURRENCIES: Final = (CURRENCY, "USD", "GBP", "CHF")
"""In which prices are kept; each has a hundred cents."""
PACKING: Final = Text("Box, bags and filling", "Schachtel, Tütchen und Abfüllen")


@dataclass(frozen=True, slots=True)
class PriceList:
    """What the catalogue costs in a currency: so many times its own prices, but for some named ones."""

    currency: str = CURRENCY
    permille: int = 1000
    step_cents: Cents = 1
    """Prices are rounded half up to a multiple of this."""
    own: Mapping[str, Cents] = field(default_factory=dict, compare=False)
    """By the key of a family or a module: prices that are set by hand."""
    version: str = ""
    """Differs wherever what is set by hand does."""

    def listed(self, cents: Cents, key: str) -> Cents:
        if key in self.own:
            return self.own[key]
        return round_half_up(cents * self.permille, 1000 * self.step_cents) * self.step_cents


CATALOGUE_PRICES: Final = PriceList()


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
    lowest_cents: Cents | None = None
    """The lowest price of the 30 days before it was reduced, while it is; to stand beside the price."""
    has_unit_price: bool = True
    """False for different foods packed together, of which each has its own (PAngV § 4(3) no. 2)."""

    @property
    def total_cents(self) -> Cents:
        return sum(line.cents for line in self.lines)

    @property
    def cents_per_kg(self) -> Cents:
        """The unit price that must stand beside the price (98/6/EC); 0 where none must."""
        if not self.has_unit_price:
            return 0
        return round_half_up(self.total_cents * 1_000_000, self.net_mg)


def quote(design: Design, family: Family, locale: str, prices: PriceList = CATALOGUE_PRICES) -> Quote:
    name = family.name if family.is_bar else PACKING
    bar = PriceLine(name.to(locale), family_cents(family, prices))
    base = (
        [_line(family.modules[design.base], family.net_mg, locale, prices)]
        if design.base and family.modules[design.base].surcharge_cents
        else []
    )
    choices = [_line(module, choice.mg, locale, prices) for choice, module in choice_modules(design, family)]
    lines = (bar, *base, *choices)
    return Quote(lines, net_mg(design, family), prices.currency, has_unit_price=family.is_bar)


def family_cents(family: Family, prices: PriceList = CATALOGUE_PRICES) -> Cents:
    """The bar with the plainest base; of samples the packing."""
    return family.price_cents if prices is CATALOGUE_PRICES else prices.listed(family.price_cents, family.key)


def surcharge_cents(module: Module, mg: Milligrams, prices: PriceList = CATALOGUE_PRICES) -> Cents:
    """In proportion to the dose; rounded once, here."""
    dose_mg = REFERENCE_MG if module.kind == "base" else module.dose_mg
    cents = module.surcharge_cents
    if prices is not CATALOGUE_PRICES:
        # What is set by hand for a module is the price of a dose in a bar, not of a bag.
        cents = prices.listed(cents, "" if module.kind == "sample" else module.key)
    return round_half_up(cents * mg, dose_mg)


def _line(module: Module, mg: Milligrams, locale: str, prices: PriceList) -> PriceLine:
    return PriceLine(module.name.to(locale), surcharge_cents(module, mg, prices), module.key)
