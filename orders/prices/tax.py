"""VAT: which class a bar is of, and its rate on a day. How much of a price it is says orders/prices/billing.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.kept_briefly import KeptBriefly
from orders.models.rates import TaxClass, VatRate


class RateMissing(LookupError):
    """The tables have no VAT rate for a country they offer."""


@dataclass(frozen=True, slots=True)
class VatRates:
    permille: Mapping[tuple[str, str], int]
    """By country and tax class."""

    def of(self, country: str, of_class: TaxClass) -> int:
        """Raises RateMissing."""
        rate = self.permille.get((country, of_class), self.permille.get((country, TaxClass.ANY)))
        if rate is None:
            raise RateMissing(f"{country}, {of_class}")
        return rate


def vat_rates(countries: Iterable[str], *, on: date) -> VatRates:
    """Those of that day."""
    asked = set(countries)
    held = (rate for rate in kept_rates() if rate.country in asked and _holds(rate, on))
    return VatRates({(rate.country, rate.tax_class): rate.permille for rate in held})


def _read() -> tuple[VatRate, ...]:
    return tuple(VatRate.objects.order_by("valid_from"))


kept_rates: Final = KeptBriefly(_read)


def _holds(rate: VatRate, on: date) -> bool:
    return rate.valid_from <= on and (rate.valid_until is None or on <= rate.valid_until)


def tax_class(design: Design, family: Family) -> TaxClass:
    """By composition: customs and tax offices look at what is in it, not at its name."""
    if not family.is_bar:
        # Different foods in one box go by the dearer rate where chocolate has two; docs/samples.md.
        return TaxClass.FILLED
    assert design.base is not None
    chocolate = family.modules[design.base].chocolate
    assert chocolate is not None
    if chocolate.cocoa_solids_pct == 0:
        return TaxClass.NO_COCOA
    # Cocoa butter alone does not make HS 1806; such bars are sugar confectionery.
    if chocolate.reserved_name.startswith("white chocolate") or not chocolate.reserved_name:
        return TaxClass.WHITE
    if chocolate.milk_solids_pct > 0:
        return TaxClass.MILK
    return TaxClass.FILLED if design.choices else TaxClass.DARK_PLAIN
