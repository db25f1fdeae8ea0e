"""A coin of one euro, for scale: its true size and metals, a plain face of our own."""

import bpy
import numpy as np

from art.materials import Finish, painted
from art.scenes.bodies import AROUND, between_rings
from art.shapes import Form, smoothstep

DIAMETER, THICKNESS, CENTRE = 23.25, 2.33, 16.2  # millimetres
METAL = Finish(roughness=0.36, metallic=0.72, specular=0.6, bump_mm=0.004, relief_mm=0.25)
GOLD, SILVER = np.array([0.62, 0.40, 0.13]), np.array([0.52, 0.50, 0.46])


def one_euro() -> list[bpy.types.Object]:
    radius = DIAMETER / 2
    angle = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    reach = np.concatenate([np.linspace(radius, radius - 1.2, 24), np.linspace(radius - 1.2, 0, 190)[1:]])
    face = np.concatenate([circle * r for r in reach])
    away = np.repeat(reach, AROUND)
    height = THICKNESS + struck(face, away)
    edge_z = height[:AROUND]
    wall = [np.column_stack([circle * radius, edge_z * u]) for u in (0.0, 0.5)]
    points = np.concatenate([*wall, np.column_stack([face, height])])
    distance = np.concatenate([np.full(2 * AROUND, radius), away])
    colours = np.where((distance > CENTRE / 2)[:, None], GOLD, SILVER)
    colours = colours * (1 - 0.35 * np.exp(-(((distance - CENTRE / 2) / 0.07) ** 2)))[:, None]
    form = Form(points, between_rings(len(points) // AROUND), colours)
    return [form.to_object("coin", painted("metal", METAL))]


def struck(face: np.ndarray, away: np.ndarray) -> np.ndarray:
    """The relief: a rim, pearls on the ring, a figure and waves in the middle."""
    x, y = face.T
    from_rim = DIAMETER / 2 - away
    rim = 0.26 * smoothstep(1.0, 0.8, from_rim) - 0.22 * np.exp(-from_rim / 0.12)
    joint = -0.10 * np.exp(-(((away - CENTRE / 2) / 0.10) ** 2))
    pearl_angle = np.mod(np.arctan2(y, x), np.pi / 6) - np.pi / 12
    from_pearl = np.hypot(away - 9.4, pearl_angle * 9.4) / 0.55
    pearls = 0.28 * np.sqrt(np.clip(1 - from_pearl**2, 0, 1))
    inside = smoothstep(CENTRE / 2 - 0.5, CENTRE / 2 - 0.9, away)
    figure = smoothstep(0.14, -0.14, one(x + 2.4, y))
    waves = 0.5 + 0.5 * np.sin(2 * np.pi * (np.hypot(x + 9, y) / 0.95))
    right = smoothstep(0.55, 1.1, x) * inside
    return rim + joint + pearls + 0.34 * figure * inside + 0.10 * waves * right


def one(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How far outside the figure 1 each point lies: a stem, a flag and a foot."""
    stem = box(x - 0.4, y, 0.85, 4.9)
    foot = box(x - 0.4, y + 4.45, 2.1, 0.55)
    turn = np.radians(38)
    u, v = x + 0.7, y - 3.45
    flag = box(np.cos(turn) * u + np.sin(turn) * v, -np.sin(turn) * u + np.cos(turn) * v, 1.55, 0.62)
    return np.minimum(np.minimum(stem, foot), flag)


def box(x: np.ndarray, y: np.ndarray, half_width: float, half_height: float) -> np.ndarray:
    across, along = np.abs(x) - half_width, np.abs(y) - half_height
    return np.hypot(np.maximum(across, 0), np.maximum(along, 0)) + np.minimum(np.maximum(across, along), 0)
