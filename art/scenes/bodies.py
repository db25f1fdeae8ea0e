"""Forms of whole bars: outlines, the rim and dome of what was poured, the relief of a mould."""

import numpy as np

from art.shapes import Form, Points, Rng, Waves, smoothstep
from configurator.domain.outlines import heart_outline

HEIGHT = 9.5
DOME = 1.5
RIM = 2.6  # how far in from the outline a poured face begins to round off
AROUND = 720

GRID_MM = 0.24
GROOVE_Z, FACE_Z = 5.6, 8.6  # of a segmented bar: floor between the segments, level of their faces
DRAFT = 1.0  # how far the walls of a mould lean, or nothing would come out of it
BEVEL = 2.3
LEAF_Z = 0.40


def poured_bar(length: float, width: float, rng: Rng) -> Form:
    return poured(oblong(length, width, corner=8), rng)


def poured_heart(length: float, width: float, rng: Rng) -> Form:
    return poured(heart(length, width), rng, rim=3.0)


def hand_cast_slab(length: float, width: float, rng: Rng) -> Form:
    return poured(slab(length, width, rng), rng, rim=3.6, dome=2.4)


def moulded_bar(length: float, width: float, rng: Rng) -> Form:
    return segmented(length, width, across=6, down=4, rng=rng)


def oblong(length: float, width: float, *, corner: float) -> np.ndarray:
    """A rectangle with round corners, once around, against the clock."""
    quarter = np.linspace(0, np.pi / 2, 40)
    middle = np.array([length / 2 - corner, width / 2 - corner])
    arcs = [
        middle * (sx, sy) + corner * np.column_stack([np.cos(quarter + turn), np.sin(quarter + turn)])
        for (sx, sy), turn in zip([(1, 1), (-1, 1), (-1, -1), (1, -1)], np.arange(4) * np.pi / 2, strict=True)
    ]
    return evenly(np.concatenate(arcs))


def heart(length: float, width: float) -> np.ndarray:
    points = np.array(heart_outline(round(length * 10), round(width * 10)), dtype=float) / 10
    points = (points - (points.min(axis=0) + points.max(axis=0)) / 2) * (1, -1)
    line = smoothed(evenly(points[::-1]), 7)  # the founder's line has corners; a mould is milled round
    return evenly(line / np.abs(line).max(axis=0) * (length / 2, width / 2))


def slab(length: float, width: float, rng: Rng) -> np.ndarray:
    """Cast by hand on a sheet: nearly straight sides, none of them ruled."""
    line = oblong(length, width, corner=11)
    flat = np.column_stack([line, np.zeros(len(line))])
    wander = 0.6 * Waves(rng)(flat, 75) + 0.25 * Waves(rng)(flat, 24)
    inward = wander.max() - wander
    return evenly(line - outward(line) * np.minimum(inward, 2.4)[:, None])


def evenly(line: np.ndarray) -> np.ndarray:
    """The same closed line through AROUND points at equal distances."""
    closed = np.concatenate([line, line[:1]])
    run = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(closed, axis=0).T))])
    steps = np.linspace(0, run[-1], AROUND, endpoint=False)
    return np.column_stack([np.interp(steps, run, closed[:, axis]) for axis in (0, 1)])


def smoothed(line: np.ndarray, steps: float) -> np.ndarray:
    reach = np.arange(-int(3 * steps), int(3 * steps) + 1)
    weights = np.exp(-((reach / steps) ** 2) / 2)
    return sum(
        weight * np.roll(line, shift, axis=0)
        for shift, weight in zip(reach, weights / weights.sum(), strict=True)
    )


def outward(line: np.ndarray) -> np.ndarray:
    along = np.roll(line, -3, axis=0) - np.roll(line, 3, axis=0)
    normal = np.column_stack([along[:, 1], -along[:, 0]])
    return normal / np.linalg.norm(normal, axis=1, keepdims=True)


