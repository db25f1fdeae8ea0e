"""A surprise is always a bar that can be made, within its price, and leaves alone what is locked."""

from dataclasses import replace
from functools import cache
from itertools import product
from random import Random

import pytest

from configurator.catalogue.loading import from_files
from configurator.domain.constraints import problems
from configurator.domain.design import Choice, Design
from configurator.domain.diets import EVERYTHING, Profile, admitted
from configurator.domain.family import Family
from configurator.domain.label.facts import facts_of
from configurator.domain.pricing import quote
from configurator.domain.surprise import NoSurprise, surprise
from configurator.domain.wishes import Larder, Wish, larder
from configurator.makers import pairings

FAMILIES = ("bar-100", "mini-40", "heart-80", "slab-250")
SURPRISES = 10_000
HANDS = 4
"""Among which they are dealt, for workers to share."""


@cache
def stocked(key: str) -> Larder:
    return larder(from_files(key), pairings.liked(from_files(key)))


def anything(family: Family) -> Wish:
    return Wish(Design(family.key, family.version), frozenset(family.modules))


def some_diet(dice: Random) -> Profile:
    """Three of four people avoid something; some of them its traces, too."""
    avoids = tuple(dice.sample(EVERYTHING, dice.choice((0, 1, 1, 3))))
    strict = bool(avoids) and dice.random() < 0.3
    return Profile(
        avoids=avoids,
        no_traces_of=avoids if strict else (),
        in_free_zone=strict,
        vegan=dice.random() < 0.2,
        gluten_free=dice.random() < 0.2,
        strictly=dice.random() < 0.2,
    )


def somebodys_bar(family: Family, dice: Random) -> Design:
    """Begun by hand: a base or none, and up to three things."""
    base = dice.choice(family.seats["base"]).key if dice.random() < 0.5 else None
    design = Design(family.key, family.version, base, name="Ada")
    for slot in dice.choices([slot for slot in family.slots if slot.key != "base"], k=dice.randrange(4)):
        module = dice.choice(family.seats[slot.key])
        if not design.has(module.key) and len(design.in_slot(slot.key)) < slot.maximum:
            mg = family.usual_dose(module) * dice.choice((50, 100)) // 100
            design = design.adding(module.key, slot.key, max(1, mg), dice.choice(("scattered", "rows")))
    return design


@pytest.mark.slow
@pytest.mark.parametrize("hand", range(HANDS))
def test_ten_thousand_surprises_under_any_diet_lock_and_price_can_be_made(hand: int) -> None:
    dice = Random(f"hand {hand}")
    made = 0
    asked = 0
    while made < SURPRISES // HANDS:
        asked += 1
        stock = stocked(dice.choice(FAMILIES))
        family = stock.family
        diet = some_diet(dice)
        locked = somebodys_bar(family, dice) if dice.random() < 0.4 else Design(family.key, family.version)
        dearest = family.price_cents * dice.choice((2, 3, 4, 6)) // 2
        cap = dearest if dice.random() < 0.5 else None
        wish = Wish(locked, frozenset(admitted(diet, family)), most_cents=cap)
        try:
            bar = surprise(wish, stock, seed=asked * HANDS + hand)
        except NoSurprise:
            continue
        made += 1
        assert problems(bar.named("Ada"), family, "en") == ()
        assert cap is None or quote(bar, family, "en").total_cents <= cap
        assert set(locked.choices) <= set(bar.choices)
        assert locked.base in {None, bar.base}
        assert bar.modules != locked.modules
        added = {key for key in bar.modules if not locked.has(key)}
        assert added <= wish.modules
        assert list(locked.modules) or diet.admits(facts_of(bar, family))
    # Most of what is asked for can be had; what is impossible is so because of the locks or the price.
    assert asked < 1.4 * made


def test_the_same_seed_gives_the_same_surprise(bar):
    stock = stocked("bar-100")

    assert surprise(anything(bar), stock, 7) == surprise(anything(bar), stock, 7)
    assert len({surprise(anything(bar), stock, seed).recipe_digest for seed in range(50)}) == 50


def test_a_surprise_has_a_sensible_number_of_things_on_it(bar):
    bars = [surprise(anything(bar), stocked("bar-100"), seed) for seed in range(200)]

    assert {len(found.choices) for found in bars} <= {1, 2, 3, 4}
    assert sum(len(found.choices) >= 2 for found in bars) > 180


def test_a_surprise_is_put_together_with_taste(bar):
    """More often than by chance, what lies in a bar is a pair that our chocolatiers like."""
    stock = stocked("bar-100")
    chance = Random(3)
    by_taste = [list(surprise(anything(bar), stock, seed).modules) for seed in range(200)]
    by_chance = [
        [chance.choice(bar.seats["base"]).key, *chance.sample(sorted(bar.modules), len(modules) - 1)]
        for modules in by_taste
    ]

    def liked(bars):
        return sum(
            other in stock.liked.get(one, ()) for found in bars for one, other in product(found, found)
        )

    assert liked(by_taste) > 5 * liked(by_chance)


def test_what_is_locked_stays_with_its_grams_and_its_pattern(bar):
    locked = Design(bar.key, bar.version, "milk_37").adding("almond_whole", "toppings", 7_000, "heart")
    found = surprise(replace(anything(bar), kept=locked), stocked("bar-100"), 1)

    assert found.base == "milk_37"
    assert Choice("toppings", "almond_whole", 7_000, "heart") in found.choices
    assert len(found.choices) > 1


def test_a_cap_below_what_is_locked_is_told_in_words(bar):
    locked = Design(bar.key, bar.version).adding("gold_leaf", "decorations", 10)
    wish = Wish(locked, frozenset(bar.modules), most_cents=500)

    with pytest.raises(NoSurprise) as none:
        surprise(wish, stocked("bar-100"), 1)

    assert none.value.words.en == "The cheapest bar with what you keep costs €7.40, more than €5.00."
    assert none.value.words.de == (
        "Die günstigste Tafel mit dem, was du behältst, kostet 7,40 €, mehr als 5,00 €."
    )


def test_no_base_that_fits_is_told_in_words(bar):
    wish = Wish(Design(bar.key, bar.version), frozenset({"almond_whole"}))

    with pytest.raises(NoSurprise) as none:
        surprise(wish, stocked("bar-100"), 1)

    assert none.value.words.en == "There is no base that you have not ruled out."


def test_locks_that_cannot_be_made_together_are_told_in_the_rules_words(bar):
    locked = (
        Design(bar.key, bar.version)
        .adding("popping_candy", "toppings", 3_000)
        .adding("caramel_salted", "toppings", 10_000)
    )

    with pytest.raises(NoSurprise) as none:
        surprise(Wish(locked, frozenset(bar.modules)), stocked("bar-100"), 1)

    assert none.value.words.en.startswith("Popping candy goes flat")


def test_a_full_bar_has_no_room_for_a_surprise(bar):
    full = Design(bar.key, bar.version, "dark_60")
    for key in ("almond_whole", "hazelnut_whole", "peanut_salted"):
        full = full.adding(key, "toppings", 13_333)

    with pytest.raises(NoSurprise) as none:
        surprise(Wish(full, frozenset(bar.modules)), stocked("bar-100"), 1)

    assert none.value.words.en == "Beside what you keep, nothing else fits in. Let go of something."
