"""Dried petals: thin, cupped, crinkled."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual
from art.shapes import Form, Rng, Scene, Waves, disc, mix, sized, smoothstep


def rose_petal(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    place, lean, side, faces = disc(7)
    angle = np.arctan2(place[:, 1], place[:, 0])
    flat = np.stack([np.cos(angle), np.sin(angle), np.zeros(len(angle))], axis=1)
    # Broad at +x, with a shallow notch, drawn in to a claw at -x.
    outline = 1 - 0.08 * np.exp(-((angle / 0.25) ** 2)) + 0.035 * Waves(rng)(flat, 0.9)
    xy = place * outline[:, None]
    xy[:, 1] *= 1 - 0.55 * smoothstep(0.1, -1.0, xy[:, 0])
    xy = xy * np.array([piece.length, piece.width]) / 2
    sheet = np.column_stack([xy, np.zeros(len(xy))])
    along, across = xy[:, 0] / (piece.length / 2), xy[:, 1] / (piece.width / 2)
    cup = rng.uniform(1.2, 2.6) * across**2 + rng.uniform(-0.4, 1.0) * along**2
    rolled = rng.uniform(0.4, 1.6) * smoothstep(0.6, 1.05, along + 0.25 * across * rng.choice([-1, 1]))
    crinkle = 0.40 * Waves(rng)(sheet, 7) + 0.16 * Waves(rng)(sheet, 2.8) * smoothstep(0.2, 1, lean)
    veins = Waves(rng)(
        np.column_stack([along * 0.25, across / (0.75 + 0.3 * along), np.zeros(len(xy))]), 0.16
    )
    height = cup + rolled + crinkle + 0.035 * veins + 0.09 * side * (1 - lean**6)
    points = sized(
        np.column_stack([xy, height]), *individual(piece, rng, spread=0.10)[:2], rng.uniform(2.4, 3.8)
    )
    rose = piece.colour * np.array([0.95, 0.80, 0.82]) * rng.uniform(0.80, 1.10)
    deep, pale = rose * np.array([0.62, 0.38, 0.45]), np.array([0.86, 0.66, 0.44])
    colours = mix(rose, rose * np.array([1.25, 1.75, 1.6]), smoothstep(-1, 1.4, Waves(rng)(sheet, 6)) * 0.55)
    colours = mix(colours, pale, smoothstep(-0.55, -1.0, along) * 0.85)
    colours = mix(
        colours,
        deep,
        smoothstep(0.70, 1.0, lean + 0.07 * Waves(rng)(sheet, 2)) * smoothstep(-0.7, 0, along) * 0.92,
    )
    colours *= (1 - 0.09 * smoothstep(0.2, 1.5, veins))[:, None]
    finish = Finish(
        roughness=0.62,
        subsurface=0.35,
        subsurface_mm=(0.7, 0.3, 0.3),
        sheen=0.35,
        grain=0.08,
        bump_mm=0.03,
        relief_mm=0.4,
        specular=0.25,
    )
    return [Form(points, faces, colours).to_object("petal", painted("petal", finish))]


def cornflower_floret(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A ray floret: a thin tube that opens into a few pointed lobes, twisted as it dried."""
    place, lean, side, faces = disc(6)
    u, v = place.T
    opened = smoothstep(-0.15, 0.75, u)
    half_width = 0.22 + 0.78 * opened
    lobes = rng.integers(4, 6)
    notch = smoothstep(0.45, 1.0, u) * (0.5 - 0.5 * np.cos(2 * np.pi * lobes * (v * 0.5 + 0.5)))
    x = u * (1 - 0.34 * (1 - notch) * smoothstep(0.5, 1.0, u))
    xy = np.column_stack([x, v * half_width]) * np.array([piece.length, piece.width * 1.5]) / 2
    sheet = np.column_stack([xy, np.zeros(len(xy))])
    fold = rng.uniform(0.25, 0.7) * (xy[:, 1] / 1.2) ** 2
    curl = rng.uniform(-0.3, 0.9) * u**2 + 0.16 * Waves(rng)(sheet, 4)
    veins = Waves(rng)(np.column_stack([x * 0.3, v * 2.2, np.zeros(len(x))]), 0.5)
    height = fold + curl + 0.04 * veins + 0.05 * side * (1 - lean**6)
    length, width, _ = individual(piece, rng, spread=0.14)
    points = sized(np.column_stack([xy, height]), length, width * 1.35, rng.uniform(0.8, 1.5))
    points[:, 1] += rng.uniform(-1.1, 1.1) * (u**2 - 0.4)
    blue = piece.colour * rng.uniform(0.8, 1.2) * np.array([rng.uniform(0.9, 1.5), 1.0, 1.0])
    colours = mix(blue * 0.75, blue * np.array([1.5, 1.35, 1.15]), smoothstep(-1.2, 1.4, veins))
    colours = mix(colours, np.array([0.30, 0.26, 0.40]), 0.75 * smoothstep(-0.1, -0.95, u))
    colours = mix(colours, blue * np.array([1.1, 0.6, 0.75]), 0.4 * smoothstep(0.7, 1.0, lean))
    finish = Finish(roughness=0.65, sheen=0.3, grain=0.10, bump_mm=0.02, relief_mm=0.3, specular=0.25)
    return [Form(points, faces, colours).to_object("cornflower", painted("cornflower", finish))]


MODULES: dict[str, tuple[Scene, int]] = {
    "rose_petals": (rose_petal, 8),
    "cornflower_petals": (cornflower_floret, 8),
}
