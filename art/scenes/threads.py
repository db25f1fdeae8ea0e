"""Threads: thin round bodies swept along a curve, such as a stigma of saffron or a shred of kadayif."""

import numpy as np

from art.shapes import Form, Points


def thread(path: Points, radii: np.ndarray, colours: np.ndarray, *, around: int = 8) -> Form:
    """A closed tube: one ring of points at each place of the path, its ends drawn together."""
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.cross(along, np.array([0.0, 0.0, 1.0]))
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-6)
    up = np.cross(side, along)
    turns = 2 * np.pi * np.arange(around) / around
    spokes = side[:, None] * np.cos(turns)[None, :, None] + up[:, None] * np.sin(turns)[None, :, None]
    points = path[:, None] + spokes * radii[:, None, None]
    ends = np.stack([path[0], path[-1]])
    count = len(path) * around
    return Form(
        np.concatenate([points.reshape(-1, 3), ends]),
        tube_faces(len(path), around, count),
        np.concatenate([np.repeat(colours, around, axis=0), colours[[0, -1]]]),
    )


def tube_faces(rings: int, around: int, first_end: int) -> np.ndarray:
    k = np.arange(around)
    after = (k + 1) % around
    starts = np.arange(rings - 1)[:, None] * around
    lower = np.stack([starts + k, starts + after, starts + after + around], axis=-1)
    upper = np.stack([starts + k, starts + after + around, starts + k + around], axis=-1)
    last = (rings - 1) * around
    caps = [
        np.stack([np.full(around, first_end), after, k], axis=1),
        np.stack([np.full(around, first_end + 1), last + k, last + after], axis=1),
    ]
    return np.concatenate([lower.reshape(-1, 3), upper.reshape(-1, 3), *caps])
