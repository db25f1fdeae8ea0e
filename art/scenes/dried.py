"""Dried fruit that is cut, soaked or left whole: dates, figs, mango, apple, mulberries, rum raisins."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual, ridged
from art.scenes.threads import thread
from art.shapes import (
    Form,
    Points,
    Rng,
    Scene,
    Waves,
    ball,
    chunk,
    joined,
    mix,
    sized,
    smoothstep,
    spread,
    turned,
)

SOAKED = Finish(
    roughness=0.18,
    coat=0.8,
    coat_roughness=0.07,
    subsurface=0.3,
    subsurface_mm=(1.6, 0.4, 0.2),
    grain=0.08,
    bump_mm=0.03,
    relief_mm=0.7,
)
STICKY = Finish(
    roughness=0.32,
    coat=0.4,
    coat_roughness=0.16,
    subsurface=0.3,
    subsurface_mm=(1.4, 0.5, 0.2),
    grain=0.12,
    bump_mm=0.06,
    relief_mm=0.5,
)
LEATHERY = Finish(
    roughness=0.40,
    coat=0.15,
    coat_roughness=0.25,
    subsurface=0.5,
    subsurface_mm=(1.8, 0.9, 0.25),
    grain=0.08,
    bump_mm=0.07,
    relief_mm=0.5,
)
SPONGY = Finish(
    roughness=0.62, subsurface=0.4, subsurface_mm=(1.2, 0.9, 0.5), grain=0.08, bump_mm=0.10, relief_mm=0.5
)


def rum_raisin(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Plump again from the rum: shallow folds along its length, a wet shine."""
    directions, faces = ball(6)
    stretched = directions * np.array([0.55, 1.0, 1.0])
    warped = stretched + 0.14 * np.stack([Waves(rng)(directions, 1.5) for _ in range(3)], axis=1)
    creases = ridged(Waves(rng)(warped, 1.15))
    points = directions * (1 + 0.065 * creases + 0.06 * Waves(rng)(directions, 1.7))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.12))
    points = turned(points, 0, rng.uniform(-0.4, 0.4))
    skin = piece.colour * rng.uniform(0.85, 1.25) * np.array([1.25, 1.0, 0.9])
    colours = mix(
        skin * np.array([0.45, 0.32, 0.30]), skin * np.array([1.3, 1.15, 1.0]), smoothstep(-0.8, 0.8, creases)
    )
    return [Form(points, faces, colours).to_object("raisin", painted("soaked", SOAKED))]


def fig_piece(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Cut from a dried fig: wrinkled skin on one side, on the others amber flesh crowded with seeds."""
    points, faces, cut = chunk(rng, 7, softness=10)
    skin_cuts = rng.choice(7, 2, replace=False)
    on_skin = np.isin(cut, skin_cuts).astype(float)
    folds = ridged(Waves(rng)(points, 0.7))
    seeds = seeded_flesh(points, rng, count=320, size=0.052) * (1 - on_skin)
    points = points * (1 + 0.045 * folds * on_skin + 0.03 * Waves(rng)(points, 0.6) + 0.035 * seeds)[:, None]
    points = sized(points, *individual(piece, rng, spread=0.14))
    tan = piece.colour * rng.uniform(0.85, 1.1)
    flesh = tan * np.array([1.05, 0.68, 0.45])
    outside = mix(
        tan * np.array([0.55, 0.50, 0.50]), tan * np.array([1.15, 1.15, 1.05]), smoothstep(-0.8, 0.8, folds)
    )
    inside = mix(
        flesh * 0.65, flesh * np.array([1.25, 1.2, 1.0]), smoothstep(-1.2, 1.2, Waves(rng)(points, 2.5, 2))
    )
    inside = mix(inside, np.array([0.72, 0.52, 0.22]), 0.9 * seeds)
    colours = inside + (outside - inside) * on_skin[:, None]
    return [Form(points, faces, colours).to_object("fig", painted("fig", STICKY))]


def seeded_flesh(points: Points, rng: Rng, *, count: int, size: float) -> np.ndarray:
    """1 on a seed, 0 between them; seeds lie anywhere on the surface."""
    seats = points[rng.choice(len(points), count, replace=False)]
    nearest = np.full(len(points), np.inf)
    for seat in seats:
        nearest = np.minimum(nearest, ((points - seat) ** 2).sum(axis=1))
    return smoothstep(1.2, 0.6, np.sqrt(nearest) / size)


def date_piece(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Glossy skin in parallel folds, and the fudge-like flesh where it was cut."""
    points, faces, cut = chunk(rng, 7, softness=9)
    on_skin = np.isin(cut, rng.choice(7, 4, replace=False)).astype(float)
    folds = ridged(Waves(rng)(points * np.array([0.4, 1, 1]), 0.55))
    points = points * (1 + 0.05 * folds * on_skin + 0.035 * Waves(rng)(points, 0.7, 2))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.14))
    brown = piece.colour * rng.uniform(0.9, 1.2)
    outside = mix(
        brown * np.array([0.45, 0.36, 0.30]), brown * np.array([1.1, 1.0, 0.9]), smoothstep(-0.9, 0.8, folds)
    )
    inside = mix(
        brown * 1.1, brown * np.array([1.9, 1.9, 1.5]), smoothstep(-1.2, 1.2, Waves(rng)(points, 1.8, 3))
    )
    colours = inside + (outside - inside) * on_skin[:, None]
    return [Form(points, faces, colours).to_object("date", painted("date", STICKY))]


