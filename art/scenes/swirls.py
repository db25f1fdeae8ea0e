"""Pastes combed through the chocolate: fine lines in its own plane that drift together and apart and fade away."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.layers import CLEAR_MM, fading, level_grid
from art.scenes.threads import thread
from art.shapes import Form, Points, Rng, Scene, Waves, joined, mix, smoothstep

STEP_MM = 0.16
SWAY_ROOM = 1.7  # the grid is wider than the streak, which leaves its straight line
SIDE_FADE_MM, END_FADE_MM = 0.28, 9.0
PRALINE = Finish(roughness=0.26, coat=0.5, coat_roughness=0.12, grain=0.05, bump_mm=0.03, relief_mm=0.8)
NUT_BUTTER = Finish(roughness=0.36, coat=0.35, coat_roughness=0.18, grain=0.08, bump_mm=0.05, relief_mm=0.6)
SESAME = Finish(
    roughness=0.24,
    coat=0.5,
    coat_roughness=0.1,
    subsurface=0.2,
    subsurface_mm=(0.8, 0.6, 0.4),
    grain=0.04,
    bump_mm=0.02,
)
PISTACHIO_CREAM = Finish(
    roughness=0.34, coat=0.35, coat_roughness=0.16, grain=0.10, bump_mm=0.07, relief_mm=0.5
)
CRISP = Finish(roughness=0.42, coat=0.15, coat_roughness=0.25, grain=0.12, bump_mm=0.03, relief_mm=0.3)


def praline(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    return [streak(piece, rng, PRALINE, specks=0.5, fleck=piece.colour * np.array([0.42, 0.34, 0.28]))]


def peanut_butter(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    return [streak(piece, rng, NUT_BUTTER, specks=0.8, fleck=piece.colour * np.array([1.35, 1.4, 1.5]))]


def tahini(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    return [streak(piece, rng, SESAME, specks=0.25, fleck=piece.colour * np.array([0.72, 0.62, 0.48]))]


def kadayif(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A ragged film of pistachio cream, long shreds of toasted pastry lying criss-cross in it."""
    points, faces = level_grid(piece.length, piece.width, STEP_MM)
    ragged = 0.30 * Waves(rng)(points, 9, 2) + 0.14 * Waves(rng)(points, 2.2, 2)
    spot = points[:, :2] / (np.array([piece.length, piece.width]) / 2)
    inside = 0.86 - np.abs(spot[:, 0]) ** 3 - np.abs(spot[:, 1]) ** 2.6
    cover = 0.94 * smoothstep(-0.05, 0.42, inside + ragged) * smoothstep(1.0, 0.88, np.abs(spot).max(axis=1))
    points = points + np.column_stack([np.zeros((len(points), 2)), 0.14 * Waves(rng)(points, 2.6, 2) * cover])
    cream = piece.colour * np.array([1.12, 1.10, 1.22])
    colours = mix(
        cream * 0.82, cream * np.array([1.18, 1.14, 1.15]), smoothstep(-1.3, 1.3, Waves(rng)(points, 4, 3))
    )
    ground = smoothstep(1.1, 2.0, Waves(rng, 80)(points, 0.9))
    colours = mix(colours, cream * np.array([0.55, 0.75, 0.36]), 0.65 * ground)
    film = fading(Form(points, faces, colours), cover, painted("cream", PISTACHIO_CREAM), "cream")
    seats = points[rng.choice(np.flatnonzero(inside + ragged > 0.18), rng.integers(130, 150))]
    shreds = joined([shred(seat[:2], piece, rng) for seat in seats])
    return [film, shreds.to_object("kadayif", painted("kadayif", CRISP))]


def streak(piece: Piece, rng: Rng, finish: Finish, *, specks: float, fleck: np.ndarray) -> bpy.types.Object:
    points, faces = level_grid(piece.length, piece.width * SWAY_ROOM, STEP_MM)
    cover, tone = combed(points, piece, rng)
    swell = 0.10 * cover + 0.03 * Waves(rng)(points * np.array([0.3, 1.0, 1.0]), 1.6)
    points = points + np.column_stack([np.zeros((len(points), 2)), swell * cover])
    paste = piece.colour * rng.uniform(0.94, 1.06)
    colours = mix(paste * np.array([0.80, 0.76, 0.71]), paste * np.array([1.16, 1.17, 1.19]), tone)
    colours = mix(colours, fleck, specks * smoothstep(1.6, 2.4, Waves(rng, 80)(points, 0.75)))
    return fading(Form(points, faces, colours), cover, painted(piece.key, finish), piece.key)


