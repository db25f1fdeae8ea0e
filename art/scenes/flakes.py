"""Crisp and thin things: cornflakes, puffed rice, chilli flakes, slices of almond, coconut, crepe, mint."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual
from art.shapes import Form, Rng, Scene, Waves, ball, chunk, disc, mix, sized, smoothstep


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


def almond_slice(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Shaved off the kernel: a plain ivory oval, toasted towards the edge, a thread of brown skin around it."""
    place, lean, side, faces = disc(7)
    xy = place.copy()
    xy[:, 1] *= 1 - rng.uniform(0.14, 0.26) * smoothstep(-0.3, 1.05, xy[:, 0])
    xy *= (1 + 0.012 * Waves(rng)(flat_of(place), 0.8))[:, None]
    chipped = smoothstep(0.66, 0.80, place @ unit(rng) + 0.04 * Waves(rng)(flat_of(place), 0.3))
    xy *= (1 - rng.choice([0.0, 0.0, 0.0, 0.16]) * chipped)[:, None]
    xy = xy * np.array([piece.length, piece.width]) / 2
    sheet = np.column_stack([xy, np.zeros(len(xy))])
    bow = rng.uniform(0.3, 1.3) * (xy[:, 0] / 9) ** 2 + rng.uniform(0.2, 1.0) * (xy[:, 1] / 5) ** 2
    twist = rng.uniform(-0.5, 0.5) * xy[:, 0] * xy[:, 1] / 45
    height = (
        bow + twist + 0.07 * Waves(rng)(sheet, 9) + 0.025 * Waves(rng)(sheet * np.array([0.5, 1, 1]), 1.3, 2)
    )
    height += 0.30 * side * (1 - lean**12)
    points = sized(np.column_stack([xy, height]), *individual(piece, rng)[:2], rng.uniform(1.3, 2.0))
    ivory = piece.colour * np.array([1.02, 1.17, 1.48])
    toasted = piece.colour * np.array([0.88, 0.66, 0.38])
    glassy = np.exp(-((lean / 0.42) ** 4))
    colours = mix(ivory, ivory * np.array([0.95, 0.91, 0.78]), 0.9 * glassy)
    browning = lean + 0.10 * Waves(rng)(sheet, 5, 2) + rng.uniform(-0.06, 0.06)
    colours = mix(colours, toasted, 0.75 * smoothstep(0.62, 1.02, browning))
    colours *= (1 + 0.035 * Waves(rng)(sheet * np.array([0.5, 1, 1]), 1.2, 2))[:, None]
    skin = smoothstep(0.885, 0.915, lean + 0.012 * Waves(rng)(flat_of(place), 0.3))
    colours = mix(colours, np.array([0.17, 0.062, 0.02]), 0.92 * skin)
    finish = Finish(roughness=0.42, subsurface=0.35, subsurface_mm=(0.9, 0.7, 0.4), grain=0.03, bump_mm=0.02)
    return [Form(points, faces, colours).to_object("almond slice", painted("slice", finish))]


