"""Crystals: flakes of sea salt."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual
from art.shapes import Form, Rng, Scene, Waves, joined, turned

SALT = Finish(roughness=0.20, coat=0.5, coat_roughness=0.06, specular=0.7, glow=0.14)


def salt_flake(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A broken hopper pyramid: square terraces, each a little smaller and turned, with shards beside it."""
    length, width, _ = individual(piece, rng, spread=0.18)
    terraces = rng.integers(2, 5)
    plates = []
    lift = 0.0
    for k in range(terraces):
        size = 1 - k / (terraces + 0.6)
        thick = rng.uniform(0.14, 0.26)
        plate = slab(rng, length * size, width * size * rng.uniform(0.85, 1), thick, tilt=0.10)
        plate.points += np.array([*rng.normal(scale=0.10, size=2), lift + thick / 2])
        plates.append(plate)
        lift += thick * 0.85
    for _ in range(rng.integers(1, 4)):
        shard = slab(rng, rng.uniform(0.6, 1.5), rng.uniform(0.5, 1.1), rng.uniform(0.2, 0.5), tilt=0.35)
        angle, far = rng.uniform(0, 2 * np.pi), rng.uniform(0.35, 0.6)
        shard.points += np.array([np.cos(angle) * length * far, np.sin(angle) * width * far, 0.3])
        plates.append(shard)
    form = joined(plates)
    return [form.to_object("salt", painted("salt", SALT), smooth=False)]


def slab(rng: Rng, length: float, width: float, thick: float, *, tilt: float) -> Form:
    """An uneven plate with broken corners and a bevelled upper edge."""
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * 0.5
    outline = []
    for k in range(4):
        here, after = corners[k], corners[(k + 1) % 4]
        nick = rng.uniform(0.04, 0.42)
        outline += [here + (after - here) * nick, after + (here - after) * rng.uniform(0.03, 0.14)]
    rim = np.array(outline) * np.array([length, width]) + rng.normal(scale=0.03 * length, size=(8, 2))
    levels = [(1.0, -0.5), (1.0, 0.1), (0.90, 0.5)]
    points = np.concatenate([np.column_stack([rim * scale, np.full(8, z * thick)]) for scale, z in levels])
    points = np.vstack([points, [[0, 0, 0.42 * thick]]])
    faces = []
    for level in range(2):
        for k in range(8):
            a, b = level * 8 + k, level * 8 + (k + 1) % 8
            faces += [(a, b, b + 8), (a, b + 8, a + 8)]
    faces += [(16 + k, 16 + (k + 1) % 8, 24) for k in range(8)]
    points = turned(
        turned(turned(points, 0, rng.normal(scale=tilt)), 1, rng.normal(scale=tilt)),
        2,
        rng.normal(scale=0.25),
    )
    white = np.array([0.90, 0.90, 0.90])
    colours = np.clip(white * (1 + 0.03 * Waves(rng)(points, 1.5))[:, None], 0, 0.97)
    return Form(points, np.array(faces), colours)


MODULES: dict[str, tuple[Scene, int]] = {
    "sea_salt_flakes": (salt_flake, 12),
}
