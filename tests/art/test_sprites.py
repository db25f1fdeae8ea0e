"""The painted sprites are what the compositor may rely on."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

SPRITES = Path(__file__).parents[2] / "static" / "sprites"
MANIFEST: dict[str, Any] = json.loads((SPRITES / "sprites.json").read_text(encoding="utf-8"))

CATALOGUE = Path(__file__).parents[2] / "configurator" / "catalogue" / "modules.csv"
LOOKS = {
    "bar-100": [1840, 1040],
    "bar-100-moulded": [1840, 1040],
    "mini-40": [1200, 800],
    "heart-80": [1520, 1390],
    "slab-250": [2440, 1540],
}
UPRIGHT = {"transfer_print", "choc_plaque"}
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
    yield from MANIFEST["sleeves"].values()
    yield from MANIFEST["extras"].values()


def test_every_base_is_painted_in_every_look() -> None:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        bases = {row["key"] for row in csv.DictReader(file) if row["kind"] == "base"}
    assert {look: set(bars) for look, bars in MANIFEST["bars"].items()} == dict.fromkeys(LOOKS, bases)


def test_every_family_has_a_sleeve_whose_face_lies_within_its_picture() -> None:
    faces = {family: (sleeve["size"], sleeve["face"]) for family, sleeve in MANIFEST["sleeves"].items()}
    assert faces == {
        "bar-100": ([1880, 1080], [120, 120, 1640, 840]),
        "mini-40": ([1240, 840], [120, 120, 1000, 600]),
        "heart-80": ([1580, 1450], [120, 120, 1340, 1210]),
        "slab-250": ([2480, 1580], [120, 120, 2240, 1340]),
    }


def test_the_light_on_a_sleeve_has_no_colour_of_its_own() -> None:
    for sleeve in MANIFEST["sleeves"].values():
        left, top, width, height = sleeve["face"]
        with Image.open(SPRITES / sleeve["file"]) as picture:
            middle = picture.convert("RGB").crop(
                (left + width // 4, top + height // 4, left + width * 3 // 4, top + height * 3 // 4)
            )
        red, green, blue = middle.resize((1, 1), Image.Resampling.BOX).tobytes()
        assert max(red, green, blue) - min(red, green, blue) <= 3, sleeve["file"]
        assert 215 <= green <= 250, sleeve["file"]


def test_the_coin_is_as_large_as_a_euro() -> None:
    with Image.open(SPRITES / MANIFEST["extras"]["coin"]["file"]) as picture:
        body = picture.getchannel("A").point([255 * (alpha > 250) for alpha in range(256)])
    left, top, right, bottom = body.getbbox() or (0, 0, 0, 0)
    assert right - left == pytest.approx(232, abs=3)
    assert bottom - top == pytest.approx(232, abs=3)


def test_every_first_module_has_four_individuals_or_more() -> None:
    assert {key for key in FIRST_MODULES if len(MANIFEST["modules"].get(key, [])) < 4} == set()


def test_individuals_of_a_module_lie_in_different_directions() -> None:
    for key in MANIFEST["modules"].keys() - UPRIGHT:
        yaws = [variant["yaw"] for variant in MANIFEST["modules"][key]]
        assert len(set(yaws)) == len(yaws), key


def test_what_carries_writing_lies_straight() -> None:
    assert {variant["yaw"] for key in UPRIGHT for variant in MANIFEST["modules"].get(key, [])} == {0}


@pytest.mark.parametrize("look", LOOKS)
def test_bars_have_the_canvas_of_their_look(look: str) -> None:
    assert {tuple(bar["size"]) for bar in MANIFEST["bars"][look].values()} == {tuple(LOOKS[look])}


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
    assert sum(path.stat().st_size for path in SPRITES.rglob("*.webp")) < 60 * 1024 * 1024
