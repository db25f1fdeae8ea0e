"""Powders: a dusting of real grains, dense in the middle, thinning out, so that many together cover a bar."""

from dataclasses import dataclass

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.shapes import Form, Points, Rng, Scene, Waves

PATCH_MM = 19.0
DUST = Finish(roughness=0.9, specular=0.15)
CRYSTALLINE = Finish(roughness=0.35, specular=0.5)
LUSTRE = Finish(roughness=0.22, metallic=1.0)

OCTAHEDRON = np.array([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)], dtype=float)
OCTAHEDRON_FACES = np.array(
    [(0, 2, 4), (2, 1, 4), (1, 3, 4), (3, 0, 4), (2, 0, 5), (1, 2, 5), (3, 1, 5), (0, 3, 5)]
)


@dataclass(frozen=True)
class Sieving:
    """One size of grain in a powder; lengths in millimetres, colour as a multiple of the catalogue's."""

    count: int
    size: float
    tint: tuple[float, float, float] = (1, 1, 1)
    uneven: float = 0.2  # how much grains differ in brightness
    slender: float = 1.0  # length against width
    flat: float = 0.8  # height against width
    clumped: float = 0.5  # 0: spread evenly, 1: in drifts
    reach: float = 0.42  # how far out they lie, as a part of the patch's radius


