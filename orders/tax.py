"""VAT: which class a bar is of, and its rate on a day. How much of a price it is says orders/billing.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from configurator.domain.design import Design
from configurator.domain.family import Family
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
    """Those of that day, in one query."""
    rates = VatRate.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), country__in=set(countries))
    valid = rates.filter(valid_from__lte=on).order_by("valid_from")
    return VatRates(
        {
            (rate.country, rate.tax_class): rate.permille
            for rate in valid.only("country", "tax_class", "permille")
        }
    )


def tax_class(design: Design, family: Family) -> TaxClass:
    """By composition: customs and tax offices look at what is in it, not at its name."""
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
