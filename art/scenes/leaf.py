"""Beaten metal: torn, crumpled leaf."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual, ridged
from art.shapes import Form, Rng, Scene, Waves, disc, mix, sized, smoothstep


def metal_leaf(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    place, lean, side, faces = disc(8)
    angle = np.arctan2(place[:, 1], place[:, 0])
    flat = np.stack([np.cos(angle), np.sin(angle), np.zeros(len(angle))], axis=1)
    outline = 1 + 0.13 * Waves(rng)(flat, 2.0) + 0.05 * Waves(rng)(flat, 0.6) + 0.02 * Waves(rng)(flat, 0.2)
    xy = place * np.clip(outline, 0.45, 1.6)[:, None] * np.array([piece.length, piece.width]) / 2
    sheet = np.column_stack([xy, np.zeros(len(xy))])
    warped = sheet + 0.5 * np.stack([Waves(rng)(sheet, 3) for _ in range(3)], axis=1)
    swell = 0.6 * Waves(rng)(sheet, 8)
    creases = swell + 0.30 * ridged(Waves(rng)(warped, 6)) + 0.10 * ridged(Waves(rng)(warped, 2.8))
    height = creases + 0.03 * side * (1 - lean**6)
    points = sized(
        np.column_stack([xy, height]), *individual(piece, rng, spread=0.15)[:2], rng.uniform(0.9, 1.3)
    )
    metal = piece.colour.copy()
    metal[1] *= (
        1 - 0.24 * (metal[0] - metal[2]) / metal[0]
    )  # highlights lose red first: gold would turn to lemon
    deep = metal * (metal / metal.max()) ** 0.4
    colours = mix(deep * 0.85, np.minimum(metal * 1.12, 0.97), smoothstep(-1.3, 1.3, Waves(rng)(sheet, 3)))
    finish = Finish(roughness=0.28, metallic=1.0, bump_mm=0.03, relief_mm=0.4)
    return [Form(points, faces, np.clip(colours, 0, 1)).to_object("leaf", painted("leaf", finish))]


MODULES: dict[str, tuple[Scene, int]] = {
    "gold_leaf": (metal_leaf, 8),
    "silver_leaf": (metal_leaf, 6),
}
