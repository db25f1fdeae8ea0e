"""Slices of fruit, freeze-dried or fried: kiwi, banana; and what was diced before it was dried."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.flakes import flat_of
from art.scenes.nuts import individual, ridged
from art.shapes import Form, Rng, Scene, Waves, ball, chunk, disc, joined, mix, sized, smoothstep

FREEZE_DRIED = Finish(
    roughness=0.62,
    subsurface=0.3,
    subsurface_mm=(0.8, 0.6, 0.3),
    grain=0.12,
    bump_mm=0.09,
    relief_mm=0.4,
    sheen=0.2,
)
CRACKLED = Finish(roughness=0.72, grain=0.18, bump_mm=0.07, relief_mm=0.3, sheen=0.15, specular=0.25)
FRIED = Finish(
    roughness=0.28,
    coat=0.45,
    coat_roughness=0.14,
    subsurface=0.3,
    subsurface_mm=(1.0, 0.7, 0.3),
    grain=0.08,
    bump_mm=0.07,
    relief_mm=0.6,
)


def kiwi_slice(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Rays of green around a pale heart, black seeds between, a thin brown rind."""
    place, lean, side, faces = disc(8)
    flat = flat_of(place)
    outline = (
        1 + 0.022 * Waves(rng)(flat, 2.2) + 0.014 * Waves(rng)(flat, 0.5) + 0.008 * Waves(rng)(flat, 0.16)
    )
    xy = place * outline[:, None] * np.array([1, rng.uniform(0.98, 1.02)])
    sheet = np.column_stack([xy, np.zeros(len(xy))])
    rays = Waves(rng)(flat, 0.24) * smoothstep(0.2, 0.42, lean)
    pores = Waves(rng)(sheet, 0.06, 2)
    heart = 0.24 + 0.02 * Waves(rng)(flat, 0.8)
    sunken = -0.10 * smoothstep(0.3, 0.6, lean) * smoothstep(0.98, 0.85, lean)
    warp = 0.16 * Waves(rng)(sheet, 2.2)
    height = side * 0.5 * (1 - lean**14) ** 0.5 + (sunken + 0.035 * rays + 0.02 * pores) * (side > 0) + warp
    seeds, depth = seed_ring(lean, np.arctan2(place[:, 1], place[:, 0]), rng)
    height += 0.10 * depth * (side > 0)
    points = sized(np.column_stack([xy, height]), *individual(piece, rng))
    green = (
        (piece.colour * 0.86 + 0.14 * piece.colour.mean())
        * np.array([1.12, 0.94, 1.0])
        * rng.uniform(0.9, 1.1)
    )
    pale, deep = np.array([0.80, 0.78, 0.50]), green * np.array([0.55, 0.70, 0.45])
    colours = mix(
        green * np.array([1.25, 1.12, 1.3]), green * 0.82, smoothstep(0.3, 0.85, lean + 0.04 * rays)
    )
    fine = Waves(rng, 60)(flat, 0.09) * smoothstep(0.25, 0.5, lean)
    colours = mix(colours, green * np.array([1.55, 1.35, 1.9]), 0.7 * smoothstep(0.1, 1.4, rays + 0.5 * fine))
    colours = mix(colours, deep, 0.7 * smoothstep(-0.2, -1.3, rays) * smoothstep(0.35, 0.5, lean))
    colours = mix(colours, pale, smoothstep(heart + 0.05, heart - 0.05, lean))
    colours = mix(colours, np.array([0.20, 0.15, 0.05]), 0.85 * smoothstep(0.955, 0.985, lean))
    colours = mix(colours, np.array([0.016, 0.012, 0.010]), 0.95 * seeds)
    return [
        Form(points, faces, colours * (1 + 0.05 * pores)[:, None]).to_object(
            "kiwi", painted("kiwi", FREEZE_DRIED)
        )
    ]