def combed(points: Points, piece: Piece, rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """How opaque the paste is at each point, and how light: a few lines on one slow curve, unlike in length."""
    half = piece.width / 2
    u = points[:, 0] / piece.length * 2
    level = np.column_stack([u, 0 * u, 0 * u])
    bends, turn = rng.uniform(0.8, 1.3), rng.uniform(0, 2 * np.pi)
    course = half * 0.5 * np.sin(np.pi * bends * u + turn)
    gathered = 0.60 + 0.30 * np.sin(np.pi * rng.uniform(0.7, 1.2) * u + rng.uniform(0, 6))
    bare, light, weight = np.ones(len(u)), np.zeros(len(u)), np.full(len(u), 1e-6)
    count = rng.integers(7, 10)
    for seat in np.linspace(-1, 1, count) + rng.normal(scale=0.10, size=count):
        line = course + half * (seat * gathered + 0.07 * Waves(rng)(level, 1.1))
        breadth = rng.uniform(0.14, 0.58) * (
            1 + 0.35 * np.sin(np.pi * rng.uniform(0.8, 1.6) * u + rng.uniform(0, 6))
        )
        start, end = rng.uniform(-1.0, -0.55), rng.uniform(0.55, 1.0)
        fade = END_FADE_MM * 2 / piece.length
        ends = smoothstep(start, start + fade, u) * smoothstep(end, end - fade, u)
        away = np.abs(points[:, 1] - line) - breadth * (0.3 + 0.7 * ends)
        seen = rng.uniform(0.65, 0.97) * ends * smoothstep(SIDE_FADE_MM, -0.05, away)
        bare *= 1 - seen
        light += seen * rng.uniform(0.1, 0.95)
        weight += seen
    return 1 - bare, light / weight


def shred(middle: np.ndarray, piece: Piece, rng: Rng) -> Form:
    """A pastry thread, thin and crooked; it lies flat in the cream, which coats it here and there."""
    t = np.linspace(0, 1, 24)
    at = np.column_stack([t, np.zeros_like(t), np.zeros_like(t)])
    course = rng.normal(scale=0.65) + rng.uniform(-0.9, 0.9) * (t - 0.5) * 2 + 0.25 * Waves(rng)(at, 0.7)
    steps = np.stack([np.cos(course), np.sin(course)], axis=1) * rng.uniform(6, 13) / len(t)
    path = np.cumsum(steps, axis=0)
    path += middle - path.mean(axis=0)
    path = np.clip(path, [-piece.length / 2, -piece.width / 2], [piece.length / 2, piece.width / 2])
    height = CLEAR_MM + rng.uniform(0.15, 0.5) + 0.10 * Waves(rng)(at, 0.6)
    radii = rng.uniform(0.19, 0.27) * (1 + 0.12 * Waves(rng)(at, 0.2))
    golden = np.array([0.62, 0.34, 0.095]) * rng.uniform(0.65, 1.25)
    toasted = golden * np.array([0.5, 0.36, 0.25])
    colours = mix(
        np.repeat(golden[None, :], len(t), axis=0), toasted, smoothstep(0.2, 1.6, Waves(rng)(at, 0.9))
    )
    coated = 0.85 * smoothstep(0.1, 1.2, Waves(rng)(at, 0.8) + rng.uniform(-0.9, 0.6))
    cream = piece.colour * rng.uniform(0.95, 1.3)
    return thread(np.column_stack([path, height]), radii, mix(colours, cream, coated))


MODULES: dict[str, tuple[Scene, int]] = {
    "hazelnut_praline": (praline, 6),
    "peanut_butter_swirl": (peanut_butter, 6),
    "tahini_swirl": (tahini, 6),
    "pistachio_kadayif": (kadayif, 6),
}
