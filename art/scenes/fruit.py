"""Fruit: freeze-dried berries and slices, and dried fruit with folded skins."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual, ridged
from art.shapes import Form, Rng, Scene, Waves, ball, disc, joined, mix, sized, smoothstep, spread, turned

FREEZE_DRIED = Finish(
    roughness=0.62,
    subsurface=0.35,
    subsurface_mm=(0.9, 0.25, 0.2),
    grain=0.20,
    bump_mm=0.10,
    relief_mm=0.45,
    sheen=0.25,
)
JAMMY = Finish(
    roughness=0.44,
    coat=0.18,
    coat_roughness=0.24,
    subsurface=0.40,
    subsurface_mm=(1.6, 0.25, 0.2),
    grain=0.12,
    bump_mm=0.05,
    relief_mm=0.8,
)


def raspberry_fragment(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A broken piece of a freeze-dried berry: drupelets on a curved shell, some torn open."""
    seats = spread(rng, 24)
    seats = seats[seats[:, 2] > -0.35]
    torn = rng.normal(size=3) * (1, 1, 0.2)
    kept = seats[np.argsort(seats @ torn)[: rng.integers(10, 15)]]
    form = joined([core(kept.mean(axis=0), piece, rng), *(drupelet(seat, piece, rng) for seat in kept)])
    form.points = sized(form.points, *individual(piece, rng, spread=0.12))
    return [form.to_object("raspberry", painted("raspberry", FREEZE_DRIED))]


def core(middle: np.ndarray, piece: Piece, rng: Rng) -> Form:
    """What holds the drupelets together: paler, hollow in a whole berry."""
    directions, faces = ball(5)
    points = (directions * 0.78 + middle * 0.35) * np.array([1, 0.92, 0.7])
    pale = piece.colour * np.array([0.9, 1.2, 1.1]) + np.array([0.10, 0.03, 0.03])
    return Form(points, faces, np.repeat(pale[None, :], len(points), axis=0))


def drupelet(seat: np.ndarray, piece: Piece, rng: Rng) -> Form:
    directions, faces = ball(5)
    dents = Waves(rng)(directions, 1.6)
    radius = rng.uniform(0.34, 0.44) * (1 + 0.06 * dents)
    points = seat * np.array([1.0, 0.92, 0.75]) + directions * radius[:, None]
    outward = directions @ seat
    red = piece.colour * np.array([1.02, 0.75, 0.80]) * rng.uniform(0.72, 1.30)
    dusty = red * 0.55 + np.array([0.62, 0.20, 0.25]) * 0.45
    colours = mix(red * 0.42, red, smoothstep(-0.6, 0.5, outward))
    colours = mix(colours, dusty, smoothstep(0.45, 1.15, outward + 0.25 * dents) * 0.75)
    return Form(points, faces, colours)


