"""Patterns: a heart of twelve hazelnuts looks like a heart, and every other pattern like itself."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from math import hypot
from pathlib import Path

import pytest

from configurator.domain.design import LETTER, LETTERS, PATTERNS, Design
from configurator.domain.family import Family
from configurator.domain.letters import HEIGHT, strokes_of
from configurator.domain.pieces import is_flat
from configurator.domain.room import RIM
from configurator.domain.scene import Piece, canonical, lay_out
from tests.configurator.geometry import edge_room, heaped, outline, points

Families = Callable[[str], Family]
GOLDEN = Path(__file__).with_name("golden_scenes.json")
EVERY_PATTERN = (*PATTERNS, "letter:A", "letter:S", "letter:8", "letter:&")


def arranged(
    family: Family, module: str, pattern: str, *, percent: int = 100, face: str = "", seed: int = 1
) -> Design:
    slot = "decorations" if "decoration" in family.modules[module].kinds else "toppings"
    mg = family.usual_dose(family.modules[module]) * percent // 100
    design = Design(family.key, family.version, "dark_60", seed=seed, face=face)
    return design.adding(module, slot, mg, pattern)


def laid(
    family: Family, module: str, pattern: str, *, percent: int = 100, face: str = ""
) -> tuple[Piece, ...]:
    return lay_out(arranged(family, module, pattern, percent=percent, face=face), family).pieces


def mirrored(pieces: tuple[Piece, ...], family: Family, within: int = 12) -> bool:
    """Each piece has its counterpart on the other side of the upright middle."""
    return all(
        any(hypot(family.length - one.x - other.x, one.y - other.y) <= within for other in pieces)
        for one in pieces
    )


def test_a_heart_of_twelve_hazelnuts_looks_like_a_heart(bar: Family) -> None:
    pieces = laid(bar, "hazelnut_whole", "heart")
    middle = [piece for piece in pieces if abs(piece.x - bar.length // 2) < 20]
    notch, tip = sorted(middle, key=lambda piece: piece.y)
    assert len(pieces) == 12
    assert mirrored(pieces, bar)
    assert tip.y == max(piece.y for piece in pieces)
    assert min(piece.y for piece in pieces) + 60 < notch.y
    # Wide above, narrow below.
    across = {
        half: [p.x for p in pieces if (p.y < bar.width // 2) == (half == "above")]
        for half in ("above", "below")
    }
    assert max(across["above"]) - min(across["above"]) > 1.3 * (max(across["below"]) - min(across["below"]))


def test_a_ring_is_round(bar: Family) -> None:
    pieces = laid(bar, "hazelnut_whole", "ring")
    radii = [hypot(piece.x - bar.length // 2, piece.y - bar.width // 2) for piece in pieces]
    assert max(radii) - min(radii) <= 12


def test_more_pieces_than_a_ring_holds_make_it_wider(bar: Family) -> None:
    pieces = laid(bar, "hazelnut_whole", "ring", percent=200)
    across, down = (max(at) - min(at) for at in ([p.x for p in pieces], [p.y for p in pieces]))
    assert len(pieces) == 24
    assert across > down


def test_rows_are_straight_and_even(bar: Family) -> None:
    pieces = laid(bar, "hazelnut_whole", "rows")
    rows = Counter(piece.y for piece in pieces)
    assert list(rows.values()) == [6, 6]
    for row in rows:
        places = sorted(piece.x for piece in pieces if piece.y == row)
        gaps = [after - before for before, after in pairwise(places)]
        assert max(gaps) - min(gaps) <= 10


@pytest.mark.parametrize(("percent", "pieces"), [(50, 6), (100, 12), (200, 24)])
def test_rows_follow_the_segments_of_a_mould(bar: Family, percent: int, pieces: int) -> None:
    """Six segments along, four across, 10 tenths of a millimetre of wall around them."""
    segments: Counter[tuple[int, int]] = Counter()
    for piece in laid(bar, "hazelnut_whole", "rows", percent=percent, face="moulded"):
        column, right = divmod(piece.x - 10, 263)
        row, down = divmod(piece.y - 10, 195)
        segments[column, row] += 1
        assert abs(right - 131) <= 10
        assert abs(down - 97) <= 10
    assert (len(segments), max(segments.values())) == (pieces, 1)
    assert {row for _, row in segments} == {0, 1, 2, 3}


def test_a_border_follows_the_edge(family_named: Families) -> None:
    for key in ("bar-100", "mini-40", "heart-80", "slab-250"):
        family = family_named(key)
        pieces = laid(family, "hazelnut_whole", "border")
        assert all(edge_room(piece, family) <= RIM + 55 for piece in pieces)


@pytest.mark.parametrize(("pattern", "side"), [("left-half", -1), ("right-half", 1)])
@pytest.mark.parametrize("module", ["hazelnut_whole", "sesame_black", "rose_petals", "matcha"])
def test_a_half_ends_in_the_middle(family_named: Families, pattern: str, side: int, module: str) -> None:
    for key in ("bar-100", "heart-80"):
        family = family_named(key)
        for piece in laid(family, module, pattern):
            assert all(side * (x - family.length / 2) >= 0 for x, _ in points(piece, family))


def test_a_diagonal_rises_from_lower_left_to_upper_right(bar: Family) -> None:
    pieces = sorted(laid(bar, "hazelnut_whole", "diagonal"), key=lambda piece: piece.x)
    first, last = pieces[0], pieces[-1]
    assert first.x < bar.length // 5 < last.x
    assert first.y > last.y
    for piece in pieces:
        on_line = first.y + (last.y - first.y) * (piece.x - first.x) / (last.x - first.x)
        assert abs(piece.y - on_line) <= 12


@pytest.mark.parametrize("sign", LETTERS)
def test_pieces_of_a_letter_lie_on_its_strokes(family_named: Families, sign: str) -> None:
    """Measured in the letter's own box, so that it does not matter how large it was laid."""
    slab = family_named("slab-250")
    pieces = laid(slab, "hazelnut_whole", LETTER + sign, percent=60)
    strokes = strokes_of(sign)
    wide = max(1, *(x for stroke in strokes for x, _ in stroke.points))
    left, top = min(p.x for p in pieces), min(p.y for p in pieces)
    across, down = max(p.x for p in pieces) - left, max(p.y for p in pieces) - top
    for piece in pieces:
        x, y = (piece.x - left) * wide / max(1, across), (piece.y - top) * HEIGHT / down
        if across > 100:
            assert min(to_line(x, y, stroke.points) for stroke in strokes) <= 18, (sign, x, y)


