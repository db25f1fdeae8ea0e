"""The EU food label of one bar: what the studio shows, the order keeps and the wrapper prints."""

from __future__ import annotations

from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.label.allergens import contained, may_contain, precaution
from configurator.domain.label.contents import contents
from configurator.domain.label.declaration import Label
from configurator.domain.label.ingredients import ingredient_list
from configurator.domain.label.names import legal_name
from configurator.domain.label.nutrition import declaration
from configurator.domain.label.statements import net_quantity, statements, storage
from configurator.domain.label.zones import handled, zone

__all__ = ["Label", "label"]


def label(design: Design, family: Family, locale: str) -> Label:
    """Works for unfinished designs too: their label covers what has been chosen so far."""
    inside = contents(design, family)
    where = zone(design, family)
    traces = may_contain(inside, handled(where, family))
    return Label(
        locale=locale,
        name=legal_name(inside, locale),
        ingredients=ingredient_list(inside, locale),
        allergens=contained(inside),
        may_contain=traces,
        precaution=precaution(traces, locale),
        nutrition=declaration(inside, locale),
        statements=statements(inside, locale),
        net_quantity=net_quantity(family.net_mg, locale),
        storage=storage(locale),
        zone=where,
    )
