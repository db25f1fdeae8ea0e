"""Bodies: what a mould gives back, poured or segmented, in every couverture."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import bpy
import numpy as np

from art.catalogue import Piece, linear
from art.film import enlarged
from art.rig import Frame, Negative, clear_stage, photograph
from art.scenes.bodies import hand_cast_slab, moulded_bar, poured_bar, poured_heart
from art.shapes import Form, Rng

MARGIN_MM = 12
GREY = 0.5
GROUND = (0.24, 0.19, 0.15)  # a pale one mirrors in leaning walls as a grey rim
WARMTH = 0.25  # how much of the couverture's colour its sheen takes on


@dataclass(frozen=True)
class Look:
    """One face of one family. A family may have several, as it has moulds."""

    length: float
    width: float
    body: Callable[[float, float, Rng], Form]
    px_per_mm: float = 5  # a poured face is calm

    @property
    def frame(self) -> Frame:
        return Frame(self.length + 2 * MARGIN_MM, self.width + 2 * MARGIN_MM, self.px_per_mm)


LOOKS = {
    "bar-100": Look(160, 80, poured_bar),
    "bar-100-moulded": Look(160, 80, moulded_bar, px_per_mm=8),
    "mini-40": Look(96, 56, poured_bar),
    "heart-80": Look(128, 115, poured_heart),
    "slab-250": Look(220, 130, hand_cast_slab),
}


@dataclass(frozen=True)
class Couverture:
    """How a base looks when it has set; the catalogue knows one colour, the eye wants more.

    gloss: sheen against that of a dark couverture. softness: light that wanders under the surface
    and fills the shade, as it does in what is rich in milk. specks: vanilla or nut, per square centimetre.
    """

    colour: str
    gloss: float = 1.0
    softness: float = 0.0
    specks: float = 0.0
    speck_colour: str = "#2A1A10"


COUVERTURES = {
    "dark_60": Couverture("#47261A"),
    "dark_65_nas": Couverture("#3A231B", gloss=0.85),
    "dark_72": Couverture("#311A12", gloss=1.05),
    "dark_85": Couverture("#1F110D", gloss=1.1),
    "milk_37": Couverture("#7B4B2F", softness=0.10),
    "milk_50": Couverture("#5C3120", softness=0.05),
    "gianduja_milk": Couverture("#8D7160", gloss=0.6, softness=0.2, specks=5, speck_colour="#6B4C38"),
    "vegan_almond": Couverture("#85603D", gloss=0.7, softness=0.14, specks=3, speck_colour="#AD8860"),
    "vegan_rice": Couverture("#6B4733", gloss=0.8, softness=0.12),
    "white_32": Couverture("#FFE6CC", gloss=0.8, softness=0.45, specks=0.5, speck_colour="#6E5434"),
    "vegan_white": Couverture("#E8DBCC", gloss=0.65, softness=0.45, specks=0.5, speck_colour="#6E5A40"),
    "blond_33": Couverture("#DBB688", gloss=0.85, softness=0.35),
    "ruby_35": Couverture("#C17C87", gloss=0.85, softness=0.3),
}


def bar(piece: Piece, look: Look, *, samples: int) -> Negative:
    """One mould, poured with any couverture: the light it throws back plus the light it colours."""
    gloss, coloured, shadow = plates(look, samples)
    couverture = COUVERTURES.get(piece.key) or Couverture(piece.hex_colour)
    colour = laid_in(linear(couverture.colour)) * np.ones(gloss.shape[:2])[..., None]
    if couverture.specks:
        colour = speckled(colour, couverture, np.random.default_rng([*piece.key.encode()]))
    light = gloss.copy()
    warm = 1 - WARMTH + WARMTH * colour / colour.max(axis=-1, keepdims=True)
    light[..., :3] = couverture.gloss * warm * gloss[..., :3] + colour * softened(
        coloured, couverture.softness
    )
    return Negative(light, shadow)


@lru_cache(maxsize=1)
def plates(look: Look, samples: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same bar in black and in grey: what they share is sheen, where they differ is the light that takes colour."""
    grey = plate(GREY, look, samples, shadow_coarseness=3)
    black = plate(0.0, look, samples, shadow_coarseness=50)  # one shadow is enough
    coloured = np.maximum(grey.body[..., :3] - black.body[..., :3], 0) / GREY
    return black.body, coloured, grey.shadow


