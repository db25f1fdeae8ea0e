"""Soft and set sweets: marzipan, halva, marshmallow, meringue, chocolate drops and chunks, liquorice."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.crumbs import marshmallow
from art.scenes.nuts import individual
from art.shapes import Form, Rng, Scene, Waves, ball, boxy, chunk, mix, sized, smoothstep, tipped

PASTE = Finish(
    roughness=0.60,
    subsurface=0.35,
    subsurface_mm=(0.9, 0.7, 0.4),
    grain=0.06,
    bump_mm=0.09,
    relief_mm=0.45,
    specular=0.3,
)
FLAKY = Finish(roughness=0.68, grain=0.14, bump_mm=0.16, relief_mm=0.5, stretch=(0.2, 1, 1), specular=0.25)
FOAM = Finish(
    roughness=0.80,
    subsurface=0.4,
    subsurface_mm=(0.8, 0.7, 0.6),
    grain=0.015,
    bump_mm=0.03,
    relief_mm=0.4,
    specular=0.2,
)
TEMPERED = Finish(roughness=0.34, coat=0.35, coat_roughness=0.14, grain=0.03, bump_mm=0.03, relief_mm=1.2)
IVORY = Finish(
    roughness=0.38, coat=0.20, coat_roughness=0.2, subsurface=0.3, subsurface_mm=(0.8, 0.6, 0.35), grain=0.02
)
LIQUORICE = Finish(roughness=0.30, coat=0.40, coat_roughness=0.18, grain=0.10, bump_mm=0.05, relief_mm=0.7)


def marzipan_cube(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Cut almond paste, flamed a little along its upper edges."""
    directions, faces = ball(7)
    points = boxy(directions, rng.uniform(7, 10))
    points[:, 0] += rng.uniform(-0.10, 0.10) * points[:, 1]
    points *= (1 + 0.018 * Waves(rng)(directions, 1.2) + 0.006 * Waves(rng)(directions, 0.2, 2))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.06))
    paste = piece.colour * np.array([1.10, 0.96, 0.86]) * rng.uniform(0.95, 1.05)
    bits = smoothstep(1.2, 1.9, Waves(rng, 60)(points, 0.9))
    colours = mix(
        paste * (1 + 0.04 * Waves(rng)(points, 2)[:, None]), paste * np.array([0.85, 0.68, 0.45]), 0.5 * bits
    )
    out = np.sort(np.abs(points) / np.abs(points).max(axis=0), axis=1)
    edge = smoothstep(0.78, 0.95, out[:, 1]) * smoothstep(-0.2, 0.8, points[:, 2] / points[:, 2].max())
    flamed = edge * smoothstep(-0.6, 1.2, Waves(rng)(points, 4, 2) + rng.uniform(-0.5, 0.8))
    colours = mix(colours, paste * np.array([0.62, 0.38, 0.17]), 0.75 * flamed)
    return [Form(tipped(points, rng), faces, colours).to_object("marzipan", painted("paste", PASTE))]


