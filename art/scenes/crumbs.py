"""Broken and cut pieces: biscuit, brittle, toffee, candied and dried fruit, fudge."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual
from art.shapes import Form, Rng, Scene, Waves, ball, chunk, mix, sized, smoothstep

BAKED = Finish(roughness=0.72, grain=0.22, bump_mm=0.22, relief_mm=0.6, specular=0.25)
GLASSY = Finish(roughness=0.14, coat=0.5, coat_roughness=0.06, grain=0.05, bump_mm=0.04, relief_mm=0.8)
SUGARED = Finish(
    roughness=0.38,
    coat=0.25,
    subsurface=0.35,
    subsurface_mm=(1.6, 0.8, 0.3),
    grain=0.10,
    bump_mm=0.06,
    relief_mm=0.5,
)
DRY_FRUIT = Finish(
    roughness=0.55, subsurface=0.35, subsurface_mm=(1.2, 0.7, 0.3), grain=0.14, bump_mm=0.14, relief_mm=0.45
)
CREAMY = Finish(roughness=0.50, grain=0.06, bump_mm=0.08, relief_mm=0.5)


def crumb(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A broken biscuit: baked brown outside, paler and porous where it broke."""
    points, faces, cut = chunk(rng, 8, softness=14)
    crust = np.isin(cut, rng.choice(8, 3, replace=False))
    points = (
        points
        * (1 + (0.042 - 0.028 * crust) * Waves(rng)(points, 0.34, 2) + 0.03 * Waves(rng)(points, 0.9))[
            :, None
        ]
    )
    points = sized(points, *individual(piece, rng, spread=0.14))
    inside = piece.colour * np.array([1.12, 1.15, 1.15]) * rng.uniform(0.95, 1.12)
    baked = piece.colour * np.array([0.74, 0.62, 0.48])
    pores = smoothstep(0.4, 1.6, Waves(rng)(points, 1.0, 2))
    colours = mix(inside, baked, np.clip(0.75 * crust + 0.40 * pores, 0, 1))
    return [Form(points, faces, colours).to_object("crumb", painted("crumb", BAKED))]


def brittle(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Broken caramel glass."""
    points, faces, cut = chunk(rng, 9, softness=30)
    points = sized(
        points * (1 + 0.02 * Waves(rng)(points, 0.6))[:, None], *individual(piece, rng, spread=0.16)
    )
    amber = piece.colour * np.array([1.0, 0.82, 0.52])
    colours = amber * rng.uniform(0.7, 1.35, 9)[cut][:, None]
    colours = mix(colours, amber * 1.5, 0.6 * smoothstep(0.2, 1.4, Waves(rng)(points, 1.8, 2)))
    return [Form(points, faces, colours).to_object("brittle", painted("brittle", GLASSY))]


def dried_chunk(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    return fruit_piece(piece, rng, DRY_FRUIT, softness=5.0, wrinkle=0.07, mottle=1)


def candied_cube(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    return fruit_piece(piece, rng, SUGARED, softness=5.5, wrinkle=0.045, mottle=1)


def creamy_cube(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    return fruit_piece(piece, rng, CREAMY, softness=9.0, wrinkle=0.018, mottle=0.3)


def fruit_piece(
    piece: Piece, rng: Rng, finish: Finish, *, softness: float, wrinkle: float, mottle: float
) -> list[bpy.types.Object]:
    directions, faces = ball(6)
    radius = 1 / (np.abs(directions) ** softness).sum(axis=1) ** (1 / softness)
    folds = Waves(rng)(directions, 0.65, 2)
    points = (
        directions * (radius * (1 + wrinkle * folds + 1.2 * wrinkle * Waves(rng)(directions, 1.6)))[:, None]
    )
    points[:, 0] += rng.uniform(-0.2, 0.2) * points[:, 1]
    points = sized(points, *individual(piece, rng, spread=0.13))
    flesh = piece.colour * np.array([1.0, 0.96, 0.86]) * rng.uniform(0.88, 1.12)
    colours = mix(
        flesh * (1 - mottle * np.array([0.28, 0.38, 0.5])),
        flesh * (1 + mottle * np.array([0.15, 0.18, 0.25])),
        smoothstep(-1.6, 1.4, folds),
    )
    return [Form(points, faces, colours).to_object("cube", painted("cube", finish))]


def marshmallow(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A short soft pillow, standing or lying."""
    directions, faces = ball(6)
    across = np.hypot(directions[:, 0], directions[:, 1])
    radius = 1 / (across**6 + np.abs(directions[:, 2]) ** 6) ** (1 / 6)
    points = directions * (radius * (1 + 0.018 * Waves(rng)(directions, 1.2)))[:, None]
    if rng.random() < 0.6:
        points = points[:, [2, 0, 1]]
    points = sized(points, *individual(piece, rng, spread=0.05))
    colours = np.repeat(piece.colour[None, :] * 0.97, len(points), axis=0)
    soft = Finish(roughness=0.75, grain=0.02, bump_mm=0.05, relief_mm=0.5, specular=0.2, subsurface=0.3)
    return [Form(points, faces, colours).to_object("marshmallow", painted("marshmallow", soft))]


def bead(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Polished: pearls, lentils, pink pepper."""
    directions, faces = ball(5)
    points = directions * (1 + 0.02 * Waves(rng)(directions, 1.0))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.06))
    shade = piece.colour * rng.uniform(0.85, 1.15)
    colours = np.repeat(shade[None, :], len(points), axis=0)
    polished = Finish(roughness=0.30, coat=0.5, coat_roughness=0.08, grain=0.05, bump_mm=0.02, relief_mm=0.6)
    return [Form(points, faces, colours).to_object("bead", painted("bead", polished))]


MODULES: dict[str, tuple[Scene, int]] = {
    "speculoos": (crumb, 6),
    "honeycomb": (crumb, 6),
    "butter_biscuit": (crumb, 6),
    "cocoa_cookie_crumbs": (crumb, 6),
    "hazelnut_brittle": (brittle, 6),
    "toffee_pieces": (brittle, 6),
    "mango_fd": (dried_chunk, 6),
    "apricot_dried": (candied_cube, 6),
    "ginger_candied": (candied_cube, 6),
    "orange_peel_candied": (candied_cube, 6),
    "fudge_cubes": (creamy_cube, 6),
    "marshmallow_mini": (marshmallow, 6),
    "pink_pepper": (bead, 6),
    "crunch_pearls": (bead, 8),
}
