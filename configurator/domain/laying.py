"""Where everything on top of a bar lies when nobody has moved it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from configurator.domain.design import Choice, Design
from configurator.domain.family import Family, Module
from configurator.domain.footprints import Outline, Spot
from configurator.domain.patterns import seats
from configurator.domain.pieces import (
    HALVES,
    Helping,
    draws_line,
    heap_of,
    helping,
    is_flat,
    is_print,
    is_sheet,
    outline_of,
)
from configurator.domain.room import RIM, Room
from configurator.domain.scatter import Board
from configurator.domain.seating import Grain
from configurator.domain.seeded import Stream, stream

MOST_LAYERS = 24

Chosen: TypeAlias = tuple[Choice, Module]
_Portioned: TypeAlias = tuple[Choice, Module, Helping]
_Places: TypeAlias = Iterator[tuple[Spot, int]]
"""Where, and on which layer."""


@dataclass(slots=True)
class Laid:
    """A sprite on its place."""

    choice: Final[Choice]
    module: Final[Module]
    outline: Final[Outline]
    spot: Final[Spot]
    count: Final[int]
    size: Final[int]
    index: Final[int]
    layer: Final[int] = 0
    moved: Final[bool] = False

    @property
    def is_single(self) -> bool:
        """One real piece, which takes its place from others; a pinch may fall anywhere."""
        return self.count == 1


def laid_out(on_top: list[Chosen], family: Family, design: Design) -> list[Laid]:
    """What has to lie in a certain place finds it first; of those that may lie anywhere the large ones."""
    floor = _Floor(family, design)
    portions = [(choice, module, helping(choice, module)) for choice, module in on_top]
    return [
        laid
        for choice, module, portion in sorted(portions, key=floor.laying_order)
        for laid in _helped(choice, module, portion, floor)
    ]


def by_size(pair: Chosen) -> tuple[int, str, str]:
    choice, module = pair
    return -module.shape.length * module.shape.width, choice.module, choice.slot


class _Floor:
    """The upper side of the bar while it is laid: a board for each layer, made when it is needed."""

    def __init__(self, family: Family, design: Design) -> None:
        self.family, self.design = family, design
        self.look = family.look(design.face)
        self.room = Room(family.length, family.width, family.outline)
        self.has_print = any(is_print(family.modules[key]) for key in design.modules)
        self.signs: list[tuple[Outline, Spot]] = []
        """Plaques, whose words no leaf may hide."""
        self._boards = [Board(self.room)]

    def board(self, layer: int) -> Board:
        while len(self._boards) <= layer:
            board = Board(self.room)
            for outline, spot in self.signs:
                board.cover(outline, spot)
            self._boards.append(board)
        return self._boards[layer]

    def laying_order(self, portioned: _Portioned) -> tuple[int, int, tuple[int, str, str]]:
        choice, module, portion = portioned
        if is_sheet(module):
            turn = 0
        elif portion.is_strewn:
            turn = 3
        elif is_flat(module) and not self._leaves_room(portion, module):
            turn = 2
        else:
            turn = 1
        freedom = 0 if draws_line(choice.pattern) else 1 if choice.pattern in HALVES else 2
        return turn, freedom, by_size((choice, module))

    def _leaves_room(self, portion: Helping, module: Module) -> bool:
        """A few slices find their places by size like everything else, and so hide nothing;
        where many leaves cover the bar, what is heavy goes first."""
        shape = module.shape
        covered = len(portion.counts) * shape.length * shape.width
        return covered * 3 <= self.family.length * self.family.width

    def part(self, pattern: str) -> Room:
        return Room(self.room.length, self.room.width, self.room.outline, HALVES.get(pattern, ""))


def _helped(choice: Choice, module: Module, portion: Helping, floor: _Floor) -> Iterator[Laid]:
    family = floor.family
    if is_print(module):
        portion = _cut_to_size(module, floor)
    outlines = {
        count: outline_of(module, count, family.length, family.width, portion.size)
        for count in set(portion.counts)
    }
    places = _places(choice, module, portion, outlines[portion.counts[0]], floor)
    for index, ((spot, layer), count) in enumerate(zip(places, portion.counts, strict=False)):
        yield Laid(choice, module, outlines[count], spot, count, portion.size, index, layer)


def _places(choice: Choice, module: Module, portion: Helping, outline: Outline, floor: _Floor) -> _Places:
    numbers = stream(floor.family.key, choice.slot, choice.module, floor.design.seed)
    count, pattern = len(portion.counts), choice.pattern
    if is_print(module):
        return _printed(outline, floor)
    if is_sheet(module) and not draws_line(pattern):
        return _straight(count, outline, numbers, floor)
    if portion.is_strewn:
        return _strewn(portion, module, pattern, outline, numbers, floor)
    if not draws_line(pattern):
        return _scattered(count, module, outline, floor.part(pattern), numbers, floor)
    if is_flat(module):
        return _shingled(pattern, count, outline, numbers, floor)
    return _seated(pattern, count, outline, numbers, floor)


def _cut_to_size(module: Module, floor: _Floor) -> Helping:
    """One print, however many sheets its ink would fill."""
    room, (x, y) = floor.room, _middle(floor)
    for size in range(1000, 200, -25):
        if room.takes(outline_of(module, 0, room.length, room.width, size), 0, x, y):
            break
    return Helping((0,), size)


def _printed(outline: Outline, floor: _Floor) -> _Places:
    spot = Spot(*_middle(floor), 0, 0)
    floor.board(0).avoid(outline, spot)
    yield spot, 0


def _straight(count: int, outline: Outline, numbers: Stream, floor: _Floor) -> _Places:
    """Plaques in rows; beside a print low enough to leave it readable."""
    room = floor.room
    places = seats("rows", count, Grain(outline), room, "")
    if floor.has_print:
        low = room.width - 2 * RIM - outline.width // 2
        places = tuple(replace(seat, y=low) for seat in places)
    for spot in floor.board(0).seat(outline, places, numbers, within=max(room.length, room.width)):
        floor.signs.append((outline, spot))
        yield spot, 0


def _middle(floor: _Floor) -> tuple[int, int]:
    """Where a print has the most room: on a heart above the middle."""
    room = floor.room
    return room.length // 2, room.width * 42 // 100 if room.outline == "heart" else room.width // 2


def _strewn(
    portion: Helping, module: Module, pattern: str, outline: Outline, numbers: Stream, floor: _Floor
) -> _Places:
    """Pinches fall anywhere, or flow together along the lines of a pattern."""
    count, room = len(portion.counts), floor.part(pattern)
    if draws_line(pattern):
        grain = Grain(outline, heap_of(module, portion.counts[0]))
        for index, seat in enumerate(seats(pattern, count, grain, room, floor.look)):
            x, y = room.clamped(outline, seat.turn, seat.x, seat.y)
            yield Spot(x, y, seat.turn, numbers.at(index) >> 48), 0
    else:
        for spot in floor.board(0).sprinkle(max(outline.length, outline.width), count, numbers, room=room):
            yield spot, 0


def _scattered(
    count: int, module: Module, outline: Outline, room: Room, numbers: Stream, floor: _Floor
) -> _Places:
    """Thin ones that find no place begin another layer."""
    laid = 0
    for layer in range(MOST_LAYERS if is_flat(module) else 1):
        if laid < count:
            for spot in floor.board(layer).scatter(outline, count - laid, numbers, room=room, start=laid):
                laid += 1
                yield spot, layer


def _shingled(pattern: str, count: int, outline: Outline, numbers: Stream, floor: _Floor) -> _Places:
    """Thin ones keep to the pattern's line, each over the last."""
    grain = Grain(outline, (outline.length + outline.width) // 4)
    for index, seat in enumerate(seats(pattern, count, grain, floor.room, floor.look)):
        x, y = floor.room.nearest_place(outline, seat.turn, seat.x, seat.y)
        spot = Spot(x, y, seat.turn, numbers.at(index) >> 48)
        for layer in range(MOST_LAYERS):
            if floor.board(layer).has_place(outline, spot):
                floor.board(layer).cover(outline, spot)
                yield spot, layer
                break


def _seated(pattern: str, count: int, outline: Outline, numbers: Stream, floor: _Floor) -> _Places:
    places = seats(pattern, count, Grain(outline), floor.room, floor.look)
    for spot in floor.board(0).seat(outline, places, numbers, within=max(100, outline.length * 3 // 2)):
        yield spot, 0
