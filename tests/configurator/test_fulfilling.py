"""A wish is fulfilled exactly if some bar fulfils it: every bar of a small catalogue says so too."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import combinations, product
from random import Random

import pytest

from configurator.catalogue.loading import from_files
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.fulfilling import fulfilment, is_possible
from configurator.domain.label.contents import contents
from configurator.domain.label.nutrition import sums
from configurator.domain.obstacles import obstacles, ways_out
from configurator.domain.pricing import quote
from configurator.domain.surprise import surprise
from configurator.domain.wishes import LITTLE, Larder, Wish, cents, dose, larder, seated
from configurator.makers import pairings

FEW = (
    "dark_60",
    "milk_37",
    "dark_65_nas",
    "peanut_salted",
    "sea_salt_flakes",
    "date_pieces",
    "raisins",
    "popping_candy",
    "caramel_salted",
    "raspberry_fd",
)


@cache
def stocked(key: str) -> Larder:
    family = from_files(key)
    return larder(family, pairings.liked(family))


@cache
def few() -> Larder:
    """Ten modules, two places for toppings and one to mix in."""
    family = from_files("bar-100")
    slots = tuple(replace(slot, maximum=min(2, slot.maximum)) for slot in family.slots)
    modules = {key: family.modules[key] for key in FEW}
    return larder(replace(family, version="few", slots=slots, modules=modules), {})


def anything(family: Family, **wishes) -> Wish:
    return Wish(Design(family.key, family.version), frozenset(family.modules), **wishes)


def every_bar(family: Family) -> Iterator[Design]:
    """With small and large doses, of up to four things."""
    choices = [module for module in family.modules.values() if module.kind != "base"]
    for base in family.seats["base"]:
        empty = Design(family.key, family.version, base.key)
        for number in range(4):
            for modules in combinations(choices, number):
                doses = product(*((dose(m, LITTLE, family), family.largest_dose(m)) for m in modules))
                for mg in doses:
                    picks = dict(zip((m.key for m in modules), mg, strict=True))
                    design = seated(empty, picks, family)
                    if design is not None and design.inclusions_mg <= family.net_mg * 4 // 10:
                        yield design


@cache
def known_bars() -> list[tuple[frozenset[str], int, Decimal]]:
    """What each bar tastes of, costs and weighs in energy; without those that break a rule."""
    stock = few()
    wish = anything(stock.family)
    return [
        (stock.has_traits(design), cents(design, stock.family), stock.kcal(design))
        for design in every_bar(stock.family)
        if stock.fulfils(design, wish)
    ]


def test_no_bar_of_a_small_catalogue_fulfils_what_is_called_impossible():
    """And none is cheaper than the one that was found."""
    dice = Random(5)
    traits = sorted({trait for key in FEW for trait in few().traits[key]})
    answers = set()
    for _ in range(120):
        wish = anything(
            few().family,
            traits=tuple(dice.sample(traits, dice.randrange(4))),
            most_cents=dice.choice((None, 480, 520, 560, 620)),
            most_kcal=dice.choice((None, 460, 500, 530, 560)),
        )
        cheapest = min(
            (
                price
                for tastes, price, kcal in known_bars()
                if tastes.issuperset(wish.traits)
                and (wish.most_cents is None or price <= wish.most_cents)
                and (wish.most_kcal is None or kcal <= wish.most_kcal)
            ),
            default=None,
        )
        found = fulfilment(wish, few())
        assert is_possible(wish, few()) == (found is not None)
        answers.add(found is None)
        if cheapest is not None:
            assert found is not None, wish
            assert cents(found, few().family) <= cheapest
        if found is not None:
            assert few().fulfils(found, wish)
    assert answers == {True, False}


def test_the_energy_that_a_wish_counts_is_the_labels(bar):
    stock = stocked("bar-100")
    for seed in range(100):
        design = surprise(anything(bar), stock, seed)
        label = sums(contents(design, bar)).energy_kcal
        assert abs(stock.kcal(design) - label) < Decimal("0.001")


@pytest.mark.parametrize(
    ("traits", "most_cents", "most_kcal"),
    [
        (("crunchy", "salty"), 700, 500),
        (("crunchy", "salty", "fruity"), 650, None),
        ((), None, 450),
        (("precious", "smoky", "floral", "hot", "crunchy", "fruity"), 900, 500),
        (("creamy", "roasted"), 560, None),
    ],
)
def test_bars_for_a_wish_keep_it(bar, traits, most_cents, most_kcal):
    stock = stocked("bar-100")
    wish = anything(bar, traits=traits, most_cents=most_cents, most_kcal=most_kcal)

    for seed in range(10):
        found = surprise(wish, stock, seed)
        assert stock.fulfils(found, wish)
        assert most_cents is None or quote(found, bar, "en").total_cents <= most_cents


def test_the_least_that_stands_in_the_way_is_named(bar):
    """Precious, smoky and floral cost more than that; crunchy and few calories do not matter here."""
    stock = stocked("bar-100")
    parts = ["precious", "smoky", "floral", "crunchy", 520, 570]

    def is_had(wanted) -> bool:
        traits = tuple(part for part in wanted if isinstance(part, str))
        most_cents = 520 if 520 in wanted else None
        most_kcal = 570 if 570 in wanted else None
        return is_possible(anything(bar, traits=traits, most_cents=most_cents, most_kcal=most_kcal), stock)

    found = obstacles(parts, is_had)

    assert not is_had(parts)
    assert 520 in found
    assert not is_had(found)
    assert all(is_had([other for other in found if other != part]) for part in found)
    assert all(is_had([part for part in parts if part not in let_go]) for let_go in ways_out(parts, is_had))
    assert (520,) in ways_out(parts, is_had)


def test_two_obstacles_apart_are_let_go_of_together():
    def no_a_and_no_b(parts) -> bool:
        return "a" not in parts and "b" not in parts

    assert ways_out(["a", "b", "c"], no_a_and_no_b) == (("a", "b"),)
    assert obstacles(["a", "b", "c"], no_a_and_no_b) == ("b",)
