"""Crystals and shards: sea salt, smoked salt, rock sugar, peppermint glass, popping candy."""

from dataclasses import replace

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual
from art.shapes import Form, Rng, Scene, Waves, chunk, joined, mix, sized, smoothstep, turned

GRAIN = Finish(roughness=0.20, coat=0.5, coat_roughness=0.06, specular=0.7, glow=0.12)
SALT = replace(GRAIN, glow=0.16, opacity=0.80)
SMOKED = Finish(
    roughness=0.28, coat=0.4, coat_roughness=0.10, specular=0.6, grain=0.10, glow=0.01, opacity=0.86
)
AMBER = Finish(
    roughness=0.12,
    coat=0.6,
    coat_roughness=0.05,
    subsurface=0.55,
    subsurface_mm=(1.6, 0.6, 0.15),
    specular=0.7,
)
MINT = Finish(
    roughness=0.14,
    coat=0.6,
    coat_roughness=0.05,
    subsurface=0.4,
    subsurface_mm=(1.0, 1.2, 1.1),
    glow=0.10,
    opacity=0.82,
)
WAXED = Finish(
    roughness=0.40, coat=0.25, coat_roughness=0.2, subsurface=0.4, subsurface_mm=(0.9, 0.6, 0.6), glow=0.03
)


