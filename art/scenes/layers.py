"""Thin layers that fade into what they lie on: streaks of paste, a film of cocoa butter."""

import bpy
import numpy as np

from art.shapes import Form, Points

CLEAR_MM = 0.3  # above the ground, which would shade what lies level with it


def level_grid(length: float, width: float, step: float) -> tuple[Points, np.ndarray]:
    """Points of a level sheet, a step apart, and the triangles between them."""
    x = np.linspace(-length / 2, length / 2, round(length / step) + 1)
    y = np.linspace(-width / 2, width / 2, round(width / step) + 1)
    points = np.stack([*np.meshgrid(x, y), np.zeros((len(y), len(x)))], axis=-1).reshape(-1, 3)
    k = np.arange(len(points)).reshape(len(y), len(x))
    a, b, c, d = (part.ravel() for part in (k[:-1, :-1], k[:-1, 1:], k[1:, 1:], k[1:, :-1]))
    return points, np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])


def fading(form: Form, cover: np.ndarray, material: bpy.types.Material, name: str) -> bpy.types.Object:
    """The form, as opaque at each point as ``cover`` says; it lies flush and throws no shadow."""
    seen = cover[form.faces].max(axis=1) > 0.004
    points = form.points + np.outer(cover > 0, (0, 0, CLEAR_MM))
    layer = Form(points, form.faces[seen], form.colours).to_object(name, material)
    attribute = layer.data.attributes.new("cover", "FLOAT", "POINT")
    attribute.data.foreach_set("value", np.clip(cover, 0, 1).astype(np.float32))
    layer.visible_shadow = layer.visible_diffuse = False
    fade(material)
    return layer


def fade(material: bpy.types.Material) -> None:
    """Cut out by a holdout instead of made transparent: that is exact where transparency would be noise."""
    tree = material.node_tree
    cover = tree.nodes.new("ShaderNodeAttribute")
    cover.attribute_name = "cover"
    blend = tree.nodes.new("ShaderNodeMixShader")
    tree.links.new(cover.outputs["Fac"], blend.inputs["Fac"])
    tree.links.new(tree.nodes.new("ShaderNodeHoldout").outputs[0], blend.inputs[1])
    tree.links.new(tree.nodes["Principled BSDF"].outputs[0], blend.inputs[2])
    tree.links.new(blend.outputs[0], tree.nodes["Material Output"].inputs["Surface"])