def cinnamon(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    fine = Sieving(11000, 0.085, (1.3, 1.28, 1.2), uneven=0.22)
    bark = Sieving(260, 0.15, (0.62, 0.52, 0.45), slender=2.6)
    return strewn(piece, rng, DUST, fine, Sieving(900, 0.16, (1.15, 1.1, 1.0), clumped=0.9), bark)


def cardamom(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    meal = Sieving(6500, 0.10, (1.3, 1.3, 1.25), uneven=0.25)
    pods = Sieving(260, 0.20, (1.0, 1.12, 0.72), slender=2.4)
    seeds = Sieving(220, 0.19, (0.22, 0.17, 0.13), uneven=0.4)
    return strewn(piece, rng, DUST, meal, pods, seeds)


def ginger(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    fine = Sieving(10000, 0.085, (1.25, 1.22, 1.15), uneven=0.12)
    fibres = Sieving(170, 0.09, (1.15, 1.2, 1.3), slender=6)
    return strewn(piece, rng, DUST, fine, Sieving(600, 0.17, (1.12, 1.08, 1.0), clumped=0.9), fibres)


def vanilla(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Ground pod: black seeds, countable, among brown crumbs of the pod."""
    seeds = Sieving(1300, 0.13, (0.55, 0.5, 0.5), uneven=0.3, clumped=0.6, flat=1.0, reach=0.46)
    pod = Sieving(2300, 0.12, (2.0, 1.75, 1.5), uneven=0.45, slender=1.5)
    return strewn(piece, rng, Finish(roughness=0.5, specular=0.4), seeds, pod)


def tonka(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Grated: curled shavings, black skin and tan kernel."""
    skin = Sieving(260, 0.26, (0.9, 0.85, 0.8), uneven=0.4, slender=2.2, flat=0.4, clumped=0.3)
    kernel = Sieving(650, 0.22, (6.0, 6.2, 5.2), uneven=0.4, slender=1.9, flat=0.4, clumped=0.3)
    dust = Sieving(3000, 0.09, (4.5, 4.4, 3.8), uneven=0.4)
    return strewn(piece, rng, Finish(roughness=0.6, specular=0.3), skin, kernel, dust)


def espresso(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Instant granulate rubbed fine: dark glassy splinters over a brown dust."""
    splinters = Sieving(1500, 0.20, (0.9, 0.85, 0.8), uneven=0.5, slender=1.5)
    dust = Sieving(6000, 0.09, (1.5, 1.4, 1.3), uneven=0.35)
    return strewn(piece, rng, CRYSTALLINE, splinters, dust)


def matcha(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    fine = Sieving(15000, 0.075, (1.15, 1.2, 1.05), uneven=0.10, clumped=0.6)
    lumps = Sieving(500, 0.22, (1.02, 1.08, 0.9), uneven=0.10, clumped=0.9, flat=0.9)
    return strewn(piece, rng, DUST, fine, lumps)


def lustre(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Mica flakes, each a small mirror tilted its own way."""
    fine = Sieving(9000, 0.085, (1.15, 1.05, 0.95), uneven=0.3, flat=0.15, clumped=0.6)
    sparks = Sieving(420, 0.17, (1.9, 1.85, 1.7), uneven=0.3, flat=0.08)
    return strewn(piece, rng, LUSTRE, fine, sparks)


def strewn(piece: Piece, rng: Rng, finish: Finish, *sievings: Sieving) -> list[bpy.types.Object]:
    drifts = Waves(rng)
    forms = [grains(piece, sieving, drifts, rng) for sieving in sievings]
    dusting = [form.to_object(piece.key, painted(piece.key, finish), smooth=False) for form in forms]
    for layer in dusting:  # two dozen shadows over each other would soil the bar
        layer.visible_shadow = layer.visible_diffuse = False
    return dusting


def grains(piece: Piece, sieving: Sieving, drifts: Waves, rng: Rng) -> Form:
    places = fallen(sieving, drifts, rng)
    count = len(places)
    sizes = sieving.size / 2 * np.exp(rng.normal(scale=0.32, size=count))
    stretch = np.stack([sizes * sieving.slender, sizes, sizes * sieving.flat], axis=1)
    corners = OCTAHEDRON[None] * stretch[:, None] * rng.uniform(0.6, 1.25, size=(count, 6, 1))
    corners = np.einsum("gij,gkj->gki", tumbled(count, sieving.flat, rng), corners)
    corners += np.column_stack([places, sizes])[:, None]
    shades = np.exp(rng.normal(scale=sieving.uneven, size=count))
    colours = piece.colour * np.array(sieving.tint) * shades[:, None]
    faces = OCTAHEDRON_FACES[None] + 6 * np.arange(count)[:, None, None]
    return Form(corners.reshape(-1, 3), faces.reshape(-1, 3), np.repeat(colours, 6, axis=0))


def fallen(sieving: Sieving, drifts: Waves, rng: Rng) -> np.ndarray:
    """Where grains lie: a heap without an edge, nothing beyond the patch, more of them in the drifts."""
    radius = PATCH_MM / 2
    places = rng.normal(scale=sieving.reach * radius, size=(sieving.count * 2, 2))
    flat = np.column_stack([places, np.zeros(len(places))])
    inside = np.clip(1.6 * (1 - np.hypot(*places.T) / radius), 0, 1)
    drift = np.clip(0.6 + 0.4 * drifts(flat, 3.2, 3), 0, 1)
    likely = inside * (1 - sieving.clumped * (1 - drift))
    return places[rng.random(len(places)) < likely][: sieving.count]


def tumbled(count: int, flat: float, rng: Rng) -> Points:
    """A rotation for each grain: any for a round one, nearly level for a flake."""
    tilt = rng.normal(scale=0.2 + 0.4 * min(flat, 1), size=count)
    turn, spin = rng.uniform(0, 2 * np.pi, (2, count))
    return np.einsum("gij,gjk,gkl->gil", about_z(turn), about_x(tilt), about_z(spin))


def about_z(angle: np.ndarray) -> np.ndarray:
    c, s, o, i = np.cos(angle), np.sin(angle), np.zeros_like(angle), np.ones_like(angle)
    return np.stack([np.stack([c, -s, o], -1), np.stack([s, c, o], -1), np.stack([o, o, i], -1)], axis=1)


def about_x(angle: np.ndarray) -> np.ndarray:
    c, s, o, i = np.cos(angle), np.sin(angle), np.zeros_like(angle), np.ones_like(angle)
    return np.stack([np.stack([i, o, o], -1), np.stack([o, c, -s], -1), np.stack([o, s, c], -1)], axis=1)


MODULES: dict[str, tuple[Scene, int]] = {
    "cinnamon_ceylon": (cinnamon, 6),
    "cardamom": (cardamom, 6),
    "ginger_ground": (ginger, 6),
    "vanilla_bourbon": (vanilla, 6),
    "tonka": (tonka, 6),
    "espresso_powder": (espresso, 6),
    "matcha": (matcha, 6),
    "bronze_lustre": (lustre, 6),
}