def to_line(x: float, y: float, line: tuple[tuple[int, int], ...]) -> float:
    nearest = min(hypot(x - a, y - b) for a, b in line)
    for (ax, ay), (bx, by) in pairwise(line):
        along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
        if 0 <= along <= 1:
            nearest = min(nearest, hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)))
    return nearest


def test_no_two_signs_are_laid_alike(bar: Family) -> None:
    """But O and 0, which are one shape."""
    shapes = {
        frozenset((piece.x, piece.y) for piece in laid(bar, "choc_lentils", LETTER + sign, percent=120))
        for sign in LETTERS
    }
    assert len(shapes) == len(LETTERS) - 1


def test_long_pieces_lie_along_the_line_while_there_is_room(family_named: Families) -> None:
    slab = family_named("slab-250")
    for piece in laid(slab, "almond_whole", "border", percent=60):
        on_side = min(piece.x, slab.length - piece.x) < min(piece.y, slab.width - piece.y)
        assert piece.turn == (90 if on_side else 0)


@pytest.mark.parametrize("pattern", EVERY_PATTERN)
@pytest.mark.parametrize("key", ["bar-100", "heart-80"])
def test_every_pattern_lays_every_kind_of_piece(family_named: Families, key: str, pattern: str) -> None:
    """A nut, a long nut, a cube, a leaf, grains, a powder: on the bar, side by side, none forgotten."""
    family = family_named(key)
    for module in ("hazelnut_whole", "almond_whole", "fudge_cubes", "rose_petals", "sesame_black", "matcha"):
        scene = lay_out(arranged(family, module, pattern, percent=130), family)
        assert heaped(scene, family) == []
        assert all(edge_room(piece, family) >= RIM - 1 for piece in scene.pieces)
        assert scene.pieces
        for left in scene.left_over:
            assert 0 < left.fits < left.wanted
            assert sum(bump.mg for bump in scene.bumps) > 0


def test_a_stick_too_long_for_its_line_goes_into_the_chocolate(bar: Family) -> None:
    almond = bar.modules["almond_whole"]
    stick = replace(almond, shape=replace(almond.shape, length=850, width=30))
    family = replace(bar, modules={**bar.modules, almond.key: stick})
    scene = lay_out(arranged(family, almond.key, "diagonal"), family)
    assert scene.pieces == ()
    assert [left.fits for left in scene.left_over] == [0]
    assert scene.bumps


