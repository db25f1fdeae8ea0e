"""The 24 designs whose pictures are kept: every base, every family and face, every family of shapes."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from configurator.catalogue.loading import from_files
from configurator.domain.design import Design, Inscription
from configurator.domain.family import Family
from configurator.domain.scene import lay_out
from configurator.rendering.compose import compose
from configurator.rendering.inscriptions import words_of

GOLDEN: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    # name, family, face, base, modules (slot where it is not on top)
    ("almonds", "bar-100", "", "dark_60", ("almond_whole", "cranberry_dried")),
    ("halves", "bar-100", "", "milk_37", ("walnut_halves", "pecan_halves")),
    ("rounds", "bar-100", "moulded", "dark_72", ("hazelnut_whole", "macadamia_roasted")),
    ("kidneys", "bar-100", "", "gianduja_milk", ("cashew_roasted", "peanut_salted")),
    ("slivers", "mini-40", "", "vegan_almond", ("almond_slivers", "almond_flaked", "coconut_desiccated")),
    ("seeds", "bar-100", "", "white_32", ("sesame_black", "pumpkin_seeds")),
    ("specks", "bar-100", "", "vegan_white", ("poppy_seeds", "chia_seeds")),
    ("nibs", "heart-80", "", "dark_85", ("cocoa_nibs", "raspberry_fd")),
    ("cubes", "slab-250", "", "milk_50", ("fudge_cubes", "caramel_salted", "rock_sugar_brown")),
    ("crumbs", "mini-40", "", "blond_33", ("cocoa_cookie_crumbs", "speculoos")),
    ("flakes", "bar-100", "", "ruby_35", ("cornflakes", "sea_salt_flakes", "coconut_chips")),
    ("puffs", "bar-100", "moulded", "dark_65_nas", ("rice_puffed", "popcorn_caramel", "pretzel_pieces")),
    ("slices", "slab-250", "", "dark_60", ("kiwi_fd", "strawberry_fd")),
    ("raisins", "heart-80", "", "vegan_rice", ("raisins", "sour_cherry_dried")),
    ("peel", "bar-100", "", "dark_72", ("orange_peel_candied", "ginger_candied", "white_chips")),
    ("petals", "heart-80", "", "ruby_35", ("rose_petals", "pistachio_chopped")),
    ("sprinkles", "mini-40", "", "milk_37", ("sprinkles_rainbow", "nonpareils")),
    ("sweets", "slab-250", "", "white_32", ("gummy_bears", "choc_lentils", "marshmallow_mini")),
    ("hearts", "heart-80", "", "white_32", ("sugar_hearts", "meringue_mini")),
    ("gold", "bar-100", "", "dark_85", ("decorations:gold_leaf", "pink_pepper")),
    ("dust", "bar-100", "", "milk_37", ("cinnamon_ceylon", "matcha")),
    ("swirls", "slab-250", "", "milk_37", ("ingredients:hazelnut_praline", "ingredients:pistachio_kadayif")),
    ("plaque", "bar-100", "moulded", "milk_50", ("decorations:choc_plaque", "hazelnut_brittle")),
    ("print", "bar-100", "", "dark_60", ("decorations:transfer_print", "coffee_bean_whole")),
)


FOLDER = Path(__file__).parent / "golden_pictures"
WIDTH = 300


def compressed(design: Design, family: Family) -> bytes:
    """The picture as it is kept: what compressing it changes is the same for the kept and the new one."""
    file = BytesIO()
    picture = compose(lay_out(design, family), family, WIDTH, words_of(design))
    picture.save(file, "WEBP", quality=90, method=6)
    return file.getvalue()


def golden_designs() -> Iterator[tuple[str, Design, Family]]:
    families = {key: from_files(key) for key in ("bar-100", "mini-40", "heart-80", "slab-250")}
    for name, key, face, base, modules in GOLDEN:
        family = families[key]
        design = Design(family.key, family.version, base, face=face).inscribed(Inscription("Für Ada"))
        for choice in modules:
            slot, _, module = choice.rpartition(":")
            design = design.adding(module, slot or "toppings", family.usual_dose(family.modules[module]))
        yield name, design, family
