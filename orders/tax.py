"""VAT: which class a bar is of. How much of a price is VAT says orders/billing.py."""

from __future__ import annotations

from configurator.domain.design import Design
from configurator.domain.family import Family
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
