"""The blank sleeves carry light and no colour; the coin is the ruler of a picture."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

SPRITES = Path(__file__).parents[2] / "static" / "sprites"
MANIFEST: dict[str, Any] = json.loads((SPRITES / "sprites.json").read_text(encoding="utf-8"))


def test_every_family_has_a_sleeve_two_millimetres_larger_than_what_it_wraps_on_each_side() -> None:
    faces = {family: (sleeve["size"], sleeve["face"]) for family, sleeve in MANIFEST["sleeves"].items()}
    assert faces == {
        "bar-100": ([1880, 1080], [120, 120, 1640, 840]),
        "mini-40": ([1240, 840], [120, 120, 1000, 600]),
        "heart-80": ([1580, 1450], [120, 120, 1340, 1210]),
        "slab-250": ([2480, 1580], [120, 120, 2240, 1340]),
    }


@pytest.mark.parametrize("family", MANIFEST["sleeves"])
def test_the_light_on_a_sleeve_is_bright_and_has_no_colour_of_its_own(family: str) -> None:
    left, top, width, height = MANIFEST["sleeves"][family]["face"]
    with Image.open(SPRITES / MANIFEST["sleeves"][family]["file"]) as picture:
        face = picture.convert("RGB").crop((left + 60, top + 60, left + width - 60, top + height - 60))
    red, green, blue = face.resize((1, 1), Image.Resampling.BOX).tobytes()
    assert max(red, green, blue) - min(red, green, blue) <= 3
    assert 225 <= green <= 250


@pytest.mark.parametrize("family", MANIFEST["sleeves"])
def test_paper_covers_all_of_its_face(family: str) -> None:
    left, top, width, height = MANIFEST["sleeves"][family]["face"]
    with Image.open(SPRITES / MANIFEST["sleeves"][family]["file"]) as picture:
        alpha = picture.getchannel("A").crop((left + 3, top + 3, left + width - 3, top + height - 3))
    assert alpha.getextrema() == (255, 255)


def test_the_coin_is_as_large_as_a_euro() -> None:
    with Image.open(SPRITES / MANIFEST["extras"]["coin"]["file"]) as picture:
        body = picture.getchannel("A").point([255 * (alpha > 250) for alpha in range(256)])
    left, top, right, bottom = body.getbbox() or (0, 0, 0, 0)
    assert right - left == pytest.approx(232, abs=3)
    assert bottom - top == pytest.approx(232, abs=3)