def test_leaves_lie_over_each_other_and_over_nuts(bar: Family) -> None:
    design = arranged(bar, "rose_petals", "heart").adding("almond_whole", "toppings", 12_000)
    scene = lay_out(design, bar)
    assert not scene.left_over
    assert {piece.layer for piece in scene.pieces if piece.module == "almond_whole"} == {0}
    assert len({piece.layer for piece in scene.pieces if piece.module == "rose_petals"}) > 1
    assert all(is_flat(bar.modules[piece.module]) for piece in scene.pieces if piece.layer)


def test_no_leaf_hides_the_words_of_a_plaque(bar: Family) -> None:
    design = arranged(bar, "rose_petals", "scattered", percent=100).adding(
        "choc_plaque", "decorations", 4_000
    )
    scene = lay_out(design, bar)
    (plaque,) = (piece for piece in scene.pieces if piece.module == "choc_plaque")
    half, side, _ = outline(plaque, bar)
    hidden = [
        (x, y)
        for piece in scene.pieces
        if piece is not plaque
        for x, y in points(piece, bar)
        if abs(x - plaque.x) < half - 25 and abs(y - plaque.y) < side - 25
    ]
    assert not hidden


def test_what_has_a_pattern_lies_there_whatever_is_strewn_around_it(bar: Family) -> None:
    alone = arranged(bar, "hazelnut_whole", "heart")
    before = lay_out(alone, bar).pieces
    after = lay_out(
        alone.adding("walnut_halves", "toppings", 7_000).adding("goji_berries", "toppings", 3_000), bar
    )
    assert [piece for piece in after.pieces if piece.module == "hazelnut_whole"] == list(before)


def test_pieces_that_keep_a_pattern_do_not_depend_on_the_seed(bar: Family) -> None:
    places = [
        {
            (piece.x, piece.y)
            for piece in lay_out(arranged(bar, "almond_whole", "ring", seed=seed), bar).pieces
        }
        for seed in (1, 2)
    ]
    assert places[0] == places[1]


# ── The same everywhere ──────────────────────────────────────────────────────────────────────────


def golden_designs(family_named: Families) -> dict[str, Design]:
    """Every pattern, family and face; what is strewn, mixed in, moved and left over."""
    bar, heart = family_named("bar-100"), family_named("heart-80")
    designs = {
        f"{key} {module} {pattern}": arranged(family_named(key), module, pattern, percent=150, seed=11)
        for key in ("bar-100", "mini-40", "heart-80", "slab-250")
        for module, pattern in zip(
            (
                "almond_whole",
                "hazelnut_whole",
                "rose_petals",
                "sesame_black",
                "matcha",
                "gold_leaf",
                "raspberry_fd",
            ),
            ("scattered", "heart", "ring", "border", "letter:R", "left-half", "diagonal"),
            strict=True,
        )
    }
    designs["moulded rows"] = arranged(bar, "pecan_halves", "rows", face="moulded")
    designs["crowded"] = (
        arranged(bar, "almond_whole", "left-half", percent=250)
        .adding("cornflakes", "toppings", 7_000)
        .adding("caramel_salted", "ingredients", 5_000)
        .adding("rice_puffed", "ingredients", 2_000)
    )
    designs["words"] = arranged(heart, "transfer_print", "scattered").adding(
        "pistachio_chopped", "toppings", 4_000
    )
    return designs


def digests(family_named: Families) -> dict[str, str]:
    return {
        name: sha256(canonical(lay_out(design, family_named(design.family))).encode()).hexdigest()[:20]
        for name, design in golden_designs(family_named).items()
    }


def test_scenes_are_the_same_byte_for_byte_as_they_were(family_named: Families) -> None:
    """Pieces moved on purpose? Then count up the drawing's version, and write the new digests down."""
    found = digests(family_named)
    if os.environ.get("WRITE_GOLDEN_SCENES"):
        GOLDEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_another_process_lays_the_same_scene(bar: Family) -> None:
    """With other hashes, and before anything has been remembered."""
    design = golden_designs(lambda _: bar)["crowded"]
    here = canonical(lay_out(design, bar))
    program = (
        "import sys, django; django.setup()\n"
        "from configurator.catalogue.loading import from_files\n"
        "from configurator.domain.design import from_canonical\n"
        "from configurator.domain.scene import canonical, lay_out\n"
        "print(canonical(lay_out(from_canonical(sys.argv[1]), from_files('bar-100'))))"
    )
    there = subprocess.run(
        [sys.executable, "-c", program, design.canonical],
        env={**os.environ, "PYTHONHASHSEED": "77", "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == here


def test_a_canonical_scene_has_nothing_but_whole_numbers(bar: Family) -> None:
    scene = json.loads(canonical(lay_out(golden_designs(lambda _: bar)["crowded"], bar)))
    assert {type(value) for piece in scene["pieces"] for value in piece.values()} == {int, str, bool}
