"""Soft sweets: cubes of salted caramel."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.crystals import GRAIN, slab
from art.scenes.nuts import individual
from art.shapes import Form, Points, Rng, Scene, Waves, ball, boxy, joined, mix, sized, smoothstep, turned

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
    """Cut, then slumped a little: no edge is sharp, no face is flat, and none lies quite level."""
    directions, faces = ball(7)
    points = boxy(directions, rng.uniform(4.0, 6.5))
    points *= (1 + 0.045 * Waves(rng)(directions, 1.7) + 0.010 * Waves(rng)(directions, 0.7))[:, None]
    points[:, 0] += rng.uniform(-0.22, 0.22) * points[:, 1]
    points[:, 1] *= 1 + rng.uniform(-0.14, 0.14) * points[:, 0]
    points[:, :2] *= (1 + rng.uniform(0.02, 0.12) * smoothstep(0.2, -1, points[:, 2]))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.10))
    amber = piece.colour * np.array([1.0, 0.86, 0.62]) * rng.uniform(0.88, 1.14)
    colours = mix(amber * 0.80, amber * 1.15, smoothstep(-1.3, 1.3, Waves(rng)(points, 4, 2)))
    cube, salt = Form(points, faces, colours), grains(points, rng)
    roll, pitch = rng.uniform(-0.26, 0.26, 2)
    for form in (cube, salt):
        form.points = turned(turned(form.points, 0, roll), 1, pitch)
    return [
        cube.to_object("caramel", painted("caramel", TOFFEE)),
        salt.to_object("salt grains", painted("salt", GRAIN), smooth=False),
    ]


def grains(points: Points, rng: Rng) -> Form:
    """Sprinkled from above: mostly fine, a coarse flake or two, where they happened to fall."""
    top = points[points[:, 2] > 0.55 * points[:, 2].max()]
    flecks = []
    for seat in top[rng.integers(len(top), size=rng.integers(5, 14))]:
        size = 0.28 + 0.75 * rng.random() ** 3
        fleck = slab(rng, size, size * rng.uniform(0.6, 1), size * rng.uniform(0.5, 0.8), tilt=0.5)
        fleck.points += seat
        flecks.append(fleck)
    return joined(flecks)


MODULES: dict[str, tuple[Scene, int]] = {
    "caramel_salted": (caramel_cube, 8),
}