def mango_strip(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A leathery strip, fibres lengthwise, bent and puckered; light shines through its edges."""
    directions, faces = ball(7)
    reach = 1 / ((np.abs(directions) ** 7).sum(axis=1)) ** (1 / 7)
    u, v, w = (directions * reach[:, None]).T
    along = np.column_stack([u * 2.2, v, w])
    ragged = (
        1
        - rng.uniform(0.15, 0.5) * smoothstep(-0.2, 1, u)
        + 0.15 * Waves(rng)(along, 2.4)
        + 0.06 * Waves(rng)(along, 0.9)
    )
    fibres = Waves(rng)(along * np.array([0.25, 1, 1]), 0.5, 2)
    puckers = ridged(Waves(rng)(along * np.array([1.1, 0.6, 1]), 1.2))
    x, y = u * piece.length / 2, v * ragged * piece.width / 2
    bend, lift = rng.uniform(-2.4, 2.4), rng.uniform(0.2, 1.6)
    z = (
        w * 0.9
        + lift * u**2
        + rng.uniform(-0.7, 0.7) * u * v
        + 0.14 * puckers
        + 0.10 * fibres
        + 0.45 * Waves(rng)(along, 3.5)
    )
    points = np.column_stack([x, y + bend * (u**2 - 0.4), z])
    length, width, height = individual(piece, rng, spread=0.12)
    points = sized(points, length, width + 0.5 * abs(bend), height)
    orange = piece.colour * rng.uniform(0.88, 1.08) * np.array([1.0, rng.uniform(0.78, 0.95), 0.6])
    colours = mix(
        orange * np.array([0.78, 0.55, 0.35]),
        orange * np.array([1.12, 1.18, 1.5]),
        smoothstep(-1.3, 1.2, fibres + 0.6 * puckers),
    )
    return [Form(points, faces, np.clip(colours, 0, 0.9)).to_object("mango", painted("mango", LEATHERY))]


def apple_cube(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Diced, shrunk and springy; every other one keeps a strip of its red peel."""
    directions, faces = ball(6)
    reach = 1 / (np.abs(directions) ** 6).sum(axis=1) ** (1 / 6)
    cube = directions * reach[:, None]
    sag = Waves(rng)(directions, 1.5)
    folds = Waves(rng)(cube, 0.7, 2)
    points = cube * (1 + 0.07 * sag + 0.035 * folds)[:, None]
    inward = 1 - 0.14 * np.abs(points) ** 0.01 * np.prod(np.clip(1.1 - np.abs(cube), 0, 1), axis=1)[:, None]
    points = points * inward
    points[:, 0] += rng.uniform(-0.25, 0.25) * points[:, 1]
    points = sized(points, *individual(piece, rng, spread=0.15))
    cream = piece.colour * rng.uniform(0.92, 1.04)
    colours = mix(
        cream * np.array([0.86, 0.74, 0.52]),
        cream * np.array([1.05, 1.06, 1.12]),
        smoothstep(-1.4, 1.2, folds),
    )
    colours = mix(colours, cream * np.array([0.80, 0.60, 0.34]), 0.35 * smoothstep(0.2, 1.4, sag))
    if rng.random() < 0.5:
        axis, towards = rng.integers(2), rng.choice([-1, 1])
        peel = smoothstep(0.80, 0.88, towards * cube[:, axis] + 0.03 * folds)
        red = np.array([0.42, 0.045, 0.03]) * rng.uniform(0.7, 1.3)
        colours = mix(colours, mix(red, np.array([0.50, 0.30, 0.05]), smoothstep(0.3, 1.8, sag)), 0.92 * peel)
    return [Form(points, faces, colours).to_object("apple", painted("apple", SPONGY))]


def mulberry(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Sun-dried: a long cluster of shrivelled, honey-coloured drupelets around a stalk."""
    seats = spread(rng, 64)
    seats = seats[seats[:, 2] > -0.55]
    taper = 1 - 0.25 * smoothstep(0, 1, seats[:, :1])
    axes = np.array([piece.length * 0.44, piece.width * 0.36, piece.height * 0.36])
    core_points, core_faces = ball(5)
    honey = piece.colour * np.array([1.0, 0.90, 0.72]) * rng.uniform(0.88, 1.08)
    core = Form(
        core_points * axes * 0.92, core_faces, np.repeat(honey[None, :] * 0.45, len(core_points), axis=0)
    )
    drupelets = [
        shrivelled(seat * axes * stretch, seat, honey, rng)
        for seat, stretch in zip(seats, taper, strict=True)
    ]
    berry = joined([core, *drupelets])
    berry.points[:, 1] += rng.uniform(-0.018, 0.018) * berry.points[:, 0] ** 2
    berry.points += 0.28 * np.stack([Waves(rng)(berry.points, 6) for _ in range(3)], axis=1)
    berry.points = sized(berry.points, *individual(piece, rng, spread=0.13))
    t = np.linspace(0, 1, 14)
    start = berry.points[:, 0].min() + 0.8
    path = np.column_stack([start - t * rng.uniform(2.0, 3.2), rng.uniform(-0.8, 0.8) * t**2, 0.5 * t])
    stem = thread(path, np.linspace(0.36, 0.26, 14), np.repeat([[0.36, 0.24, 0.10]], 14, axis=0))
    return [joined([berry, stem]).to_object("mulberry", painted("mulberry", LEATHERY))]


def shrivelled(foot: np.ndarray, outward: np.ndarray, honey: np.ndarray, rng: Rng) -> Form:
    directions, faces = ball(4)
    creases = ridged(Waves(rng)(directions, 1.1))
    radius = rng.uniform(0.85, 1.25) * (1 + 0.13 * creases)
    points = foot + directions * radius[:, None] * np.array([1.05, 0.95, 0.9])
    up = directions @ outward
    shade = honey * rng.uniform(0.75, 1.25) * np.array([1, rng.uniform(0.88, 1.05), rng.uniform(0.8, 1.05)])
    colours = mix(
        shade * np.array([0.42, 0.32, 0.22]), shade * 1.12, smoothstep(-0.5, 0.7, up + 0.35 * creases)
    )
    return Form(points, faces, colours)


MODULES: dict[str, tuple[Scene, int]] = {
    "rum_raisins": (rum_raisin, 8),
    "fig_pieces": (fig_piece, 8),
    "date_pieces": (date_piece, 8),
    "mango_dried": (mango_strip, 8),
    "apple_dried": (apple_cube, 8),
    "mulberries_white": (mulberry, 8),
}
