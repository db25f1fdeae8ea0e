"""Forms of numpy points: closed skins that scenes bend, wrinkle and colour, then hand to Blender."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import bmesh
import bpy
import numpy as np

from art.catalogue import Piece

Points = np.ndarray  # (n, 3), millimetres
Rng = np.random.Generator
Scene = Callable[[Piece, Rng], list[bpy.types.Object]]


@dataclass
class Form:
    points: Points
    faces: np.ndarray
    colours: np.ndarray  # (n, 3), linear

    def to_object(self, name: str, material: bpy.types.Material, *, smooth: bool = True) -> bpy.types.Object:
        mesh = bpy.data.meshes.new(name)
        triangles(mesh, self.points, self.faces)
        paint = mesh.color_attributes.new("paint", "FLOAT_COLOR", "POINT")
        rgba = np.concatenate([np.clip(self.colours, 0, 1), np.ones((len(self.points), 1))], axis=1)
        paint.data.foreach_set("color", rgba.astype(np.float32).ravel())
        mesh.polygons.foreach_set("use_smooth", np.full(len(mesh.polygons), smooth))
        mesh.materials.append(material)
        mesh.update()
        thing = bpy.data.objects.new(name, mesh)
        bpy.context.scene.collection.objects.link(thing)
        return thing


def triangles(mesh: bpy.types.Mesh, points: Points, faces: np.ndarray) -> None:
    """What from_pydata does, without a Python list of every point."""
    mesh.vertices.add(len(points))
    mesh.vertices.foreach_set("co", points.astype(np.float32).ravel())
    mesh.loops.add(faces.size)
    mesh.loops.foreach_set("vertex_index", faces.astype(np.int32).ravel())
    mesh.polygons.add(len(faces))
    mesh.polygons.foreach_set("loop_start", np.arange(0, faces.size, 3, dtype=np.int32))
    mesh.update(calc_edges=True)


def joined(forms: list[Form]) -> Form:
    starts = np.cumsum([0] + [len(form.points) for form in forms[:-1]])
    return Form(
        np.concatenate([form.points for form in forms]),
        np.concatenate([form.faces + start for form, start in zip(forms, starts, strict=True)]),
        np.concatenate([form.colours for form in forms]),
    )


@lru_cache(maxsize=8)
def ball(detail: int = 6) -> tuple[Points, np.ndarray]:
    """Unit directions spread evenly over a sphere, and the triangles between them."""
    sphere = bmesh.new()
    bmesh.ops.create_icosphere(sphere, subdivisions=detail, radius=1)
    points = np.array([vertex.co[:] for vertex in sphere.verts])
    faces = np.array([[vertex.index for vertex in face.verts] for face in sphere.faces])
    sphere.free()
    return points / np.linalg.norm(points, axis=1, keepdims=True), faces


def disc(detail: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A ball pressed flat: place in the unit disc (n, 2), distance from the middle, side (+1 top, -1 bottom), faces."""
    points, faces = ball(detail)
    across = np.hypot(points[:, 0], points[:, 1])
    lean = np.arctan2(across, np.abs(points[:, 2])) / (np.pi / 2)
    place = points[:, :2] / np.maximum(across, 1e-9)[:, None] * lean[:, None]
    return place, lean, np.sign(points[:, 2]), faces


class Waves:
    """Smooth noise with mean 0 and deviation 1: a sum of plane waves of about one length."""

    def __init__(self, rng: Rng, count: int = 40) -> None:
        heading = rng.normal(size=(count, 3))
        heading /= np.linalg.norm(heading, axis=1, keepdims=True)
        self.headings = heading * rng.uniform(0.55, 1.45, size=(count, 1))
        self.phases = rng.uniform(0, 2 * np.pi, count)

    def __call__(self, points: Points, length_mm: float, octaves: int = 1) -> np.ndarray:
        total = np.zeros(len(points))
        weight = 0.0
        for octave in range(octaves):
            phase = points @ (self.headings.T * (2 * np.pi * 2**octave / length_mm)) + self.phases * (
                octave + 1
            )
            amplitude = 0.5**octave
            total += amplitude * np.sin(phase).sum(axis=1) * np.sqrt(2 / len(self.phases))
            weight += amplitude**2
        return total / np.sqrt(weight)


