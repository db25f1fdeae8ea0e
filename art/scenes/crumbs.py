"""Broken and cut pieces: cookie, brittle, toffee, honeycomb, candied and dried fruit, fudge, small beads."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual, ridged
from art.shapes import (
    Form,
    Rng,
    Scene,
    Waves,
    ball,
    boxy,
    chunk,
    inwards,
    mix,
    pores,
    sized,
    smoothstep,
    tipped,
)

BAKED = Finish(roughness=0.72, grain=0.22, bump_mm=0.22, relief_mm=0.6, specular=0.25)
GLASSY = Finish(roughness=0.14, coat=0.5, coat_roughness=0.06, grain=0.05, bump_mm=0.04, relief_mm=0.8)
SUGARED = Finish(
    roughness=0.38,
    coat=0.25,
    subsurface=0.35,
    subsurface_mm=(1.6, 0.8, 0.3),
    grain=0.10,
    bump_mm=0.06,
    relief_mm=0.5,
)
DRY_FRUIT = Finish(
    roughness=0.55, subsurface=0.35, subsurface_mm=(1.2, 0.7, 0.3), grain=0.14, bump_mm=0.14, relief_mm=0.45
)
LEATHERY = Finish(
    roughness=0.50,
    coat=0.10,
    coat_roughness=0.3,
    subsurface=0.4,
    subsurface_mm=(2.0, 0.8, 0.25),
    grain=0.07,
    bump_mm=0.05,
    relief_mm=0.6,
)
SYRUPY = Finish(
    roughness=0.22,
    coat=0.5,
    coat_roughness=0.10,
    subsurface=0.5,
    subsurface_mm=(2.0, 1.0, 0.3),
    grain=0.04,
    bump_mm=0.03,
    relief_mm=0.6,
)
GLASS_FOAM = Finish(
    roughness=0.34,
    coat=0.25,
    coat_roughness=0.16,
    subsurface=0.35,
    subsurface_mm=(0.9, 0.5, 0.15),
    grain=0.06,
    bump_mm=0.04,
    relief_mm=0.4,
)
HUSK = Finish(roughness=0.40, coat=0.25, coat_roughness=0.2, grain=0.10, bump_mm=0.03, relief_mm=0.3)
CREAMY = Finish(roughness=0.50, grain=0.06, bump_mm=0.08, relief_mm=0.5)


def brittle(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Broken caramel glass."""
    points, faces, cut = chunk(rng, 9, softness=30)
    points = sized(
        points * (1 + 0.02 * Waves(rng)(points, 0.6))[:, None], *individual(piece, rng, spread=0.16)
    )
    amber = piece.colour * np.array([1.0, 0.82, 0.52])
    colours = amber * rng.uniform(0.7, 1.35, 9)[cut][:, None]
    colours = mix(colours, amber * 1.5, 0.6 * smoothstep(0.2, 1.4, Waves(rng)(points, 1.8, 2)))
    return [Form(points, faces, colours).to_object("brittle", painted("brittle", GLASSY))]


