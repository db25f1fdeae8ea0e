"""Nuts: almond, hazelnut, pistachio, walnut and their relatives."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.shapes import Form, Rng, Scene, Waves, ball, boxy, chunk, mix, sized, smoothstep, turned

SKIN_DRY = Finish(roughness=0.55, grain=0.16, bump_mm=0.10, relief_mm=0.7, stretch=(0.25, 1, 1))
KERNEL = Finish(roughness=0.46, subsurface=0.35, grain=0.07, bump_mm=0.05, relief_mm=0.8, coat=0.08)

PECAN_SKIN = Finish(roughness=0.42, coat=0.10, coat_roughness=0.3, grain=0.14, bump_mm=0.08, relief_mm=0.6)
CRUST = Finish(roughness=0.26, coat=0.55, coat_roughness=0.10, grain=0.12, bump_mm=0.06, relief_mm=0.5)
OILED = Finish(
    roughness=0.38,
    coat=0.16,
    coat_roughness=0.22,
    subsurface=0.3,
    subsurface_mm=(1.4, 0.7, 0.35),
    grain=0.08,
    bump_mm=0.05,
    relief_mm=0.6,
)


def almond(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    directions, faces = ball(7)
    t = directions[:, 0]
    theta = np.arctan2(directions[:, 2], directions[:, 1])
    blunt, sharp = rng.uniform(0.46, 0.56), rng.uniform(0.66, 0.80)
    girth = np.clip(1 - t, 0, 2) ** sharp * np.clip(1 + t, 0, 2) ** blunt
    girth /= girth.max()
    bend = rng.uniform(-0.06, 0.06)
    along = np.stack([t * 0.35, np.cos(theta) * 1.0, np.sin(theta) * 1.0], axis=1)
    ridges = ridged(Waves(rng)(along, 0.62)) * 0.5 + ridged(Waves(rng)(along, 0.33)) * 0.35
    lumps = Waves(rng)(directions, 1.3)
    swollen = girth * (1 + 0.035 * lumps + 0.030 * ridges * smoothstep(0.05, 0.5, girth))
    points = np.stack([t, swollen * np.cos(theta) + bend * (1 - t**2) * 2, swollen * np.sin(theta)], axis=1)
    points = sized(points, *individual(piece, rng))
    skin = piece.colour * np.array([0.88, 0.80, 0.72]) * rng.uniform(0.85, 1.12)
    shade = np.clip(0.52 + 0.30 * ridges + 0.13 * lumps - 0.45 * smoothstep(0.75, 1.0, t), 0, 1)
    colours = mix(skin * np.array([0.42, 0.36, 0.32]), skin * np.array([1.32, 1.28, 1.2]), shade)
    return [Form(points, faces, colours).to_object("almond", painted("skin", SKIN_DRY))]


def hazelnut(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    directions, faces = ball(7)
    t = directions[:, 0]
    theta = np.arctan2(directions[:, 2], directions[:, 1])
    girth = np.sqrt(np.clip(1 - t**2, 0, 1)) * (1 - 0.16 * smoothstep(0.1, 1, t))
    lumps = Waves(rng)(directions, 1.5)
    along = np.stack([t * 0.25, np.cos(theta), np.sin(theta)], axis=1)
    meridians = Waves(rng)(along, 0.5)
    swollen = girth * (1 + 0.02 * lumps + 0.010 * meridians)
    points = np.stack(
        [t + 0.10 * smoothstep(0.75, 1, t), swollen * np.cos(theta), swollen * np.sin(theta)], axis=1
    )
    points = sized(points, piece.height, piece.width, piece.width) * rng.uniform(0.93, 1.06)
    kernel = piece.colour * np.array([1.42, 1.52, 1.60])
    skin = piece.colour * np.array([0.52, 0.36, 0.24]) * rng.uniform(0.85, 1.2)
    fine = Waves(rng, 60)(np.stack([t * 0.12, np.cos(theta), np.sin(theta)], axis=1), 0.16)
    striped = mix(
        skin * 0.72, skin * np.array([1.5, 1.55, 1.6]), smoothstep(-1.4, 1.6, fine + 0.5 * meridians)
    )
    toasted = mix(
        kernel, kernel * np.array([0.86, 0.72, 0.52]), smoothstep(-0.8, 1.5, Waves(rng)(directions, 1.1, 2))
    )
    bare = Waves(rng)(directions * np.array([0.6, 1, 1]), 1.9, 3) + 0.25 * meridians - rng.uniform(0.1, 1.3)
    colours = mix(striped, toasted, smoothstep(-0.10, 0.16, bare))
    colours = mix(colours, skin * 0.55, 0.5 * np.exp(-((bare / 0.09) ** 2)))
    scar = smoothstep(0.82, 0.90, -t + 0.02 * lumps)
    colours = mix(colours, kernel * np.array([0.80, 0.70, 0.58]), scar * 0.85)
    points = turned(points, 1, rng.choice([-1, 1]) * rng.uniform(0.25, 1.15))
    return [Form(points, faces, colours).to_object("hazelnut", painted("kernel", KERNEL))]


def pistachio_chopped(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    points, faces, cut = chunk(rng, 9, softness=16)
    skin_cuts = rng.choice(9, 3, replace=False)
    rough = Waves(rng)(points, 0.35, 2)
    points = points * (1 + 0.035 * rough)[:, None]
    points = sized(points, *individual(piece, rng, spread=0.14))
    green = piece.colour * np.array([1.08, 0.98, 0.72])
    colours = mix(
        green * 0.72, green * np.array([1.42, 1.22, 1.25]), smoothstep(-1.2, 1.2, Waves(rng)(points, 2.4))
    )
    skin = np.isin(cut, skin_cuts) * smoothstep(-0.8, 0.3, Waves(rng)(points, 1.4, 2))
    purple = mix(np.array([0.13, 0.035, 0.045]), np.array([0.20, 0.13, 0.035]), rng.random(len(points)) * 0.5)
    colours = colours + (purple - colours) * (skin * 0.8)[:, None]
    finish = Finish(
        roughness=0.5, subsurface=0.3, subsurface_mm=(0.5, 0.7, 0.25), grain=0.10, bump_mm=0.05, relief_mm=0.4
    )
    return [Form(points, faces, colours).to_object("pistachio", painted("pistachio", finish))]


def walnut_half(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    directions, faces = ball(7)
    length, width, height = individual(piece, rng, spread=0.05)
    x, y, z = directions.T
    # Two lobes on each side of the cleft, drawn in at both ends, flat below.
    cleft = np.exp(-((y / 0.13) ** 2))
    ends = smoothstep(0.55, 1.0, np.abs(x)) * np.exp(-((y / 0.30) ** 2))
    lobes = 0.10 * np.cos(3.1 * x * np.pi / 2) * (1 - cleft)
    radius = 1 - 0.16 * ends + lobes * 0.55
    base = directions * radius[:, None] * np.array([length / 2, width / 2, height])
    base[:, 2] = np.where(base[:, 2] < 0, base[:, 2] * 0.15, base[:, 2])
    warped = base + 2.2 * np.stack([Waves(rng)(base, 13) for _ in range(3)], axis=1)
    folds = ridged(Waves(rng, 60)(warped, 8.5)) * 0.75 + ridged(Waves(rng, 60)(warped, 4.4)) * 0.32
    folds = np.clip(folds, -1.2, 1)
    top = smoothstep(-0.1, 0.35, z)
    depth = 1.25 * folds * (0.35 + 0.65 * top) - 2.6 * cleft * top * (1 - 0.35 * np.cos(x * 4) ** 2)
    points = base + directions * depth[:, None]
    points = sized(points, length, width, height)
    skin = piece.colour * np.array([0.92, 0.84, 0.76]) * rng.uniform(0.9, 1.1)
    lightness = np.clip(0.42 + 0.52 * folds - 0.35 * cleft * top + 0.14 * Waves(rng)(base, 9), 0, 1)
    colours = mix(skin * np.array([0.16, 0.105, 0.07]), skin * np.array([1.18, 1.16, 1.14]), lightness)
    veins = smoothstep(0.90, 0.99, ridged01(Waves(rng)(warped, 6.5)))
    colours = colours * (1 - 0.30 * veins)[:, None]
    finish = Finish(roughness=0.42, grain=0.10, bump_mm=0.07, relief_mm=0.7, coat=0.05, coat_roughness=0.3)
    return [Form(points, faces, colours).to_object("walnut", painted("walnut", finish))]


def peanut(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Roasted, out of its skin, the seam between its halves showing."""
    directions, faces = ball(6)
    t = directions[:, 0]
    seam = np.exp(-((directions[:, 1] / 0.05) ** 2)) * smoothstep(0.1, 0.6, directions[:, 2])
    girth = 1 - 0.16 * smoothstep(0.2, 1, t) + 0.03 * Waves(rng)(directions, 1.2)
    points = directions * (1 - 0.05 * seam)[:, None]
    points[:, 1:] *= girth[:, None]
    points = sized(points, *individual(piece, rng))
    roast = piece.colour * rng.uniform(0.92, 1.12)
    colours = mix(
        roast * np.array([1.25, 1.35, 1.5]),
        roast * np.array([0.85, 0.68, 0.5]),
        smoothstep(-0.7, 1.7, Waves(rng)(directions, 1.2, 3)),
    )
    colours = mix(colours, roast * 0.45, seam * 0.5)
    points = turned(points, 0, rng.uniform(-0.5, 0.5))
    return [Form(points, faces, colours).to_object("peanut", painted("peanut", OILED))]


