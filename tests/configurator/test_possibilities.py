"""The number of possible bars: the very number that trying all of them gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configurator.catalogue.loading import from_files
from configurator.domain.constraints import problems
from configurator.domain.design import Choice, Design
from configurator.domain.family import Family, Module, Slot, Text
from configurator.domain.possibilities import NotCounted, in_digits, in_words, possibilities
from configurator.domain.rules import (
    Avoid,
    Constraint,
    Excludes,
    Limit,
    LimitGrams,
    LimitPercent,
    LimitPrice,
    Needs,
)

BAR = from_files("bar-100")
WHY = Text("Because.", "Darum.")
KEYS = ("dark", "milk", "nut", "fig", "salt", "gold", "rose")
ALLERGENS = ((), ("MLK",), ("NUT-HAZ",))

keys = st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True).map(tuple)
small = st.integers(0, 4)


@st.composite
def any_module(draw: st.DrawFn, key: str) -> Module:
    base = key in {"dark", "milk"}
    pattern = BAR.modules["dark_60" if base else "almond_whole"]
    also = draw(st.sets(st.sampled_from(["mix-in", "topping", *(["base"] if base else [])]), max_size=2))
    return replace(
        pattern,
        key=key,
        kind="base" if base else draw(st.sampled_from(["mix-in", "topping"])),
        also_usable_as=frozenset(also),  # type: ignore[arg-type]  # drawn from the kinds
        ingredient=replace(pattern.ingredient, allergens=draw(st.sampled_from(ALLERGENS))),
        dose_mg=draw(st.integers(1, 3)),
        max_dose_mg=draw(st.integers(3, 6)),
        surcharge_cents=draw(st.integers(0, 9)),
        retired=draw(st.integers(0, 5)) == 0,
    )


@st.composite
def any_rule(draw: st.DrawFn) -> Constraint:
    rule: Constraint = draw(
        st.one_of(
            st.builds(Excludes, st.just("apart"), keys, keys, st.just(WHY)),
            st.builds(Needs, st.just("together"), keys, keys, st.just(WHY)),
            st.builds(Limit, st.just("few"), keys, small, st.just(WHY)),
            st.builds(LimitGrams, st.just("light"), keys, small, st.just(WHY)),
            st.builds(LimitPercent, st.just("part"), keys, st.integers(0, 60), st.just(WHY)),
            st.builds(LimitPrice, st.just("cheap"), keys | st.just(()), st.integers(0, 30), st.just(WHY)),
            st.builds(Avoid, st.just("avoid"), st.sampled_from(["MLK", "NUT"]), st.just(WHY)),
        )
    )
    return rule


@st.composite
def any_family(draw: st.DrawFn) -> Family:
    """So small that 1 mg weighs: grams, per cent and cents bind."""
    base, mixed, on_top = BAR.slots[:3]
    least, most = sorted(draw(st.tuples(st.integers(0, 2), st.integers(1, 3))))
    return replace(
        BAR,
        net_mg=draw(st.sampled_from([8, 20, 100])) * 1000 if draw(st.booleans()) else 12,
        price_cents=draw(st.integers(0, 10)),
        slots=(
            base,
            replace(mixed, minimum=least, maximum=most),
            replace(on_top, maximum=draw(st.integers(1, 3))),
        ),
        modules={key: draw(any_module(key)) for key in KEYS},
        constraints=tuple(draw(st.lists(any_rule(), max_size=4))),
    )


def subsets(places: list[tuple[Slot, Module]]) -> Iterator[tuple[tuple[Slot, Module], ...]]:
    return chain.from_iterable(combinations(places, size) for size in range(len(places) + 1))


def is_possible(base: Module, chosen: tuple[tuple[Slot, Module], ...], family: Family) -> bool:
    choices = tuple(Choice(slot.key, module.key, 1) for slot, module in chosen)
    return not problems(Design(family.key, family.version, base.key, choices, "Ada"), family, "en")


def tried(family: Family) -> int:
    places = [(slot, module) for slot in family.slots[1:] for module in family.seats[slot.key]]
    small_enough = [
        chosen
        for chosen in subsets(places)
        if all(sum(slot is own for own, _ in chosen) <= slot.maximum for slot in family.slots[1:])
    ]
    return sum(
        is_possible(base, chosen, family) for base, chosen in product(family.seats["base"], small_enough)
    )


@given(any_family())
@settings(max_examples=80, deadline=None)
def test_counting_gives_the_number_that_trying_gives(family: Family) -> None:
    assert possibilities(family) == tried(family)


@given(any_family(), st.data())
@settings(max_examples=40, deadline=None)
def test_what_cannot_be_made_of_a_milligram_each_cannot_be_made_of_more(
    family: Family, data: st.DataObject
) -> None:
    places = [(slot, module) for slot in family.slots[1:] for module in family.seats[slot.key]]
    chosen = tuple(data.draw(st.lists(st.sampled_from(places), max_size=3, unique=True))) if places else ()
    base = data.draw(st.sampled_from(family.seats["base"]))
    choices = tuple(Choice(slot.key, m.key, data.draw(st.integers(1, 5))) for slot, m in chosen)
    heavier = Design(family.key, family.version, base.key, choices, "Ada")
    assert problems(heavier, family, "en") or is_possible(base, chosen, family)


def test_names_and_amounts_and_patterns_are_not_counted() -> None:
    alone = replace(BAR, modules={"dark_60": BAR.modules["dark_60"]}, constraints=())
    assert possibilities(alone) == 1


def test_one_base_and_two_toppings_of_which_both_may_be_chosen_make_four_bars() -> None:
    modules = {
        key: BAR.modules[key]
        for key in ("dark_60", "almond_half_salted", "rose_petals")
        if key in BAR.modules
    }
    kept = replace(BAR, modules=modules | {"almond_whole": BAR.modules["almond_whole"]}, constraints=())
    on_top = [m for m in kept.modules.values() if m.kind != "base"]
    assert possibilities(replace(kept, slots=(BAR.slots[0], BAR.slots[2]))) == 2 ** len(
        [m for m in on_top if BAR.slots[2].takes(m)]
    )


@pytest.mark.parametrize("key", ["bar-100", "mini-40", "heart-80", "slab-250"])
def test_the_real_catalogue_is_counted(key: str) -> None:
    assert possibilities(from_files(key)) > 10**16


def test_a_rule_of_an_unknown_kind_is_not_guessed_at() -> None:
    class Moon:
        key = "moon"

    with pytest.raises(NotCounted, match="the rule moon"):
        possibilities(replace(BAR, constraints=(Moon(),)))  # type: ignore[arg-type]  # no kind that we know


@pytest.mark.parametrize(
    ("number", "en", "de"),
    [
        (999_999, "999,999", "999.999"),
        (1_000_000, "1 million", "1 Million"),
        (1_099_999, "1 million", "1 Million"),
        (1_100_000, "1.1 million", "1,1 Millionen"),
        (85_959_796_889_299_518, "85 quadrillion", "85 Billiarden"),
        (3_190_000_000_000_000_000, "3.1 quintillion", "3,1 Trillionen"),
        (10**33, "1,000 nonillion", "1.000 Quintillionen"),
    ],
)
def test_a_large_number_is_said_as_people_say_it_and_never_more_than_it_is(
    number: int, en: str, de: str
) -> None:
    assert (in_words(number, "en"), in_words(number, "de")) == (en, de)


def test_the_exact_number_is_at_hand() -> None:
    assert in_digits(85_959_796_889_299_518, "en") == "85,959,796,889,299,518"
    assert in_digits(85_959_796_889_299_518, "de") == "85.959.796.889.299.518"