def cream_cookie(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A piece of a dark sandwich biscuit; on most of them some of the cream still sticks."""
    points, faces, _ = chunk(rng, 8, softness=14)
    points = points * (1 + 0.042 * Waves(rng)(points, 0.34, 2) + 0.03 * Waves(rng)(points, 0.9))[:, None]
    cocoa = piece.colour * np.array([1.25, 1.1, 1.0]) * rng.uniform(0.9, 1.3)
    colours = mix(cocoa * 0.6, cocoa * 1.8, smoothstep(-1.2, 1.6, Waves(rng)(points, 0.5, 2)))
    side = rng.normal(size=3) * (1, 1, 0.4) + np.array([0, 0, rng.uniform(0.0, 0.9)])
    out = points @ (side / np.linalg.norm(side))
    cream = smoothstep(0.0, 0.06, out - rng.uniform(0.42, 0.85) + 0.07 * Waves(rng)(points, 0.8, 2))
    points = points * (1 + 0.05 * cream)[:, None]
    colours = mix(colours, np.array([0.88, 0.80, 0.66]), 0.97 * cream)
    points = sized(points, *individual(piece, rng, spread=0.14))
    return [Form(points, faces, colours).to_object("cookie", painted("cookie", BAKED))]


def honeycomb(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Cinder toffee: brittle foam, its broken faces all bubbles, glassy walls between them."""
    points, faces, cut = chunk(rng, 8, detail=7, softness=18)
    points = sized(points, *individual(piece, rng, spread=0.13))
    skin = np.isin(cut, rng.choice(8, 2, replace=False))
    bubbles = np.sqrt(pores(rng, points, 900, 0.72, apart=0.94))
    fine = np.sqrt(pores(rng, points, 500, 0.26)) * (bubbles == 0)
    open_face = 1 - 0.8 * skin
    points = inwards(points, (0.62 * bubbles + 0.20 * fine) * open_face)
    gold = piece.colour * np.array([1.0, 0.92, 0.68]) * rng.uniform(0.9, 1.1)
    walls = gold * np.array([1.20, 1.28, 1.6])
    deep = gold * np.array([0.66, 0.44, 0.20])
    hollow = np.clip(bubbles + 0.6 * fine, 0, 1) * open_face
    colours = mix(walls, deep, smoothstep(0.15, 1.0, hollow))
    colours = mix(colours, gold * np.array([0.72, 0.50, 0.28]), 0.75 * skin)
    return [Form(points, faces, colours).to_object("honeycomb", painted("foam", GLASS_FOAM))]


def freeze_dried_chunk(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A light cube of fruit, fibrous and full of the holes its ice left behind."""
    directions, faces = ball(7)
    points = boxy(directions, rng.uniform(6, 9))
    points[:, 0] += rng.uniform(-0.2, 0.2) * points[:, 1]
    fibre = Waves(rng, 60)(points * np.array([0.25, 1, 1]), 0.32, 2)
    points *= (1 + 0.014 * fibre + 0.045 * Waves(rng)(directions, 1.3))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.12))
    holes = pores(rng, points, 420, 0.26)
    wide = pores(rng, points, 14, 0.6)
    points = inwards(points, 0.16 * holes + 0.30 * wide)
    flesh = piece.colour * np.array([1.0, 0.95, 0.80]) * rng.uniform(0.94, 1.10)
    colours = mix(
        flesh * np.array([0.86, 0.74, 0.55]),
        flesh * np.array([1.10, 1.16, 1.5]),
        smoothstep(-1.5, 1.3, fibre),
    )
    colours = mix(colours, flesh * np.array([0.78, 0.60, 0.35]), np.clip(0.8 * holes + 0.5 * wide, 0, 0.8))
    return [Form(tipped(points, rng), faces, colours).to_object("chunk", painted("dry", DRY_FRUIT))]


def leathery_cube(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Diced from a half-dried apricot: crooked corners, velvety wrinkled skin above, moist flesh at the cuts."""
    directions, faces = ball(7)
    points = boxy(directions, rng.uniform(3.6, 5.2))
    points[:, 0] += rng.uniform(-0.35, 0.35) * points[:, 1]
    points[:, 1] *= 1 + rng.uniform(-0.28, 0.28) * points[:, 0]
    points[:, 2] += (
        rng.uniform(-0.22, 0.22) * points[:, 0] + rng.uniform(-0.25, 0.25) * points[:, 0] * points[:, 1]
    )
    skin_side = smoothstep(0.25, 0.6, directions[:, 2])
    warped = directions + 0.15 * np.stack([Waves(rng)(directions, 1.4) for _ in range(3)], axis=1)
    crests = -ridged(Waves(rng)(warped, 1.1)) - 0.5 * ridged(Waves(rng)(warped, 0.5))
    points *= (
        1
        + 0.035 * crests * skin_side
        + 0.05 * Waves(rng)(directions, 1.3)
        + 0.008 * Waves(rng)(directions, 0.4)
    )[:, None]
    points = sized(points, *individual(piece, rng, spread=0.13))
    flesh = piece.colour * np.array([1.0, 1.0, 0.72]) * rng.uniform(0.86, 1.12)
    colours = mix(
        flesh * np.array([0.84, 0.72, 0.5]),
        flesh * np.array([1.10, 1.12, 1.1]),
        smoothstep(-1.4, 1.4, Waves(rng)(points, 3.2, 2)),
    )
    skin = mix(
        flesh * np.array([0.62, 0.48, 0.38]),
        flesh * np.array([1.08, 1.06, 1.0]),
        smoothstep(-1.3, 0.9, crests),
    )
    colours = colours + (skin - colours) * (0.85 * skin_side)[:, None]
    return [Form(tipped(points, rng), faces, colours).to_object("leathery", painted("leathery", LEATHERY))]


def candied_peel(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A glassy dice of peel: deep orange rind on one side, paler pith soaked with syrup on the other."""
    directions, faces = ball(6)
    points = boxy(directions, rng.uniform(7, 11))
    points[:, 0] += rng.uniform(-0.22, 0.22) * points[:, 1]
    points[:, 2] += rng.uniform(-0.15, 0.15) * points[:, 0] ** 2
    lean = rng.uniform(-0.7, 0.7)
    rind_side = smoothstep(-0.15, 0.35, points[:, 2] * np.cos(lean) + points[:, 1] * np.sin(lean) - 0.2)
    dimples = pores(rng, points, 50, 0.16) * rind_side
    points *= (1 + 0.020 * Waves(rng)(directions, 0.9) - 0.02 * dimples)[:, None]
    points = sized(points, *individual(piece, rng, spread=0.12))
    rind = piece.colour * np.array([1.0, 0.80, 0.42]) * rng.uniform(0.88, 1.05)
    pith = np.minimum(piece.colour * np.array([1.02, 1.35, 1.9]), 0.9)
    colours = mix(pith, rind, rind_side)
    colours = colours * (1 + 0.07 * Waves(rng)(points, 2.5)[:, None] - 0.25 * dimples[:, None])
    return [Form(tipped(points, rng), faces, colours).to_object("peel", painted("glassy fruit", SYRUPY))]


def sugared_cube(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Candied ginger rolled in sugar: a fibrous dice under a crust of fine crystals."""
    directions, faces = ball(7)
    points = boxy(directions, rng.uniform(5, 8))
    points[:, 0] += rng.uniform(-0.2, 0.2) * points[:, 1]
    points *= (1 + 0.03 * Waves(rng)(directions, 1.1))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.12))
    sugared = smoothstep(-0.5, 0.5, Waves(rng)(points, 3.5, 2) + rng.uniform(0.0, 0.9))
    crystals = np.maximum(Waves(rng, 80)(points, 0.42), Waves(rng, 80)(points, 0.42))
    points = inwards(points, -0.09 * sugared * crystals)
    ginger = piece.colour * np.array([1.0, 0.88, 0.60]) * rng.uniform(0.85, 1.05)
    fibre = Waves(rng, 60)(points * np.array([0.2, 1, 1]), 1.2)
    colours = mix(ginger * np.array([0.82, 0.72, 0.5]), ginger * 1.12, smoothstep(-1.4, 1.4, fibre))
    frost = np.array([0.93, 0.88, 0.76])
    colours = mix(colours, frost, sugared * (0.25 + 0.55 * smoothstep(-0.2, 1.3, crystals)))
    return [Form(tipped(points, rng), faces, colours).to_object("sugared", painted("sugared", SUGARED))]


def creamy_cube(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Fudge: cut cleanly, fine crystals in the break, corners crumbled."""
    directions, faces = ball(7)
    points = boxy(directions, rng.uniform(8, 12))
    points[:, 0] += rng.uniform(-0.12, 0.12) * points[:, 1]
    points *= (1 + 0.016 * Waves(rng)(directions, 1.2) + 0.006 * Waves(rng)(directions, 0.16, 2))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.08))
    out = np.sort(np.abs(points) / np.abs(points).max(axis=0), axis=1)
    crumbled = smoothstep(0.80, 0.95, out[:, 1]) * smoothstep(0.2, 1.2, Waves(rng)(points, 2.5, 2))
    points = inwards(points, 0.55 * crumbled * (1 + 0.3 * Waves(rng, 60)(points, 0.6)))
    fudge = piece.colour * np.array([1.0, 0.95, 0.84]) * rng.uniform(0.94, 1.06)
    colours = mix(
        fudge * np.array([0.92, 0.86, 0.76]), fudge * 1.06, smoothstep(-1.4, 1.2, Waves(rng)(points, 3, 2))
    )
    colours = mix(colours, fudge * 1.15, 0.7 * crumbled)
    return [Form(tipped(points, rng), faces, colours).to_object("fudge", painted("fudge", CREAMY))]


def marshmallow(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A short soft pillow, standing or lying."""
    directions, faces = ball(6)
    across = np.hypot(directions[:, 0], directions[:, 1])
    radius = 1 / (across**6 + np.abs(directions[:, 2]) ** 6) ** (1 / 6)
    points = directions * (radius * (1 + 0.018 * Waves(rng)(directions, 1.2)))[:, None]
    if rng.random() < 0.6:
        points = points[:, [2, 0, 1]]
    points = sized(points, *individual(piece, rng, spread=0.05))
    colours = np.repeat(piece.colour[None, :] * 0.97, len(points), axis=0)
    soft = Finish(roughness=0.75, grain=0.02, bump_mm=0.05, relief_mm=0.5, specular=0.2, subsurface=0.3)
    return [Form(points, faces, colours).to_object("marshmallow", painted("marshmallow", soft))]


def nut_brittle(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Broken caramel glass with cut hazelnuts set in it."""
    points, faces, cut = chunk(rng, 9, softness=30)
    nut = smoothstep(0.15, 0.35, Waves(rng)(points, 1.5) + rng.uniform(-0.4, 0.3))
    rough = 0.02 * Waves(rng)(points, 0.6) + 0.03 * nut
    points = sized(points * (1 + rough)[:, None], *individual(piece, rng, spread=0.16))
    amber = piece.colour * np.array([1.0, 0.80, 0.50])
    glass = amber * rng.uniform(0.75, 1.35, 9)[cut][:, None]
    kernel = np.array([0.72, 0.50, 0.27]) * rng.uniform(0.85, 1.1)
    kernel = kernel * (1 + 0.12 * Waves(rng)(points, 1.2, 2)[:, None])
    return [
        Form(points, faces, glass + (kernel - glass) * nut[:, None]).to_object(
            "brittle", painted("brittle", GLASSY)
        )
    ]


def pink_peppercorn(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A brittle papery husk, dented and crazed, its little stalk's scar paler."""
    directions, faces = ball(6)
    dents = smoothstep(0.3, 1.8, Waves(rng)(directions, 1.5))
    crazed = ridged(Waves(rng)(directions, 0.55))
    points = directions * (1 - 0.10 * dents + 0.012 * crazed)[:, None]
    points = sized(points, *individual(piece, rng, spread=0.08))
    rose = piece.colour * np.array([1.0, 0.82, 0.80]) * rng.uniform(0.75, 1.2)
    colours = mix(
        rose * np.array([0.62, 0.45, 0.45]), rose * np.array([1.15, 1.15, 1.1]), smoothstep(-1.1, 0.9, crazed)
    )
    colours = mix(colours, rose * 0.5 + 0.08, 0.6 * smoothstep(0.4, 1.8, Waves(rng)(directions, 0.7, 2)))
    scar = rng.normal(size=3) * (1, 1, 0.3) + np.array([0, 0, 0.7])
    at_scar = directions @ (scar / np.linalg.norm(scar))
    colours = mix(colours, np.array([0.42, 0.24, 0.15]), 0.85 * smoothstep(0.955, 0.985, at_scar))
    return [Form(points, faces, colours).to_object("pink pepper", painted("husk", HUSK))]


def bead(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Polished pearls."""
    directions, faces = ball(5)
    points = directions * (1 + 0.02 * Waves(rng)(directions, 1.0))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.06))
    shade = piece.colour * rng.uniform(0.85, 1.15)
    colours = np.repeat(shade[None, :], len(points), axis=0)
    polished = Finish(roughness=0.30, coat=0.5, coat_roughness=0.08, grain=0.05, bump_mm=0.02, relief_mm=0.6)
    return [Form(points, faces, colours).to_object("bead", painted("bead", polished))]


MODULES: dict[str, tuple[Scene, int]] = {
    "honeycomb": (honeycomb, 8),
    "cocoa_cookie_crumbs": (cream_cookie, 8),
    "hazelnut_brittle": (nut_brittle, 8),
    "toffee_pieces": (brittle, 8),
    "mango_fd": (freeze_dried_chunk, 8),
    "apricot_dried": (leathery_cube, 8),
    "ginger_candied": (sugared_cube, 8),
    "orange_peel_candied": (candied_peel, 8),
    "fudge_cubes": (creamy_cube, 8),
    "pink_pepper": (pink_peppercorn, 8),
    "crunch_pearls": (bead, 8),
}
