"""Lumps under the chocolate, as light and shade alone: they can be laid over any base."""

import bpy
import numpy as np

from art.film import tone, vignette
from art.materials import Finish, painted
from art.rig import Frame, photograph
from art.shapes import Form, Rng, Waves

SHEET = Finish(roughness=0.36, coat=0.30, coat_roughness=0.16)
GREY = 0.18
DIAMETERS_MM = (6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 7.5, 10.5)
MARGIN_MM = 3.0
WHITE, WARM_BLACK = np.ones(3), np.array([0.05, 0.02, 0.01])
HIGHLIGHT, SHADE, UNSEEN = 0.78, 0.95, 0.018


def bump_overlay(diameter: float, rng: Rng, *, samples: int) -> np.ndarray:
    """Straight RGBA: white where the lump is brighter than the flat sheet, warm black where darker."""
    span = diameter * 1.9 + 2 * MARGIN_MM
    swelling(diameter, span, rng)
    lit = photograph([], Frame(span, span), samples=samples).body[..., :3].mean(axis=-1)
    rim = np.concatenate([lit[:4].ravel(), lit[-4:].ravel(), lit[:, :4].ravel(), lit[:, -4:].ravel()])
    flat = float(tone(np.array(np.median(rim))))
    change = tone(lit) - flat
    highlight = HIGHLIGHT * np.clip(change / (1 - flat), 0, 1)
    shade = SHADE * np.clip(-change / flat, 0, 1)
    colour = np.where((change > 0)[..., None], WHITE, WARM_BLACK)
    alpha = np.clip(np.maximum(highlight, shade) - UNSEEN, 0, 1) * vignette(change.shape, MARGIN_MM)
    return np.concatenate([colour, alpha[..., None]], axis=-1)


def swelling(diameter: float, span: float, rng: Rng) -> bpy.types.Object:
    """A flat sheet with one smooth hump that runs out before the sheet's edge."""
    count = 180
    line = np.linspace(-span, span, count)
    x, y = (grid.ravel() for grid in np.meshgrid(line, line))
    sheet = np.stack([x, y, np.zeros_like(x)], axis=1)
    turn, stretch = rng.uniform(0, np.pi), rng.uniform(1.0, 1.35)
    u = (np.cos(turn) * x + np.sin(turn) * y) / stretch**0.5
    v = (-np.sin(turn) * x + np.cos(turn) * y) * stretch**0.5
    away = np.hypot(u, v) / (diameter / 2) * (1 + 0.07 * Waves(rng)(sheet, diameter * 1.3))
    sheet[:, 2] = 0.135 * diameter * np.exp(-((away / 0.95) ** 2.6)) + 5
    k = np.arange(count * count).reshape(count, count)
    a, b, c, d = (part.ravel() for part in (k[:-1, :-1], k[:-1, 1:], k[1:, 1:], k[1:, :-1]))
    faces = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
    return Form(sheet, faces, np.full((len(sheet), 3), GREY)).to_object("bump", painted("sheet", SHEET))
