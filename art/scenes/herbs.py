"""Herbs and whole spices: needles, buds, seeds, threads, cracked corns, dried zest."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.nuts import individual, ridged
from art.scenes.threads import thread
from art.shapes import Form, Rng, Scene, Waves, ball, chunk, joined, mix, sized, smoothstep, turned

LEATHERY = Finish(roughness=0.5, coat=0.1, coat_roughness=0.3, grain=0.14, bump_mm=0.03, relief_mm=0.25)
DRY = Finish(roughness=0.7, sheen=0.2, grain=0.16, bump_mm=0.04, relief_mm=0.25, specular=0.25)


def rosemary_needle(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A leaf rolled inwards as it dried: a furrow above, or the pale felt of its underside."""
    directions, faces = ball(6)
    t = directions[:, 0]
    theta = np.arctan2(directions[:, 2], directions[:, 1])
    girth = (1 - np.abs(t) ** 3.5) ** 0.6 * (1 - 0.3 * smoothstep(0.3, 1, t))
    furrow = np.exp(-(((theta - np.pi / 2) / 0.42) ** 2))
    radius = girth * (1 - 0.38 * furrow + 0.05 * Waves(rng)(directions * np.array([3, 1, 1]), 0.8))
    points = np.stack([t, radius * np.cos(theta), radius * np.sin(theta)], axis=1)
    points = sized(points, *individual(piece, rng, spread=0.16)[:2], piece.height * 0.8)
    points[:, 1] += rng.uniform(-0.9, 0.9) * (t**2 - 0.4) + 0.12 * Waves(rng)(directions, 1.2)
    points[:, 2] += rng.uniform(0.0, 0.7) * t**2
    green = piece.colour * rng.uniform(0.62, 1.05) * np.array([rng.uniform(0.95, 1.25), 1.0, 0.82])
    felt = np.array([0.42, 0.42, 0.30])
    shows_back = rng.random() < 0.3
    streaks = Waves(rng)(directions * np.array([0.2, 1, 1]), 0.3)
    colours = mix(green * 0.75, green * 1.3, smoothstep(-1.3, 1.3, streaks))
    colours = mix(colours, felt if shows_back else green * 0.42, (0.6 if shows_back else 0.75) * furrow)
    colours = mix(colours, np.array([0.20, 0.14, 0.06]), 0.7 * smoothstep(0.86, 1.0, np.abs(t)))
    return [Form(points, faces, colours).to_object("rosemary", painted("rosemary", LEATHERY))]


