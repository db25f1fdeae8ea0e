"""Who paints what: the tables of all scene files in the order of the shop."""

from art.catalogue import read_pieces
from art.scenes import (
    baked,
    beans,
    caramel,
    confections,
    crumbs,
    crystals,
    dried,
    flakes,
    fruit,
    herbs,
    leaf,
    nuts,
    petals,
    powders,
    seeds,
    sheets,
    slices,
    sprinkles,
    sweets,
    swirls,
)
from art.shapes import Scene

BASES = ("dark_60", "dark_85", "milk_37", "white_32", "ruby_35", "blond_33")
FURTHER_BASES = (
    "dark_72",
    "milk_50",
    "gianduja_milk",
    "vegan_almond",
    "vegan_rice",
    "vegan_white",
    "dark_65_nas",
)

SCENE_FILES = (
    nuts,
    seeds,
    baked,
    crumbs,
    confections,
    caramel,
    crystals,
    beans,
    fruit,
    flakes,
    petals,
    leaf,
    dried,
    slices,
    herbs,
    powders,
    sprinkles,
    sweets,
    swirls,
    sheets,
)


def in_the_order_of_the_shop() -> dict[str, tuple[Scene, int]]:
    """Each scene file names its modules in a table of its own: the scene, and how many individuals."""
    named = [entry for scene_file in SCENE_FILES for entry in scene_file.MODULES.items()]
    table = dict(named)
    twice = sorted({key for key, _ in named if [k for k, _ in named].count(key) > 1})
    if twice:
        raise ValueError(f"Painted by two scene files: {', '.join(twice)}. Take them out of one.")
    return {key: table[key] for key in read_pieces() if key in table}


MODULES = in_the_order_of_the_shop()