def salt_flake(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A broken hopper pyramid: square terraces, each a little smaller and turned, with shards beside it."""
    length, width, _ = individual(piece, rng, spread=0.18)
    terraces = rng.integers(2, 5)
    plates = []
    lift = 0.0
    for k in range(terraces):
        size = 1 - k / (terraces + 0.6)
        thick = rng.uniform(0.14, 0.26)
        plate = slab(rng, length * size, width * size * rng.uniform(0.85, 1), thick, tilt=0.10)
        plate.points += np.array([*rng.normal(scale=0.10, size=2), lift + thick / 2])
        plates.append(plate)
        lift += thick * 0.85
    for _ in range(rng.integers(1, 4)):
        shard = slab(rng, rng.uniform(0.6, 1.5), rng.uniform(0.5, 1.1), rng.uniform(0.2, 0.5), tilt=0.35)
        angle, far = rng.uniform(0, 2 * np.pi), rng.uniform(0.35, 0.6)
        shard.points += np.array([np.cos(angle) * length * far, np.sin(angle) * width * far, 0.3])
        plates.append(shard)
    form = joined(plates)
    return [form.to_object("salt", painted("salt", SALT), smooth=False)]


def slab(rng: Rng, length: float, width: float, thick: float, *, tilt: float) -> Form:
    """An uneven plate with broken corners and a bevelled upper edge."""
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * 0.5
    outline = []
    for k in range(4):
        here, after = corners[k], corners[(k + 1) % 4]
        nick = rng.uniform(0.04, 0.42)
        outline += [here + (after - here) * nick, after + (here - after) * rng.uniform(0.03, 0.14)]
    rim = np.array(outline) * np.array([length, width]) + rng.normal(scale=0.03 * length, size=(8, 2))
    levels = [(1.0, -0.5), (1.0, 0.1), (0.90, 0.5)]
    points = np.concatenate([np.column_stack([rim * scale, np.full(8, z * thick)]) for scale, z in levels])
    points = np.vstack([points, [[0, 0, 0.42 * thick]]])
    faces = []
    for level in range(2):
        for k in range(8):
            a, b = level * 8 + k, level * 8 + (k + 1) % 8
            faces += [(a, b, b + 8), (a, b + 8, a + 8)]
    faces += [(16 + k, 16 + (k + 1) % 8, 24) for k in range(8)]
    points = turned(
        turned(turned(points, 0, rng.normal(scale=tilt)), 1, rng.normal(scale=tilt)),
        2,
        rng.normal(scale=0.25),
    )
    # Thin edges let the dark through and look grey; the thick middle throws all light back.
    thickness = np.repeat([0.66, 0.74, 0.90, 0.97], [8, 8, 8, 1])
    colours = np.array([0.99, 1.0, 1.01]) * (thickness * (1 + 0.05 * Waves(rng)(points, 1.2)))[:, None]
    return Form(points, np.array(faces), colours)


def smoked_flake(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Salt flakes from the smoke oven: grey-brown, darker in the steps where smoke settled."""
    flake = salt_flake(piece, rng)[0]
    paint = flake.data.color_attributes["paint"].data
    points = np.array([vertex.co[:] for vertex in flake.data.vertices])
    smoke = piece.colour * np.array([1.0, 0.95, 0.88]) * rng.uniform(0.8, 1.15)
    shade = np.clip(1 + 0.22 * Waves(rng)(points, 1.6, 2), 0.4, 1.4)
    rgba = np.concatenate([np.clip(smoke * shade[:, None], 0, 1), np.ones((len(points), 1))], axis=1)
    paint.foreach_set("color", rgba.astype(np.float32).ravel())
    flake.data.materials.clear()
    flake.data.materials.append(painted("smoked salt", SMOKED))
    return [flake]


def sugar_crystal(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Brown rock sugar: a few blocky crystals grown into each other, clear edges, amber depth."""
    forms = []
    for k in range(rng.integers(1, 4)):
        size = 1.0 if k == 0 else rng.uniform(0.4, 0.7)
        points, faces, cut = chunk(rng, 10, detail=5, softness=60)
        points = points * size + (rng.normal(size=3) * (0.45, 0.35, 0.2) if k else 0)
        amber = piece.colour * np.array([1.55, 1.50, 1.05]) * rng.uniform(0.8, 1.25)
        facets = amber * rng.uniform(0.7, 1.8, 10)[cut][:, None]
        forms.append(
            Form(points, faces, mix(facets, amber * 1.7, smoothstep(0.4, 1.6, Waves(rng)(points, 0.9))))
        )
    form = joined(forms)
    form.points = sized(form.points, *individual(piece, rng, spread=0.15))
    return [form.to_object("rock sugar", painted("amber", AMBER), smooth=False)]


def mint_shard(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Broken peppermint glass: sharp splinters, white where air was pulled into it."""
    points, faces, cut = chunk(rng, 8, detail=5, softness=50)
    points = sized(points, *individual(piece, rng, spread=0.22))
    clear = piece.colour * np.array([0.76, 0.88, 0.82])
    pulled = smoothstep(-0.3, 0.7, Waves(rng)(points * np.array([0.3, 1, 1]), 1.6))
    colours = mix(clear * rng.uniform(0.82, 1.05, 8)[cut][:, None], np.array([0.94, 0.96, 0.94]), pulled)
    return [Form(points, faces, colours).to_object("mint", painted("mint glass", MINT), smooth=False)]


def popping_crystal(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Gas-filled sugar in a thin coat of cocoa butter: waxy, rounded splinters, faintly pink."""
    points, faces, _ = chunk(rng, 9, detail=5, softness=16)
    points = points * (1 + 0.03 * Waves(rng)(points, 0.6, 2))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.22))
    tint = piece.colour * np.array([1.0, 0.95, 0.95]) * rng.uniform(0.9, 1.03)
    pink = tint * np.array([1.0, 0.80, 0.82])
    colours = mix(tint, pink, smoothstep(-0.5, 1.4, Waves(rng)(points, 1.4)) * rng.uniform(0.2, 1.0))
    return [Form(points, faces, colours).to_object("popping candy", painted("waxed", WAXED))]


MODULES: dict[str, tuple[Scene, int]] = {
    "sea_salt_flakes": (salt_flake, 12),
    "salt_smoked": (smoked_flake, 10),
    "rock_sugar_brown": (sugar_crystal, 10),
    "peppermint_crisp": (mint_shard, 10),
    "popping_candy": (popping_crystal, 10),
}
# Whether light passes a surface is left to chance, and nothing smooths alpha but many light paths.
TRANSLUCENT = frozenset({"sea_salt_flakes", "salt_smoked", "rock_sugar_brown", "peppermint_crisp"})