def saffron_thread(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A stigma: deep red, thin and crooked, widening to a frilled trumpet; the yellow style at its foot."""
    t = np.linspace(0, 1, 90)
    length = piece.length * rng.uniform(0.85, 1.0)
    at = np.column_stack([t, np.zeros_like(t), np.zeros_like(t)])
    wander = [Waves(rng)(at, 0.9) * 0.8 + Waves(rng)(at, 0.35) * 0.22 for _ in range(2)]
    path = np.column_stack(
        [t * length, 1.4 * wander[0] + rng.uniform(-4, 4) * (t - 0.5) ** 2, 0.35 * wander[1]]
    )
    trumpet = smoothstep(0.62, 1.0, t)
    radii = (
        piece.width * (0.42 + 0.16 * Waves(rng)(at, 0.12) * 0.5 + 0.55 * trumpet) * smoothstep(-0.02, 0.03, t)
    )
    red = piece.colour * np.array([0.72, 0.30, 0.40]) * rng.uniform(0.8, 1.15)
    colours = mix(red * 0.75, red * 1.35, smoothstep(-1.3, 1.3, Waves(rng)(at, 0.15)))
    colours = mix(colours, np.array([0.72, 0.36, 0.03]), 0.9 * smoothstep(rng.uniform(0.10, 0.28), 0.0, t))
    stigma = thread(path, radii, colours, around=12)
    opening = np.repeat(trumpet, 12)
    flattened = stigma.points[:-2] - np.repeat(path, 12, axis=0)
    flattened[:, 2] *= 1 - 0.65 * opening
    flattened *= (1 + 0.30 * opening * Waves(rng)(stigma.points[:-2], 0.9))[:, None]
    stigma.points[:-2] = np.repeat(path, 12, axis=0) + flattened
    finish = Finish(roughness=0.42, coat=0.2, subsurface=0.2, subsurface_mm=(0.3, 0.08, 0.04), grain=0.12)
    return [stigma.to_object("saffron", painted("saffron", finish))]


def lavender_bud(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A ribbed calyx, grey-green at its foot, violet towards the mouth, with a wisp of the dried corolla."""
    directions, faces = ball(6)
    t = directions[:, 0]
    theta = np.arctan2(directions[:, 2], directions[:, 1])
    girth = (1 - np.abs(t) ** 2.6) ** 0.5 * (0.78 + 0.22 * smoothstep(-1, 0.4, t))
    ribs = np.cos(9 * theta + rng.uniform(0, 6))
    radius = girth * (1 + 0.075 * ribs + 0.06 * Waves(rng)(directions, 1.1))
    points = np.stack([t, radius * np.cos(theta), radius * np.sin(theta)], axis=1)
    length, width, height = individual(piece, rng, spread=0.14)
    points = sized(points, length * 0.8, width * 0.92, height * 0.9)
    points[:, 1] += rng.uniform(-0.35, 0.35) * t**2
    violet = (piece.colour * 0.8 + 0.2 * piece.colour.mean()) * rng.uniform(0.72, 1.1)
    foot = np.array([0.20, 0.20, 0.12])
    colours = mix(foot, violet, smoothstep(-1.0, 0.1, t + 0.15 * ribs))
    colours = mix(colours, colours * 0.55, 0.8 * smoothstep(0.1, -0.9, ribs))
    colours = mix(colours, violet * np.array([1.5, 1.5, 1.4]), 0.4 * smoothstep(0.5, 1.0, ribs))
    calyx = Form(points, faces, colours)
    lobes = [corolla_lobe(np.array([length * 0.40, 0, 0]), violet, rng) for _ in range(rng.integers(2, 5))]
    return [joined([calyx, *lobes]).to_object("lavender", painted("lavender", DRY))]


def corolla_lobe(foot: np.ndarray, violet: np.ndarray, rng: Rng) -> Form:
    directions, faces = ball(3)
    points = directions * np.array([0.75, 0.45, 0.12])
    points[:, 2] += 0.10 * Waves(rng)(points, 0.8)
    points[:, 0] += 0.3
    points = turned(turned(points, 1, rng.uniform(-0.7, 0.2)), 2, rng.uniform(-0.8, 0.8))
    colours = violet * rng.uniform(0.8, 1.3) * np.array([1.0, 1.0, 1.0])
    return Form(points + foot, faces, np.repeat(colours[None, :], len(points), axis=0))


def anise_seed(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A pear of pale ribs and darker furrows, a tuft at its narrow end, often still on its stalk."""
    directions, faces = ball(5)
    t = directions[:, 0]
    theta = np.arctan2(directions[:, 2], directions[:, 1])
    ribs = np.cos(8 * theta + rng.uniform(0, 6))
    girth = (1 - np.abs(t) ** 2.4) ** 0.5 * (1 - 0.42 * smoothstep(-0.2, 1, t))
    radius = girth * (1 + 0.05 * ribs)
    points = np.stack(
        [t + 0.12 * smoothstep(0.8, 1, t), radius * np.cos(theta), radius * np.sin(theta)], axis=1
    )
    points = sized(points, *individual(piece, rng, spread=0.14))
    points[:, 1] += rng.uniform(-0.25, 0.25) * t**2
    husk = piece.colour * rng.uniform(0.75, 1.15)
    colours = mix(
        husk * np.array([0.55, 0.52, 0.45]), husk * np.array([1.35, 1.32, 1.25]), smoothstep(-0.7, 0.9, ribs)
    )
    colours = mix(colours, husk * 0.55, 0.6 * smoothstep(0.75, 1.0, np.abs(t)))
    forms = [Form(points, faces, colours)]
    if rng.random() < 0.6:
        forms.append(stalk(points[:, 0].min(), husk, rng))
    return [joined(forms).to_object("anise", painted("anise", DRY))]


def stalk(end: float, husk: np.ndarray, rng: Rng) -> Form:
    t = np.linspace(0, 1, 16)
    length = rng.uniform(0.8, 1.8)
    path = np.column_stack([end + 0.1 - t * length, rng.uniform(-0.6, 0.6) * t**2, 0.2 * t])
    return thread(path, np.full(16, 0.10), np.repeat(husk[None, :] * 0.8, 16, axis=0))


def pepper_crumb(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A cracked corn: black, wrinkled skin outside, creamy grey where it broke."""
    points, faces, cut = chunk(rng, 8, detail=5, softness=18)
    skin = np.isin(cut, rng.choice(8, rng.integers(4, 7), replace=False))
    creases = ridged(Waves(rng)(points, 0.7))
    points = points * (1 + 0.06 * creases * skin + 0.03 * Waves(rng)(points, 0.4))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.26))
    black = piece.colour * rng.uniform(0.7, 1.5)
    inside = np.array([0.44, 0.36, 0.24]) * rng.uniform(0.7, 1.1)
    outside = mix(black * 0.5, black * np.array([1.9, 1.6, 1.3]), smoothstep(-0.8, 0.8, creases))
    broken = mix(inside * 0.6, inside * 1.15, smoothstep(-1, 1, Waves(rng)(points, 0.5, 2)))
    colours = np.where(skin[:, None], outside, broken)
    return [Form(points, faces, colours).to_object("pepper", painted("pepper", LEATHERY))]