def smoothstep(low: float, high: float, value: np.ndarray) -> np.ndarray:
    u = np.clip((value - low) / (high - low), 0, 1)
    return u * u * (3 - 2 * u)


def mix(first: np.ndarray, second: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Colours between first and second, one per share."""
    return first + (second - first) * share[:, None]


def turned(points: Points, axis: int, angle: float) -> Points:
    first, second = [(1, 2), (2, 0), (0, 1)][axis]
    result = points.copy()
    result[:, first] = np.cos(angle) * points[:, first] - np.sin(angle) * points[:, second]
    result[:, second] = np.sin(angle) * points[:, first] + np.cos(angle) * points[:, second]
    return result


def sized(points: Points, length: float, width: float, height: float) -> Points:
    """Stretched to exactly this length, width and height, centred."""
    low, high = points.min(axis=0), points.max(axis=0)
    return (points - (low + high) / 2) / (high - low) * np.array([length, width, height])


def chunk(
    rng: Rng, cuts: int, *, detail: int = 6, softness: float = 10
) -> tuple[Points, np.ndarray, np.ndarray]:
    """A broken lump: a ball cut by planes with soft edges; points, faces and which cut each point lies on."""
    directions, faces = ball(detail)
    normals = spread(rng, cuts)
    depths = rng.uniform(0.62, 1.0, cuts)
    reach = np.maximum(directions @ normals.T, 1e-3) / depths
    radius = 1 / (reach**softness).sum(axis=1) ** (1 / softness)
    return directions * radius[:, None], faces, reach.argmax(axis=1)


def spread(rng: Rng, count: int) -> Points:
    """Directions over the sphere, evenly but not regularly."""
    turn = rng.uniform(0, 2 * np.pi)
    k = np.arange(count)
    z = 1 - 2 * (k + 0.5) / count
    angle = k * 2.399963 + turn
    directions = np.stack([np.sqrt(1 - z * z) * np.cos(angle), np.sqrt(1 - z * z) * np.sin(angle), z], axis=1)
    directions += rng.normal(scale=0.9 / np.sqrt(count), size=directions.shape)
    return directions / np.linalg.norm(directions, axis=1, keepdims=True)


def boxy(directions: Points, softness: float) -> Points:
    """A ball swollen towards a cube; the higher the softness number, the sharper its edges."""
    return directions / ((np.abs(directions) ** softness).sum(axis=1) ** (1 / softness))[:, None]


def pores(rng: Rng, points: Points, count: int, radius_mm: float, *, apart: float = 0) -> np.ndarray:
    """How deep in a bubble each point lies: 0 on the skin, 1 in the middle of a hole.

    With apart=1 bubbles only touch; those that would overlap more are left out.
    """
    depth = np.zeros(len(points))
    blown: list[tuple[np.ndarray, float]] = []
    for centre in points[rng.integers(len(points), size=count)]:
        radius = radius_mm * rng.uniform(0.45, 1.4)
        if apart and any(np.linalg.norm(centre - c) < apart * (radius + r) for c, r in blown):
            continue
        blown.append((centre, radius))
        depth = np.maximum(depth, 1 - ((points - centre) ** 2).sum(axis=1) / radius**2)
    return depth


def inwards(points: Points, depth_mm: np.ndarray) -> Points:
    """Pressed in towards the middle, each point by its own depth."""
    far = np.linalg.norm(points, axis=1)
    return points * (1 - depth_mm / np.maximum(far, 1e-6))[:, None]


def tipped(points: Points, rng: Rng, angle: float = 0.34) -> Points:
    """Nothing that was dropped lies quite level: leaning a little, so that a side or two can be seen."""
    leaning = turned(points, 0, rng.uniform(-angle, angle))
    return turned(leaning, 1, rng.uniform(-angle, angle))
