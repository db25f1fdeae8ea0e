"""Pastes drawn through the chocolate: ribbons that sway, part and meet, and run out in fine ends."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.layers import fading, level_grid
from art.scenes.threads import thread
from art.shapes import Form, Points, Rng, Scene, Waves, joined, mix, smoothstep

STEP_MM = 0.16
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
    """A bed of coarse pistachio cream, short shreds of toasted pastry stirred into it every which way."""
    points, faces = level_grid(piece.length, piece.width * 1.25, STEP_MM)
    cover, relief, flow = marbled(points, piece, rng, ribbons=2, sway=0.16)
    coarse = 0.30 * Waves(rng)(points, 3.0, 2) + 0.10 * Waves(rng)(points, 0.9)
    points = points + np.column_stack([np.zeros((len(points), 2)), (relief * 1.1 + coarse) * cover])
    cream = piece.colour * np.array([1.18, 0.98, 1.05])
    colours = mix(
        cream * 0.78, cream * np.array([1.25, 1.2, 1.2]), smoothstep(-1.5, 1.5, Waves(rng)(points, 3.5, 3))
    )
    colours = mix(
        colours, cream * np.array([0.7, 1.0, 0.55]), 0.7 * smoothstep(1.0, 1.9, Waves(rng, 80)(points, 1.3))
    )
    colours = mix(
        colours, np.array([0.20, 0.10, 0.05]), 0.6 * smoothstep(1.7, 2.3, Waves(rng, 80)(flow, 0.8))
    )
    bed = fading(Form(points, faces, colours), cover, painted("cream", PISTACHIO_CREAM), "cream")
    seats = points[rng.choice(np.flatnonzero(cover > 0.6), 320)]
    shreds = joined([shred(seat, piece, rng) for seat in seats])
    return [bed, shreds.to_object("kadayif", painted("kadayif", CRISP))]


def streak(
    piece: Piece, rng: Rng, finish: Finish, *, specks: float, fleck: np.ndarray, ribbons: int = 2
) -> bpy.types.Object:
    points, faces = level_grid(piece.length, piece.width * 1.25, STEP_MM)
    cover, relief, flow = marbled(points, piece, rng, ribbons)
    points = points + np.column_stack([np.zeros((len(points), 2)), relief])
    streaks = Waves(rng)(flow, 2.4, 2)
    paste = piece.colour * rng.uniform(0.94, 1.06)
    colours = mix(
        paste * np.array([0.90, 0.88, 0.85]),
        paste * np.array([1.10, 1.11, 1.12]),
        smoothstep(-1.5, 1.5, streaks),
    )
    colours = mix(colours, fleck, specks * smoothstep(1.5, 2.3, Waves(rng, 80)(points, 0.75)))
    return fading(Form(points, faces, colours), cover, painted(piece.key, finish), piece.key)


def marbled(
    points: Points, piece: Piece, rng: Rng, ribbons: int, sway: float = 0.42
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How opaque the paste is at each point, how high it stands, and coordinates that run with its flow."""
    along = points * np.array([1.0, 0.25, 1.0])
    half = piece.width / 2
    room = 2 * half / ribbons
    drawn = points[:, 1] + room * (
        sway * Waves(rng)(along, piece.length * 0.42) + 0.09 * Waves(rng)(along, piece.length * 0.2)
    )
    u = points[:, 0] / piece.length * 2
    level = points * np.array([1.0, 0.0, 0.0])
    cover, relief = np.zeros(len(points)), np.zeros(len(points))
    feather = 0.07 * Waves(rng)(np.column_stack([points[:, 0] * 0.16, drawn, np.zeros(len(u))]), 2.2, 2)
    for k in range(ribbons):
        seat = room * (0.62 * (k - (ribbons - 1) / 2)) + room * 0.20 * Waves(rng)(level, piece.length * 0.4)
        start, end = rng.uniform(-1.0, -0.72), rng.uniform(0.72, 1.0)
        ends = smoothstep(start, start + 0.5, u) * smoothstep(end, end - 0.5, u)
        breadth = room * (0.44 + 0.10 * Waves(rng)(level, piece.length * 0.25)) * (0.12 + 0.88 * ends)
        across = np.abs(drawn - seat) / np.maximum(breadth, 0.05) + feather
        inside = smoothstep(1.04, 0.84, across) * smoothstep(0, 0.35, ends)
        cover = np.maximum(cover, inside)
        relief = np.maximum(relief, np.sqrt(np.clip(1 - across**2, 0, 1)) * smoothstep(0, 0.6, ends))
    flow = np.column_stack([points[:, 0] * 0.14, drawn, np.zeros(len(u))])
    ripples = 0.025 * Waves(rng)(flow, 1.6) + 0.10 * Waves(rng)(flow, 3.6)
    edge = smoothstep(1.0, 0.86, np.abs(u)) * smoothstep(1.22, 1.05, np.abs(points[:, 1]) / half)
    return cover * edge, (0.36 * piece.height * relief + ripples) * cover, flow


def shred(seat: np.ndarray, piece: Piece, rng: Rng) -> Form:
    """A pastry thread, thin and crooked; it dips into the cream, which coats it here and there."""
    t = np.linspace(0, 1, 16)
    at = np.column_stack([t, np.zeros_like(t), np.zeros_like(t)])
    course = rng.normal(scale=0.8) + rng.uniform(-0.9, 0.9) * (t - 0.5) * 2 + 0.3 * Waves(rng)(at, 0.7)
    steps = np.stack([np.cos(course), np.sin(course)], axis=1) * rng.uniform(2.5, 8.5) / len(t)
    path = np.cumsum(steps, axis=0)
    height = (
        seat[2]
        + rng.uniform(0.15, 0.55)
        - rng.uniform(0.2, 1.3) * (2 * t - 1) ** 2
        + 0.12 * Waves(rng)(at, 0.6)
    )
    path = np.column_stack([path - path.mean(axis=0) + seat[:2], np.maximum(height, 0.35)])
    radii = rng.uniform(0.18, 0.28) * (1 + 0.12 * Waves(rng)(at, 0.2))
    golden = np.array([0.66, 0.38, 0.115]) * rng.uniform(0.65, 1.3)
    toasted = golden * np.array([0.5, 0.36, 0.25])
    colours = mix(
        np.repeat(golden[None, :], len(t), axis=0), toasted, smoothstep(0.2, 1.6, Waves(rng)(at, 0.9))
    )
    coated = 0.8 * smoothstep(-0.1, 1.2, Waves(rng)(at, 0.8) + rng.uniform(-0.9, 0.7))
    return thread(path, radii, mix(colours, piece.colour * rng.uniform(0.85, 1.2), coated))


MODULES: dict[str, tuple[Scene, int]] = {
    "hazelnut_praline": (praline, 6),
    "peanut_butter_swirl": (peanut_butter, 6),
    "tahini_swirl": (tahini, 6),
    "pistachio_kadayif": (kadayif, 6),
}
