"""Whether pieces lie on each other or over the edge, measured without the board that laid them."""

from collections.abc import Iterator
from itertools import combinations
from math import cos, hypot, radians, sin

from configurator.domain.family import Family
from configurator.domain.outlines import outline_points
from configurator.domain.scene import Piece, Scene, outline_of

STEP = 3
"""Tenths of a millimetre between the points that are counted."""


def outline(piece: Piece, family: Family) -> tuple[float, float, bool]:
    """Half the length, half the width, and whether it has corners."""
    shape = outline_of(family.modules[piece.module], piece.count, family.length, family.width, piece.size)
    return shape.length / 2, shape.width / 2, shape.square


def points(piece: Piece, family: Family) -> Iterator[tuple[float, float]]:
    """A fine grid of points on it, seen from its own middle and turned with it."""
    half, side, square = outline(piece, family)
    across, down = max(3, round(2 * half / STEP)), max(3, round(2 * side / STEP))
    cosine, sine = cos(radians(piece.turn)), sin(radians(piece.turn))
    for column in range(across):
        u = (2 * (column + 0.5) / across - 1) * half
        for row in range(down):
            v = (2 * (row + 0.5) / down - 1) * side
            if square or (u / half) ** 2 + (v / side) ** 2 <= 1:
                yield piece.x + u * cosine + v * sine, piece.y - u * sine + v * cosine


def holds(piece: Piece, family: Family, x: float, y: float) -> bool:
    half, side, square = outline(piece, family)
    cosine, sine = cos(radians(piece.turn)), sin(radians(piece.turn))
    u = (x - piece.x) * cosine - (y - piece.y) * sine
    v = (x - piece.x) * sine + (y - piece.y) * cosine
    return abs(u) <= half and abs(v) <= side if square else (u / half) ** 2 + (v / side) ** 2 <= 1


def shared(one: Piece, other: Piece, family: Family) -> float:
    """Per cent of the smaller one that lies under or on the other."""
    small, large = sorted((one, other), key=lambda piece: area(piece, family))
    on_it = points(small, family)
    under = [holds(large, family, x, y) for x, y in on_it]
    return 100 * sum(under) / len(under)


def area(piece: Piece, family: Family) -> float:
    half, side, square = outline(piece, family)
    return 4 * half * side * (1 if square else 0.7854)


def heaped(scene: Scene, family: Family, most: float = 15) -> list[tuple[Piece, Piece, float]]:
    """The pairs of pieces of a layer of which more than so many per cent lie on each other."""
    singles = [(piece, hypot(*outline(piece, family)[:2])) for piece in scene.pieces if piece.count == 1]
    return [
        (one, other, percent)
        for (one, reach), (other, far) in combinations(singles, 2)
        if one.layer == other.layer
        and hypot(one.x - other.x, one.y - other.y) < reach + far
        and (percent := shared(one, other, family)) > most
    ]


def edge_room(piece: Piece, family: Family) -> float:
    """Tenths of a millimetre from the piece's outermost points to the bar's edge; below 0 outside."""
    half, side, square = outline(piece, family)
    cosine, sine = cos(radians(piece.turn)), sin(radians(piece.turn))
    nearest = 1e9
    for degrees in range(0, 360, 15):
        u, v = cos(radians(degrees)), sin(radians(degrees))
        if square:
            long = max(abs(u), abs(v))
            u, v = u / long, v / long
        x = piece.x + u * half * cosine + v * side * sine
        y = piece.y - u * half * sine + v * side * cosine
        nearest = min(nearest, _to_edge(x, y, family))
    return nearest


def _to_edge(x: float, y: float, family: Family) -> float:
    if family.outline == "oblong":
        return min(x, y, family.length - x, family.width - y)
    corners = outline_points(family.outline, family.length, family.width)
    inside, nearest = False, 1e9
    for (ax, ay), (bx, by) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            inside = not inside
        along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
        along = max(0.0, min(1.0, along))
        nearest = min(nearest, hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)))
    return nearest if inside else -nearest
