"""Sugar in colours: hundreds and thousands, strands, pressed hearts."""

import bpy
import numpy as np

from art.catalogue import Piece, linear
from art.materials import Finish, painted
from art.scenes.nuts import individual
from art.shapes import Form, Rng, Scene, Waves, ball, disc, mix, sized, smoothstep

GLAZED = Finish(
    roughness=0.32, coat=0.35, coat_roughness=0.15, subsurface=0.25, subsurface_mm=(0.3, 0.25, 0.2)
)
PRESSED = Finish(
    roughness=0.6, subsurface=0.25, subsurface_mm=(0.4, 0.3, 0.25), grain=0.06, bump_mm=0.03, relief_mm=0.18
)

CONFETTI = ("#F7C53A", "#5FB6D9", "#8CC152", "#F4EFE6", "#F08A3C", "#C9402F", "#B07CC6")
HEARTS = ("#E98FA6", "#F3E6E2")


def nonpareil(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    directions, faces = ball(4)
    points = directions * (1 + 0.02 * Waves(rng)(directions, 1.0))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.10))
    shade = sugar_colour(piece, CONFETTI, rng)
    colours = np.repeat(shade[None, :], len(points), axis=0)
    return [Form(points, faces, colours).to_object("nonpareil", painted("sugar", GLAZED))]


def strand(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Pressed through a sieve and broken: a rod with blunt ends, seldom quite straight."""
    directions, faces = ball(5)
    t = directions[:, 0]
    across = np.hypot(directions[:, 1], directions[:, 2])
    reach = 1 / (np.abs(t) ** 8 + across**8) ** (1 / 8)
    points = directions * (reach * (1 + 0.02 * Waves(rng)(directions, 0.8)))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.14))
    points[:, 0] += points[:, 1] * rng.uniform(-0.35, 0.35) * np.sign(points[:, 0])
    points[:, 1] += rng.uniform(-0.35, 0.35) * (points[:, 0] / piece.length * 2) ** 2
    shade = sugar_colour(piece, CONFETTI, rng)
    colours = np.repeat(shade[None, :], len(points), axis=0)
    return [Form(points, faces, colours).to_object("strand", painted("sugar", GLAZED))]


def sugar_heart(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A pressed lozenge: bevelled rim, softly raised face."""
    place, lean, side, faces = disc(6)
    xy = place * heart_reach(np.arctan2(place[:, 1], place[:, 0]))[:, None]
    rounded = (1 - lean**5) ** 0.5
    points = np.column_stack([xy, side * rounded * (0.8 + 0.2 * (1 - lean**2))])
    points = sized(points, *individual(piece, rng, spread=0.05))
    shade = sugar_colour(piece, HEARTS, rng)
    colours = mix(shade * 0.93, shade * 1.05, smoothstep(-1, 1, Waves(rng)(points, 2.5)))
    return [Form(points, faces, np.clip(colours, 0, 0.95)).to_object("heart", painted("heart", PRESSED))]


def heart_reach(angle: np.ndarray) -> np.ndarray:
    """How far the outline of a heart, its point towards -y, lies from its middle in each direction."""
    t = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t) + 1.5
    turns = np.arctan2(y, x)
    order = np.argsort(turns)
    return np.interp(angle, turns[order], np.hypot(x, y)[order] / 16, period=2 * np.pi)


def sugar_colour(piece: Piece, others: tuple[str, ...], rng: Rng) -> np.ndarray:
    """One of a packet's colours, the catalogue's among them."""
    colours = [*(linear(other) for other in others), piece.colour]
    return colours[rng.integers(len(colours))] * rng.uniform(0.94, 1.04)


MODULES: dict[str, tuple[Scene, int]] = {
    "nonpareils": (nonpareil, 16),
    "sprinkles_rainbow": (strand, 16),
    "sugar_hearts": (sugar_heart, 8),
}
