"""The map a person lays a bar by: every piece at its true size and place, numbered by module."""

from __future__ import annotations

from dataclasses import dataclass

from configurator.domain.family import Family, TenthMm
from configurator.domain.outlines import outline_points
from configurator.domain.sample_scene import bags_in
from configurator.domain.samples import BAG_LENGTH, BAG_WIDTH
from configurator.domain.scene import Piece, Scene, outline_of

NUMBERED_FROM: TenthMm = 45
"""A piece this wide has room for its number."""
NUMBERED_SMALL = 6
"""Of smaller ones and heaps that many carry it, so that colour alone never has to tell modules apart."""
DARK_BELOW = 140
GRID: TenthMm = 100
BOX_COLOUR = "#E2CCA6"


@dataclass(frozen=True, slots=True)
class Mark:
    """One outline. Centre, size and clockwise turn as a browser and a printer want them."""

    number: int
    x: TenthMm
    y: TenthMm
    length: TenthMm
    width: TenthMm
    clockwise: int
    square: bool
    colour: str
    ink: str
    """Black or white, whichever can be read on the colour."""
    numbered: bool
    heap: bool
    """A pinch of many small ones or a dusting: an area to fill, not a piece to lay."""

    @property
    def roomy(self) -> bool:
        return not self.heap and min(self.length, self.width) >= NUMBERED_FROM

    @property
    def along(self) -> float:
        return self.length / 2

    @property
    def beside(self) -> float:
        return self.width / 2

    @property
    def left(self) -> float:
        return self.x - self.along

    @property
    def top(self) -> float:
        return self.y - self.beside


@dataclass(frozen=True, slots=True)
class PlacementMap:
    length: TenthMm
    width: TenthMm
    ground: str
    marks: tuple[Mark, ...]
    edge: tuple[tuple[TenthMm, TenthMm], ...] = ()
    """The line around a bar that is no oblong."""

    @property
    def edge_points(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.edge)

    @property
    def heaps(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.heap]

    @property
    def singles(self) -> list[Mark]:
        return [mark for mark in self.marks if not mark.heap]

    @property
    def columns(self) -> range:
        return range(0, self.length + 1, GRID)

    @property
    def lines(self) -> range:
        return range(0, self.width + 1, GRID)


def placement_map(scene: Scene, family: Family, numbers: dict[tuple[str, str], int]) -> PlacementMap:
    """``numbers``: slot and module → its number in the dosing table."""
    if not family.is_bar:
        return _map_of_bags(scene, family, numbers)
    seen: dict[str, int] = {}
    return PlacementMap(
        scene.length,
        scene.width,
        family.modules[scene.base].colour,
        tuple(_mark(piece, family, numbers, seen) for piece in scene.pieces),
        () if family.outline == "oblong" else outline_points(family.outline, scene.length, scene.width),
    )


def _map_of_bags(scene: Scene, family: Family, numbers: dict[tuple[str, str], int]) -> PlacementMap:
    """Where each bag lies in its box, in the colour of what is in it."""
    colours = {number: family.modules[module].colour for (_slot, module), number in numbers.items()}
    return PlacementMap(
        scene.length,
        scene.width,
        BOX_COLOUR,
        tuple(
            Mark(
                bag.number,
                bag.x,
                bag.y,
                BAG_LENGTH,
                BAG_WIDTH,
                clockwise=0,
                square=True,
                colour=colours[bag.number],
                ink=ink_on(colours[bag.number]),
                numbered=True,
                heap=False,
            )
            for bag in bags_in(len(numbers), family)
        ),
    )


def ink_on(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#FFFFFF" if (299 * red + 587 * green + 114 * blue) // 1000 < DARK_BELOW else "#000000"


def _mark(piece: Piece, family: Family, numbers: dict[tuple[str, str], int], seen: dict[str, int]) -> Mark:
    module = family.modules[piece.module]
    outline = outline_of(module, piece.count, family.length, family.width, piece.size)
    seen[module.key] = seen.get(module.key, 0) + 1
    has_room = piece.count == 1 and min(outline.length, outline.width) >= NUMBERED_FROM
    return Mark(
        numbers[piece.slot, piece.module],
        piece.x,
        piece.y,
        outline.length,
        outline.width,
        -piece.turn % 360,
        outline.square,
        module.colour,
        ink_on(module.colour),
        has_room or seen[module.key] <= NUMBERED_SMALL,
        piece.count != 1,
    )
