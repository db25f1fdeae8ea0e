"""Who paints what: the scene of each module, and how many individuals of it are painted."""

from collections.abc import Callable

import bpy

from art.catalogue import Piece
from art.scenes import beans, caramel, crumbs, crystals, flakes, fruit, leaf, nuts, petals
from art.shapes import Rng

Scene = Callable[[Piece, Rng], list[bpy.types.Object]]

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

MODULES: dict[str, tuple[Scene, int]] = {
    "almond_whole": (nuts.almond, 8),
    "hazelnut_whole": (nuts.hazelnut, 8),
    "walnut_halves": (nuts.walnut_half, 8),
    "pistachio_chopped": (nuts.pistachio_chopped, 12),
    "raspberry_fd": (fruit.raspberry_fragment, 8),
    "strawberry_fd": (fruit.strawberry_slice, 8),
    "cranberry_dried": (fruit.cranberry, 8),
    "cornflakes": (flakes.cornflake, 8),
    "rice_puffed": (flakes.puffed_rice, 10),
    "chili_flakes": (flakes.chilli_flake, 12),
    "sea_salt_flakes": (crystals.salt_flake, 12),
    "rose_petals": (petals.rose_petal, 8),
    "coffee_bean_whole": (beans.coffee_bean, 8),
    "cocoa_nibs": (beans.cocoa_nib, 12),
    "caramel_salted": (caramel.caramel_cube, 8),
    "gold_leaf": (leaf.metal_leaf, 8),
    "peanut_salted": (nuts.peanut, 6),
    "cashew_roasted": (nuts.cashew, 6),
    "pecan_halves": (nuts.pecan_half, 6),
    "macadamia_roasted": (nuts.round_nut, 6),
    "pistachio_whole_salted": (nuts.pistachio_whole, 6),
    "speculoos": (crumbs.crumb, 6),
    "raisins": (fruit.wrinkled, 6),
    "blueberry_dried": (fruit.wrinkled, 6),
    "sour_cherry_dried": (fruit.wrinkled, 6),
    "mango_fd": (crumbs.dried_chunk, 6),
    "orange_peel_candied": (crumbs.candied_cube, 6),
    "marshmallow_mini": (crumbs.marshmallow, 6),
    "pumpkin_seeds": (nuts.seed, 6),
    "honeycomb": (crumbs.crumb, 6),
    "fudge_cubes": (crumbs.creamy_cube, 6),
    "butter_biscuit": (crumbs.crumb, 6),
    "cocoa_cookie_crumbs": (crumbs.crumb, 6),
    "hazelnut_brittle": (crumbs.brittle, 6),
    "toffee_pieces": (crumbs.brittle, 6),
    "apricot_dried": (crumbs.candied_cube, 6),
    "ginger_candied": (crumbs.candied_cube, 6),
    "pink_pepper": (crumbs.bead, 6),
    "crunch_pearls": (crumbs.bead, 4),
    "goji_berries": (fruit.wrinkled, 6),
    "sesame_toasted": (nuts.seed, 6),
    "sesame_black": (nuts.seed, 6),
    "sunflower_seeds": (nuts.seed, 6),
    "pine_nuts": (nuts.seed, 6),
    "cornflakes_gf": (flakes.cornflake, 6),
    "silver_leaf": (leaf.metal_leaf, 4),
    "salt_smoked": (crystals.salt_flake, 6),
}
