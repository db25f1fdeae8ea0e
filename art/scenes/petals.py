"""Dried petals: thin, cupped, crinkled."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual
from art.shapes import Form, Rng, Scene, Waves, disc, mix, sized, smoothstep


def rose_petal(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    place, lean, side, faces = disc(7)
    angle = np.arctan2(place[:, 1], place[:, 0])
    flat = np.stack([np.cos(angle), np.sin(angle), np.zeros(len(angle))], axis=1)
    # Broad at +x, with a shallow notch, drawn in to a claw at -x.
    outline = 1 - 0.08 * np.exp(-((angle / 0.25) ** 2)) + 0.035 * Waves(rng)(flat, 0.9)
    xy = place * outline[:, None]
    xy[:, 1] *= 1 - 0.55 * smoothstep(0.1, -1.0, xy[:, 0])
    xy = xy * np.array([piece.length, piece.width]) / 2
    sheet = np.column_stack([xy, np.zeros(len(xy))])
    along, across = xy[:, 0] / (piece.length / 2), xy[:, 1] / (piece.width / 2)
    cup = rng.uniform(1.2, 2.6) * across**2 + rng.uniform(-0.4, 1.0) * along**2
    rolled = rng.uniform(0.4, 1.6) * smoothstep(0.6, 1.05, along + 0.25 * across * rng.choice([-1, 1]))
    crinkle = 0.40 * Waves(rng)(sheet, 7) + 0.16 * Waves(rng)(sheet, 2.8) * smoothstep(0.2, 1, lean)
    veins = Waves(rng)(
        np.column_stack([along * 0.25, across / (0.75 + 0.3 * along), np.zeros(len(xy))]), 0.16
    )
    height = cup + rolled + crinkle + 0.035 * veins + 0.09 * side * (1 - lean**6)
    points = sized(
        np.column_stack([xy, height]), *individual(piece, rng, spread=0.10)[:2], rng.uniform(2.4, 3.8)
    )
    rose = piece.colour * np.array([1.0, 0.78, 0.82]) * rng.uniform(0.85, 1.15)
    deep, pale = rose * np.array([0.62, 0.38, 0.45]), np.array([0.86, 0.66, 0.44])
    colours = mix(rose, rose * np.array([1.25, 1.75, 1.6]), smoothstep(-1, 1.4, Waves(rng)(sheet, 6)) * 0.55)
    colours = mix(colours, pale, smoothstep(-0.55, -1.0, along) * 0.85)
    colours = mix(
        colours,
        deep,
        smoothstep(0.78, 1.0, lean + 0.05 * Waves(rng)(sheet, 2)) * smoothstep(-0.7, 0, along) * 0.75,
    )
    colours *= (1 - 0.09 * smoothstep(0.2, 1.5, veins))[:, None]
    finish = Finish(
        roughness=0.62,
        subsurface=0.35,
        subsurface_mm=(0.7, 0.3, 0.3),
        sheen=0.35,
        grain=0.08,
        bump_mm=0.03,
        relief_mm=0.4,
        specular=0.25,
    )
    return [Form(points, faces, colours).to_object("petal", painted("petal", finish))]


MODULES: dict[str, tuple[Scene, int]] = {
    "rose_petals": (rose_petal, 8),
}