def coconut_chip(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A long shaving of the nut's flesh: white, curled, toasted along its edges, brown skin on one of them."""
    place, lean, side, faces = disc(7)
    angle = np.arctan2(place[:, 1], place[:, 0])
    square = 1 / (np.abs(np.cos(angle)) ** 3.2 + np.abs(np.sin(angle)) ** 3.2) ** (1 / 3.2)
    ragged = 1 + 0.05 * Waves(rng)(flat_of(place), 0.9) + 0.02 * Waves(rng)(flat_of(place), 0.3)
    xy = place * (square * ragged)[:, None]
    xy[:, 1] *= 1 - rng.uniform(0.2, 0.5) * smoothstep(0, 1, xy[:, 0] * rng.choice([-1, 1]))
    u, v = xy.T
    sheet = np.column_stack([u * piece.length / 2, v * piece.width / 2, np.zeros(len(u))])
    bend = rng.uniform(0.08, 0.26) * rng.choice([-1, 1])
    x, y = sheet[:, 0], sheet[:, 1] + bend * piece.length / 2 * (u**2 - 0.4)
    curl = rng.uniform(1.0, 3.4) * u**2 + rng.uniform(0.8, 2.4) * v**2 + rng.uniform(-1.6, 1.6) * u * v
    height = curl + 0.35 * Waves(rng)(sheet, 9) + 0.05 * Waves(rng)(sheet, 1.5) + 0.30 * side * (1 - lean**10)
    points = sized(
        np.column_stack([x, y, height]), *individual(piece, rng, spread=0.12)[:2], rng.uniform(2.4, 4.2)
    )
    white = piece.colour * np.array([1.02, 1.07, 1.16])
    fibres = Waves(rng)(sheet * np.array([0.3, 1, 1]), 1.0, 2)
    colours = mix(
        white, piece.colour * np.array([0.93, 0.83, 0.62]), 0.5 * smoothstep(-0.6, 2, Waves(rng)(sheet, 8))
    )
    colours *= (1 + 0.025 * fibres)[:, None]
    toasted = smoothstep(0.72, 1.02, lean + 0.07 * Waves(rng)(sheet, 4, 2))
    colours = mix(colours, np.array([0.60, 0.32, 0.10]), rng.uniform(0.35, 0.8) * toasted)
    skin = smoothstep(0.90, 0.95, lean) * smoothstep(0.55, 0.8, v * rng.choice([-1, 1]))
    colours = mix(colours, np.array([0.17, 0.07, 0.025]), 0.85 * skin)
    finish = Finish(
        roughness=0.5, subsurface=0.4, subsurface_mm=(0.9, 0.8, 0.6), grain=0.04, bump_mm=0.04, relief_mm=0.6
    )
    return [Form(points, faces, colours).to_object("coconut", painted("coconut", finish))]


def feuilletine(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A shard of lace-thin baked crepe: blistered, wavy, brown where it was thinnest."""
    place, lean, side, faces = disc(6)
    xy = place * shard_outline(place, rng)[:, None] * np.array([piece.length, piece.width]) / 2
    sheet = np.column_stack([xy, np.zeros(len(xy))])
    blisters = smoothstep(0.2, 1.6, Waves(rng)(sheet, 1.7))
    wave = 0.22 * np.sin(xy[:, 0] * rng.uniform(0.8, 1.4) + rng.uniform(0, 6)) + 0.30 * Waves(rng)(sheet, 4.5)
    curl = rng.uniform(0.01, 0.06) * xy[:, 1] ** 2
    height = wave + curl + 0.16 * blisters + 0.05 * Waves(rng)(sheet, 0.8) + 0.15 * side * (1 - lean**8)
    points = sized(
        np.column_stack([xy, height]), *individual(piece, rng, spread=0.2)[:2], rng.uniform(1.0, 1.6)
    )
    golden = piece.colour * rng.uniform(0.9, 1.25) * np.array([1.08, 1.08, 0.9])
    colours = mix(
        golden * 0.72, golden * np.array([1.3, 1.42, 1.7]), smoothstep(-1.2, 1.3, Waves(rng)(sheet, 2.2, 2))
    )
    colours = mix(
        colours, golden * np.array([0.55, 0.38, 0.22]), 0.6 * smoothstep(0.6, 1.5, Waves(rng)(sheet, 1.4, 2))
    )
    colours = mix(colours, golden * np.array([1.3, 1.4, 1.6]), 0.4 * smoothstep(0.86, 1, lean))
    finish = Finish(roughness=0.45, grain=0.14, bump_mm=0.06, relief_mm=0.35, coat=0.10, coat_roughness=0.25)
    return [Form(points, faces, colours).to_object("feuilletine", painted("feuilletine", finish))]


def mint_flake(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A crumb of dried leaf: torn, curled, the midrib or side veins showing paler."""
    place, lean, side, faces = disc(6)
    xy = place * shard_outline(place, rng)[:, None] * np.array([piece.length, piece.width]) / 2
    sheet = np.column_stack([xy, np.zeros(len(xy))])
    slope, offset = rng.uniform(-0.4, 0.4), rng.uniform(-0.7, 0.7)
    rib = np.exp(-(((xy[:, 1] - slope * xy[:, 0] - offset) / 0.13) ** 2))
    twigs = np.abs(np.sin((xy[:, 0] + 0.9 * np.abs(xy[:, 1] - offset)) * np.pi / 0.95))
    veins = np.maximum(rib, 0.6 * np.exp(-((twigs / 0.22) ** 2)))
    curl = rng.uniform(0.05, 0.24) * xy[:, 1] ** 2 + rng.uniform(-0.1, 0.16) * xy[:, 0] ** 2
    puckers = 0.10 * Waves(rng)(sheet, 1.1) - 0.07 * veins
    height = curl + puckers + 0.20 * Waves(rng)(sheet, 3) + 0.07 * side * (1 - lean**6)
    points = sized(
        np.column_stack([xy, height]), *individual(piece, rng, spread=0.25)[:2], rng.uniform(0.7, 1.2)
    )
    green = piece.colour * rng.uniform(0.65, 1.15) * np.array([rng.uniform(1.0, 1.35), 1.0, 0.9])
    colours = mix(green * 0.6, green * 1.3, smoothstep(-1.4, 1.4, Waves(rng)(sheet, 1.0, 2)))
    colours = mix(colours, green * np.array([1.7, 1.55, 1.5]), 0.55 * veins)
    colours = mix(colours, np.array([0.13, 0.10, 0.035]), 0.35 * smoothstep(0.85, 1.0, lean))
    finish = Finish(roughness=0.68, sheen=0.3, grain=0.16, bump_mm=0.04, relief_mm=0.25, specular=0.25)
    return [Form(points, faces, colours).to_object("mint", painted("mint", finish))]


def maple_flake(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Maple syrup boiled dry: translucent amber grains baked into a flat crumb."""
    points, faces, cut = chunk(rng, 11, detail=5, softness=18)
    points = points * (1 + 0.07 * Waves(rng)(points, 0.55) + 0.035 * Waves(rng)(points, 0.28))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.2))
    amber = piece.colour * rng.uniform(0.85, 1.2)
    colours = amber * rng.uniform(0.8, 1.2, 11)[cut][:, None]
    colours = mix(
        colours, amber * np.array([1.5, 1.7, 2.2]), 0.55 * smoothstep(0.1, 1.5, Waves(rng)(points, 0.6, 2))
    )
    finish = Finish(
        roughness=0.28,
        coat=0.35,
        coat_roughness=0.12,
        subsurface=0.45,
        subsurface_mm=(0.9, 0.45, 0.15),
        grain=0.10,
        bump_mm=0.08,
        relief_mm=0.3,
    )
    return [Form(points, faces, colours).to_object("maple", painted("maple", finish))]


def coconut_shred(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Rasped: a crooked white splinter with torn ends."""
    points, faces, _ = chunk(rng, 9, detail=5, softness=14)
    points = points * (1 + 0.06 * Waves(rng)(points * np.array([0.5, 1, 1]), 0.5, 2))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.28))
    points[:, 1] += rng.uniform(-0.12, 0.12) * points[:, 0] ** 2
    points[:, 2] += rng.uniform(-0.02, 0.06) * points[:, 0] ** 2
    cream = piece.colour * np.array([0.94, 0.91, 0.84])
    colours = mix(cream, piece.colour, smoothstep(-1, 1, Waves(rng)(points * np.array([0.3, 1, 1]), 0.8, 2)))
    finish = Finish(
        roughness=0.45,
        subsurface=0.4,
        subsurface_mm=(0.7, 0.65, 0.55),
        grain=0.04,
        bump_mm=0.05,
        relief_mm=0.35,
    )
    return [Form(points, faces, colours).to_object("coconut", painted("coconut", finish))]


def shard_outline(place: np.ndarray, rng: Rng) -> np.ndarray:
    """How far the rim of a broken sheet lies from its middle: a few straight breaks, slightly frayed."""
    angle = np.arctan2(place[:, 1], place[:, 0])
    corners = rng.integers(4, 8)
    depths = rng.uniform(0.68, 1.0, corners)
    turns = 2 * np.pi * (np.arange(corners) + rng.uniform(-0.28, 0.28, corners)) / corners
    reach = np.maximum(np.cos(angle[:, None] - turns[None, :]), 1e-3) / depths
    frayed = 1 + 0.03 * Waves(rng)(flat_of(place), 0.45)
    return frayed / (reach**12).sum(axis=1) ** (1 / 12)


def flat_of(place: np.ndarray) -> np.ndarray:
    """The direction of each place from the middle: noise over it is the same all along a radius."""
    angle = np.arctan2(place[:, 1], place[:, 0])
    return np.stack([np.cos(angle), np.sin(angle), np.zeros(len(angle))], axis=1)


def unit(rng: Rng) -> np.ndarray:
    turn = rng.uniform(0, 2 * np.pi)
    return np.array([np.cos(turn), np.sin(turn)])


MODULES: dict[str, tuple[Scene, int]] = {
    "cornflakes": (cornflake, 8),
    "cornflakes_gf": (cornflake, 6),
    "rice_puffed": (puffed_rice, 10),
    "chili_flakes": (chilli_flake, 12),
    "almond_flaked": (almond_slice, 8),
    "coconut_chips": (coconut_chip, 8),
    "coconut_desiccated": (coconut_shred, 8),
    "feuilletine": (feuilletine, 8),
    "mint_dried": (mint_flake, 8),
    "maple_sugar": (maple_flake, 6),
}
