"""Pieces moved by hand: they lie where a person wants them, and only what is under them makes way."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configurator.domain.design import Design, Move
from configurator.domain.family import Family
from configurator.domain.room import RIM
from configurator.domain.scene import Piece, lay_out
from tests.configurator.geometry import edge_room, heaped

TOPPINGS = "toppings"
MOVES = st.lists(
    st.builds(
        Move,
        st.just(TOPPINGS),
        st.sampled_from(["almond_whole", "raspberry_fd", "rose_petals", "sesame_black"]),
        st.integers(0, 60),
        st.integers(-200, 2500),
        st.integers(-200, 1500),
        st.integers(0, 359),
    ),
    max_size=12,
)


@pytest.fixture(scope="session")
def mixed(bar: Family) -> Design:
    """Nuts, berries, leaves and grains."""
    return (
        Design(bar.key, bar.version, "dark_60", name="Ada")
        .adding("almond_whole", TOPPINGS, 12_000)
        .adding("raspberry_fd", TOPPINGS, 2_500)
        .adding("rose_petals", TOPPINGS, 100)
        .adding("sesame_black", TOPPINGS, 2_000)
    )


def piece_of(design: Design, family: Family, module: str, index: int) -> Piece:
    return next(
        piece for piece in lay_out(design, family).pieces if (piece.module, piece.index) == (module, index)
    )


def others(design: Design, family: Family, module: str, index: int) -> set[Piece]:
    return {p for p in lay_out(design, family).pieces if (p.module, p.index) != (module, index)}


def test_a_moved_piece_lies_where_it_was_put(ada: Design, bar: Family) -> None:
    piece = piece_of(ada.moving(Move(TOPPINGS, "almond_whole", 3, 803, 411, 45)), bar, "almond_whole", 3)
    assert (piece.x, piece.y, piece.turn, piece.moved) == (803, 411, 45, True)


def test_a_turn_is_the_nearest_of_those_that_pieces_have(ada: Design, bar: Family) -> None:
    """Every fifteen degrees: light and shadow of a painted piece allow no others."""
    turned = [
        piece_of(ada.moving(Move(TOPPINGS, "almond_whole", 3, 800, 400, turn)), bar, "almond_whole", 3).turn
        for turn in (7, 8, 100, 355)
    ]
    assert turned == [0, 15, 105, 0]


def test_the_others_stay_where_they_were(ada: Design, bar: Family) -> None:
    for index in range(11):
        there = piece_of(ada, bar, "almond_whole", index)
        nudged = ada.moving(Move(TOPPINGS, "almond_whole", index, there.x + 5, there.y, there.turn))
        assert others(nudged, bar, "almond_whole", index) == others(ada, bar, "almond_whole", index)


def test_a_moved_piece_stays_when_others_come_and_go(ada: Design, bar: Family) -> None:
    moved = ada.moving(Move(TOPPINGS, "almond_whole", 3, 800, 400, 90))
    there = piece_of(moved, bar, "almond_whole", 3)
    for changed in (
        moved.adding("walnut_halves", TOPPINGS, 10_000),
        moved.removing("raspberry_fd", TOPPINGS),
        moved.adding("almond_whole", TOPPINGS, 8_000),
        moved.scattered(99),
        moved.adding("almond_whole", TOPPINGS, 12_000, "ring"),
    ):
        piece = piece_of(changed, bar, "almond_whole", 3)
        assert (piece.x, piece.y, piece.turn) == (there.x, there.y, there.turn)


def test_what_a_moved_piece_would_cover_makes_way(ada: Design, bar: Family) -> None:
    before = piece_of(ada, bar, "raspberry_fd", 5)
    moved = ada.moving(Move(TOPPINGS, "almond_whole", 0, before.x, before.y))
    after = piece_of(moved, bar, "raspberry_fd", 5)
    assert (after.x, after.y) != (before.x, before.y)
    assert abs(after.x - before.x) + abs(after.y - before.y) < 400
    assert heaped(lay_out(moved, bar), bar) == []


def test_two_pieces_put_on_one_place_lie_beside_each_other(ada: Design, bar: Family) -> None:
    moved = ada.moving(Move(TOPPINGS, "almond_whole", 0, 800, 400)).moving(
        Move(TOPPINGS, "almond_whole", 1, 800, 400)
    )
    first, second = (piece_of(moved, bar, "almond_whole", index) for index in (0, 1))
    assert (first.x, first.y) == (800, 400)
    assert (second.x, second.y) != (800, 400)
    assert heaped(lay_out(moved, bar), bar) == []


def test_a_leaf_put_on_a_nut_lies_on_it(mixed: Design, bar: Family) -> None:
    nut = piece_of(mixed, bar, "almond_whole", 2)
    moved = mixed.moving(Move(TOPPINGS, "rose_petals", 0, nut.x, nut.y))
    leaf = piece_of(moved, bar, "rose_petals", 0)
    assert (leaf.x, leaf.y) == (nut.x, nut.y)
    assert leaf.layer > 0
    assert piece_of(moved, bar, "almond_whole", 2) == nut


@pytest.mark.parametrize("key", ["bar-100", "mini-40", "heart-80", "slab-250"])
@pytest.mark.parametrize("place", [(-500, -500), (9000, 9000), (640, 0), (0, 1150)])
def test_nothing_is_put_over_the_edge(
    family_named: Callable[[str], Family], key: str, place: tuple[int, int]
) -> None:
    family = family_named(key)
    design = Design(family.key, family.version, "dark_60").adding("almond_whole", TOPPINGS, 8_000)
    piece = piece_of(design.moving(Move(TOPPINGS, "almond_whole", 2, *place)), family, "almond_whole", 2)
    assert edge_room(piece, family) >= RIM - 1


def test_a_move_of_a_piece_that_is_gone_changes_nothing(ada: Design, bar: Family) -> None:
    assert lay_out(ada.moving(Move(TOPPINGS, "almond_whole", 50, 800, 400)), bar) == lay_out(ada, bar)


def test_a_pinch_may_be_put_anywhere(mixed: Design, bar: Family) -> None:
    nut = piece_of(mixed, bar, "almond_whole", 2)
    moved = mixed.moving(Move(TOPPINGS, "sesame_black", 0, nut.x, nut.y))
    pinch = piece_of(moved, bar, "sesame_black", 0)
    assert (pinch.x, pinch.y) == (nut.x, nut.y)
    assert others(moved, bar, "sesame_black", 0) == others(mixed, bar, "sesame_black", 0)


@given(moves=MOVES, key=st.sampled_from(["bar-100", "heart-80", "mini-40"]))
@settings(max_examples=15, deadline=None)
def test_however_pieces_are_moved_none_lies_on_another_or_over_the_edge(
    family_named: Callable[[str], Family], mixed: Design, moves: list[Move], key: str
) -> None:
    family = family_named(key)
    design = mixed.under(family)
    for move in moves:
        design = design.moving(move)
    scene = lay_out(design, family)
    assert heaped(scene, family) == []
    assert all(edge_room(piece, family) >= RIM - 1 for piece in scene.pieces)
