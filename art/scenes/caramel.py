"""Soft sweets: cubes of salted caramel."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.crystals import SALT, slab
from art.scenes.nuts import individual
from art.shapes import Form, Rng, Scene, Waves, ball, joined, mix, sized, smoothstep

TOFFEE = Finish(
    roughness=0.24,
    coat=0.5,
    coat_roughness=0.10,
    subsurface=0.55,
    subsurface_mm=(2.4, 0.9, 0.25),
    grain=0.04,
    bump_mm=0.05,
    relief_mm=1.6,
)


def caramel_cube(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Cut, then slumped a little: no edge is sharp, no face is flat."""
    directions, faces = ball(7)
    softness = rng.uniform(5.0, 7.5)
    radius = 1 / (np.abs(directions) ** softness).sum(axis=1) ** (1 / softness)
    points = directions * radius[:, None]
    points *= (1 + 0.035 * Waves(rng)(directions, 1.9) + 0.010 * Waves(rng)(directions, 0.7))[:, None]
    points[:, 0] += rng.uniform(-0.12, 0.12) * points[:, 1]
    points[:, :2] *= (1 + rng.uniform(0.02, 0.10) * smoothstep(0.2, -1, points[:, 2]))[:, None]
    points = sized(points, *individual(piece, rng))
    amber = piece.colour * np.array([1.0, 0.86, 0.62]) * rng.uniform(0.9, 1.12)
    colours = mix(amber * 0.85, amber * 1.12, smoothstep(-1.3, 1.3, Waves(rng)(points, 5)))
    cube = Form(points, faces, colours).to_object("caramel", painted("caramel", TOFFEE))
    return [cube, *grains(piece, rng, points[:, 2].max())]


def grains(piece: Piece, rng: Rng, top: float) -> list[bpy.types.Object]:
    flecks = []
    for _ in range(rng.integers(2, 6)):
        fleck = slab(rng, rng.uniform(0.4, 0.9), rng.uniform(0.35, 0.7), rng.uniform(0.3, 0.5), tilt=0.3)
        fleck.points += np.array([*rng.uniform(-0.30, 0.30, 2) * (piece.length, piece.width), top - 0.02])
        flecks.append(fleck)
    return [joined(flecks).to_object("salt grains", painted("salt", SALT), smooth=False)]


MODULES: dict[str, tuple[Scene, int]] = {
    "caramel_salted": (caramel_cube, 8),
}
