"""The photo studio: one camera, one light rig, the same for every bar and every sprite.

All light comes from infinity (a sun and a sky), so a piece lit alone at the origin is lit
rightly wherever it is laid on the bar. Lengths are millimetres; x is right, y is up in the
picture, z is towards the camera.
"""

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector
from PIL import Image

PX_PER_MM = 10
LOOK = 1  # count up when the light changes: every sprite is painted again

SUN_FROM = (-0.62, 0.66, 0.92)
SUN_ANGLE = math.radians(16)
SUN_STRENGTH = 1.9
SOFTBOX_FROM = (-0.36, 0.42, 1.0)
SOFTBOX_ANGLES = math.radians(32), math.radians(8)  # dark outside the first, full inside the second
SOFTBOX_STRENGTH = 4.6
SOFTBOX_COLOUR = (1.0, 0.93, 0.85)
BLACK_CARD = math.radians(34)  # a dark card around the camera keeps level faces deep in colour
SKY_ZENITH = (0.62, 0.60, 0.58)
SKY_HORIZON = (0.34, 0.31, 0.28)

LEEWAY_MM = 0.8
UNSEEN_SHADOW = 0.025  # fainter shadow than this is left out, or it would end at the picture's edge

CHOCOLATE_GROUND = (0.14, 0.075, 0.045)
TABLE_GROUND = (0.50, 0.43, 0.36)


@dataclass(frozen=True)
class Frame:
    width_mm: float
    height_mm: float
    px_per_mm: float = PX_PER_MM  # a large calm face may be exposed coarsely and enlarged afterwards

    @property
    def pixels(self) -> tuple[int, int]:
        return round(self.width_mm * self.px_per_mm), round(self.height_mm * self.px_per_mm)


@dataclass(frozen=True)
class Negative:
    """Linear light, premultiplied, top row first; 1.0 is a matte white card lying in this light."""

    body: np.ndarray
    shadow: np.ndarray


def clear_stage() -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)


def photograph(
    objects: Sequence[bpy.types.Object],
    frame: Frame,
    *,
    samples: int,
    ground: tuple[float, float, float] = CHOCOLATE_GROUND,
    shadow_coarseness: int = 3,
) -> Negative:
    """Body and shadow are taken apart, so that no light of the ground ever rims the piece."""
    white = white_card()
    set_up(frame)
    floor = lay_ground(ground)
    floor.visible_camera = False
    floor.location.z = lowest(objects)  # what is pressed into the chocolate still gets light
    look_only_at(objects, frame)
    body = expose(samples)
    bpy.context.scene.render.use_border = False
    body[..., :3] /= white
    return Negative(body, shadow_of(objects, floor, coarseness=shadow_coarseness, samples=samples))


def look_only_at(objects: Sequence[bpy.types.Object], frame: Frame) -> None:
    """The wide margin is for the shadow alone; the body's exposure need not look at it."""
    bpy.context.view_layer.update()
    corners = np.array(
        [thing.matrix_world @ Vector(corner) for thing in objects for corner in thing.bound_box]
    )
    if not len(corners):
        return
    reach = np.abs(corners[:, :2]).max(axis=0) + LEEWAY_MM
    part = np.minimum(reach / (frame.width_mm, frame.height_mm), 0.5)
    render = bpy.context.scene.render
    render.border_min_x, render.border_min_y = 0.5 - part
    render.border_max_x, render.border_max_y = 0.5 + part
    render.use_border = True


def lowest(objects: Sequence[bpy.types.Object]) -> float:
    return min(
        (thing.location.z + min(corner[2] for corner in thing.bound_box) for thing in objects), default=0
    )


