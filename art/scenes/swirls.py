"""Pastes drawn through the chocolate: soft streaks, folded lengthwise, that sink in where they end."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.layers import CLEAR_MM, fading, level_grid
from art.scenes.threads import thread
from art.shapes import Form, Points, Rng, Scene, Waves, joined, mix, smoothstep

STEP_MM = 0.16
SWAY_ROOM = 1.7  # the grid is wider than the streak, which leaves its straight line
SIDE_FADE_MM, END_FADE_MM = 0.45, 4.0
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
    """A flat bed of pistachio cream, long shreds of toasted pastry lying in it."""
    points, faces = level_grid(piece.length, piece.width * SWAY_ROOM, STEP_MM)
    cover, crest, fold = drawn_out(points, piece, rng, broad=0.78, sway=0.26)
    coarse = 0.10 * Waves(rng)(points, 3.5, 2) + 0.12 * fold
    points = points + np.column_stack([np.zeros((len(points), 2)), (1.5 * crest + coarse) * cover])
    cream = piece.colour * np.array([1.10, 1.02, 1.15])
    colours = mix(
        cream * 0.88, cream * np.array([1.16, 1.12, 1.12]), smoothstep(-1.3, 1.3, Waves(rng)(points, 5, 2))
    )
    ground = smoothstep(1.2, 2.1, Waves(rng, 80)(points, 0.9))
    colours = mix(colours, cream * np.array([0.62, 0.85, 0.42]), 0.6 * ground)
    bed = fading(Form(points, faces, colours), cover, painted("cream", PISTACHIO_CREAM), "cream")
    seats = points[rng.choice(np.flatnonzero(cover > 0.9), rng.integers(60, 76))]
    shreds = joined([shred(seat, points, piece, rng) for seat in seats])
    return [bed, shreds.to_object("kadayif", painted("kadayif", CRISP))]


def streak(piece: Piece, rng: Rng, finish: Finish, *, specks: float, fleck: np.ndarray) -> bpy.types.Object:
    points, faces = level_grid(piece.length, piece.width * SWAY_ROOM, STEP_MM)
    cover, crest, fold = drawn_out(points, piece, rng, broad=0.42, sway=0.62)
    ripples = 0.03 * Waves(rng)(points * np.array([0.4, 1.0, 1.0]), 3.0)
    height = (0.42 * piece.height * crest + 0.16 * fold * crest + ripples) * cover
    points = points + np.column_stack([np.zeros((len(points), 2)), height])
    paste = piece.colour * rng.uniform(0.94, 1.06)
    colours = mix(
        paste * np.array([0.80, 0.76, 0.71]),
        paste * np.array([1.15, 1.16, 1.18]),
        smoothstep(-0.9, 0.9, fold),
    )
    colours = mix(colours, fleck, specks * smoothstep(1.6, 2.4, Waves(rng, 80)(points, 0.75)))
    return fading(Form(points, faces, colours), cover, painted(piece.key, finish), piece.key)


def drawn_out(
    points: Points, piece: Piece, rng: Rng, *, broad: float, sway: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One slow stroke of the spoon: how opaque the paste is at each point, how near its crest, and how it folds."""
    half = piece.width / 2
    u = points[:, 0] / piece.length * 2
    turn, swell, roll = rng.uniform(0, 2 * np.pi, 3)
    bends, pulses = rng.uniform(1.05, 1.55), rng.uniform(0.5, 0.9)
    course = half * sway * np.sin(np.pi * bends * u + turn)
    slope = half * sway * np.pi * bends * np.cos(np.pi * bends * u + turn) * 2 / piece.length
    reach = rng.uniform(0.90, 1.0)
    to_end = (reach - np.abs(u)) * piece.length / 2
    rounded = np.sqrt(1 - (1 - np.clip(to_end / max(half * broad, 1.6 * END_FADE_MM), 0, 1)) ** 2)
    breadth = half * broad * (1 + 0.15 * np.sin(2 * np.pi * pulses * u + swell)) * rounded
    breadth = np.maximum(breadth * (1 + 0.03 * Waves(rng)(points * np.array([1.0, 0.2, 1.0]), 14)), 0.05)
    aside = (points[:, 1] - course) / np.sqrt(1 + slope**2)
    inside = breadth - np.abs(aside)
    cover = smoothstep(0, SIDE_FADE_MM, inside) * smoothstep(0.2, END_FADE_MM, to_end)
    across = np.clip(aside / breadth, -1, 1)
    lapped = across + 0.35 * np.sin(np.pi * 1.3 * u + roll)
    fold = 0.7 * np.sin(4.4 * lapped + roll) + 0.35 * Waves(rng)(
        np.column_stack([u * 1.2, lapped * 1.4, 0 * u]), 1.0
    )
    return cover, np.sqrt(1 - across**2) * rounded, fold


def shred(seat: np.ndarray, bed: Points, piece: Piece, rng: Rng) -> Form:
    """A pastry thread, thin and crooked; it lies in the cream, which coats it here and there."""
    t = np.linspace(0, 1, 24)
    at = np.column_stack([t, np.zeros_like(t), np.zeros_like(t)])
    course = rng.normal(scale=0.55) + rng.uniform(-0.8, 0.8) * (t - 0.5) * 2 + 0.25 * Waves(rng)(at, 0.7)
    steps = np.stack([np.cos(course), np.sin(course)], axis=1) * rng.uniform(5, 12) / len(t)
    path = np.cumsum(steps, axis=0)
    path += seat[:2] - path.mean(axis=0)
    nearest = (
        (path[:, None, 0] - bed[None, ::7, 0]) ** 2 + (path[:, None, 1] - bed[None, ::7, 1]) ** 2
    ).argmin(axis=1)
    surface = bed[::7, 2][nearest]
    surface = np.convolve(np.pad(surface, 4, mode="edge"), np.full(9, 1 / 9), mode="valid")
    height = surface + CLEAR_MM + rng.uniform(-0.05, 0.22) + 0.14 * Waves(rng)(at, 0.6)
    path = np.column_stack([path, np.maximum(height, 0.3)])
    radii = rng.uniform(0.18, 0.27) * (1 + 0.12 * Waves(rng)(at, 0.2))
    golden = np.array([0.62, 0.34, 0.095]) * rng.uniform(0.65, 1.25)
    toasted = golden * np.array([0.5, 0.36, 0.25])
    colours = mix(
        np.repeat(golden[None, :], len(t), axis=0), toasted, smoothstep(0.2, 1.6, Waves(rng)(at, 0.9))
    )
    coated = 0.7 * smoothstep(0.3, 1.4, Waves(rng)(at, 0.8) + rng.uniform(-0.8, 0.6))
    return thread(path, radii, mix(colours, piece.colour * rng.uniform(0.95, 1.25), coated))


MODULES: dict[str, tuple[Scene, int]] = {
    "hazelnut_praline": (praline, 6),
    "peanut_butter_swirl": (peanut_butter, 6),
    "tahini_swirl": (tahini, 6),
    "pistachio_kadayif": (kadayif, 6),
}
