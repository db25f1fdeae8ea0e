"""Paper: the closed sleeve of each family, blank, as light alone; the shop multiplies its artwork onto it."""

from dataclasses import dataclass

import bpy
import numpy as np

from art.film import develop_on_table, enlarged
from art.materials import Finish, painted
from art.rig import PX_PER_MM, TABLE_GROUND, Frame, Negative, clear_stage, photograph
from art.scenes.bodies import closed_sheet, sheet
from art.shapes import Rng, Waves, smoothstep

MARGIN_MM = 12
WHITE = 0.80
CORNER_MM = 0.6
FOLD_MM = 0.9  # how round paper lies over an edge
LEVEL = 0.935  # of the light map in the middle of the face: what is brighter has room above it
TOOTH = 0.011
CONTRAST = 0.85  # folds and tooth are faint; without them the print would float above the paper
PAPER = Finish(roughness=0.86, specular=0.22, sheen=0.05, bump_mm=0.05, relief_mm=2.2)
BOARD = Finish(roughness=0.78, specular=0.28, bump_mm=0.01, relief_mm=1.5)


@dataclass(frozen=True)
class Sleeve:
    length: float
    width: float
    height: float = 10.5
    board: bool = False  # a carton keeps its own shape; paper shows what is in it

    @property
    def frame(self) -> Frame:
        return Frame(self.length + 2 * MARGIN_MM, self.width + 2 * MARGIN_MM, 5)

    @property
    def face(self) -> list[int]:
        """Where the artwork goes, in pixels of the sprite: left, top, width, height."""
        return [round(part * PX_PER_MM) for part in (MARGIN_MM, MARGIN_MM, self.length, self.width)]


SLEEVES = {
    "bar-100": Sleeve(164, 84),
    "mini-40": Sleeve(100, 60),
    "heart-80": Sleeve(134, 121, height=15, board=True),
    "slab-250": Sleeve(224, 134, height=12),
}


def sleeve_picture(sleeve: Sleeve, rng: Rng, *, samples: int) -> np.ndarray:
    """Straight RGBA: grey light on the paper, brown shade beside it."""
    clear_stage()
    paper = folded(sleeve, rng)
    coarse = photograph([paper], sleeve.frame, samples=samples, ground=TABLE_GROUND, shadow_coarseness=3)
    negative = trimmed(enlarged(coarse, sleeve.frame), sleeve)
    body, alpha = negative.body[..., :3], negative.body[..., 3]
    body[:] = body.mean(axis=-1, keepdims=True)
    middle = np.median(body[alpha > 0.99])
    picture = develop_on_table(negative, lambda light: LEVEL * (light / middle) ** CONTRAST)
    picture[..., :3] *= 1 + (alpha * tooth(alpha.shape, rng))[..., None]
    return np.clip(picture, 0, 1)


def trimmed(negative: Negative, sleeve: Sleeve) -> Negative:
    """Paper is cut along a ruler: its edge is drawn, and what is exposed beside it is left away."""
    left, top, width, height = sleeve.face
    down, across = (np.arange(count) + 0.5 for count in negative.shadow.shape)
    beyond_x = np.abs(across - left - width / 2) - width / 2 + CORNER_MM * PX_PER_MM
    beyond_y = np.abs(down - top - height / 2) - height / 2 + CORNER_MM * PX_PER_MM
    outside = np.hypot(np.maximum(beyond_x, 0)[None, :], np.maximum(beyond_y, 0)[:, None])
    alpha = np.clip(CORNER_MM * PX_PER_MM + 0.5 - outside, 0, 1)[..., None]
    rows = np.clip(down.astype(int), top + 6, top + height - 7)
    columns = np.clip(across.astype(int), left + 6, left + width - 7)
    light = negative.body[rows][:, columns, :3]
    return Negative(np.concatenate([light * alpha, alpha], axis=-1), negative.shadow)


def tooth(shape: tuple[int, ...], rng: Rng) -> np.ndarray:
    """The felt of the paper, lit from the upper left, finer than the exposure."""
    felt = rng.normal(size=shape)
    for axis in (0, 1, 0, 1):
        felt = (np.roll(felt, 1, axis) + 2 * felt + np.roll(felt, -1, axis)) / 4
    slope = np.roll(felt, (2, 2), (0, 1)) - felt
    return TOOTH * slope / slope.std()


def folded(sleeve: Sleeve, rng: Rng) -> bpy.types.Object:
    x, y, shape = sheet(sleeve.length, sleeve.width, corner=CORNER_MM)
    edge = np.minimum(sleeve.length / 2 - np.abs(x), sleeve.width / 2 - np.abs(y))
    fold = 0.7 if sleeve.board else FOLD_MM
    height = sleeve.height - fold + fold * np.sqrt(1 - (1 - np.clip(edge / fold, 0, 1)) ** 2)
    flat = np.column_stack([x, y, np.zeros_like(x)])
    height += stiff(edge, flat, rng) if sleeve.board else supple(sleeve, x, y, edge, flat, rng)
    form = closed_sheet(np.column_stack([x, y, height]), shape, draft=0)
    form.colours[:] = WHITE
    return form.to_object("sleeve", painted("paper", BOARD if sleeve.board else PAPER))


def stiff(edge: np.ndarray, flat: np.ndarray, rng: Rng) -> np.ndarray:
    """The lid of a carton bends a little over its length, and not at all at its edges."""
    return 0.25 * Waves(rng)(flat, 130) * smoothstep(0, 25, edge)


def supple(
    sleeve: Sleeve, x: np.ndarray, y: np.ndarray, edge: np.ndarray, flat: np.ndarray, rng: Rng
) -> np.ndarray:
    """Paper over a bar: taut over its rim, loose beyond, drawn together where the ends are tucked in."""
    beyond = -0.6 * (1 - np.clip(edge / 5, 0, 1)) ** 2
    loose = (0.20 * Waves(rng)(flat, 60) + 0.04 * Waves(rng)(flat, 17)) * smoothstep(0, 7, edge)
    along = sleeve.length / 2 - np.abs(x)
    tucked = np.exp(-along / 8) * (0.20 * Waves(rng)(flat * (0.25, 1, 1), 16) - 0.3)
    corner = np.hypot(along, sleeve.width / 2 - np.abs(y))
    pinched = -0.5 * np.exp(-((corner / 6) ** 2))
    return beyond + loose + tucked + pinched
