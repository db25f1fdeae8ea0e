"""A bar that begins with what somebody likes can always be made, and what comes first never makes way for the rest."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configurator.catalogue.loading import from_files
from configurator.catalogue.starts import start
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.rules import Excludes
from configurator.domain.tastes import AMOUNTS, LIKED_MAX, PLENTY, Beginning, Taste, begun_with, taste_of
from configurator.domain.wishes import LITTLE, USUAL
from tests.configurator.small_catalogues import BASES, OTHERS, WORDS, can_be_finished, small_families

FAMILIES = [from_files(key) for key in ("bar-100", "mini-40", "heart-80", "slab-250")]
BAR = FAMILIES[0]
HALF = (LITTLE, USUAL)
"""Amounts with which nothing is added to once it lies there."""


def tastes(family: Family) -> st.SearchStrategy[Taste]:
    bases = [base.key for base in family.seats[family.base_slot.key]]
    others = [module.key for module in family.modules.values() if module.kind != "base"]
    liked = st.lists(st.sampled_from([*others, "unheard_of"]), max_size=LIKED_MAX, unique=True)
    return st.builds(
        Taste, st.sampled_from(["", "unheard_of", *bases]), liked.map(tuple), st.sampled_from(AMOUNTS)
    )


def begun(taste: Taste, family: Family = BAR, locale: str = "en") -> Beginning:
    return begun_with(taste, start(family), family, locale)


def doses(beginning: Beginning) -> dict[str, int]:
    return {choice.module: choice.mg for choice in beginning.design.choices}


def left_out(beginning: Beginning) -> list[tuple[str, str]]:
    return [(left.module, left.reason) for left in beginning.left_out]


# ── Whatever somebody likes ──────────────────────────────────────────────────────────────────────


@given(st.data(), st.sampled_from(FAMILIES))
@settings(deadline=None)
def test_whatever_is_liked_the_bar_can_be_made_and_all_is_told(data: st.DataObject, family: Family) -> None:
    taste = data.draw(tastes(family))
    beginning = begun(taste, family)
    assert problems(beginning.design, family, "en") == ()
    left = dict(left_out(beginning))
    assert [key for key in (taste.base, *taste.liked) if key and key not in left] == [*beginning.taken]
    assert all(left.values())
    assert all(map(beginning.design.has, beginning.taken))


@given(st.data(), st.sampled_from(FAMILIES))
@settings(deadline=None)
def test_what_is_liked_more_never_makes_way_for_what_is_liked_less(
    data: st.DataObject, family: Family
) -> None:
    taste = data.draw(tastes(family))
    whole = begun(taste, family).taken
    for number in range(len(taste.liked)):
        fewer = replace(taste, liked=taste.liked[:number])
        assert whole[: len(begun(fewer, family).taken)] == begun(fewer, family).taken


@given(st.data(), small_families(), st.sampled_from(HALF))
@settings(deadline=None)
def test_under_any_rules_nothing_is_left_out_that_could_come_along(
    data: st.DataObject, family: Family, amount: int
) -> None:
    base = data.draw(st.sampled_from(["", *BASES]))
    others = [key for key in OTHERS if key in family.modules]
    taste = Taste(base, tuple(data.draw(st.permutations(others))), amount)
    usual = Design(family.key, family.version, BASES[0], name="Ada")
    beginning = begun_with(taste, usual, family, "en")
    assert beginning.design == usual or problems(beginning.design, family, "en") == ()
    for number, key in enumerate(taste.liked):
        if key in dict(left_out(beginning)):
            before = begun_with(replace(taste, liked=taste.liked[:number]), usual, family, "en")
            bar = only(before.taken, before.design)
            for slot in family.slots[1:]:
                if slot.takes(family.modules[key]):
                    half = (family.usual_dose(family.modules[key]) + 1) // 2
                    assert not can_be_finished(bar.adding(key, slot.key, half), family)


def only(keys: Iterable[str], design: Design) -> Design:
    """Without what came along."""
    wanted = frozenset(keys)
    choices = tuple(choice for choice in design.choices if choice.module in wanted)
    return replace(design, base=design.base if design.base in wanted else None, choices=choices)


# ── What somebody meets ──────────────────────────────────────────────────────────────────────────


def test_a_bar_begins_with_the_favourite_base_and_all_that_goes_with_it() -> None:
    beginning = begun(Taste("dark_72", ("almond_whole", "raspberry_fd")))
    usual = start(BAR)
    assert (beginning.design.base, doses(beginning)) == (
        "dark_72",
        {"almond_whole": 12_000, "raspberry_fd": 2_500},
    )
    assert (beginning.design.name, beginning.design.seed) == (usual.name, usual.seed)
    assert (beginning.left_out, beginning.added) == ((), ())


def test_without_a_favourite_base_it_is_the_usual_one_or_another_that_goes_with_the_rest() -> None:
    assert begun(Taste("", ("almond_whole",))).design.base == start(BAR).base == "milk_37"
    ruby = Taste("", ("bronze_lustre", "almond_whole"))
    heart = begun(ruby, FAMILIES[2])
    # Bronze lustre needs a brown base, and the usual one of hearts is ruby.
    assert (start(FAMILIES[2]).base, heart.design.base, heart.left_out) == ("ruby_35", "dark_60", ())


def test_what_does_not_go_together_is_named_with_its_reason_in_the_language_of_the_page() -> None:
    taste = Taste("white_32", ("hazelnut_praline", "popping_candy", "bronze_lustre", "almond_whole"))
    assert begun(taste).taken == ("white_32", "hazelnut_praline", "almond_whole")
    assert left_out(begun(taste)) == [
        ("popping_candy", "Popping candy goes flat beside anything moist or oily. Choose one or the other."),
        ("bronze_lustre", "Bronze lustre needs a brown base: on a pale one it looks like dust."),
    ]
    assert left_out(begun(taste, locale="de"))[1] == (
        "bronze_lustre",
        "Bronze-Glanzpuder braucht eine braune Basis: Auf heller sieht er aus wie Staub.",
    )


def test_the_other_way_round_the_other_one_stays() -> None:
    assert begun(Taste("", ("popping_candy", "hazelnut_praline"))).taken == ("popping_candy",)


def test_what_is_no_longer_made_sold_out_or_unheard_of_is_no_mistake() -> None:
    almond = replace(BAR.modules["almond_whole"], retired=True)
    gone = Excludes("sold-out:walnut_halves", ("walnut_halves",), ("walnut_halves",), WORDS)
    family = replace(
        BAR,
        modules={**BAR.modules, "almond_whole": almond},
        constraints=(gone, *BAR.constraints),
        version="new",
    )
    beginning = begun(Taste("unheard_of", ("almond_whole", "walnut_halves", "raspberry_fd")), family)
    assert (beginning.taken, beginning.design.base) == (("raspberry_fd",), "milk_37")
    assert left_out(beginning) == [
        ("unheard_of", "We do not make it in this size."),
        ("almond_whole", "We no longer have Roasted almonds, whole."),
        ("walnut_halves", "Not so."),
    ]


def test_where_nothing_that_is_liked_can_be_had_the_bar_is_the_usual_one() -> None:
    assert begun(Taste("", ("unheard_of",))).design == start(BAR)


@pytest.mark.parametrize(("amount", "mg"), [(LITTLE, 1_250), (USUAL, 2_500), (PLENTY, 3_750)])
def test_there_is_as_much_of_it_as_somebody_likes(amount: int, mg: int) -> None:
    assert doses(begun(Taste("dark_72", ("raspberry_fd",), amount))) == {"raspberry_fd": mg}


def test_where_plenty_of_all_has_no_room_the_first_ones_get_theirs() -> None:
    liked = ("almond_whole", "hazelnut_whole", "raspberry_fd")
    beginning = begun(Taste("dark_72", liked, PLENTY))
    assert doses(beginning) == {"almond_whole": 18_000, "hazelnut_whole": 18_000, "raspberry_fd": 3_750}
    crowded = begun(Taste("dark_72", ("almond_whole", "hazelnut_whole", "walnut_halves"), PLENTY))
    assert list(doses(crowded).values()) == [18_000, 12_000, 10_000]


def test_a_taste_is_taken_from_a_bar_with_what_there_is_most_of_first() -> None:
    assert taste_of(start(BAR), BAR) == Taste(
        "milk_37", ("hazelnut_whole", "rice_puffed", "raspberry_fd", "sea_salt_flakes"), USUAL
    )
    generous = begun(Taste("dark_72", ("raspberry_fd",), PLENTY)).design
    assert taste_of(generous, BAR) == Taste("dark_72", ("raspberry_fd",), PLENTY)
    assert taste_of(Design(BAR.key, BAR.version, "dark_72"), BAR) == Taste("dark_72")