def zest_crumb(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A chip of the peel, curled as it dried: pored and bright above, a little pale pith below."""
    points, faces, _ = chunk(rng, 7, detail=5, softness=12)
    pores = Waves(rng)(points, 0.38)
    points = points * (1 + 0.05 * pores + 0.04 * Waves(rng)(points, 1.0))[:, None]
    pith = smoothstep(-0.15, -0.45, points[:, 2]) * (rng.random() < 0.8)
    length, width, height = individual(piece, rng, spread=0.28)
    points = sized(points, length * rng.uniform(0.9, 1.4), width * rng.uniform(0.6, 0.95), height * 0.7)
    points[:, 2] += rng.uniform(0.05, 0.30) * (points[:, 0] ** 2) * rng.choice([-1, 1])
    points = turned(points, 0, rng.uniform(-0.7, 0.7))
    zest = piece.colour * rng.uniform(0.8, 1.1) * np.array([1.02, rng.uniform(0.84, 1.05), 0.8])
    colours = mix(
        zest * np.array([0.72, 0.55, 0.4]), zest * np.array([1.1, 1.2, 1.4]), smoothstep(-1.2, 1.2, pores)
    )
    colours = mix(colours, np.array([0.80, 0.66, 0.36]), 0.7 * pith)
    finish = Finish(
        roughness=0.5,
        coat=0.12,
        subsurface=0.3,
        subsurface_mm=(0.5, 0.25, 0.08),
        grain=0.12,
        bump_mm=0.05,
        relief_mm=0.3,
    )
    return [Form(points, faces, colours).to_object("zest", painted("zest", finish))]


MODULES: dict[str, tuple[Scene, int]] = {
    "rosemary_dried": (rosemary_needle, 10),
    "saffron": (saffron_thread, 8),
    "lavender_flowers": (lavender_bud, 8),
    "anise_seed": (anise_seed, 8),
    "black_pepper": (pepper_crumb, 12),
    "orange_zest_dried": (zest_crumb, 10),
    "lemon_zest_dried": (zest_crumb, 10),
}
