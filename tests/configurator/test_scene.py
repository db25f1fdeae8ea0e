"""Where the pieces lie: as many as the grams say, inside the bar, the same on every machine."""

from collections import Counter
from dataclasses import replace
from hashlib import sha256
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configurator.domain.design import Design
from configurator.domain.family import Family, round_half_up
from configurator.domain.scatter import RIM, footprint_of, reach_of
from configurator.domain.scene import MOST_PINCHES, MOST_SINGLE, Piece, Scene, canonical, lay_out, outline_of

BOARD = 400


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
PICKS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 1000)), max_size=6)
"""Which topping, and how many thousandths of its largest dose."""


def topped(family: Family, picks: list[tuple[int, int]], seed: int) -> Design:
    design = Design(family.key, family.version, "dark_60", seed=seed)
    for number, share in picks:
        slot = "decorations" if number % 10 == 9 else "toppings"
        seats = family.seats[slot]
        module = seats[number % len(seats)]
        design = design.adding(module.key, slot, max(1, family.largest_dose(module) * share // 1000))
    return design


@given(picks=PICKS, seed=SEEDS, size=st.sampled_from(["bar", "mini"]))
@settings(max_examples=50, deadline=None)
def test_the_grams_decide_how_many_pieces_lie_there(
    bar: Family, mini: Family, picks: list[tuple[int, int]], seed: int, size: str
) -> None:
    family = bar if size == "bar" else mini
    design = topped(family, picks, seed)
    count = drawn(lay_out(design, family))
    for choice in design.choices:
        piece_ug = family.modules[choice.module].shape.piece_ug
        expected = max(1, round_half_up(choice.mg * 1000, piece_ug)) if piece_ug else 0
        assert count[choice.module] == expected


@given(picks=PICKS, seed=SEEDS, size=st.sampled_from(["bar", "mini"]))
@settings(max_examples=50, deadline=None)
def test_nothing_reaches_over_the_rim(
    bar: Family, mini: Family, picks: list[tuple[int, int]], seed: int, size: str
) -> None:
    family = bar if size == "bar" else mini
    scene = lay_out(topped(family, picks, seed), family)
    for piece in scene.pieces:
        outline = outline_of(family.modules[piece.module], piece.count, scene.length, scene.width)
        across, down = reach_of(outline, piece.turn)
        assert piece.x - across + 1 >= RIM
        assert piece.x + across - 1 <= scene.length - RIM
        assert piece.y - down + 1 >= RIM
        assert piece.y + down - 1 <= scene.width - RIM


@given(picks=PICKS, seed=SEEDS)
@settings(max_examples=40, deadline=None)
def test_a_half_empty_bar_is_not_heaped(bar: Family, picks: list[tuple[int, int]], seed: int) -> None:
    scene = lay_out(topped(bar, picks, seed), bar)
    big = [piece for piece in scene.pieces if piece.count == 1 and is_laid(piece, bar)]
    room = (scene.length - 2 * RIM) * (scene.width - 2 * RIM)
    taken = sum(bar.modules[p.module].shape.length * bar.modules[p.module].shape.width for p in big)
    if 2 * taken > room:
        return
    for one, other in combinations(big, 2):
        assert shared(one, other, bar) <= 15


def is_laid(piece: Piece, family: Family) -> bool:
    return family.modules[piece.module].shape.hint != "sheet" and piece.count == 1


def shared(one: Piece, other: Piece, family: Family) -> int:
    """Per cent of the smaller one that lies under or on the other."""
    cells = [covered(piece, family) for piece in (one, other)]
    return 100 * (cells[0] & cells[1]).bit_count() // min(cell.bit_count() for cell in cells)


def covered(piece: Piece, family: Family) -> int:
    outline = outline_of(family.modules[piece.module], 1, family.length, family.width)
    footprint = footprint_of(outline, piece.turn, BOARD)
    return footprint.bits << (
        (piece.y // 10 + 60 - footprint.half) * BOARD + piece.x // 10 + 60 - footprint.half
    )


def test_the_same_design_lies_the_same_on_every_machine(bar: Family) -> None:
    design = designed(bar, "toppings", "almond_whole", "raspberry_fd", "sea_salt_flakes", "matcha", seed=7)
    design = design.adding("hazelnut_whole", "ingredients", 12_000).adding("gold_leaf", "decorations", 10)
    scene = lay_out(design, bar)
    assert lay_out(design, bar) == scene
    assert sha256(canonical(scene).encode()).hexdigest()[:16] == "fa508dca9b005a10"


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
    assert alone.y == bar.width // 2
    assert beside.y > alone.y


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
