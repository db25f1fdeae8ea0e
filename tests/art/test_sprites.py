"""The painted sprites are what the compositor may rely on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

SPRITES = Path(__file__).parents[2] / "static" / "sprites"
MANIFEST: dict[str, Any] = json.loads((SPRITES / "sprites.json").read_text(encoding="utf-8"))

FIRST_BASES = {"dark_60", "dark_85", "milk_37", "white_32", "ruby_35", "blond_33"}
FIRST_MODULES = {
    "almond_whole",
    "caramel_salted",
    "chili_flakes",
    "cocoa_nibs",
    "coffee_bean_whole",
    "cornflakes",
    "cranberry_dried",
    "gold_leaf",
    "hazelnut_whole",
    "pistachio_chopped",
    "raspberry_fd",
    "rice_puffed",
    "rose_petals",
    "sea_salt_flakes",
    "strawberry_fd",
    "walnut_halves",
}


def every_sprite() -> Iterator[dict[str, Any]]:
    for bars in MANIFEST["bars"].values():
        yield from bars.values()
    for variants in MANIFEST["modules"].values():
        yield from variants
    yield from MANIFEST["bumps"]


def test_every_first_base_is_painted_for_both_families() -> None:
    assert {family: FIRST_BASES - set(bars) for family, bars in MANIFEST["bars"].items()} == {
        "bar-100": set(),
        "mini-40": set(),
    }


def test_every_first_module_has_four_individuals_or_more() -> None:
    assert {key for key in FIRST_MODULES if len(MANIFEST["modules"].get(key, [])) < 4} == set()


def test_individuals_of_a_module_lie_in_different_directions() -> None:
    for key, variants in MANIFEST["modules"].items():
        yaws = [variant["yaw"] for variant in variants]
        assert len(set(yaws)) == len(yaws), key


@pytest.mark.parametrize(("family", "size"), [("bar-100", [1840, 1040]), ("mini-40", [1200, 800])])
def test_bars_have_the_canvas_of_their_family(family: str, size: list[int]) -> None:
    assert {tuple(bar["size"]) for bar in MANIFEST["bars"][family].values()} == {tuple(size)}


def test_every_sprite_is_as_the_manifest_says_and_fades_out_before_its_edge() -> None:
    for sprite in every_sprite():
        with Image.open(SPRITES / sprite["file"]) as picture:
            alpha = picture.convert("RGBA").getchannel("A")
        assert [alpha.width, alpha.height] == sprite["size"], sprite["file"]
        assert edge_alpha(alpha) <= 2, sprite["file"]


def edge_alpha(alpha: Image.Image) -> int:
    right, bottom = alpha.width - 1, alpha.height - 1
    edges = [
        (0, 0, right + 1, 1),
        (0, bottom, right + 1, bottom + 1),
        (0, 0, 1, bottom + 1),
        (right, 0, right + 1, bottom + 1),
    ]
    return max(max(alpha.crop(edge).tobytes()) for edge in edges)


def test_nothing_lies_in_the_folder_that_the_manifest_does_not_name() -> None:
    named = {sprite["file"] for sprite in every_sprite()}
    assert {path.relative_to(SPRITES).as_posix() for path in SPRITES.rglob("*.webp")} == named


def test_the_sprites_stay_light_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in SPRITES.rglob("*.webp")) < 25 * 1024 * 1024