def poured(outline: np.ndarray, rng: Rng, *, rim: float = RIM, dome: float = DOME) -> Form:
    """A body whose face has set by itself: round at the rim, domed by its own skin, hardly ever level."""
    inward = np.concatenate([np.linspace(0, 0.10, 46), np.linspace(0.10, 1, 64)[1:]])
    face = np.concatenate([outline * (1 - step) for step in inward])
    distance, calm = from_edge(face, outline)
    shoulder = HEIGHT - 0.62 * rim
    round_off = np.sqrt(1 - (1 - np.clip(distance / rim, 0, 1)) ** 2)
    flat = np.column_stack([face, np.zeros(len(face))])
    inner = 1 - (1 - calm / calm.max()) ** 2
    swell = 0.10 * Waves(rng)(flat, 70) + 0.016 * Waves(rng)(flat, 24)
    height = shoulder + 0.62 * rim * round_off + dome * inner + swell * inner**0.5
    wall = [
        np.column_stack([pulled_in(outline, 2.2 * (1 - u) ** 1.2), np.full(AROUND, shoulder * u)])
        for u in np.linspace(0, 1, 8)[:-1]
    ]
    points = np.concatenate([*wall, np.column_stack([face, height])])
    return Form(points, between_rings(len(points) // AROUND), np.zeros((len(points), 3)))


def pulled_in(outline: np.ndarray, inset: float) -> np.ndarray:
    return outline * (1 - inset / np.linalg.norm(outline, axis=1, keepdims=True))


def from_edge(points: np.ndarray, outline: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far inside each point lies: to the nearest edge, and calmly, without a ridge where two edges are near."""
    nearest, calm = np.empty(len(points)), np.empty(len(points))
    ends = np.roll(outline, -1, axis=0)
    along = ends - outline
    squared = (along**2).sum(axis=1)
    weight = np.sqrt(squared)
    for part in np.array_split(np.arange(len(points)), max(1, len(points) // 4000)):
        towards = points[part, None] - outline[None]
        share = np.clip((towards * along).sum(axis=2) / squared, 0, 1)
        away = np.hypot(*(towards - share[..., None] * along).transpose(2, 0, 1))
        nearest[part] = away.min(axis=1)
        calm[part] = (0.5 * (weight / np.maximum(away, 0.4) ** 3).sum(axis=1)) ** -0.5
    return nearest, calm


def between_rings(rings: int) -> np.ndarray:
    """Two triangles for each cell between neighbouring rings; the last ring is a single point."""
    k = np.arange(AROUND)
    after = (k + 1) % AROUND
    faces = []
    for low in np.arange(rings - 1) * AROUND:
        high = low + AROUND
        faces.append(np.stack([low + k, low + after, high + after], axis=1))
        faces.append(np.stack([low + k, high + after, high + k], axis=1))
    return np.concatenate(faces)


def segmented(length: float, width: float, *, across: int, down: int, rng: Rng) -> Form:
    """The moulded side: bevelled segments to break off, a cocoa leaf on each, walls that lean."""
    x, y, shape = sheet(length - 2 * DRAFT, width - 2 * DRAFT, corner=3.0)
    cell_x, cell_y = (length - 2 * DRAFT) / across, (width - 2 * DRAFT) / down
    column, row = np.floor(x / cell_x + across / 2), np.floor(y / cell_y + down / 2)
    column, row = np.clip(column, 0, across - 1), np.clip(row, 0, down - 1)
    u = x - (column - (across - 1) / 2) * cell_x
    v = y - (row - (down - 1) / 2) * cell_y
    rise = bevel(cell_x / 2 - np.abs(u), cell_y / 2 - np.abs(v))
    pillow = 0.42 * np.clip(1 - (2 * u / cell_x) ** 2, 0, 1) * np.clip(1 - (2 * v / cell_y) ** 2, 0, 1)
    facing = np.where((column + row) % 2 == 0, 1, -1)  # every other leaf the other way round
    height = (
        GROOVE_Z + (FACE_Z - GROOVE_Z) * rise + pillow * rise + LEAF_Z * leaf(u * facing, v * facing) * rise
    )
    flat = np.column_stack([x, y, np.zeros_like(x)])
    height += 0.012 * Waves(rng)(flat, 30)
    return closed_sheet(np.column_stack([x, y, height]), shape, draft=DRAFT)


def bevel(to_side: np.ndarray, to_end: np.ndarray) -> np.ndarray:
    """0 in the groove, 1 on the face; mitred at the corners, rounded where bevel and face meet."""
    groove = 0.45
    ways = np.stack([to_side, to_end]) - groove
    nearest = -np.log(np.exp(-ways / 0.16).sum(axis=0)) * 0.16
    u = nearest / BEVEL
    sharp = np.clip(u, 0, 1)
    soft = 0.09  # a mould is polished: no edge of it is a knife's
    rounded = -soft * np.log(np.exp(-np.clip(u, -1, 4) / soft) + np.exp(-1 / soft))
    foot = soft * np.log1p(np.exp(np.clip(rounded, -1, 2) / soft))
    return np.where(np.isfinite(foot), foot, sharp)


def leaf(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """A cocoa leaf, 0..1 high: long oval with a drawn-out tip, a midrib and arched side veins cut into it."""
    turn = np.radians(22)
    along = (np.cos(turn) * u + np.sin(turn) * v) / 7.4 + 0.06
    beside = (-np.sin(turn) * u + np.cos(turn) * v) / 7.4
    bend = beside - 0.12 * (1 - along**2)
    t = np.clip((along + 1) / 2, 0, 1)
    half = 1.02 * t**0.60 * (1 - t) ** 0.95
    inside = half - np.abs(bend)
    body = smoothstep(0, 0.06, inside) * (np.abs(along) < 1)
    swell = 0.60 + 0.40 * smoothstep(0, 0.3, inside)
    midrib = np.exp(-((bend / 0.024) ** 2)) * smoothstep(1.0, 0.8, along)
    course = along - 0.95 * np.abs(bend) - 0.5 * bend**2
    vein = np.abs(np.mod(course * 3.6 + 0.3, 1) - 0.5) / 3.6
    veins = np.exp(-((vein / 0.019) ** 2)) * smoothstep(0.0, 0.12, inside)
    stalk = np.exp(-((bend / 0.032) ** 2)) * smoothstep(-1.20, -1.14, along) * (along < -0.96)
    return np.clip(body * (swell - 0.75 * midrib - 0.40 * veins) + 0.6 * stalk, 0, 1)


def sheet(length: float, width: float, *, corner: float) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    """A grid whose outermost lines follow a rectangle with round corners."""
    across, down = round(length / GRID_MM) // 2 * 2 + 1, round(width / GRID_MM) // 2 * 2 + 1
    x, y = np.meshgrid(np.linspace(-length / 2, length / 2, across), np.linspace(-width / 2, width / 2, down))
    inset = np.minimum(length / 2 - np.abs(x), width / 2 - np.abs(y))
    radius = np.maximum(corner - inset, 0)
    over_x = np.abs(x) - (length / 2 - inset - radius)
    over_y = np.abs(y) - (width / 2 - inset - radius)
    cornered = (radius > 1e-6) & (over_x > 0) & (over_y > 0)
    span = np.maximum(radius, 1e-6)
    angle = np.pi / 4 * np.where(over_x >= over_y, over_y / span, 2 - over_x / span)
    bent_x = np.sign(x) * (length / 2 - inset - radius + radius * np.cos(angle))
    bent_y = np.sign(y) * (width / 2 - inset - radius + radius * np.sin(angle))
    return np.where(cornered, bent_x, x).ravel(), np.where(cornered, bent_y, y).ravel(), (down, across)


def closed_sheet(points: Points, shape: tuple[int, int], *, draft: float) -> Form:
    """The sheet, with walls that lean by so much down to the table."""
    number = np.arange(len(points)).reshape(shape)
    a, b, c, d = (
        part.ravel() for part in (number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1])
    )
    rim = np.concatenate([number[0, :-1], number[:-1, -1], number[-1, :0:-1], number[:0:-1, 0]])
    edge = points[rim]
    away = outward(edge[:, :2])
    faces = [np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)]
    rings, last = [points], rim
    for step in np.linspace(0, 1, 7)[1:]:
        lean = draft * step
        ring = np.column_stack([edge[:, :2] + away * lean, edge[:, 2] * (1 - step)])
        here = np.arange(len(rim)) + sum(len(part) for part in rings)
        rings.append(ring)
        faces.append(np.stack([last, here, np.roll(here, -1)], axis=1))
        faces.append(np.stack([last, np.roll(here, -1), np.roll(last, -1)], axis=1))
        last = here
    whole = np.concatenate(rings)
    return Form(whole, np.concatenate(faces), np.zeros((len(whole), 3)))
