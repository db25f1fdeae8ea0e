"""Seeds and grains: flat drops, tiny beads, popped and roasted corns."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import OILED, individual, ridged
from art.shapes import Form, Rng, Scene, Waves, ball, joined, mix, sized, smoothstep, spread

POPPED = Finish(
    roughness=0.62,
    subsurface=0.4,
    subsurface_mm=(0.6, 0.45, 0.3),
    grain=0.06,
    bump_mm=0.04,
    relief_mm=0.3,
    specular=0.3,
)


def seed(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Sesame: a small flat drop with a rim."""
    directions, faces = ball(5)
    t = directions[:, 0]
    girth = 1 - 0.42 * smoothstep(-0.1, 1, t)
    points = directions * (1 + 0.02 * Waves(rng)(directions, 1.0))[:, None]
    points[:, 1] *= girth
    points[:, 2] *= 0.6 + 0.4 * girth
    points = sized(points, *individual(piece, rng, spread=0.10))
    rim = smoothstep(0.80, 0.98, np.hypot(directions[:, 0], directions[:, 1]))
    hull = piece.colour * rng.uniform(0.85, 1.2)
    colours = mix(
        hull * 0.85, hull * 1.3, smoothstep(-1.3, 1.3, Waves(rng)(directions * np.array([0.3, 1, 1]), 0.6))
    )
    colours = mix(colours, hull * 0.6, 0.6 * rim)
    return [Form(points, faces, colours).to_object("seed", painted("seed", OILED))]


