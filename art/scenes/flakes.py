"""Crisp and thin things: cornflakes, puffed rice, chilli flakes."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual
from art.shapes import Form, Rng, Scene, Waves, ball, disc, mix, sized, smoothstep


def cornflake(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    place, lean, side, faces = disc(7)
    angle = np.arctan2(place[:, 1], place[:, 0])
    flat = np.stack([np.cos(angle), np.sin(angle), np.zeros(len(angle))], axis=1)
    outline = 1 + 0.10 * Waves(rng)(flat, 2.4) + 0.035 * Waves(rng)(flat, 0.75)
    xy = place * outline[:, None] * np.array([piece.length, piece.width]) / 2
    sheet = np.column_stack([xy, np.zeros(len(xy))])
    blisters = smoothstep(0.2, 1.8, Waves(rng)(sheet, 4.2))
    curl = rng.uniform(0.6, 1.3) * (xy[:, 0] / 9) ** 2 + rng.uniform(0.2, 1.0) * (xy[:, 1] / 7) ** 2
    sway = 0.45 * Waves(rng)(sheet, 11) + 0.22 * Waves(rng)(sheet, 4.6) + 0.06 * Waves(rng)(sheet, 1.6)
    skin = 0.32 * side * (1 - lean**8)
    height = 1.6 * curl + sway + 0.75 * blisters * np.where(side > 0, 1, 0.6) + skin
    points = np.column_stack([xy, height])
    points = sized(points, *individual(piece, rng, spread=0.12)[:2], rng.uniform(3.0, 4.4))
    golden = piece.colour * np.array([1.02, 0.98, 0.80])
    pale, toasted = golden * np.array([1.18, 1.30, 1.75]), np.array([0.33, 0.125, 0.020])
    colours = mix(golden, pale, smoothstep(-0.4, 1.6, Waves(rng)(sheet, 5.5, 2)) * 0.75)
    colours = mix(colours, toasted, smoothstep(0.70, 1.02, lean + 0.09 * Waves(rng)(sheet, 2.6, 2)) * 0.72)
    colours = mix(colours, toasted, blisters * smoothstep(0.0, 1.2, Waves(rng)(sheet, 3.0)) * 0.55)
    finish = Finish(roughness=0.52, grain=0.14, bump_mm=0.12, relief_mm=0.5, coat=0.06, coat_roughness=0.3)
    return [Form(points, faces, colours).to_object("cornflake", painted("cornflake", finish))]


def puffed_rice(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    directions, faces = ball(7)
    t = directions[:, 0]
    bubbles = Waves(rng)(directions * np.array([1.6, 1, 1]), 0.85)
    cells = Waves(rng)(directions * np.array([2.0, 1, 1]), 0.36)
    taper = 1 - 0.22 * smoothstep(0.2, 1, t) * rng.uniform(0.2, 1)
    radius = 1 + 0.034 * bubbles + 0.010 * cells
    points = directions * radius[:, None]
    points[:, 1:] *= taper[:, None]
    points = sized(points, *individual(piece, rng, spread=0.10))
    points[:, 1] += rng.uniform(-0.7, 0.7) * (t**2 - 0.4)
    split = np.exp(-(((directions[:, 1] - rng.uniform(-0.3, 0.3) - 0.1 * np.sin(2 * t)) / 0.10) ** 2))
    points[:, 2] -= 0.25 * split * (directions[:, 2] > 0) * (1 - t**2)
    cream = piece.colour * np.array([1.0, 0.98, 0.92])
    colours = mix(cream * np.array([0.80, 0.66, 0.44]), cream, smoothstep(-1.5, 0.3, bubbles + 0.4 * cells))
    colours = mix(
        colours,
        cream * np.array([0.82, 0.64, 0.36]),
        0.55 * smoothstep(0.3, 1.6, Waves(rng)(directions, 1.6)),
    )
    colours = mix(colours, cream * np.array([0.74, 0.52, 0.28]), 0.5 * split * (directions[:, 2] > 0))
    finish = Finish(
        roughness=0.5,
        subsurface=0.45,
        subsurface_mm=(0.8, 0.6, 0.4),
        grain=0.06,
        bump_mm=0.06,
        relief_mm=0.45,
        coat=0.06,
    )
    return [Form(points, faces, colours).to_object("rice", painted("rice", finish))]


def chilli_flake(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    place, lean, side, faces = disc(6)
    angle = np.arctan2(place[:, 1], place[:, 0])
    corners = rng.integers(4, 7)
    depths = rng.uniform(0.72, 1.0, corners)
    turns = 2 * np.pi * (np.arange(corners) + rng.uniform(-0.25, 0.25, corners)) / corners
    reach = np.maximum(np.cos(angle[:, None] - turns[None, :]), 1e-3) / depths
    outline = 1 / (reach**14).sum(axis=1) ** (1 / 14)
    xy = place * outline[:, None] * np.array([piece.length, piece.width]) / 2
    sheet = np.column_stack([xy, np.zeros(len(xy))])
    curl = rng.uniform(0.10, 0.35) * xy[:, 1] ** 2 - rng.uniform(-0.1, 0.12) * xy[:, 0] ** 2
    height = curl + 0.09 * Waves(rng)(sheet, 1.3) + 0.11 * side * (1 - lean**6)
    points = sized(
        np.column_stack([xy, height]), *individual(piece, rng, spread=0.22)[:2], rng.uniform(0.55, 1.0)
    )
    red = piece.colour * rng.uniform(0.50, 0.95) * np.array([1.05, rng.uniform(0.6, 1.35), 0.6])
    colours = mix(
        red * 0.5, red * np.array([1.35, 1.25, 1.0]), smoothstep(-1.3, 1.3, Waves(rng)(sheet, 1.1, 2))
    )
    colours = mix(colours, red * 0.5 + np.array([0.40, 0.16, 0.03]) * 0.5, smoothstep(0.8, 1, lean) * 0.5)
    finish = Finish(
        roughness=0.32,
        coat=0.35,
        subsurface=0.2,
        subsurface_mm=(0.4, 0.1, 0.05),
        grain=0.15,
        bump_mm=0.05,
        relief_mm=0.3,
    )
    return [Form(points, faces, colours).to_object("chilli", painted("chilli", finish))]


MODULES: dict[str, tuple[Scene, int]] = {
    "cornflakes": (cornflake, 8),
    "cornflakes_gf": (cornflake, 6),
    "rice_puffed": (puffed_rice, 10),
    "chili_flakes": (chilli_flake, 12),
}
