"""The labels of a box of samples: each bag is prepacked food of its own, with a label of its own."""

from __future__ import annotations

from typing import Final

from configurator.domain.design import Design
from configurator.domain.family import Family, Module, Text
from configurator.domain.label.allergens import contained, may_contain, precaution
from configurator.domain.label.contents import Contents, contents, keeps_months
from configurator.domain.label.declaration import Label
from configurator.domain.label.ingredients import list_of_one, split_name
from configurator.domain.label.nutrition import declared, sums
from configurator.domain.label.statements import (
    INNER_SHARES,
    accompanying,
    net_quantity,
    statements,
    storage,
)
from configurator.domain.label.words import capitalised, plain
from configurator.domain.label.zones import handled, zone, zone_of
from configurator.domain.samples import bags

ASSORTMENT: Final = Text(
    "Assortment of foods to taste, packed separately", "Zusammenstellung einzeln verpackter Kostproben"
)


def label_of_box(design: Design, family: Family, locale: str) -> Label:
    """What is true of all bags together, and the label of each."""
    inside = contents(design, family)
    of_bags = tuple(_label_of_bag(contents(bag, family), family, locale) for bag in bags(design, family))
    allergens = {code for bag in of_bags for code in bag.allergens}
    traces = tuple(sorted({code for bag in of_bags for code in bag.may_contain} - allergens))
    return Label(
        locale=locale,
        name=ASSORTMENT.to(locale),
        accompanying=(),
        ingredients="",
        quid=(),
        allergens=tuple(sorted(allergens)),
        may_contain=traces,
        precaution=precaution(traces, locale),
        nutrition=declared(sums(inside), locale),
        portion=None,
        statements=(),
        net_quantity=net_quantity(inside.total_mg, locale),
        storage=storage(locale),
        zone=zone(design, family),
        keeps_months=keeps_months(inside),
        bags=of_bags,
    )


def _label_of_bag(inside: Contents, family: Family, locale: str) -> Label:
    """No share is declared: a bag holds one food."""
    (part,) = inside.parts
    where = zone_of(part.module)
    traces = may_contain(inside, handled(where, family))
    return Label(
        locale=locale,
        name=_name(part.module, locale),
        accompanying=accompanying(inside, locale),
        ingredients=list_of_one(inside, locale),
        quid=(),
        allergens=contained(inside),
        may_contain=traces,
        precaution=precaution(traces, locale),
        nutrition=declared(sums(inside), locale),
        portion=None,
        statements=tuple(words for words in statements(inside, locale) if words != INNER_SHARES.to(locale)),
        net_quantity=net_quantity(part.mg, locale),
        storage=storage(locale),
        zone=where,
        keeps_months=keeps_months(inside),
    )


def _name(module: Module, locale: str) -> str:
    if module.chocolate:
        return module.chocolate.legal_name.to(locale)
    return capitalised(split_name(plain(module.ingredient.text.to(locale)))[0])
