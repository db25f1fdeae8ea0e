"""Catalogues so small that every bar they allow can be tried one by one, with rules at random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations, product
from typing import TypeAlias

from hypothesis import strategies as st

from configurator.catalogue.loading import from_files
from configurator.domain.constraints import problems
from configurator.domain.design import Choice, Design
from configurator.domain.family import Family, Kind, Module, Slot, Text
from configurator.domain.rules import (
    Avoid,
    Excludes,
    Limit,
    LimitGrams,
    LimitPercent,
    LimitPrice,
    Needs,
)

BAR = from_files("bar-100")
BASES = ("pale", "brown")
OTHERS = ("almond", "berry", "crunch", "dust", "elder")
PLAIN = replace(BAR.modules["almond_whole"], also_usable_as=frozenset(), surcharge_cents=0)
WORDS = Text("Not so.", "So nicht.")
AnyRule: TypeAlias = Excludes | Needs | Limit | LimitGrams | LimitPercent | LimitPrice | Avoid


@st.composite
def small_families(draw: st.DrawFn) -> Family:
    others = OTHERS[: draw(st.integers(3, 5))]
    modules = {
        **{
            key: replace(BAR.modules["dark_60"], key=key, surcharge_cents=100 * n)
            for n, key in enumerate(BASES)
        },
        **{key: draw(_modules(key)) for key in others},
    }
    rules = draw(st.lists(_rules([*BASES, *others], others), max_size=5))
    return replace(
        BAR,
        version=draw(st.uuids()).hex,
        modules=modules,
        slots=(
            BAR.slots[0],
            draw(_slots(1)),
            draw(_slots(2)),
        ),
        constraints=tuple(replace(rule, key=f"rule-{n}") for n, rule in enumerate(rules)),
    )


@st.composite
def _modules(draw: st.DrawFn, key: str) -> Module:
    kinds: list[Kind] = ["mix-in", "topping"]
    kind = draw(st.sampled_from(kinds))
    dose_mg = draw(st.sampled_from([1, 7_000, 16_000, 24_000]))
    return replace(
        PLAIN,
        key=key,
        kind=kind,
        also_usable_as=draw(st.sampled_from([frozenset(), frozenset(kinds)])),
        dose_mg=dose_mg,
        max_dose_mg=dose_mg * draw(st.sampled_from([1, 2])),
        surcharge_cents=draw(st.sampled_from([0, 40, 90])),
        retired=draw(st.sampled_from([False] * 9 + [True])),
    )


@st.composite
def _slots(draw: st.DrawFn, place: int) -> Slot:
    slot = BAR.slots[place]
    maximum = draw(st.integers(1, 3))
    return replace(slot, minimum=draw(st.integers(0, min(2, maximum))), maximum=maximum)


def _rules(everything: list[str], others: tuple[str, ...]) -> st.SearchStrategy[AnyRule]:
    some = st.lists(st.sampled_from(everything), min_size=1, max_size=3, unique=True).map(tuple)
    some_others = st.lists(st.sampled_from(others), min_size=1, max_size=3, unique=True).map(tuple)
    return st.one_of(
        st.builds(Excludes, st.just(""), some, some, st.just(WORDS)),
        st.builds(Needs, st.just(""), some, some, st.just(WORDS)),
        st.builds(Needs, st.just(""), some_others, some, st.just(WORDS)),
        st.builds(Limit, st.just(""), some, st.integers(0, 2), st.just(WORDS)),
        st.builds(LimitGrams, st.just(""), some_others, st.sampled_from([1, 9_000, 20_000]), st.just(WORDS)),
        st.builds(LimitPercent, st.just(""), some_others, st.sampled_from([60, 150, 300]), st.just(WORDS)),
        st.builds(LimitPrice, st.just(""), st.just(()), st.sampled_from([520, 600, 700]), st.just(WORDS)),
        st.builds(LimitPrice, st.just(""), some, st.sampled_from([30, 110]), st.just(WORDS)),
        st.builds(Avoid, st.just(""), st.sampled_from(["MLK", "EGG"]), st.just(WORDS)),
    )


@st.composite
def designs_of(draw: st.DrawFn, family: Family) -> Design:
    design = Design(family.key, family.version, draw(st.sampled_from([None, *BASES])), name="Any")
    seats = [(slot.key, module) for slot in family.slots[1:] for module in family.seats[slot.key]]
    for slot, module in draw(st.lists(st.sampled_from(seats), max_size=3)) if seats else []:
        usual_mg = family.usual_dose(module)
        mg = draw(st.sampled_from([usual_mg, (usual_mg + 1) // 2, family.largest_dose(module)]))
        design = design.adding(module.key, slot, mg)
    return design


def can_be_finished(design: Design, family: Family) -> bool:
    """By trying every bar that holds the design and that its slots can hold, additions at half doses."""
    return any(not problems(whole, family, "en") for whole in _every_whole(design, family))


def _every_whole(design: Design, family: Family) -> Iterator[Design]:
    fillings = [_fillings(design, slot, family) for slot in family.slots[1:]]
    for base in [design.base] if design.base else BASES:
        for added in product(*fillings):
            yield replace(design, base=base, choices=(*design.choices, *chain(*added)))


def _fillings(design: Design, slot: Slot, family: Family) -> list[tuple[Choice, ...]]:
    chosen = design.in_slot(slot.key)
    taken = {choice.module for choice in chosen}
    free = [
        Choice(slot.key, module.key, (family.usual_dose(module) + 1) // 2)
        for module in family.seats[slot.key]
        if module.key not in taken
    ]
    sizes = range(max(0, slot.minimum - len(chosen)), slot.maximum - len(chosen) + 1)
    return [added for size in sizes for added in combinations(free, size)]