def shadow_of(
    objects: Sequence[bpy.types.Object], floor: bpy.types.Object, *, coarseness: int, samples: int
) -> np.ndarray:
    """How much light the pieces take from the ground, 0..1. Shadows are soft: a coarse picture will do."""
    scene = bpy.context.scene
    size = scene.render.resolution_x, scene.render.resolution_y
    floor.visible_camera = True
    floor.location.z = 0
    paint_ground(floor, (0.2, 0.2, 0.2))
    for thing in objects:
        thing.visible_camera = False
    scene.render.resolution_x, scene.render.resolution_y = (-(-side // coarseness) for side in size)
    scene.cycles.max_bounces = 0  # only what falls on the ground directly; the rest is too faint to see
    lit = expose(max(32, samples // 2))[..., :3].mean(axis=-1) / (0.2 * white_card().mean())
    shadow = np.clip(1 - lit - UNSEEN_SHADOW, 0, 1) / (1 - UNSEEN_SHADOW)
    coarse = Image.fromarray(softened(shadow).astype(np.float32))
    return np.clip(np.asarray(coarse.resize(size, Image.Resampling.BICUBIC), dtype=np.float64), 0, 1)


def softened(shadow: np.ndarray) -> np.ndarray:
    """The last flecks of few samples, smoothed over one pixel to each side."""
    for axis in (0, 1):
        wide = np.pad(shadow, [(1, 1) if k == axis else (0, 0) for k in (0, 1)], mode="edge")
        before, after = (np.roll(wide, step, axis) for step in (1, -1))
        inner = tuple(slice(1, -1) if k == axis else slice(None) for k in (0, 1))
        shadow = ((before + after) / 4 + wide / 2)[inner]
    return shadow


@lru_cache(maxsize=1)
def white_card() -> np.ndarray:
    """How bright a matte white card is in this light: the exposure of every picture."""
    kept = bpy.context.scene
    bpy.context.window.scene = scene = bpy.data.scenes.new("white card")
    set_up(Frame(1.6, 1.6))
    lay_ground((0.2, 0.2, 0.2))
    card = expose(256)[..., :3].mean(axis=(0, 1)) / 0.2
    bpy.context.window.scene = kept
    bpy.data.scenes.remove(scene)
    return np.full(3, card.mean())


def set_up(frame: Frame) -> None:
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.film_transparent = True
    scene.render.resolution_x, scene.render.resolution_y = frame.pixels
    scene.render.filter_size = 1.2
    scene.view_settings.view_transform = "Standard"
    settings = scene.cycles
    settings.device = "CPU"
    settings.seed = 1
    settings.use_denoising = True
    settings.denoiser = "OPENIMAGEDENOISE"
    settings.denoising_prefilter = "FAST"  # the careful one takes three times the light's own time
    settings.caustics_reflective = settings.caustics_refractive = False
    settings.max_bounces, settings.diffuse_bounces = 6, 2
    settings.sample_clamp_indirect = 4
    place_camera(scene, frame)
    hang_lights(scene)


def place_camera(scene: bpy.types.Scene, frame: Frame) -> None:
    camera = bpy.data.cameras.new("camera")
    camera.type = "ORTHO"
    camera.ortho_scale = max(frame.width_mm, frame.height_mm)
    camera.clip_end = 400
    stand = bpy.data.objects.new("camera", camera)
    stand.location = (0, 0, 200)
    scene.collection.objects.link(stand)
    scene.camera = stand


def hang_lights(scene: bpy.types.Scene) -> None:
    sun = bpy.data.lights.new("sun", "SUN")
    sun.energy = SUN_STRENGTH
    sun.angle = SUN_ANGLE
    sun.color = (1.0, 0.965, 0.92)
    lamp = bpy.data.objects.new("sun", sun)
    lamp.rotation_euler = (-Vector(SUN_FROM)).to_track_quat("-Z", "Y").to_euler()
    scene.collection.objects.link(lamp)
    scene.world = soft_sky()


def soft_sky() -> bpy.types.World:
    """A warm sky, brighter above, with one large soft box in the upper left; black below the table."""
    world = bpy.data.worlds.new("sky")
    world.use_nodes = True
    world.cycles.sampling_method = "MANUAL"
    world.cycles.sample_map_resolution = 256
    tree = world.node_tree
    background = tree.nodes["Background"]
    direction = tree.nodes.new("ShaderNodeTexCoord").outputs["Generated"]

    split = tree.nodes.new("ShaderNodeSeparateXYZ")
    tree.links.new(direction, split.inputs[0])
    gradient = tree.nodes.new("ShaderNodeValToRGB")
    stops = gradient.color_ramp.elements
    stops[0].position, stops[0].color = 0.0, (0, 0, 0, 1)
    stops[1].position, stops[1].color = 1.0, (*SKY_ZENITH, 1)
    horizon = stops.new(0.04)
    horizon.color = (*SKY_HORIZON, 1)
    tree.links.new(split.outputs["Z"], gradient.inputs[0])

    towards_box = tree.nodes.new("ShaderNodeVectorMath")
    towards_box.operation = "DOT_PRODUCT"
    towards_box.inputs[1].default_value = Vector(SOFTBOX_FROM).normalized()
    tree.links.new(direction, towards_box.inputs[0])
    box = tree.nodes.new("ShaderNodeMapRange")
    box.interpolation_type = "SMOOTHERSTEP"
    box.inputs["From Min"].default_value, box.inputs["From Max"].default_value = map(math.cos, SOFTBOX_ANGLES)
    box.inputs["To Max"].default_value = SOFTBOX_STRENGTH
    tree.links.new(towards_box.outputs["Value"], box.inputs["Value"])

    card = tree.nodes.new("ShaderNodeMapRange")
    card.interpolation_type = "SMOOTHSTEP"
    card.inputs["From Min"].default_value = math.cos(BLACK_CARD)
    card.inputs["To Min"].default_value, card.inputs["To Max"].default_value = 1, 0.12
    tree.links.new(split.outputs["Z"], card.inputs["Value"])
    dimmed = tree.nodes.new("ShaderNodeVectorMath")
    dimmed.operation = "SCALE"
    tree.links.new(gradient.outputs["Color"], dimmed.inputs[0])
    tree.links.new(card.outputs["Result"], dimmed.inputs["Scale"])

    both = tree.nodes.new("ShaderNodeVectorMath")
    both.operation = "ADD"
    tree.links.new(dimmed.outputs["Vector"], both.inputs[0])
    warm = tree.nodes.new("ShaderNodeVectorMath")
    warm.operation = "SCALE"
    warm.inputs[0].default_value = SOFTBOX_COLOUR
    tree.links.new(box.outputs["Result"], warm.inputs["Scale"])
    tree.links.new(warm.outputs["Vector"], both.inputs[1])
    tree.links.new(both.outputs["Vector"], background.inputs["Color"])
    return world


def lay_ground(albedo: tuple[float, float, float]) -> bpy.types.Object:
    mesh = bpy.data.meshes.new("ground")
    mesh.from_pydata([(-900, -900, 0), (900, -900, 0), (900, 900, 0), (-900, 900, 0)], [], [(0, 1, 2, 3)])
    ground = bpy.data.objects.new("ground", mesh)
    bpy.context.scene.collection.objects.link(ground)
    paint_ground(ground, albedo)
    return ground


def paint_ground(ground: bpy.types.Object, albedo: tuple[float, float, float]) -> None:
    material = bpy.data.materials.new("ground")
    material.use_nodes = True
    shader = material.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*albedo, 1)
    shader.inputs["Roughness"].default_value = 1
    shader.inputs["Specular IOR Level"].default_value = 0
    ground.data.materials.clear()
    ground.data.materials.append(material)


def expose(samples: int) -> np.ndarray:
    """Render the scene; linear premultiplied RGBA, top row first."""
    scene = bpy.context.scene
    scene.cycles.samples = samples
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_mode = "RGBA"
    scene.render.image_settings.color_depth = "32"
    with tempfile.TemporaryDirectory() as folder:
        scene.render.filepath = str(Path(folder) / "negative.exr")
        bpy.ops.render.render(write_still=True, scene=scene.name)
        image = bpy.data.images.load(scene.render.filepath)
        width, height = image.size
        pixels = np.empty(width * height * 4, dtype=np.float32)
        image.pixels.foreach_get(pixels)
        bpy.data.images.remove(image)
    return pixels.reshape(height, width, 4)[::-1].astype(np.float64)
