"""The food label of one bar: what the studio shows, the order keeps and the printer prints."""

from __future__ import annotations

from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.label.allergens import contained, may_contain, precaution
from configurator.domain.label.contents import Contents, contents
from configurator.domain.label.declaration import Label, Portion
from configurator.domain.label.ingredients import ingredient_list, shares
from configurator.domain.label.names import legal_name
from configurator.domain.label.nutrition import declared, in_grams, sums
from configurator.domain.label.packs import portion
from configurator.domain.label.statements import accompanying, net_quantity, statements, storage
from configurator.domain.label.zones import handled, zone

__all__ = ["Label", "label"]


def label(design: Design, family: Family, locale: str) -> Label:
    """Works for unfinished designs too: their label covers what has been chosen so far."""
    inside = contents(design, family)
    where = zone(design, family)
    traces = may_contain(inside, handled(where, family))
    nutrients = sums(inside)
    serving = portion(family)
    return Label(
        locale=locale,
        name=legal_name(inside, locale),
        accompanying=accompanying(inside, locale),
        ingredients=ingredient_list(inside, locale),
        quid=shares(inside, locale),
        allergens=contained(inside),
        may_contain=traces,
        precaution=precaution(traces, locale),
        nutrition=declared(nutrients, locale),
        portion=Portion(
            grams=net_quantity(serving.mg, locale),
            count=serving.count,
            nutrition=declared(in_grams(nutrients, serving.mg), locale),
        )
        if serving
        else None,
        statements=statements(inside, locale),
        net_quantity=net_quantity(family.net_mg, locale),
        storage=storage(locale),
        zone=where,
        keeps_months=_keeps_months(inside),
    )


def _keeps_months(inside: Contents) -> int:
    return min((part.module.ingredient.shelf_life_months for part in inside.parts), default=0)
