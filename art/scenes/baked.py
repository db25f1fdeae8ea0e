"""From the oven and the pan: pretzels, gingerbread, graham crackers, granola, popcorn."""

import bpy
import numpy as np

from art.catalogue import Piece
from art.materials import Finish, painted
from art.scenes.crumbs import BAKED
from art.scenes.crystals import GRAIN, slab
from art.scenes.nuts import individual, ridged
from art.shapes import (
    Form,
    Points,
    Rng,
    Scene,
    Waves,
    ball,
    boxy,
    inwards,
    joined,
    mix,
    pores,
    sized,
    smoothstep,
    spread,
    tipped,
    turned,
)

LYE_CRUST = Finish(roughness=0.34, coat=0.35, coat_roughness=0.16, grain=0.10, bump_mm=0.06, relief_mm=0.7)
SPONGE = Finish(roughness=0.75, grain=0.18, bump_mm=0.18, relief_mm=0.5, specular=0.2)
HONEYED = Finish(roughness=0.42, coat=0.30, coat_roughness=0.16, grain=0.14, bump_mm=0.07, relief_mm=0.5)
CARAMEL_COAT = Finish(
    roughness=0.30,
    coat=0.50,
    coat_roughness=0.10,
    subsurface=0.25,
    subsurface_mm=(1.0, 0.5, 0.2),
    grain=0.06,
    bump_mm=0.05,
    relief_mm=0.9,
)


