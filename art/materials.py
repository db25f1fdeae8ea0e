"""Surfaces. Colour is painted on the points of a form; a material adds grain, gloss and depth."""

from dataclasses import dataclass

import bpy


@dataclass(frozen=True)
class Finish:
    """Lengths are millimetres; grain is fine colour variation, bump the depth of the fine relief, glow what a crystal
    scatters; opacity counts at each surface, so that thin edges let the ground through and thick middles do not.
    """

    roughness: float = 0.5
    coat: float = 0.0
    coat_roughness: float = 0.15
    subsurface: float = 0.0
    subsurface_mm: tuple[float, float, float] = (1.2, 0.6, 0.35)
    metallic: float = 0.0
    transmission: float = 0.0
    sheen: float = 0.0
    specular: float = 0.5
    glow: float = 0.0
    opacity: float = 1.0
    grain: float = 0.0
    bump_mm: float = 0.0
    relief_mm: float = 1.0
    stretch: tuple[float, float, float] = (1.0, 1.0, 1.0)


def painted(name: str, finish: Finish) -> bpy.types.Material:
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = material.node_tree
    shader = tree.nodes["Principled BSDF"]
    set_gloss(shader, finish)

    colour = tree.nodes.new("ShaderNodeAttribute")
    colour.attribute_name = "paint"
    tree.links.new(colour.outputs["Color"], shader.inputs["Emission Color"])
    noise = fine_noise(tree, finish)
    tree.links.new(grained(tree, colour.outputs["Color"], noise, finish.grain), shader.inputs["Base Color"])
    if finish.bump_mm:
        bump = tree.nodes.new("ShaderNodeBump")
        bump.inputs["Strength"].default_value = 1
        bump.inputs["Distance"].default_value = finish.bump_mm
        tree.links.new(noise, bump.inputs["Height"])
        tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])
        tree.links.new(bump.outputs["Normal"], shader.inputs["Coat Normal"])
    return material


def set_gloss(shader: bpy.types.Node, finish: Finish) -> None:
    inputs = shader.inputs
    inputs["Roughness"].default_value = finish.roughness
    inputs["Coat Weight"].default_value = finish.coat
    inputs["Coat Roughness"].default_value = finish.coat_roughness
    inputs["Subsurface Weight"].default_value = finish.subsurface
    inputs["Subsurface Radius"].default_value = finish.subsurface_mm
    inputs["Subsurface Scale"].default_value = 1
    inputs["Alpha"].default_value = finish.opacity
    inputs["Emission Strength"].default_value = finish.glow
    inputs["Metallic"].default_value = finish.metallic
    inputs["Transmission Weight"].default_value = finish.transmission
    inputs["Sheen Weight"].default_value = finish.sheen
    inputs["Specular IOR Level"].default_value = finish.specular


def fine_noise(tree: bpy.types.NodeTree, finish: Finish) -> bpy.types.NodeSocket:
    place = tree.nodes.new("ShaderNodeTexCoord")
    mapping = tree.nodes.new("ShaderNodeMapping")
    mapping.inputs["Scale"].default_value = finish.stretch
    noise = tree.nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value = 1 / finish.relief_mm
    noise.inputs["Detail"].default_value = 5
    tree.links.new(place.outputs["Object"], mapping.inputs["Vector"])
    tree.links.new(mapping.outputs["Vector"], noise.inputs["Vector"])
    return noise.outputs["Fac"]


def grained(
    tree: bpy.types.NodeTree, colour: bpy.types.NodeSocket, noise: bpy.types.NodeSocket, grain: float
) -> bpy.types.NodeSocket:
    if not grain:
        return colour
    brightness = tree.nodes.new("ShaderNodeMapRange")
    brightness.inputs["From Min"].default_value = 0.25
    brightness.inputs["From Max"].default_value = 0.75
    brightness.inputs["To Min"].default_value = 1 - grain
    brightness.inputs["To Max"].default_value = 1 + grain
    tree.links.new(noise, brightness.inputs["Value"])
    product = tree.nodes.new("ShaderNodeVectorMath")
    product.operation = "SCALE"
    tree.links.new(colour, product.inputs[0])
    tree.links.new(brightness.outputs["Result"], product.inputs["Scale"])
    return product.outputs["Vector"]