def strawberry_slice(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A lengthwise slice: red skin, pale streaked flesh, a lighter heart, seeds along the rim."""
    place, lean, side, faces = disc(8)
    angle = np.arctan2(place[:, 1], place[:, 0])
    flat = np.stack([np.cos(angle), np.sin(angle), np.zeros(len(angle))], axis=1)
    # The tip points along +x; the stalk end is broad with a shallow notch.
    outline = (
        1
        - 0.20 * np.exp(-(((np.abs(angle) - np.pi) / 0.42) ** 2))
        - 0.10 * np.sin(angle) ** 2 * np.cos(angle)
    )
    outline *= 1 + 0.10 * np.exp(-((angle / 0.45) ** 2)) + 0.030 * Waves(rng)(flat, 1.1)
    xy = place * outline[:, None]
    xy[:, 1] *= 1 - 0.24 * smoothstep(-0.1, 1.0, xy[:, 0])
    thick = side * 0.5 * (1 - lean**7) ** 0.5
    wrinkle = Waves(rng)(np.column_stack([xy, np.zeros(len(xy))]), 0.42, 2)
    warp = 0.42 * Waves(rng)(np.column_stack([xy, np.zeros(len(xy))]), 2.3)
    sunken = 0.30 * np.exp(-((lean / 0.35) ** 2)) * side
    points = np.column_stack([xy, thick - sunken * 0.5 + 0.07 * wrinkle * (side > 0)])
    points[:, 2] += warp * 0.22
    length, width, height = individual(piece, rng)
    points = sized(points, length, width, height)
    return [
        Form(points, faces, strawberry_flesh(piece, rng, lean, angle, flat, wrinkle)).to_object(
            "strawberry", painted("strawberry", FREEZE_DRIED)
        )
    ]


def strawberry_flesh(
    piece: Piece, rng: Rng, lean: np.ndarray, angle: np.ndarray, flat: np.ndarray, wrinkle: np.ndarray
) -> np.ndarray:
    red = piece.colour * np.array([1.0, 0.70, 0.70])
    deep, pink, pale = (
        red * 0.62,
        red * 0.5 + np.array([0.80, 0.34, 0.27]) * 0.5,
        np.array([0.86, 0.60, 0.46]),
    )
    rays = (
        Waves(rng)(flat + 0.12 * lean[:, None], 0.20)
        * smoothstep(0.15, 0.5, lean)
        * smoothstep(1.0, 0.8, lean)
    )
    heart = 0.30 + 0.05 * Waves(rng)(flat, 0.9)
    reach = lean + 0.05 * rays
    colours = mix(pale, pink, smoothstep(heart - 0.10, heart + 0.16, reach))
    colours = mix(colours, red, smoothstep(0.52, 0.80, reach))
    colours = mix(colours, pale, np.clip(0.32 * smoothstep(0.4, 1.6, rays), 0, 1))
    colours = mix(colours, deep, smoothstep(0.88, 0.97, reach))
    core = np.exp(-(((lean - heart) / 0.055) ** 2))
    colours = mix(colours, pink * 0.9, core * 0.5)
    for k in range(18):
        spot_angle, spot_lean = 2 * np.pi * (k + rng.uniform(-0.3, 0.3)) / 18, rng.uniform(0.86, 0.95)
        away = np.hypot(
            (np.angle(np.exp(1j * (angle - spot_angle)))) * lean / 0.055, (lean - spot_lean) / 0.035
        )
        colours = mix(colours, np.array([0.62, 0.42, 0.12]), 0.9 * smoothstep(1.25, 0.7, away))
    return colours * (1 + 0.10 * wrinkle)[:, None]


def wrinkled(
    piece: Piece,
    rng: Rng,
    *,
    depth: float = 0.080,
    folds: float = 0.80,
    bend: float = 0.0,
    tint: tuple[float, float, float] = (1, 1, 1),
) -> list[bpy.types.Object]:
    """Raisin, cranberry, cherry: a skin too large for what is left inside stands up in narrow crests."""
    directions, faces = ball(7)
    stretched = directions * np.array([0.55, 1.0, 1.0])
    warped = stretched + 0.16 * np.stack([Waves(rng)(directions, 1.5) for _ in range(3)], axis=1)
    crests = -0.75 * ridged(Waves(rng)(warped, folds * 1.7)) - 0.35 * ridged(Waves(rng)(warped, folds * 0.8))
    fine = -ridged(Waves(rng, 60)(warped, folds * 0.36))
    plump = smoothstep(-0.2, 1.4, Waves(rng)(directions, 1.6))
    crests, fine = crests * (1 - 0.6 * plump), fine * (1 - 0.8 * plump)
    lumps = Waves(rng)(directions, 2.0)
    points = directions * (1 + depth * crests + 0.14 * depth * fine + 0.085 * lumps)[:, None]
    points[:, 1] += rng.uniform(-bend, bend) * (directions[:, 0] ** 2 - 0.3)
    points = sized(points, *individual(piece, rng, spread=0.12))
    points = turned(points, 0, rng.uniform(-0.3, 0.3))
    skin = piece.colour * np.array(tint) * rng.uniform(0.82, 1.2)
    lightness = np.clip(0.42 + 0.40 * crests + 0.12 * fine + 0.10 * Waves(rng)(directions, 1.0), 0, 1)
    colours = mix(skin * np.array([0.50, 0.38, 0.40]), skin * np.array([1.25, 1.18, 1.12]), lightness)
    return [Form(points, faces, colours).to_object(piece.key, painted("wrinkled", JAMMY))]


def raisin(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    return wrinkled(piece, rng, tint=(1.55, 1.20, 0.72))


def cranberry(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    return wrinkled(piece, rng, depth=0.070, folds=0.95)


def blueberry(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Nearly black with a violet cast: the blue of the fresh berry was its bloom."""
    return wrinkled(piece, rng, depth=0.072, folds=0.62, tint=(1.10, 0.70, 0.50))


def goji(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    return wrinkled(piece, rng, depth=0.065, folds=0.60, bend=0.35, tint=(0.95, 1.7, 0.85))


MODULES: dict[str, tuple[Scene, int]] = {
    "raspberry_fd": (raspberry_fragment, 8),
    "strawberry_fd": (strawberry_slice, 8),
    "cranberry_dried": (cranberry, 8),
    "raisins": (raisin, 8),
    "blueberry_dried": (blueberry, 8),
    "sour_cherry_dried": (wrinkled, 8),
    "goji_berries": (goji, 8),
}
