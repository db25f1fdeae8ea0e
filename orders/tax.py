"""VAT: which class a bar is of, and how much of a price with VAT is VAT."""

from __future__ import annotations

from configurator.domain.design import Design
from configurator.domain.family import Cents, Family, round_half_up
from orders.models.rates import TaxClass


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


def included_vat(gross_cents: Cents, permille: int) -> Cents:
    """The VAT inside a price, rounded half up to the cent: once per line, never on sums."""
    return round_half_up(gross_cents * permille, 1000 + permille)


def shared_out(cents: Cents, weights: list[Cents]) -> list[Cents]:
    """An amount in proportion to weights, summing exactly; odd cents go to the first shares."""
    total = sum(weights)
    shares = [cents * weight // total for weight in weights]
    for place in range(cents - sum(shares)):
        shares[place] += 1
    return shares
