"""The food label of one bar or one box of samples: what the studio shows, the order keeps, the printer prints."""

from __future__ import annotations

from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.label.allergens import contained, may_contain, precaution
from configurator.domain.label.bags import label_of_box
from configurator.domain.label.contents import contents, keeps_months
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
    return _of_bar(design, family, locale) if family.is_bar else label_of_box(design, family, locale)


def _of_bar(design: Design, family: Family, locale: str) -> Label:
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
        keeps_months=keeps_months(inside),
    )