def pumpkin_seed(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A flat olive drop with a raised edge, its thin green skin rubbed pale here and there."""
    directions, faces = ball(6)
    t, side = directions[:, 0], directions[:, 1]
    across = np.hypot(t, side)
    edge = np.exp(-(((across - 0.92) / 0.045) ** 2))
    groove = np.exp(-(((across - 0.82) / 0.05) ** 2))
    points = directions * (1 + 0.015 * Waves(rng)(directions, 1.0))[:, None]
    points[:, 1] *= 1 - 0.50 * smoothstep(0.15, 1.02, t) - 0.05 * smoothstep(0.3, 1, -t)
    points[:, 1] += rng.uniform(-0.08, 0.08) * t**2
    points[:, 2] *= 1 + 0.16 * edge - 0.16 * groove
    points[:, 2] += rng.uniform(-0.35, 0.35) * (t**2 - 0.3)
    points = sized(points, *individual(piece, rng, spread=0.09))
    olive = piece.colour * np.array([1.0, 0.90, 0.80]) * rng.uniform(0.8, 1.15)
    clouds = Waves(rng)(directions, 0.9, 3)
    colours = mix(olive * 0.74, olive * np.array([1.25, 1.18, 1.0]), smoothstep(-1.5, 1.5, clouds))
    colours = mix(colours, olive * np.array([0.62, 0.66, 0.55]), 0.7 * groove)
    pale = np.array([0.55, 0.50, 0.30])
    colours = mix(colours, pale, 0.55 * edge * smoothstep(-1.0, 1.0, Waves(rng)(directions, 0.6)))
    rubbed = smoothstep(1.0, 1.9, Waves(rng)(directions, 0.8, 3))
    colours = mix(colours, pale, 0.45 * rubbed)
    colours = mix(colours, np.array([0.30, 0.24, 0.11]), 0.7 * smoothstep(0.965, 0.995, t))
    return [Form(points, faces, colours).to_object("pumpkin seed", painted("seed", OILED))]


def sunflower_seed(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A hulled kernel: greyish ivory, faintly ribbed, the tip roasted."""
    directions, faces = ball(6)
    t = directions[:, 0]
    ribs = Waves(rng, 60)(directions * np.array([0.15, 1, 1]), 0.40)
    points = directions * (1 + 0.014 * ribs + 0.02 * Waves(rng)(directions, 1.1))[:, None]
    points[:, 1:] *= (1 - 0.62 * smoothstep(-0.1, 1, t) - 0.06 * smoothstep(0.4, 1, -t))[:, None]
    points[:, 1] += rng.uniform(-0.15, 0.15) * t**2
    points = sized(points, *individual(piece, rng, spread=0.10))
    ivory = piece.colour * np.array([1.08, 1.03, 0.90]) * rng.uniform(0.9, 1.15)
    colours = mix(ivory * np.array([0.72, 0.68, 0.60]), ivory * 1.18, smoothstep(-1.5, 1.2, ribs))
    roasted = smoothstep(0.55, 1.0, t) + smoothstep(0.8, 2.2, Waves(rng)(directions, 1.0, 2))
    colours = mix(colours, ivory * np.array([0.72, 0.50, 0.28]), 0.6 * np.clip(roasted, 0, 1))
    return [Form(points, faces, colours).to_object("sunflower kernel", painted("seed", OILED))]


def pine_nut(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A smooth ivory drop, toasted gold on the side it lay on, its tip brown."""
    directions, faces = ball(6)
    t = directions[:, 0]
    points = directions * (1 + 0.012 * Waves(rng)(directions, 1.3))[:, None]
    points[:, 1:] *= (1 - 0.66 * smoothstep(-0.35, 1.05, t) - 0.10 * smoothstep(0.2, 1, -t))[:, None]
    points[:, 1] += rng.uniform(-0.22, 0.22) * t**2
    points = sized(points, *individual(piece, rng, spread=0.10))
    cream = piece.colour * np.array([1.04, 0.98, 0.84]) * rng.uniform(0.95, 1.06)
    golden = cream * np.array([0.88, 0.66, 0.38])
    heading = rng.normal(size=3)
    toasted = directions @ (heading / np.linalg.norm(heading)) + 0.4 * Waves(rng)(directions, 1.0, 2)
    colours = mix(cream, golden, 0.85 * smoothstep(-0.2, 1.3, toasted))
    colours = mix(colours, np.array([0.34, 0.19, 0.08]), 0.75 * smoothstep(0.95, 0.995, t))
    return [Form(points, faces, colours).to_object("pine nut", painted("seed", OILED))]


def hemp_heart(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Hulled: a soft cream bean, greenish towards one end."""
    directions, faces = ball(5)
    points = directions * (1 + 0.04 * Waves(rng)(directions, 1.1))[:, None]
    points[:, 1] += 0.12 * directions[:, 0] ** 2
    points = sized(points, *individual(piece, rng, spread=0.14))
    cream = piece.colour * rng.uniform(0.95, 1.1)
    green = cream * np.array([0.72, 0.80, 0.42])
    tinted = smoothstep(-0.2, 1.0, directions[:, 0] + 0.4 * Waves(rng)(directions, 0.8)) * rng.uniform(
        0.2, 0.9
    )
    return [Form(points, faces, mix(cream, green, tinted)).to_object("hemp", painted("hemp", POPPED))]


def chia_seed(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """An oval bead marbled grey, black and beige."""
    directions, faces = ball(5)
    points = directions * (1 - 0.12 * smoothstep(0.3, 1, directions[:, :1]))
    points = sized(points, *individual(piece, rng, spread=0.10))
    grey = piece.colour * rng.uniform(0.7, 1.3)
    marbled = ridged(Waves(rng)(directions, 0.7, 2))
    colours = mix(grey * 0.35, grey * np.array([1.7, 1.6, 1.45]), smoothstep(-0.7, 0.7, marbled))
    return [Form(points, faces, colours).to_object("chia", painted("chia", OILED))]


def flax_seed(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A flat glossy drop with a thin paler edge."""
    directions, faces = ball(5)
    t = directions[:, 0]
    points = directions.copy()
    points[:, 1] *= 1 - 0.55 * smoothstep(-0.2, 1, t)
    points[:, 1] += 0.10 * smoothstep(0.3, 1, t) * rng.choice([-1, 1])
    points[:, 2] *= 1 - 0.4 * smoothstep(0.2, 1, t)
    points = sized(points, *individual(piece, rng, spread=0.08))
    brown = piece.colour * np.array([1.0, 0.88, 0.75]) * rng.uniform(0.85, 1.2)
    rim = smoothstep(0.86, 1.0, np.hypot(t, directions[:, 1]))
    colours = mix(brown * (1 + 0.12 * Waves(rng)(directions, 0.7)[:, None]), brown * 1.6, 0.6 * rim)
    glossy = Finish(roughness=0.22, coat=0.5, coat_roughness=0.10, grain=0.05)
    return [Form(points, faces, colours).to_object("linseed", painted("linseed", glossy))]


def poppy_seed(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A slate blue kidney, netted like a golf ball."""
    directions, faces = ball(5)
    points = directions * (1 + 0.05 * ridged(Waves(rng)(directions, 0.5)))[:, None]
    points[:, 1] += 0.30 * directions[:, 0] ** 2
    points = sized(points, *individual(piece, rng, spread=0.10)) * np.array([1.1, 0.95, 1])
    slate = piece.colour * rng.uniform(0.75, 1.25)
    colours = mix(slate * 0.55, slate * 1.25, smoothstep(-0.6, 0.6, ridged(Waves(rng)(directions, 0.5))))
    return [Form(points, faces, colours).to_object("poppy", painted("poppy", OILED))]


def popped_grain(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Quinoa and amaranth, popped by heat: a handful of bubbles burst out of one small husk."""
    bubbles = []
    for seat in spread(rng, rng.integers(6, 10)):
        directions, faces = ball(4)
        swollen = directions * (1 + 0.10 * Waves(rng)(directions, 1.3))[:, None] * rng.uniform(0.42, 0.66)
        outward = directions @ seat
        cream = piece.colour * np.array([1.06, 1.04, 1.0]) * rng.uniform(0.92, 1.06)
        hollow = cream * np.array([0.80, 0.62, 0.38])
        colours = mix(hollow, cream, smoothstep(-0.5, 0.5, outward))
        bubbles.append(Form(swollen + seat * 0.55, faces, colours))
    bubbles.append(husk(piece, rng))
    form = joined(bubbles)
    form.points = sized(form.points, *individual(piece, rng, spread=0.14))
    return [form.to_object("popped", painted("popped", POPPED))]


def husk(piece: Piece, rng: Rng) -> Form:
    directions, faces = ball(4)
    seat = rng.normal(size=3)
    seat[2] = abs(seat[2])
    points = directions * 0.30 + seat / np.linalg.norm(seat) * 0.86
    brown = piece.colour * np.array([0.62, 0.42, 0.22])
    return Form(points, faces, np.repeat(brown[None, :], len(points), axis=0))


def buckwheat(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A three-sided kernel with blunt edges, roasted darker along them."""
    directions, faces = ball(5)
    theta = np.arctan2(directions[:, 2], directions[:, 1])
    corner = np.cos(1.5 * (((theta + rng.uniform(0, 6.28)) % (2 * np.pi / 3)) - np.pi / 3))
    girth = 0.80 + 0.26 * (1 - corner)
    t = directions[:, 0]
    points = directions * (1 + 0.02 * Waves(rng)(directions, 0.7))[:, None]
    points[:, 1:] *= (girth * (1 - 0.35 * smoothstep(0, 1, t) - 0.15 * smoothstep(0, 1, -t)))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.12))
    roast = piece.colour * np.array([1.05, 0.92, 0.78]) * rng.uniform(0.8, 1.2)
    edge = smoothstep(0.86, 1.02, girth) + smoothstep(0.75, 1, np.abs(t))
    colours = mix(
        roast * (1.15 + 0.15 * Waves(rng)(directions, 0.9, 2)[:, None]), roast * 0.5, np.clip(edge, 0, 0.8)
    )
    return [Form(points, faces, colours).to_object("buckwheat", painted("buckwheat", OILED))]


MODULES: dict[str, tuple[Scene, int]] = {
    "pumpkin_seeds": (pumpkin_seed, 8),
    "sunflower_seeds": (sunflower_seed, 8),
    "pine_nuts": (pine_nut, 8),
    "sesame_toasted": (seed, 8),
    "sesame_black": (seed, 8),
    "hemp_hearts": (hemp_heart, 8),
    "chia_seeds": (chia_seed, 8),
    "flax_seeds": (flax_seed, 8),
    "poppy_seeds": (poppy_seed, 8),
    "quinoa_puffed": (popped_grain, 8),
    "amaranth_puffed": (popped_grain, 8),
    "buckwheat_roasted": (buckwheat, 8),
}