def plate(albedo: float, look: Look, samples: int, *, shadow_coarseness: int) -> Negative:
    clear_stage()
    thing = cast(look).to_object("bar", couverture_material(albedo))
    negative = photograph(
        [thing], look.frame, samples=samples, ground=GROUND, shadow_coarseness=shadow_coarseness
    )
    return enlarged(negative, look.frame)


@lru_cache(maxsize=1)
def cast(look: Look) -> Form:
    return look.body(look.length, look.width, np.random.default_rng([int(look.length), int(look.width)]))


def softened(coloured: np.ndarray, softness: float) -> np.ndarray:
    level = np.median(coloured[coloured.any(axis=-1)])
    return level * (coloured / level) ** (1 - softness)


def laid_in(colour: np.ndarray) -> np.ndarray:
    """The sheen lifts and greys a dark face, so dark bases are laid in a little deeper and warmer."""
    depth = 1 - colour.max()
    return colour ** (1 + depth * np.array([0.03, 0.04, 0.10]))


def speckled(colour: np.ndarray, couverture: Couverture, rng: Rng) -> np.ndarray:
    """Ground vanilla, or nut: specks of a tenth of a millimetre, no two alike."""
    height, width = colour.shape[:2]
    count = int(couverture.specks * height * width / 10_000)
    speck = linear(couverture.speck_colour)
    share = np.zeros((height + 4, width + 4))
    rows, columns = rng.integers(0, height, count), rng.integers(0, width, count)
    for row, column, weight in zip(rows, columns, rng.uniform(0.15, 0.75, count), strict=True):
        patch = weight * rng.uniform(0, 1, (3, 3)) ** 1.5
        share[row : row + 3, column : column + 3] = np.maximum(
            share[row : row + 3, column : column + 3], patch
        )
    share = share[1 : height + 1, 1 : width + 1, None]
    return colour * (1 - share) + speck * share


def couverture_material(albedo: float) -> bpy.types.Material:
    """Satin under a thin clear gloss; a hint of grain breaks the sheen, never the smoothness."""
    material = bpy.data.materials.new("couverture")
    material.use_nodes = True
    tree = material.node_tree
    shader = tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (albedo, albedo, albedo, 1)
    shader.inputs["Roughness"].default_value = 0.40
    shader.inputs["Specular IOR Level"].default_value = 0.16
    shader.inputs["Specular Tint"].default_value = (1.0, 0.82, 0.66, 1)
    shader.inputs["Coat Weight"].default_value = 0.34
    shader.inputs["Coat Tint"].default_value = (1.0, 0.97, 0.94, 1)
    shader.inputs["Coat Roughness"].default_value = 0.10
    place = tree.nodes.new("ShaderNodeTexCoord")
    flow = noise(tree, place, scale=0.040, detail=1.2, distortion=0.7)
    grain = noise(tree, place, scale=0.9, detail=2, distortion=0)
    relief = tree.nodes.new("ShaderNodeMath")
    relief.operation = "MULTIPLY_ADD"
    relief.inputs[1].default_value = 0.020
    tree.links.new(grain, relief.inputs[0])
    tree.links.new(flow, relief.inputs[2])
    bump = tree.nodes.new("ShaderNodeBump")
    bump.inputs["Strength"].default_value = 0.12
    bump.inputs["Distance"].default_value = 1.0
    tree.links.new(relief.outputs[0], bump.inputs["Height"])
    tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])
    tree.links.new(bump.outputs["Normal"], shader.inputs["Coat Normal"])
    return material


def noise(
    tree: bpy.types.NodeTree, place: bpy.types.Node, *, scale: float, detail: float, distortion: float
) -> bpy.types.NodeSocket:
    node = tree.nodes.new("ShaderNodeTexNoise")
    node.inputs["Scale"].default_value = scale
    node.inputs["Detail"].default_value = detail
    node.inputs["Distortion"].default_value = distortion
    tree.links.new(place.outputs["Object"], node.inputs["Vector"])
    return node.outputs["Fac"]