def halva_crumb(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Torn sesame halva: fibres lying one way, splintered ends, paler where fresh."""
    points, faces, cut = chunk(rng, 9, detail=7, softness=12)
    fibre = Waves(rng, 60)(points * np.array([0.22, 1, 1]), 0.22, 2)
    layers = Waves(rng)(points * np.array([0.15, 0.5, 1.2]), 0.5)
    points = points * (1 + 0.034 * fibre + 0.045 * np.round(layers * 1.5) / 1.5)[:, None]
    points[:, 0] *= 1 + 0.05 * Waves(rng, 60)(points * np.array([0, 1, 1]), 0.2)
    points = sized(points, *individual(piece, rng, spread=0.15))
    beige = piece.colour * np.array([1.04, 1.0, 0.90]) * rng.uniform(0.95, 1.08)
    colours = mix(beige * np.array([0.80, 0.70, 0.56]), beige * 1.10, smoothstep(-1.6, 1.0, fibre))
    fresh = np.isin(cut, rng.choice(9, 3, replace=False))
    colours = colours * (1 + 0.07 * fresh[:, None])
    return [Form(points, faces, colours).to_object("halva", painted("flaky", FLAKY))]


def meringue_kiss(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Piped through a star nozzle: ribs winding up to a drawn-out tip."""
    directions, faces = ball(7)
    theta = np.arctan2(directions[:, 1], directions[:, 0])
    up = (directions[:, 2] + 1) / 2
    belly = np.sqrt(np.clip(directions[:, 0] ** 2 + directions[:, 1] ** 2, 0, 1))
    profile = belly * (1 - 0.62 * smoothstep(0.45, 0.95, up)) + 0.05 * smoothstep(0.9, 1, up) * belly
    wind = rng.choice([-1, 1]) * rng.uniform(1.2, 2.2)
    ribs = np.abs(np.cos(3.5 * (theta + wind * up**1.4) + rng.uniform(0, 6)))
    girth = (
        profile
        * (0.86 + 0.20 * ribs**0.7 * smoothstep(1.0, 0.8, up))
        * (1 + 0.02 * Waves(rng)(directions, 1))
    )
    lean = rng.uniform(-0.12, 0.12, 2) * (smoothstep(0.6, 1, up) ** 2)[:, None]
    height = up + 0.28 * smoothstep(0.93, 1.0, up)
    points = np.column_stack([girth * np.cos(theta) + lean[:, 0], girth * np.sin(theta) + lean[:, 1], height])
    points = sized(points, *individual(piece, rng, spread=0.06))
    white = np.minimum(piece.colour * np.array([0.97, 0.955, 0.925]), 0.95)
    toasted = np.array([0.86, 0.68, 0.43])
    colours = mix(white * np.array([0.94, 0.91, 0.86]), white, smoothstep(0.1, 0.7, ribs))
    colours = mix(colours, toasted, rng.uniform(0.1, 0.5) * smoothstep(0.90, 1.0, up))
    return [Form(points, faces, colours).to_object("meringue", painted("foam", FOAM))]


def chocolate_drop(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A deposited chip: round foot, drawn up to a small curl."""
    directions, faces = ball(6)
    theta = np.arctan2(directions[:, 1], directions[:, 0])
    up = (directions[:, 2] + 1) / 2
    belly = np.hypot(directions[:, 0], directions[:, 1])
    girth = belly * (1 - 0.58 * smoothstep(0.45, 0.97, up)) * (1 + 0.02 * Waves(rng)(directions, 1.4))
    curl = rng.uniform(-0.16, 0.16, 2) * (smoothstep(0.75, 1, up) ** 2)[:, None]
    height = up + rng.uniform(0.12, 0.25) * smoothstep(0.92, 1, up)
    points = np.column_stack([girth * np.cos(theta) + curl[:, 0], girth * np.sin(theta) + curl[:, 1], height])
    points = sized(points, *individual(piece, rng, spread=0.07))
    ivory = piece.colour * np.array([1.0, 0.98, 0.92]) * rng.uniform(0.97, 1.03)
    colours = ivory * (1 + 0.02 * Waves(rng)(points, 3)[:, None])
    return [Form(points, faces, colours).to_object("chip", painted("ivory", IVORY))]


def chocolate_chunk(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Chopped from a block: glossy where it lay in the mould, matt and lighter where it broke."""
    directions, faces = ball(7)
    points = boxy(directions, 14)
    for heading in rng.normal(size=(3, 3)) * (1, 1, 0.35):
        normal = heading / np.linalg.norm(heading)
        over = np.maximum(points @ normal - rng.uniform(0.72, 1.0), 0)
        points -= over[:, None] * normal
    broken = np.abs(points[:, 2]) < 0.94 * np.abs(points[:, 2]).max()
    rough = smoothstep(-0.3, 1.2, Waves(rng)(points, 0.7, 3)) * broken
    points *= (1 - 0.05 * rough + 0.012 * Waves(rng)(points, 1.5))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.14))
    dark = piece.colour * np.array([1.15, 1.0, 0.90])
    colours = mix(
        np.repeat(dark[None, :], len(points), axis=0),
        dark * np.array([2.0, 1.9, 1.8]),
        0.5 * broken * (0.4 + rough),
    )
    return [Form(tipped(points, rng), faces, colours).to_object("chunk", painted("tempered", TEMPERED))]


def liquorice_piece(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Cut from a fluted rope: matt sides, softly pinched cut faces."""
    directions, faces = ball(6)
    theta = np.arctan2(directions[:, 1], directions[:, 0])
    across = np.hypot(directions[:, 0], directions[:, 1])
    radius = 1 / (across**7 + np.abs(directions[:, 2]) ** 7) ** (1 / 7)
    points = directions * radius[:, None]
    twist = rng.choice([-1, 1]) * 0.35
    flutes = np.abs(np.cos(4 * (theta + twist * points[:, 2])))
    points[:, :2] *= (0.90 + 0.10 * flutes * smoothstep(0.3, 0.8, across))[:, None]
    points[:, 0] += rng.uniform(-0.15, 0.15) * points[:, 2]
    points *= (1 + 0.015 * Waves(rng)(directions, 1.1))[:, None]
    if rng.random() < 0.6:
        points = points[:, [2, 0, 1]]
    points = sized(points, *individual(piece, rng, spread=0.08))
    black = np.maximum(piece.colour, 0.006) * np.array([1.3, 1.1, 1.0])
    colours = mix(black * 0.9, black * 1.9, smoothstep(-1.4, 1.4, Waves(rng)(points, 2.5, 2)))
    return [Form(points, faces, colours).to_object("liquorice", painted("liquorice", LIQUORICE))]


MODULES: dict[str, tuple[Scene, int]] = {
    "marzipan_cubes": (marzipan_cube, 8),
    "halva_crumbs": (halva_crumb, 8),
    "marshmallow_mini": (marshmallow, 8),
    "marshmallow_vegan": (marshmallow, 8),
    "meringue_mini": (meringue_kiss, 8),
    "white_chips": (chocolate_drop, 8),
    "dark_chunks": (chocolate_chunk, 8),
    "liquorice_pieces": (liquorice_piece, 8),
}
