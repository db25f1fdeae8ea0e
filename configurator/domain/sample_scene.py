"""How the bags lie in a box of samples, and what shows in the window of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from configurator.domain.design import Design
from configurator.domain.family import Family, Module, TenthMm
from configurator.domain.footprints import TURN_STEP, TURNS
from configurator.domain.pieces import helping, outline_of
from configurator.domain.recipe import numbered
from configurator.domain.samples import BAG_LENGTH, BAG_WIDTH
from configurator.domain.seeded import stream

WINDOW_LENGTH: Final[TenthMm] = 370
WINDOW_WIDTH: Final[TenthMm] = 290
WINDOW_BELOW_MIDDLE: Final[TenthMm] = 88

_IN_A_ROW: Final = 4
_BETWEEN_ROWS: Final[TenthMm] = 60
_ONE_ROW_UP_TO: Final = 3
_MOST_IN_WINDOW: Final = 60
# A sequence without clumps in the plane: fractions of 2^16 near 0.7549 and 0.5698.
_ALONG, _DOWN, _WHOLE = 49_472, 37_345, 65_536


class Bag(NamedTuple):
    number: int
    """As every paper of the box calls it."""
    x: TenthMm
    y: TenthMm
    """Its middle, from the box's upper left corner."""


class Shown(NamedTuple):
    """A sprite, with what the scene's pieces say of themselves."""

    module: str
    slot: str
    x: TenthMm
    y: TenthMm
    turn: int
    variant: int
    pieces: int
    size: int
    nth: int


def bags_in(count: int, family: Family) -> tuple[Bag, ...]:
    """In one row or two, the fuller one behind, each row in the middle of the box."""
    upper = count if count <= _ONE_ROW_UP_TO else min(_IN_A_ROW, (count + 1) // 2)
    rows = [upper, count - upper] if count > upper else [upper]
    top = (family.width - len(rows) * BAG_WIDTH - (len(rows) - 1) * _BETWEEN_ROWS) // 2
    return tuple(
        Bag(
            sum(rows[:row]) + place + 1,
            (place + 1) * _gap(in_row, family) + place * BAG_LENGTH + BAG_LENGTH // 2,
            top + row * (BAG_WIDTH + _BETWEEN_ROWS) + BAG_WIDTH // 2,
        )
        for row, in_row in enumerate(rows)
        for place in range(in_row)
    )


def _gap(in_row: int, family: Family) -> TenthMm:
    return (family.length - in_row * BAG_LENGTH) // (in_row + 1)


def shown(design: Design, family: Family) -> Iterator[Shown]:
    """In painting order, bag by bag."""
    numbers = numbered(design, family)
    bags = bags_in(len(numbers), family)
    for place, number in numbers.items():
        yield from _in_window(*place, bags[number - 1], design, family)


def look_of(count: int, family: Family) -> str:
    """Names the body that shows so many bags."""
    return f"{family.key}-{count}"


def _in_window(slot: str, key: str, bag: Bag, design: Design, family: Family) -> Iterator[Shown]:
    """A heap behind the window: pieces may lie on each other, none reaches over the edge."""
    module = family.modules[key]
    choice = next(choice for choice in design.in_slot(slot) if choice.module == key)
    helped = helping(choice, module)
    numbers = stream(family.key, key, design.seed)
    for index, count in enumerate(helped.counts[:_MOST_IN_WINDOW]):
        number = numbers.at(index)
        across, down = _reach(module, count, helped.size, family)
        yield Shown(
            key,
            slot,
            bag.x + _spread(index * _ALONG + number % 9_000, WINDOW_LENGTH - across),
            bag.y
            + WINDOW_BELOW_MIDDLE
            + _spread(index * _DOWN + number // 9_000 % 9_000, WINDOW_WIDTH - down),
            (number >> 32) % TURNS * TURN_STEP,
            number >> 48,
            count,
            helped.size,
            index,
        )


def _reach(module: Module, count: int, size: int, family: Family) -> tuple[TenthMm, TenthMm]:
    """Of a piece however it is turned."""
    outline = outline_of(module, count, family.length, family.width, size)
    widest = max(outline.length, outline.width)
    return widest, widest


def _spread(number: int, room: TenthMm) -> TenthMm:
    """Somewhere in the room, from its middle."""
    return number % _WHOLE * max(0, room) // _WHOLE - max(0, room) // 2
