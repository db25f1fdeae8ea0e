"""Twenty-four bars look as they looked when a person last approved of them.

A little tolerance is left for other versions of Pillow and its codecs: on average one level of 256,
and nowhere a blot that the eye would see.
"""

from collections.abc import Iterator
from functools import cache
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from configurator.catalogue.loading import from_files
from configurator.domain.design import Design
from configurator.domain.family import Family
from tests.configurator.golden_designs import FOLDER, GOLDEN, compressed, golden_designs

MEAN, PEAK = 1.0, 16.0
BLOT = 6
"""Pixels across: a difference is judged over so many, a single pixel of an edge may differ."""


@cache
def designs() -> dict[str, tuple[Design, Family]]:
    return {name: (design, family) for name, design, family in golden_designs()}


@pytest.mark.parametrize("name", [golden[0] for golden in GOLDEN])
def test_a_bar_looks_as_it_did(name: str) -> None:
    design, family = designs()[name]
    with (
        Image.open(BytesIO(compressed(design, family))) as drawn,
        Image.open(FOLDER / f"{name}.webp") as golden,
    ):
        difference = ImageChops.difference(drawn.convert("RGB"), golden.convert("RGB"))
    size = (difference.width // BLOT, difference.height // BLOT)
    blots = difference.resize(size, Image.Resampling.BOX)
    assert max(ImageStat.Stat(difference).mean) < MEAN
    assert max(high for _, high in ImageStat.Stat(blots).extrema) < PEAK


def test_the_golden_bars_cover_every_base_family_and_face() -> None:
    families = [from_files(key) for key in ("bar-100", "mini-40", "heart-80", "slab-250")]
    bases = {module.key for family in families for module in family.seats[family.base_slot.key]}
    looks = {family.look(face.key) for family in families for face in family.faces}
    assert {design.base for design, _ in designs().values()} == bases
    assert {family.look(design.face) for design, family in designs().values()} == looks


def test_the_golden_bars_cover_every_family_of_shapes() -> None:
    def hints() -> Iterator[str]:
        for design, family in designs().values():
            yield from (family.modules[choice.module].shape.hint for choice in design.choices)

    bar = from_files("bar-100")
    shapes = {module.shape.hint for module in bar.modules.values() if module.kind != "base"}
    assert shapes - set(hints()) == set()
