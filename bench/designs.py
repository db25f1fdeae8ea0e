"""Bars as people might make them, each another one: seeded, so that every run measures the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from configurator.catalogue.loading import from_files
from configurator.domain.design import PATTERNS, Design
from configurator.domain.family import Family

FAMILIES = ("bar-100", "mini-40", "heart-80", "slab-250")

# 11 almonds and 12 hazelnuts lie on it, and a coffee bean.
PIECES = (("almond_whole", 12_000), ("hazelnut_whole", 12_000), ("coffee_bean_whole", 130))
FORTY = (("hazelnut_whole", 20_000), ("almond_whole", 18_000), ("cranberry_dried", 1_500))
SPECKS = (("poppy_seeds", 2_500),)
# Six toppings, five of them by the pinch: the most there is to place.
FULL = ("sesame_black", "poppy_seeds", "coconut_desiccated", "cocoa_nibs", "feuilletine", "almond_whole")


def families() -> list[Family]:
    return [from_files(key) for key in FAMILIES]


def few(family: Family) -> Design:
    return _with(family, PIECES)


def forty(family: Family) -> Design:
    return _with(family, FORTY)


def specks(family: Family) -> Design:
    """About five thousand."""
    return _with(family, SPECKS)


def full(family: Family) -> Design:
    return _with(family, [(key, family.usual_dose(family.modules[key])) for key in FULL])


def _with(family: Family, pieces: Sequence[tuple[str, int]]) -> Design:
    design = Design(family.key, family.version, "dark_60")
    for module, mg in pieces:
        design = design.adding(module, "toppings", mg)
    return design


def one_after_another(families: Sequence[Family], seed: int = 1) -> Iterator[tuple[Design, Family]]:
    """Endlessly many different ones, by somebody who tries everything."""
    dice = Random(seed)
    while True:
        family = dice.choice(families)
        yield _any(family, dice), family


def with_every_module(families: Sequence[Family]) -> Iterator[tuple[Design, Family]]:
    """Each module of each family on each of its faces, in each slot that takes it."""
    for family in families:
        bases = family.seats[family.base_slot.key]
        for base in bases:
            for face in family.faces:
                yield Design(family.key, family.version, base.key, face=face.key), family
        for slot, modules in family.seats.items():
            for module in modules:
                if slot != family.base_slot.key:
                    design = Design(family.key, family.version, bases[0].key)
                    yield design.adding(module.key, slot, family.usual_dose(module)), family


def _any(family: Family, dice: Random) -> Design:
    design = Design(
        family.key,
        family.version,
        dice.choice(family.seats[family.base_slot.key]).key,
        seed=dice.randrange(2**31),
        face=dice.choice(family.faces).key,
    )
    for slot in family.slots:
        if slot is not family.base_slot:
            for module in dice.sample(family.seats[slot.key], dice.randint(0, min(4, slot.maximum))):
                mg = family.usual_dose(module) * dice.randint(50, 150) // 100
                design = design.adding(module.key, slot.key, max(1, mg), dice.choice(PATTERNS))
    return design
