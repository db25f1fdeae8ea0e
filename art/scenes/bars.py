"""Poured bars of tempered couverture: a domed face over a soft rim, from the mould's upper side."""

from dataclasses import dataclass
from functools import lru_cache

import bpy
import numpy as np

from art.catalogue import Piece
from art.rig import TABLE_GROUND, Frame, Negative, clear_stage, photograph
from art.shapes import Form, Rng, Waves

HEIGHT = 9.5
DOME = 1.7
RIM = 2.6  # how far in from the outline the face begins to round off
CORNER = 8.0
AROUND = 360
GREY = 0.5


@dataclass(frozen=True)
class Outline:
    length: float
    width: float


def bar(piece: Piece, outline: Outline, frame: Frame, *, samples: int) -> Negative:
    """One mould, poured with any couverture: the light it throws back plus the light it colours."""
    gloss, coloured, shadow = plates(outline, frame, samples)
    light = gloss.copy()
    light[..., :3] += couverture_colour(piece) * coloured
    return Negative(light, shadow)


@lru_cache(maxsize=2)
def plates(outline: Outline, frame: Frame, samples: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same bar in black and in grey: what they share is sheen, where they differ is the light that takes colour."""
    black = plate(0.0, outline, frame, samples)
    grey = plate(GREY, outline, frame, samples)
    coloured = np.maximum(grey.body[..., :3] - black.body[..., :3], 0) / GREY
    return black.body, coloured, grey.shadow


def plate(albedo: float, outline: Outline, frame: Frame, samples: int) -> Negative:
    clear_stage()
    rng = np.random.default_rng([int(outline.length), int(outline.width)])
    poured = body(outline, rng).to_object("bar", couverture(albedo))
    return photograph([poured], frame, samples=samples, ground=TABLE_GROUND, shadow_coarseness=5)


def body(outline: Outline, rng: Rng) -> Form:
    rings = [ring(outline, inset, height) for inset, height in profile(outline)]
    points = np.concatenate(rings)
    points[:, 2] += surface_life(points, outline, rng)
    return Form(points, quads(len(rings)), np.zeros((len(points), 3)))


def profile(outline: Outline) -> list[tuple[float, float]]:
    """(inset from the outline, height) from the foot, over the rim, to the middle."""
    shoulder = HEIGHT - RIM * 0.62
    side = [(2.2 * (1 - u) ** 1.2, shoulder * u) for u in np.linspace(0, 1, 8)]
    arc = [
        (RIM * (1 - np.cos(a)), shoulder + RIM * 0.62 * np.sin(a)) for a in np.linspace(0, np.pi / 2, 26)[1:]
    ]
    face = [(inset, HEIGHT) for inset in np.linspace(RIM, outline.width / 2 - 0.05, 70)[1:]]
    return side + arc + face


def ring(outline: Outline, inset: float, height: float) -> np.ndarray:
    """A rounded rectangle, a little smaller the higher the inset; corners never vanish."""
    half_length, half_width = outline.length / 2 - inset, outline.width / 2 - inset
    corner = max(min(CORNER, half_width) - 0.35 * inset, 0.02)
    corner = min(corner, half_width)
    points = walk(np.array([half_length - corner, half_width - corner]), corner)
    return np.column_stack([points, np.full(len(points), height)])


def walk(centre: np.ndarray, corner: float) -> np.ndarray:
    """Once around: a quarter circle, a straight side, four times over."""
    per_side = AROUND // 8
    sides = []
    for k, (sx, sy) in enumerate([(1, 1), (-1, 1), (-1, -1), (1, -1)]):
        a = np.pi / 2 * (k + np.linspace(0, 1, per_side, endpoint=False))
        middle = centre * (sx, sy)
        sides.append(middle + corner * np.stack([np.cos(a), np.sin(a)], axis=1))
        start = middle + corner * np.array([np.cos(np.pi / 2 * (k + 1)), np.sin(np.pi / 2 * (k + 1))])
        nx, ny = [(-1, 1), (-1, -1), (1, -1), (1, 1)][k]
        end = centre * (nx, ny) + (start - middle)
        u = np.linspace(0, 1, per_side, endpoint=False)[:, None]
        sides.append(start + (end - start) * u)
    return np.concatenate(sides)


def quads(rings: int) -> np.ndarray:
    """Two triangles for each cell between neighbouring rings; the innermost ring is sewn up along its middle."""
    count = AROUND // 8 * 8
    k = np.arange(count)
    after = (k + 1) % count
    faces = []
    for i in range(rings - 1):
        low, high = i * count, (i + 1) * count
        faces.append(np.stack([low + k, low + after, high + after], axis=1))
        faces.append(np.stack([low + k, high + after, high + k], axis=1))
    half = k[: count // 16 * 7 + 2]
    ridge = (rings - 1) * count
    across, across_after = (ridge + (count // 8 * 7 - side) % count for side in (half, half + 1))
    faces.append(np.stack([ridge + half, ridge + half + 1, across_after], axis=1))
    faces.append(np.stack([ridge + half, across_after, across], axis=1))
    return np.concatenate(faces)


def surface_life(points: np.ndarray, outline: Outline, rng: Rng) -> np.ndarray:
    """The dome that lets the sheen sweep, and the slow swell of a face that set by itself."""
    x, y = points[:, 0] / (outline.length / 2), points[:, 1] / (outline.width / 2)
    inner = np.clip(1 - x**2, 0, 1) ** 0.8 * np.clip(1 - y**2, 0, 1) ** 0.9
    flat = points * (1, 1, 0)
    swell = 0.13 * Waves(rng)(flat, 52) + 0.020 * Waves(rng)(flat, 17)
    top = np.clip((points[:, 2] - HEIGHT + RIM) / RIM, 0, 1)
    return top * (DOME * inner + swell * inner**0.35)


def couverture_colour(piece: Piece) -> np.ndarray:
    """The sheen lifts and greys a dark face, so dark bases are laid in a little deeper and warmer."""
    depth = 1 - piece.colour.max()
    return piece.colour ** (1 + depth * np.array([0.03, 0.04, 0.10]))


def couverture(albedo: float) -> bpy.types.Material:
    """Satin under a thin clear gloss; a hint of grain breaks the sheen, never the smoothness."""
    material = bpy.data.materials.new("couverture")
    material.use_nodes = True
    tree = material.node_tree
    shader = tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (albedo, albedo, albedo, 1)
    shader.inputs["Roughness"].default_value = 0.40
    shader.inputs["Specular IOR Level"].default_value = 0.16
    shader.inputs["Specular Tint"].default_value = (1.0, 0.82, 0.66, 1)
    shader.inputs["Coat Weight"].default_value = 0.34
    shader.inputs["Coat Tint"].default_value = (1.0, 0.97, 0.94, 1)
    shader.inputs["Coat Roughness"].default_value = 0.10
    place = tree.nodes.new("ShaderNodeTexCoord")
    flow = noise(tree, place, scale=0.040, detail=1.2, distortion=0.7)
    grain = noise(tree, place, scale=0.9, detail=2, distortion=0)
    relief = tree.nodes.new("ShaderNodeMath")
    relief.operation = "MULTIPLY_ADD"
    relief.inputs[1].default_value = 0.020
    tree.links.new(grain, relief.inputs[0])
    tree.links.new(flow, relief.inputs[2])
    bump = tree.nodes.new("ShaderNodeBump")
    bump.inputs["Strength"].default_value = 0.12
    bump.inputs["Distance"].default_value = 2.2
    tree.links.new(relief.outputs[0], bump.inputs["Height"])
    tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])
    tree.links.new(bump.outputs["Normal"], shader.inputs["Coat Normal"])
    return material


def noise(
    tree: bpy.types.NodeTree, place: bpy.types.Node, *, scale: float, detail: float, distortion: float
) -> bpy.types.NodeSocket:
    node = tree.nodes.new("ShaderNodeTexNoise")
    node.inputs["Scale"].default_value = scale
    node.inputs["Detail"].default_value = detail
    node.inputs["Distortion"].default_value = distortion
    tree.links.new(place.outputs["Object"], node.inputs["Vector"])
    return node.outputs["Fac"]
