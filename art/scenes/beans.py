"""Roasted and dark: coffee beans, whole and crushed, and cocoa nibs."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual
from art.shapes import Form, Rng, Scene, Waves, ball, chunk, mix, sized, smoothstep, turned

BROKEN_BEAN = Finish(
    roughness=0.50, coat=0.08, coat_roughness=0.3, specular=0.3, grain=0.20, bump_mm=0.06, relief_mm=0.35
)


def coffee_bean(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Half an egg with a crease; most lie on their round back and show it, some on their face."""
    directions, faces = ball(7)
    x, y, z = directions.T
    line = y - 0.10 * np.sin(2.4 * x + rng.uniform(-0.6, 0.6))
    crease = np.exp(-((line / 0.085) ** 2)) * smoothstep(1.0, 0.82, np.abs(x))
    lip = np.exp(-((np.abs(line) - 0.20) ** 2) / 0.012) * smoothstep(1.0, 0.7, np.abs(x))
    up = z > 0
    points = directions.copy()
    points[:, 2] = np.where(up, z * 0.42 + (0.06 * lip - 0.30 * crease) * smoothstep(0, 0.3, z), z)
    points *= (1 + 0.018 * Waves(rng)(directions, 1.3) + 0.006 * Waves(rng)(directions, 0.5))[:, None]
    points = sized(points, *individual(piece, rng))
    roast = piece.colour * np.array([1.5, 1.25, 1.1]) * rng.uniform(0.8, 1.25)
    colours = mix(roast * 0.8, roast * 1.45, smoothstep(-1.4, 1.4, Waves(rng)(directions, 0.8, 2)))
    silver = np.array([0.26, 0.150, 0.075])
    colours = mix(colours, roast * 0.30, crease * 0.8 * up)
    colours = mix(
        colours, silver, np.exp(-((line / 0.024) ** 2)) * smoothstep(0.95, 0.6, np.abs(x)) * up * 0.55
    )
    if rng.random() < 0.25:
        points = turned(points, 0, np.pi)
    points = turned(points, 0, rng.uniform(-0.22, 0.22))
    finish = Finish(roughness=0.34, coat=0.35, coat_roughness=0.18, grain=0.16, bump_mm=0.05, relief_mm=0.6)
    return [Form(points, faces, colours).to_object("coffee", painted("coffee", finish))]


def cocoa_nib(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    points, faces, cut = chunk(rng, 10, softness=22)
    points = points * (1 + 0.05 * Waves(rng)(points, 0.5, 2))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.22))
    tones = rng.uniform(0.75, 1.7, 10)[cut]
    brown = piece.colour * np.array([1.35, 1.15, 1.05]) * tones[:, None]
    husk = np.array([0.20, 0.085, 0.04])
    colours = (
        brown
        + (husk - brown)
        * (0.6 * np.isin(cut, rng.choice(10, 2)) * smoothstep(-0.5, 0.6, Waves(rng)(points, 1.5)))[:, None]
    )
    finish = Finish(
        roughness=0.50, coat=0.05, coat_roughness=0.3, specular=0.35, grain=0.22, bump_mm=0.08, relief_mm=0.35
    )
    return [Form(points, faces, colours).to_object("nib", painted("nib", finish))]


def crushed_bean(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A splinter of a roasted bean: curved dark outside, lighter and pitted where it broke."""
    points, faces, cut = chunk(rng, 7, detail=5, softness=20)
    outside = np.isin(cut, rng.choice(7, 2, replace=False))
    points = points * (1 + 0.035 * Waves(rng)(points, 0.4, 2) * (1 - 0.7 * outside))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.25))
    roast = piece.colour * np.array([1.3, 1.1, 1.0]) * rng.uniform(0.8, 1.2)
    broken = roast * np.array([2.6, 2.1, 1.7]) * rng.uniform(0.75, 1.2, 7)[cut][:, None]
    colours = broken + (roast * 0.8 - broken) * outside[:, None]
    return [Form(points, faces, colours).to_object("crushed bean", painted("bean", BROKEN_BEAN))]


MODULES: dict[str, tuple[Scene, int]] = {
    "coffee_bean_whole": (coffee_bean, 8),
    "coffee_beans_crushed": (crushed_bean, 12),
    "cocoa_nibs": (cocoa_nib, 12),
}