def round_nut(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Macadamia: nearly a ball, a nub at one pole, warm ivory toasted in soft clouds and along fine lines."""
    directions, faces = ball(7)
    nub = np.exp(-(((1 - directions[:, 0]) / 0.02) ** 2))
    meridians = Waves(rng)(directions * np.array([0.25, 1, 1]), 0.45)
    swollen = 1 + 0.018 * Waves(rng)(directions, 1.2) + 0.05 * nub + 0.004 * meridians
    points = turned(directions * swollen[:, None], 1, -rng.uniform(0.2, 1.2))
    points = sized(points, *individual(piece, rng, spread=0.05))
    cream = piece.colour * np.array([1.05, 0.96, 0.82]) * rng.uniform(0.96, 1.04)
    toasted = cream * np.array([0.86, 0.64, 0.38])
    clouds = smoothstep(-0.6, 2.0, Waves(rng)(directions, 1.5, 3) + 0.25 * meridians + rng.uniform(-0.4, 0.5))
    colours = mix(cream, toasted, 0.85 * clouds)
    colours = mix(colours, toasted * 0.6, np.clip(0.7 * nub + 0.12 * smoothstep(0.8, 2, meridians), 0, 1))
    return [Form(points, faces, colours).to_object("macadamia", painted("macadamia", OILED))]


def pistachio_whole(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Shelled: green under a torn purple-brown skin, creased along its length."""
    directions, faces = ball(6)
    t = directions[:, 0]
    along = directions * np.array([0.35, 1, 1])
    creases = ridged(Waves(rng)(along, 0.55))
    points = directions * (1 + 0.030 * creases + 0.03 * Waves(rng)(directions, 1.3))[:, None]
    points[:, 1:] *= (1 - 0.22 * smoothstep(0.1, 1, t))[:, None]
    points = sized(points, *individual(piece, rng))
    green = piece.colour * np.array([0.98, 0.96, 0.66]) * rng.uniform(0.9, 1.1)
    skin = mix(
        np.array([0.17, 0.055, 0.050]),
        np.array([0.24, 0.14, 0.05]),
        smoothstep(-1, 1, Waves(rng)(along, 0.8)),
    )
    torn = smoothstep(-0.25, 0.25, Waves(rng)(along, 0.9, 3) - rng.uniform(-0.5, 0.6))
    colours = green * (1.05 + 0.2 * creases)[:, None]
    colours = (colours + (skin - colours) * (torn * 0.85)[:, None]) * (0.85 + 0.2 * creases)[:, None]
    return [Form(points, faces, colours).to_object("pistachio", painted("pistachio", KERNEL))]


def cashew(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    directions, faces = ball(7)
    bow = rng.uniform(0.75, 1.0)
    thick = 0.47 * (1 + 0.22 * directions[:, 0]) * (1 + 0.03 * Waves(rng)(directions, 1.2))
    angle = directions[:, 0] * bow * 1.25
    ring = 1 + thick * directions[:, 1]
    points = np.stack([ring * np.sin(angle), ring * np.cos(angle), thick * directions[:, 2]], axis=1)
    points = sized(points, *individual(piece, rng))
    cream = piece.colour * rng.uniform(0.97, 1.08)
    colours = mix(
        cream * 1.05,
        cream * np.array([0.80, 0.58, 0.34]),
        0.8 * smoothstep(0.0, 1.9, Waves(rng)(directions, 1.1, 3)),
    )
    points[:, 2] += 0.03 * piece.height * Waves(rng)(directions, 0.9)
    return [Form(points, faces, colours).to_object("cashew", painted("cashew", OILED))]


def pecan_half(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Long lobes along a deep middle groove."""
    directions, faces = ball(7)
    x, y, z = directions.T
    top = smoothstep(-0.1, 0.4, z)
    middle = np.exp(-((y / 0.13) ** 2))
    along = np.stack([x * 0.22, y * 1.5, z * 0.5], axis=1)
    folds = 0.8 * ridged(Waves(rng)(along + 0.05 * Waves(rng)(directions, 0.9)[:, None], 0.75))
    bends = Waves(rng)(np.stack([x * 1.3, y * 0.45, z * 0.5], axis=1), 0.75)
    folds = folds + 0.30 * ridged(bends + 0.4 * folds)
    radius = 1 + (0.052 * folds - 0.26 * middle + 0.012 * Waves(rng)(directions, 0.35)) * top
    points = directions * radius[:, None]
    points[:, 1] *= 1 - 0.10 * smoothstep(0.2, 1, np.abs(x))
    points[:, 2] = np.where(points[:, 2] < 0, points[:, 2] * 0.2, points[:, 2])
    points = sized(points, *individual(piece, rng, spread=0.06))
    skin = piece.colour * np.array([0.95, 0.82, 0.70]) * rng.uniform(0.9, 1.15)
    lightness = np.clip(0.55 + 0.40 * folds - 0.55 * middle * top, 0, 1)
    colours = mix(skin * np.array([0.20, 0.15, 0.12]), skin * np.array([1.22, 1.14, 1.05]), lightness)
    papery = smoothstep(0.3, 2.0, Waves(rng)(directions, 0.9, 3))
    colours = mix(colours, skin * np.array([1.5, 1.5, 1.4]), 0.30 * papery * top)
    return [Form(points, faces, colours).to_object("pecan", painted("pecan", PECAN_SKIN))]


def sliver(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A blanched almond cut lengthwise into sticks: cut faces, one end pointed, edges a little toasted."""
    directions, faces = ball(6)
    points = boxy(directions, rng.uniform(4.5, 7))
    t = points[:, 0]
    points[:, 1] *= 1 - rng.uniform(0.25, 0.6) * smoothstep(0.1, 1, t)
    points[:, 2] *= 1 - rng.uniform(0.1, 0.35) * smoothstep(-0.2, -1, t)
    points[:, 1] += rng.uniform(-0.5, 0.5) * (t**2 - 0.4)
    points[:, 1] += rng.uniform(-0.25, 0.25) * points[:, 2]
    fibres = Waves(rng)(directions * np.array([0.3, 1, 1]), 0.5)
    points[:, 1:] *= (1 + 0.035 * fibres)[:, None]
    points *= (1 + 0.03 * Waves(rng)(directions, 1.2))[:, None]
    points = turned(points, 0, rng.uniform(-0.6, 0.6))
    points = sized(points, *individual(piece, rng, spread=0.13))
    ivory = piece.colour * np.array([1.0, 0.97, 0.88]) * rng.uniform(0.96, 1.08)
    toasted = ivory * np.array([0.78, 0.55, 0.30])
    warm = smoothstep(0.1, 2.0, Waves(rng)(points, 5, 2)) + 0.7 * smoothstep(0.8, 1, np.abs(t))
    colours = mix(ivory * (1 + 0.05 * fibres[:, None]), toasted, np.clip(0.6 * warm, 0, 0.75))
    return [Form(points, faces, colours).to_object("sliver", painted("kernel", KERNEL))]


def candied_almond(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Stirred in boiling sugar until it set in knobs around the almond: glossy, amber to dark."""
    directions, faces = ball(7)
    t = directions[:, 0]
    points = directions * (1 + 0.03 * Waves(rng)(directions, 1.4))[:, None]
    points[:, 1:] *= ((1 - 0.40 * smoothstep(0.1, 1, t)) * (1 - 0.08 * smoothstep(0.3, 1, -t)))[:, None]
    length, width, height = individual(piece, rng, spread=0.08)
    points = sized(points, length - 1.2, width - 1.2, height - 1.2)
    outward = directions / np.array([length, width, height])
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    knobs = Waves(rng, 60)(points, 4.2)
    crust = 0.28 * ridged(Waves(rng)(points, 6.5)) + 0.34 * np.maximum(knobs, -0.4)
    crust += 0.09 * Waves(rng, 60)(points, 1.5)
    points = points + outward * crust[:, None]
    points = sized(points, length, width, height)
    sugar = piece.colour * np.array([1.15, 0.92, 0.66]) * rng.uniform(0.85, 1.15)
    thick = smoothstep(-1.2, 1.4, knobs + 0.6 * Waves(rng)(points, 7))
    colours = mix(sugar * np.array([0.50, 0.36, 0.26]), sugar * np.array([1.25, 1.15, 1.0]), thick)
    crystals = smoothstep(1.0, 1.7, Waves(rng, 60)(points, 0.9)) * smoothstep(0, 1.2, knobs)
    colours = mix(colours, np.array([0.62, 0.46, 0.30]), 0.45 * crystals)
    return [Form(points, faces, colours).to_object("candied almond", painted("crust", CRUST))]


def brazil_chopped(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Waxy ivory with a shell-like break, a strip of dark skin left on one side."""
    points, faces, cut = chunk(rng, 8, detail=6, softness=20)
    points = points * (1 + 0.012 * Waves(rng)(points, 0.5) + 0.03 * Waves(rng)(points, 1.2))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.14))
    ivory = piece.colour * np.array([1.0, 0.96, 0.84]) * rng.uniform(0.94, 1.06)
    colours = mix(
        ivory * 0.94, ivory * np.array([0.92, 0.78, 0.56]), smoothstep(0, 2, Waves(rng)(points, 4, 2))
    )
    left = np.isin(cut, rng.choice(8, rng.integers(1, 3), replace=False))
    skin = mix(np.array([0.15, 0.070, 0.030]), np.array([0.34, 0.18, 0.085]), rng.random(len(points)) * 0.6)
    torn = left * smoothstep(-0.5, 0.1, Waves(rng)(points, 3.2, 2))
    colours = colours + (skin - colours) * (0.9 * torn)[:, None]
    return [Form(points, faces, colours).to_object("brazil nut", painted("kernel", KERNEL))]


def individual(piece: Piece, rng: Rng, spread: float = 0.07) -> tuple[float, float, float]:
    """No two pieces are the same size; on the average they have the catalogue's."""
    length, width, height = rng.uniform(1 - spread, 1 + spread, 3)
    return piece.length * length, piece.width * width, piece.height * height


def ridged(wave: np.ndarray) -> np.ndarray:
    """Noise turned into creases: deep narrow lines between broad crests, about -1..1."""
    return 1 - 2 * np.exp(-np.abs(wave) * 2.2)


def ridged01(wave: np.ndarray) -> np.ndarray:
    return np.exp(-np.abs(wave) * 2.2)


MODULES: dict[str, tuple[Scene, int]] = {
    "almond_slivers": (sliver, 8),
    "almond_caramelised": (candied_almond, 8),
    "brazil_chopped": (brazil_chopped, 8),
    "almond_whole": (almond, 8),
    "hazelnut_whole": (hazelnut, 8),
    "walnut_halves": (walnut_half, 8),
    "pistachio_chopped": (pistachio_chopped, 12),
    "peanut_salted": (peanut, 8),
    "cashew_roasted": (cashew, 8),
    "pecan_halves": (pecan_half, 8),
    "macadamia_roasted": (round_nut, 8),
    "pistachio_whole_salted": (pistachio_whole, 8),
}