def pretzel_piece(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A broken bend of a thin pretzel, its ends pale where it snapped, coarse salt along the top."""
    strands = [strand(piece, rng, rng.uniform(0.7, 2.3))]
    if rng.random() < 0.4:
        strands.append(crossing(strand(piece, rng, rng.uniform(-0.5, 0.5)), piece, rng))
    form = joined(strands)
    form.points = sized(form.points, *individual(piece, rng, spread=0.10))
    pretzel = form.to_object("pretzel", painted("pretzel", LYE_CRUST))
    return [pretzel, salted(form.points, rng)]


def strand(piece: Piece, rng: Rng, bend: float) -> Form:
    directions, faces = ball(6)
    t = boxy(directions * np.array([1, 0.75, 0.75]), 7)[:, 0]
    theta = np.arctan2(directions[:, 2], directions[:, 1])
    thick = 0.40 * piece.height * (1 + 0.05 * Waves(rng)(directions, 1.0))
    round_end = np.hypot(directions[:, 1], directions[:, 2])
    girth = thick * np.minimum(1, round_end / np.maximum(np.abs(directions[:, 0]), 1e-3) * 1.6)
    girth *= 1 + 0.05 * Waves(rng)(directions, 0.35) * smoothstep(0.80, 0.95, np.abs(t))
    half = piece.length / 2
    torn = smoothstep(0.86, 0.97, np.abs(t))
    angle = t * bend * (1 + 0.016 * torn * Waves(rng)(directions, 0.45))
    radius = half / max(abs(np.sin(bend)) if abs(bend) < np.pi / 2 else 1.0, 0.2)
    side = girth * np.cos(theta)
    points = np.stack(
        [(radius + side) * np.sin(angle), (radius + side) * np.cos(angle) - radius, girth * np.sin(theta)],
        axis=1,
    )
    crust = piece.colour * np.array([1.0, 0.84, 0.66]) * rng.uniform(0.85, 1.1)
    shade = smoothstep(-1.2, 1.5, Waves(rng)(directions * np.array([2, 1, 1]), 1.3, 2))
    colours = mix(crust * np.array([0.55, 0.42, 0.32]), crust * np.array([1.35, 1.35, 1.2]), shade)
    crumb = np.array([0.74, 0.55, 0.31]) * (1 + 0.12 * Waves(rng)(directions, 0.3)[:, None])
    broken = smoothstep(0.89, 0.95, np.abs(t) + 0.03 * Waves(rng)(directions, 0.4))
    return Form(points, faces, mix(colours, crumb, broken * 0.95))


def crossing(form: Form, piece: Piece, rng: Rng) -> Form:
    points = turned(form.points * np.array([0.75, 1, 1]), 2, rng.choice([-1, 1]) * rng.uniform(0.7, 1.2))
    points[:, 2] += 0.25 * piece.height
    return Form(points, form.faces, form.colours)


def salted(points: Points, rng: Rng) -> bpy.types.Object:
    """Coarse grains, half sunk, where the dough looks up."""
    top = points[points[:, 2] > np.quantile(points[:, 2], 0.72)]
    grains = []
    for seat in top[rng.integers(len(top), size=rng.integers(4, 9))]:
        grain = slab(rng, rng.uniform(0.6, 1.2), rng.uniform(0.5, 0.9), rng.uniform(0.5, 0.8), tilt=0.5)
        grain.points += seat
        grains.append(grain)
    return joined(grains).to_object("salt", painted("salt", GRAIN), smooth=False)


def gingerbread(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """A cut cube: brown and open-pored where the knife went, a smooth darker crust on one side."""
    directions, faces = ball(7)
    points = boxy(directions, rng.uniform(8, 11))
    points[:, 0] += rng.uniform(-0.12, 0.12) * points[:, 1]
    points *= (1 + 0.014 * Waves(rng)(directions, 0.9) + 0.012 * Waves(rng)(directions, 0.25))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.08))
    axis, sign = [(2, 1), (0, 1), (1, -1), (0, -1), (1, 1)][rng.integers(5)]
    crust = smoothstep(0.72, 0.88, sign * points[:, axis] / points[:, axis].max())
    holes = pores(rng, points, 420, 0.34) * (1 - 0.85 * crust)
    few = pores(rng, points, 26, 0.75) * (1 - 0.6 * crust)
    points = inwards(points, 0.24 * holes + 0.42 * few)
    crumb = piece.colour * np.array([1.35, 1.25, 1.05]) * rng.uniform(0.9, 1.1)
    colours = mix(crumb * (1 + 0.10 * Waves(rng)(points, 1.2)[:, None]), crumb * 0.42, 0.75 * holes)
    colours = mix(colours, crumb * 0.38, 0.7 * few)
    top = piece.colour * np.array([0.72, 0.58, 0.48]) * (1 + 0.15 * Waves(rng)(points, 2.2, 2)[:, None])
    colours = mix(colours, top, 0.85 * crust)
    return [Form(tipped(points, rng), faces, colours).to_object("gingerbread", painted("sponge", SPONGE))]


def graham_piece(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    return broken_biscuit(piece, rng, dimples=1, thick=0.8, speckles=0.16)


def speculoos_piece(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    return broken_biscuit(piece, rng, dimples=0, thick=0.75, speckles=0.24, toast=(0.84, 0.84, 0.92))


def butter_biscuit_piece(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    return broken_biscuit(piece, rng, dimples=rng.integers(0, 3), thick=0.75, speckles=0.07)


def broken_biscuit(
    piece: Piece,
    rng: Rng,
    *,
    dimples: int,
    thick: float,
    speckles: float,
    toast: tuple[float, float, float] = (0.98, 0.84, 0.66),
) -> list[bpy.types.Object]:
    """A flat broken piece: browned above, with the docker's dimples, grainy and paler where it snapped."""
    directions, faces = ball(7)
    corners = rng.integers(4, 7)
    turns = 2 * np.pi * (np.arange(corners) + rng.uniform(-0.28, 0.28, corners)) / corners
    angle = np.arctan2(directions[:, 1], directions[:, 0])
    reach = np.maximum(np.cos(angle[:, None] - turns[None, :]), 1e-3) / rng.uniform(0.68, 1.0, corners)
    across = np.hypot(directions[:, 0], directions[:, 1])
    radius = 1 / ((across**9 + np.abs(directions[:, 2]) ** 9) ** (1 / 9))
    points = directions * radius[:, None]
    points[:, :2] *= ((reach**18).sum(axis=1) ** (-1 / 18))[:, None]
    level = points[:, 2] / points[:, 2].max()
    flat = smoothstep(0.86, 0.97, np.abs(level))
    points = points * (1 + (1 - flat) * 0.040 * Waves(rng)(directions, 0.22, 2))[:, None]
    points = sized(points, *individual(piece, rng, spread=0.12)) * np.array([1, 1, thick])
    holes = pores(rng, points, 300, 0.32) * (1 - 0.8 * flat)
    dimple = np.zeros(len(points))
    for _ in range(dimples):
        middle = rng.uniform(-0.28, 0.28, 2) * (piece.length, piece.width)
        away = ((points[:, :2] - middle) ** 2).sum(axis=1)
        dimple = np.maximum(dimple, np.exp(-((away / 0.28) ** 2)) * (level > 0))
    points = inwards(points, 0.20 * holes)
    points[:, 2] -= 0.6 * dimple + 0.10 * flat * Waves(rng)(points, 2.4) * (level > 0)
    crumb = piece.colour * np.array(toast) * np.array([1.15, 1.28, 1.48]) * rng.uniform(0.95, 1.1)
    baked = piece.colour * np.array(toast) * rng.uniform(0.85, 1.05)
    speckled = baked * (1 + speckles * Waves(rng, 60)(points, 0.5, 2)[:, None])
    colours = mix(mix(crumb, crumb * 0.55, 0.7 * holes), speckled, 0.9 * flat)
    colours = mix(colours, baked * 0.6, 0.6 * dimple)
    return [Form(tipped(points, rng, 0.22), faces, colours).to_object("biscuit", painted("baked", BAKED))]


def oat_cluster(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Rolled oats baked together with honey."""
    seats = spread(rng, 26)
    form = joined([lump(piece, rng), *(oat(seat, piece, rng) for seat in seats[seats[:, 2] > -0.55])])
    form.points = sized(form.points, *individual(piece, rng, spread=0.13))
    return [form.to_object("granola", painted("honeyed", HONEYED))]


def lump(piece: Piece, rng: Rng) -> Form:
    directions, faces = ball(5)
    points = directions * (0.80 + 0.08 * Waves(rng)(directions, 0.8))[:, None]
    honey = piece.colour * np.array([0.80, 0.62, 0.40])
    return Form(points * np.array([4.6, 3.7, 2.3]), faces, np.repeat(honey[None, :], len(points), axis=0))


def oat(seat: np.ndarray, piece: Piece, rng: Rng) -> Form:
    """A flake as the roller leaves it: oval, cracked at the rim, a crease down the middle."""
    directions, faces = ball(5)
    x, y = directions[:, 0], directions[:, 1]
    rim = 1 + 0.10 * Waves(rng)(directions * np.array([1, 1, 0]), 0.7)
    points = directions * np.array([1.9, 1.35, 0.30]) * rng.uniform(0.8, 1.2)
    points[:, :2] *= rim[:, None]
    points[:, 2] += 0.16 * (x**2 + y**2) * rng.uniform(-1, 2) - 0.10 * np.exp(-((y / 0.14) ** 2)) * (
        directions[:, 2] > 0
    )
    points = turned(points, 2, rng.uniform(0, 6.28))
    outward = seat / np.array([4.6, 3.7, 2.3])
    outward /= np.linalg.norm(outward)
    outward += rng.normal(scale=0.35, size=3)
    points = facing(points, outward / np.linalg.norm(outward)) + seat * np.array([4.2, 3.3, 2.1])
    golden = piece.colour * np.array([1.12, 1.06, 0.92]) * rng.uniform(0.80, 1.35)
    toasted = smoothstep(0.55, 1.0, np.hypot(x, y) + 0.2 * Waves(rng)(directions, 0.8))
    colours = mix(golden, golden * np.array([0.75, 0.58, 0.38]), 0.8 * toasted)
    crease = np.exp(-((y / 0.10) ** 2)) * smoothstep(1, 0.6, np.abs(x))
    return Form(points, faces, mix(colours, golden * 0.5, 0.45 * crease))


def facing(points: Points, outward: np.ndarray) -> Points:
    """Turned so that z becomes this direction."""
    side = np.cross(outward, [0.3, 0.9, 0.2])
    side /= np.linalg.norm(side)
    return points @ np.stack([side, np.cross(outward, side), outward])


def popcorn(piece: Piece, rng: Rng) -> list[bpy.types.Object]:
    """Burst lobes around a torn middle, glazed with caramel that left the hollows pale."""
    large, small = spread(rng, rng.integers(7, 10)) * 0.52, spread(rng, rng.integers(10, 15)) * 0.87
    lobes = [burst(seat, rng.uniform(0.36, 0.62), piece, rng) for seat in large]
    lobes += [burst(seat, rng.uniform(0.16, 0.30), piece, rng) for seat in small]
    form = joined(lobes)
    form.points = sized(form.points, *individual(piece, rng, spread=0.10))
    return [form.to_object("popcorn", painted("glaze", CARAMEL_COAT))]


def burst(seat: np.ndarray, radius: float, piece: Piece, rng: Rng) -> Form:
    directions, faces = ball(5)
    lumps = Waves(rng)(directions, 1.1)
    crinkle = ridged(Waves(rng)(directions, 0.8))
    points = directions * (radius * (1 + 0.13 * lumps + 0.05 * crinkle))[:, None] + seat
    outward = np.linalg.norm(points, axis=1)
    caramel = piece.colour * np.array([1.0, 0.84, 0.55]) * rng.uniform(0.8, 1.2)
    pale = np.array([0.80, 0.58, 0.27])
    glazed = smoothstep(-0.9, 0.6, Waves(rng)(points, 0.9, 2) + 0.9 * (outward - 0.55))
    colours = mix(pale, caramel, 0.30 + 0.70 * glazed)
    return Form(
        points,
        faces,
        mix(colours, caramel * np.array([0.5, 0.36, 0.25]), 0.5 * smoothstep(0.62, 0.3, outward)),
    )


MODULES: dict[str, tuple[Scene, int]] = {
    "pretzel_pieces": (pretzel_piece, 8),
    "gingerbread": (gingerbread, 8),
    "graham_pieces": (graham_piece, 8),
    "speculoos": (speculoos_piece, 8),
    "butter_biscuit": (butter_biscuit_piece, 8),
    "oat_crunch": (oat_cluster, 8),
    "popcorn_caramel": (popcorn, 8),
}
