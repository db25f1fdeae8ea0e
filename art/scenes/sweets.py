"""Sweets with a life of their own: gummy bears, chocolate lentils, candied violets."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual
from art.scenes.sprinkles import sugar_colour
from art.shapes import (
    Form,
    Points,
    Rng,
    Scene,
    Waves,
    ball,
    chunk,
    disc,
    joined,
    mix,
    sized,
    smoothstep,
    turned,
)

JELLY = Finish(
    roughness=0.30,
    coat=0.35,
    coat_roughness=0.2,
    subsurface=1.0,
    subsurface_mm=(6.0, 4.0, 3.0),
    transmission=0.15,
    bump_mm=0.02,
    relief_mm=0.8,
)
SHELL = Finish(roughness=0.26, coat=0.6, coat_roughness=0.09, grain=0.015, bump_mm=0.012, relief_mm=1.2)
CANDIED = Finish(
    roughness=0.34,
    coat=0.3,
    subsurface=0.3,
    subsurface_mm=(0.6, 0.35, 0.6),
    grain=0.12,
    bump_mm=0.07,
    relief_mm=0.3,
)
FROST = Finish(
    roughness=0.2, coat=0.4, coat_roughness=0.08, specular=0.6, subsurface=0.3, subsurface_mm=(0.5, 0.4, 0.5)
)

JELLIES = ("#5EA63C", "#EFC534", "#E98A2A")
LENTILS = ("#6B3F26", "#E58FB0", "#5DA548", "#E67A2A", "#D3392F", "#EFC12F")

# A bear on its back, 12 x 6 x 6: where each part is, and its half axes.
BEAR = (
    ((-1.2, 0.0, 2.5), (3.2, 2.6, 2.5)),  # body
    ((-1.0, 0.0, 3.7), (2.4, 2.1, 1.9)),  # belly
    ((3.4, 0.0, 2.7), (2.1, 2.1, 2.1)),  # head
    ((3.0, 0.0, 4.7), (0.85, 0.95, 0.75)),  # snout
    ((5.0, 1.85, 2.7), (0.95, 0.85, 0.9)),  # ears
    ((5.0, -1.85, 2.7), (0.95, 0.85, 0.9)),
    ((0.8, 2.05, 4.1), (0.95, 0.95, 1.35)),  # arms
    ((0.8, -2.05, 4.1), (0.95, 0.95, 1.35)),
    ((-3.7, 1.70, 3.2), (1.4, 1.25, 2.0)),  # legs
    ((-3.7, -1.70, 3.2), (1.4, 1.25, 2.0)),
)
BEAR_SPINE = 4.2
SOFT_SEAMS = 0.2  # millimetres over which neighbouring parts flow into each other


def gummy_bear(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    directions, faces = ball(7)
    points = cast_bear(directions)
    points[:, 2] = np.maximum(points[:, 2], 0.3)
    points += 0.05 * np.stack([Waves(rng)(points, 5) for _ in range(3)], axis=1)
    points = sized(points, *individual(piece, rng, spread=0.04))
    points = turned(points, 0, rng.uniform(-0.15, 0.15))
    shade = sugar_colour(piece, JELLIES, rng)
    thick = smoothstep(0.1, 0.95, (points[:, 2] - points[:, 2].min()) / piece.height)
    colours = mix(shade * 1.6 + 0.04, shade * np.array([1.05, 0.90, 0.85]), thick)
    return [Form(points, faces, np.clip(colours, 0, 0.9)).to_object("bear", painted("jelly", JELLY))]


def cast_bear(directions: Points) -> Points:
    """Walks from far outside towards the spine until the bear's skin is reached: it fills a mould, no hollows."""
    on_spine = np.column_stack(
        [BEAR_SPINE * directions[:, 0], np.zeros(len(directions)), np.full(len(directions), 2.6)]
    )
    far = np.full(len(directions), 9.0)
    for _ in range(60):
        away = distance_to_bear(on_spine + directions * far[:, None])
        far = np.maximum(far - 0.7 * away, 0.05)
    return on_spine + directions * far[:, None]


def distance_to_bear(points: Points) -> np.ndarray:
    """Roughly; negative inside. Parts are joined softly, as in a worn mould."""
    nearness = np.zeros(len(points))
    for middle, axes in BEAR:
        local = (points - np.array(middle)) / np.array(axes)
        reach = np.linalg.norm(local, axis=1)
        steep = np.linalg.norm(local / np.array(axes), axis=1)
        distance = reach * (reach - 1) / np.maximum(steep, 1e-6)
        nearness += np.exp(-np.clip(distance, -4, 12) / SOFT_SEAMS)
    return -SOFT_SEAMS * np.log(np.maximum(nearness, 1e-30))


def lentil(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Chocolate in a polished sugar shell."""
    place, lean, side, faces = disc(6)
    points = np.column_stack([place, side * (1 - lean**2) ** 0.62])
    points[:, 2] += 0.02 * Waves(rng)(points, 1.3)
    points = sized(points, *individual(piece, rng, spread=0.04))
    shade = sugar_colour(piece, LENTILS, rng)
    colours = mix(shade * 0.97, shade * 1.04, smoothstep(-1.2, 1.2, Waves(rng)(points, 6)))
    return [Form(points, faces, colours).to_object("lentil", painted("shell", SHELL))]


def candied_violet(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A crumpled petal inside a crust of sugar crystals."""
    points, faces, _ = chunk(rng, 9, softness=9)
    folds = Waves(rng)(points, 1.0, 2)
    points = points * (1 + 0.10 * folds)[:, None]
    points = sized(points, *individual(piece, rng, spread=0.2))
    violet = piece.colour * rng.uniform(0.8, 1.2)
    colours = mix(violet * 0.6, violet * np.array([1.5, 1.6, 1.45]), smoothstep(-1.3, 1.3, folds))
    lump = Form(points, faces, colours).to_object("violet", painted("violet", CANDIED))
    seats = points[rng.choice(len(points), 170)]
    crust = joined([crystal(seat, violet, rng) for seat in seats[seats[:, 2] > -0.6]])
    return [lump, crust.to_object("crust", painted("frost", FROST), smooth=False)]


def crystal(seat: np.ndarray, violet: np.ndarray, rng: Rng) -> Form:
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=float)
    faces = np.array(
        [
            (0, 1, 3),
            (0, 3, 2),
            (4, 6, 7),
            (4, 7, 5),
            (0, 4, 5),
            (0, 5, 1),
            (2, 3, 7),
            (2, 7, 6),
            (0, 2, 6),
            (0, 6, 4),
            (1, 5, 7),
            (1, 7, 3),
        ]
    )
    points = corners * rng.uniform(0.11, 0.22, 3)
    for axis in range(3):
        points = turned(points, axis, rng.uniform(0, np.pi))
    colour = violet * 0.6 + np.array([0.60, 0.52, 0.72]) * rng.uniform(0.3, 0.6)
    return Form(points + seat, faces, np.repeat(colour[None, :], 8, axis=0))


MODULES: dict[str, tuple[Scene, int]] = {
    "gummy_bears": (gummy_bear, 10),
    "choc_lentils": (lentil, 12),
    "violet_candied": (candied_violet, 8),
}
