"""Where the pieces lie: as many as the grams say, inside the bar, the same on every machine."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configurator.domain.design import LETTER, LETTERS, PATTERNS, Design
from configurator.domain.family import Family
from configurator.domain.pieces import counted
from configurator.domain.room import RIM
from configurator.domain.scene import (
    MOST_PINCHES,
    MOST_SINGLE,
    Scene,
    canonical,
    lay_out,
    outline_of,
    piece_count,
)
from tests.configurator.geometry import edge_room, heaped


def designed(family: Family, slot: str, *modules: str, share: int = 100, seed: int = 1) -> Design:
    design = Design(family.key, family.version, "dark_60", seed=seed)
    for key in modules:
        design = design.adding(key, slot, max(1, family.usual_dose(family.modules[key]) * share // 100))
    return design


def drawn(scene: Scene) -> Counter[str]:
    count: Counter[str] = Counter()
    for piece in scene.pieces:
        count[piece.module] += piece.count
    return count


SEEDS = st.integers(0, 2**31 - 1)
FAMILIES = st.sampled_from(["bar-100", "mini-40", "heart-80", "slab-250"])
ANY_PATTERN = st.sampled_from([*PATTERNS, *(LETTER + sign for sign in LETTERS)])
PICKS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 1000), ANY_PATTERN), max_size=6)
"""Which topping, how many thousandths of its largest dose, and how it is arranged."""


def topped(family: Family, picks: list[tuple[int, int, str]], seed: int) -> Design:
    design = Design(family.key, family.version, "dark_60", seed=seed)
    for number, share, pattern in picks:
        slot = "decorations" if number % 10 == 9 else "toppings"
        seats = family.seats[slot]
        module = seats[number % len(seats)]
        mg = max(1, family.largest_dose(module) * share // 1000)
        design = design.adding(module.key, slot, mg, pattern)
    return design


@given(picks=PICKS, seed=SEEDS, key=FAMILIES)
@settings(max_examples=25, deadline=None)
def test_the_grams_decide_how_many_pieces_there_are(
    family_named: Callable[[str], Family], picks: list[tuple[int, int, str]], seed: int, key: str
) -> None:
    """On top, and what does not fit there in the chocolate."""
    family = family_named(key)
    design = topped(family, picks, seed)
    scene = lay_out(design, family)
    fits, left = drawn(scene), {rest.module: rest for rest in scene.left_over}
    for choice in design.choices:
        wanted = piece_count(family.modules[choice.module], choice.mg)
        assert fits[choice.module] == (left[choice.module].fits if choice.module in left else wanted)


@given(picks=PICKS, seed=SEEDS, key=FAMILIES)
@settings(max_examples=25, deadline=None)
def test_what_is_drawn_weighs_what_the_recipe_says(
    family_named: Callable[[str], Family], picks: list[tuple[int, int, str]], seed: int, key: str
) -> None:
    family = family_named(key)
    design = topped(family, picks, seed)
    scene = lay_out(design, family)
    for choice in design.choices:
        module = family.modules[choice.module]
        if module.shape.piece_ug and module.key != "transfer_print":
            drawn_mg = Fraction(sum(bump.mg for bump in scene.bumps if bump.module == choice.module))
            for piece in scene.pieces:
                if piece.module == choice.module:
                    drawn_mg += Fraction(piece.count * module.shape.piece_ug * piece.size**3, 10**12)
            # A bump is drawn to the milligram.
            assert abs(drawn_mg - choice.mg) <= Fraction(choice.mg, 10) + 1


def test_each_module_weighs_what_the_recipe_says_at_every_dose(bar: Family) -> None:
    for module in bar.modules.values():
        for mg in (*range(1, 60), *range(60, 30_000, 397)):
            count, size = counted(module, mg)
            if count:
                assert abs(count * module.shape.piece_ug * size**3 - mg * 10**12) * 10 <= mg * 10**12


@given(picks=PICKS, seed=SEEDS, key=FAMILIES)
@settings(max_examples=20, deadline=None)
def test_nothing_reaches_over_the_rim(
    family_named: Callable[[str], Family], picks: list[tuple[int, int, str]], seed: int, key: str
) -> None:
    family = family_named(key)
    for piece in lay_out(topped(family, picks, seed), family).pieces:
        assert edge_room(piece, family) >= RIM - 1


@given(picks=PICKS, seed=SEEDS, key=FAMILIES)
@settings(max_examples=20, deadline=None)
def test_no_piece_lies_on_another_by_more_than_a_sliver(
    family_named: Callable[[str], Family], picks: list[tuple[int, int, str]], seed: int, key: str
) -> None:
    family = family_named(key)
    assert heaped(lay_out(topped(family, picks, seed), family), family) == []


def test_the_same_design_lies_the_same_on_every_machine(bar: Family) -> None:
    design = designed(bar, "toppings", "almond_whole", "raspberry_fd", "sea_salt_flakes", "matcha", seed=7)
    design = design.adding("hazelnut_whole", "ingredients", 12_000).adding("gold_leaf", "decorations", 10)
    scene = lay_out(design, bar)
    assert lay_out(design, bar) == scene
    assert sha256(canonical(scene).encode()).hexdigest()[:16] == "97beb83df8acc113"


def test_another_seed_scatters_anew(ada: Design, bar: Family) -> None:
    first, second = (lay_out(ada.scattered(seed), bar) for seed in (1, 2))
    assert drawn(first) == drawn(second)
    assert {(p.x, p.y) for p in first.pieces}.isdisjoint((p.x, p.y) for p in second.pieces)


def test_one_more_topping_leaves_most_pieces_where_they_lie(ada: Design, bar: Family) -> None:
    before = lay_out(ada, bar).pieces
    after = lay_out(ada.adding("pistachio_chopped", "toppings", 5_000), bar).pieces
    almonds = [piece for piece in before if piece.module == "almond_whole"]
    assert [piece for piece in after if piece.module == "almond_whole"] == almonds
    assert len(set(before) & set(after)) >= len(before) * 3 // 4


def test_the_name_does_not_move_a_piece(ada: Design, bar: Family) -> None:
    assert lay_out(ada.named("For Grace"), bar) == lay_out(ada, bar)


def test_small_pieces_are_strewn_by_the_pinch(bar: Family) -> None:
    scene = lay_out(designed(bar, "toppings", "poppy_seeds"), bar)
    assert len(scene.pieces) == MOST_PINCHES
    assert drawn(scene)["poppy_seeds"] == 8000


def test_big_pieces_are_laid_one_by_one(bar: Family) -> None:
    scene = lay_out(designed(bar, "toppings", "cornflakes"), bar)
    assert {piece.count for piece in scene.pieces} == {1}
    assert 48 < len(scene.pieces) <= MOST_SINGLE


def test_heavy_ones_lie_below_and_fragile_ones_on_top(bar: Family) -> None:
    scene = lay_out(designed(bar, "toppings", "rose_petals", "walnut_halves", "sesame_black"), bar)
    layers = list(dict.fromkeys(piece.module for piece in scene.pieces))
    assert layers == ["walnut_halves", "sesame_black", "rose_petals"]


def test_a_print_lies_straight_in_the_middle(mini: Family) -> None:
    (piece,) = lay_out(designed(mini, "decorations", "transfer_print"), mini).pieces
    assert (piece.x, piece.y, piece.turn) == (480, 280, 0)
    outline = outline_of(mini.modules["transfer_print"], 1, mini.length, mini.width)
    assert outline.length == 2 * outline.width <= mini.length


def test_a_plaque_leaves_the_print_readable(bar: Family) -> None:
    alone = lay_out(designed(bar, "decorations", "choc_plaque"), bar).pieces[-1]
    beside = lay_out(designed(bar, "decorations", "choc_plaque", "transfer_print"), bar).pieces[-1]
    assert abs(alone.y - bar.width // 2) <= 5
    assert beside.y > alone.y + 100


@pytest.mark.parametrize(("share", "fewer"), [(50, 12), (100, 24), (200, 48)])
def test_a_powder_is_dusted_by_its_grams(bar: Family, share: int, fewer: int) -> None:
    scene = lay_out(designed(bar, "toppings", "cinnamon_ceylon", share=share), bar)
    assert len(scene.pieces) == fewer
    assert drawn(scene)["cinnamon_ceylon"] == 0


def test_what_is_mixed_in_lifts_the_surface(bar: Family) -> None:
    scene = lay_out(designed(bar, "ingredients", "almond_whole", "sesame_toasted", "vanilla_bourbon"), bar)
    assert scene.pieces == ()
    assert Counter(bump.module for bump in scene.bumps) == {"almond_whole": 11, "sesame_toasted": 40}


def test_mixed_in_bumps_do_not_depend_on_toppings(ada: Design, bar: Family) -> None:
    mixed = ada.adding("hazelnut_whole", "ingredients", 12_000)
    more = mixed.adding("walnut_halves", "toppings", 10_000)
    assert lay_out(mixed, bar).bumps == lay_out(more, bar).bumps


def test_a_bar_without_a_base_can_be_laid_out(ada: Design, bar: Family) -> None:
    assert lay_out(ada.on_base(None), bar).base == ""


def test_too_many_grams_make_heaps_not_endless_work(bar: Family) -> None:
    design = replace(designed(bar, "toppings", "almond_whole")).adding("almond_whole", "toppings", 10**9)
    scene = lay_out(design, bar)
    assert len(scene.pieces) <= MOST_SINGLE
    assert drawn(scene)["almond_whole"] == 909_091
