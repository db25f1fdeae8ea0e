"""The painted sprites are what the compositor may rely on."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
SPRITES = ROOT / "static" / "sprites"
MANIFEST: dict[str, Any] = json.loads((SPRITES / "sprites.json").read_text(encoding="utf-8"))
CANVAS_OF_LOOK = {
    "bar-100": (1840, 1040),
    "bar-100-moulded": (1840, 1040),
    "mini-40": (1200, 800),
    "heart-80": (1520, 1390),
    "slab-250": (2440, 1540),
}


BLANK_SHEETS = {"transfer_print", "choc_plaque"}  # they lie straight; the customer's text sets them apart


def catalogue(*, bases: bool) -> set[str]:
    path = ROOT / "configurator" / "catalogue" / "modules.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["key"] for row in csv.DictReader(file) if (row["kind"] == "base") == bases}


def every_sprite() -> Iterator[dict[str, Any]]:
    for bars in MANIFEST["bars"].values():
        yield from bars.values()
    for variants in MANIFEST["modules"].values():
        yield from variants
    yield from MANIFEST["bumps"]
    yield from MANIFEST["sleeves"].values()
    yield from MANIFEST["extras"].values()


@pytest.mark.parametrize("look", CANVAS_OF_LOOK)
def test_every_base_is_painted_in_every_look_on_one_size_of_canvas(look: str) -> None:
    bars = MANIFEST["bars"][look]
    assert set(bars) == catalogue(bases=True)
    assert {tuple(bar["size"]) for bar in bars.values()} == {CANVAS_OF_LOOK[look]}


def test_every_module_has_six_individuals_or_more() -> None:
    pieces = catalogue(bases=False) - BLANK_SHEETS
    assert {key for key in pieces if len(MANIFEST["modules"].get(key, [])) < 6} == set()


def test_only_what_the_catalogue_sells_is_painted() -> None:
    assert set(MANIFEST["modules"]) == catalogue(bases=False)


def test_individuals_of_a_module_lie_in_different_directions() -> None:
    for key in catalogue(bases=False) - BLANK_SHEETS:
        yaws = [variant["yaw"] for variant in MANIFEST["modules"][key]]
        assert len(set(yaws)) == len(yaws), key


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


def test_the_manifest_names_every_file_in_the_folder_once() -> None:
    named = Counter(sprite["file"] for sprite in every_sprite())
    lying_there = Counter(path.relative_to(SPRITES).as_posix() for path in SPRITES.rglob("*.webp"))
    assert named == lying_there


def test_every_painted_sprite_is_in_the_ledger() -> None:
    ledger = json.loads((ROOT / "art" / "painted.json").read_text(encoding="utf-8"))
    assert set(ledger) == {sprite["file"] for sprite in every_sprite()}


def test_the_sprites_stay_light_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in SPRITES.rglob("*.webp")) < 60 * 1024 * 1024