def seed_ring(lean: np.ndarray, angle: np.ndarray, rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """Drops around the heart, pointing inwards: how much of each point is seed, and how it is raised."""
    seeds = np.zeros(len(lean))
    count = rng.integers(36, 44)
    for k in range(count):
        middle = 2 * np.pi * (k + rng.uniform(-0.35, 0.35)) / count
        far = rng.uniform(0.33, 0.42) if k % 2 else rng.uniform(0.42, 0.54)
        sideways = np.angle(np.exp(1j * (angle - middle))) * lean / 0.024
        away = np.hypot(sideways * (1 + 0.8 * smoothstep(far + 0.02, far - 0.05, lean)), (lean - far) / 0.046)
        seeds = np.maximum(seeds, smoothstep(1.15, 0.75, away))
    return seeds, seeds


def banana_slice(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Freeze-dried: chalky cream, three soft lobes around the middle with rows of tiny dark seeds."""
    points, faces, colours = banana(piece, rng, shrunk=0.10, warp=0.10)
    chalk = np.array([0.86, 0.79, 0.60])
    colours = mix(colours, chalk, 0.45 * smoothstep(-1.2, 1.0, Waves(rng)(points, 4, 3)))
    return [Form(points, faces, colours).to_object("banana", painted("banana", FREEZE_DRIED))]


def banana_chip(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Fried in coconut oil: golden and glossy, its rim curled up and browned, no two bent alike."""
    points, faces, colours = banana(piece, rng, shrunk=0.07, warp=0.34)
    lean = disc(8)[1]
    curl = smoothstep(0.62, 1.0, lean) * (0.6 + 0.5 * Waves(rng)(points, 26))
    points = points + np.column_stack([np.zeros((len(points), 2)), 1.3 * curl])
    golden, honey = piece.colour * np.array([1.0, 0.84, 0.50]), piece.colour * np.array([0.74, 0.46, 0.16])
    colours = mix(colours, golden, 0.25 + 0.55 * smoothstep(-0.8, 1.4, Waves(rng)(points, 7, 2)))
    colours = mix(colours, honey, 0.85 * smoothstep(0.74, 1.0, lean + 0.06 * Waves(rng)(points, 5, 2)))
    return [Form(points, faces, colours).to_object("banana", painted("banana chip", FRIED))]


def banana(
    piece: Piece, rng: Rng, *, shrunk: float, warp: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    place, lean, side, faces = disc(8)
    angle = np.arctan2(place[:, 1], place[:, 0])
    flat = flat_of(place)
    turn = rng.uniform(0, 2 * np.pi)
    outline = 1 + 0.02 * np.cos(5 * (angle - turn)) + 0.018 * Waves(rng)(flat, 1.0)
    xy = place * outline[:, None]
    sheet = np.column_stack([xy, np.zeros(len(xy))])
    rays = Waves(rng)(flat, 0.16) * smoothstep(0.25, 0.5, lean)
    pores = Waves(rng)(sheet, 0.07, 2)
    lobe = np.cos(1.5 * (angle - turn)) ** 2
    core = smoothstep(0.42, 0.30, lean / (0.72 + 0.38 * lobe))
    star = np.exp(-((np.sin(1.5 * (angle - turn)) * lean / 0.035) ** 2)) * smoothstep(0.45, 0.1, lean)
    dent = shrunk * (core + 0.8 * star + 0.25 * smoothstep(0.5, 0.9, lean))
    bend = warp * (Waves(rng)(sheet, 2.6) + 0.6 * Waves(rng)(sheet, 1.3))
    height = side * 0.5 * (1 - lean**10) ** 0.5 + (0.007 * rays + 0.016 * pores - dent) * (side > 0) + bend
    points = sized(np.column_stack([xy, height]), *individual(piece, rng))
    cream = piece.colour * rng.uniform(0.94, 1.04)
    colours = mix(
        cream * np.array([1.01, 1.01, 1.04]),
        cream * np.array([0.97, 0.93, 0.84]),
        smoothstep(-1.2, 1.4, rays),
    )
    colours = mix(colours, cream * np.array([0.92, 0.80, 0.52]), 0.6 * core)
    colours = mix(colours, cream * np.array([0.62, 0.44, 0.22]), 0.6 * star)
    colours = mix(colours, cream * np.array([0.80, 0.62, 0.34]), 0.7 * smoothstep(0.93, 0.99, lean))
    for arm in range(3):
        for k in range(rng.integers(4, 7)):
            far, away = (
                0.10 + 0.045 * k,
                turn + 2 * np.pi * (arm + 0.5 * (k % 2) * 0.1) / 3 + rng.normal(scale=0.12),
            )
            seed = np.hypot(place[:, 0] - far * np.cos(away), place[:, 1] - far * np.sin(away)) / rng.uniform(
                0.012, 0.022
            )
            colours = mix(colours, np.array([0.06, 0.035, 0.02]), 0.85 * smoothstep(1.3, 0.6, seed))
    return points, faces, colours * (1 + 0.04 * pores)[:, None]


def pineapple(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A sector of a ring: its fibres run outwards from the core, between them rows of small pores."""
    directions, faces = ball(6)
    u, v, w = (directions / (np.abs(directions) ** 7).sum(axis=1, keepdims=True) ** (1 / 7)).T
    torn = Waves(rng)(directions, 0.8)
    far, spread_out = 1 + 0.42 * u, rng.uniform(0.42, 0.62)
    angle = v * spread_out
    fibred = np.column_stack([u * 0.28, angle * 3.2, w * 0.8])
    fibres = Waves(rng)(fibred, 0.42, 2)
    pores = smoothstep(0.9, 1.9, Waves(rng, 60)(np.column_stack([u * 0.9, angle * 2.2, w]), 0.30))
    sag = 0.10 * Waves(rng)(directions, 1.7)
    points = np.column_stack([far * np.cos(angle), far * np.sin(angle), 0.36 * w * (1 + sag)])
    points += directions * (0.007 * fibres - 0.022 * pores + 0.02 * torn)[:, None]
    points[:, 2] += 0.06 * Waves(rng)(points, 1.1)
    points = sized(points, *individual(piece, rng, spread=0.16))
    yellow = piece.colour * np.array([0.94, 0.92, 1.25]) * rng.uniform(0.94, 1.04)
    colours = mix(
        yellow * np.array([0.92, 0.84, 0.68]), np.array([0.88, 0.76, 0.37]), smoothstep(-1.8, 1.4, fibres)
    )
    colours = mix(colours, yellow * np.array([0.85, 0.66, 0.42]), 0.75 * pores)
    colours = mix(colours, yellow * np.array([0.85, 0.70, 0.50]), 0.5 * smoothstep(0.75, 1.0, u + 0.1 * torn))
    return [Form(points, faces, colours).to_object("pineapple", painted("pineapple", FREEZE_DRIED))]


def passion_fruit(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Freeze-dried juice: a glassy-porous orange crumb, now and then with a splinter of black seed."""
    points, faces, cut = chunk(rng, 9, detail=5, softness=12)
    pores = Waves(rng)(points, 0.42, 2)
    points = points * (1 + 0.06 * pores)[:, None]
    points = sized(points, *individual(piece, rng, spread=0.2))
    juice = piece.colour * np.array([1.0, 0.86, 0.6]) * rng.uniform(0.9, 1.1)
    colours = mix(
        juice * np.array([0.8, 0.6, 0.4]), juice * np.array([1.1, 1.25, 2.2]), smoothstep(-1.3, 1.3, pores)
    )
    dark = np.isin(cut, rng.choice(9, rng.integers(0, 3), replace=False)) * smoothstep(
        -0.4, 0.1, Waves(rng)(points, 2)
    )
    colours = mix(colours, np.array([0.02, 0.014, 0.012]), 0.9 * dark)
    return [Form(points, faces, colours).to_object("passion fruit", painted("passion fruit", FREEZE_DRIED))]


def blackcurrant(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A light, shrunken ball, its skin finely crazed, with the withered blossom; some broke open."""
    directions, faces = ball(7)
    crazed = ridged(Waves(rng, 60)(directions + 0.05 * Waves(rng)(directions, 0.7)[:, None], 0.42))
    creases = ridged(Waves(rng)(directions, 1.0))
    dents = smoothstep(0.5, 1.8, Waves(rng)(directions, 1.3))
    break_at = np.array([rng.normal(scale=0.6), rng.normal(scale=0.6), 0.8])
    opened = rng.choice([0.0, 0.0, 0.0, 1.0, 1.0]) * smoothstep(
        0.70, 0.78, directions @ (break_at / np.linalg.norm(break_at)) + 0.05 * Waves(rng)(directions, 0.5)
    )
    pulp = Waves(rng)(directions, 0.22, 2)
    radius = 1 + 0.016 * crazed + 0.02 * creases - 0.07 * dents - (0.20 + 0.05 * pulp) * opened
    points = sized(directions * radius[:, None], *individual(piece, rng, spread=0.08))
    skin = piece.colour * rng.uniform(0.8, 1.2) * np.array([1.0, 0.8, 0.85])
    bloom = skin * 0.7 + np.array([0.10, 0.06, 0.10]) * 0.6
    colours = mix(skin * 0.4, skin * 1.1, smoothstep(-0.9, 0.7, crazed))
    colours = mix(colours, bloom, 0.6 * smoothstep(-0.2, 1.3, Waves(rng)(directions, 1.3, 3)))
    wine = np.array([0.22, 0.030, 0.075])
    colours = mix(colours, wine, 0.5 * smoothstep(0.4, 1.6, Waves(rng)(directions, 0.9, 2)))
    pulpy = mix(wine * 0.7, wine * np.array([1.9, 2.2, 2.0]), smoothstep(-1, 1, pulp))
    colours = colours + (pulpy - colours) * opened[:, None]
    end = np.array([0.75, 0.1, 0.62]) / np.linalg.norm([0.75, 0.1, 0.62])
    near = np.exp(-((np.arccos(np.clip(directions @ end, -1, 1)) / 0.20) ** 2))
    colours = mix(colours, np.array([0.10, 0.055, 0.03]), 0.85 * near * (1 - opened))
    berry = Form(points, faces, colours)
    tuft = withered(end * np.array([piece.length, piece.width, piece.height]) / 2 * 0.97, end, rng)
    return [joined([berry, tuft]).to_object("blackcurrant", painted("blackcurrant", CRACKLED))]


def withered(foot: np.ndarray, outward: np.ndarray, rng: Rng) -> Form:
    """A short brush of dry sepals."""
    hairs = []
    for _ in range(7):
        directions, faces = ball(2)
        lean = outward + rng.normal(scale=0.35, size=3)
        lean /= np.linalg.norm(lean)
        length = rng.uniform(0.5, 0.9)
        points = foot + directions * 0.16 + np.outer(directions @ lean * 0.5 + 0.5, lean) * length
        hairs.append(Form(points, faces, np.full((len(points), 3), (0.13, 0.075, 0.035))))
    return joined(hairs)


MODULES: dict[str, tuple[Scene, int]] = {
    "kiwi_fd": (kiwi_slice, 8),
    "banana_fd": (banana_slice, 6),
    "banana_chips": (banana_chip, 6),
    "pineapple_fd": (pineapple, 8),
    "passionfruit_fd": (passion_fruit, 8),
    "blackcurrant_fd": (blackcurrant, 8),
}
