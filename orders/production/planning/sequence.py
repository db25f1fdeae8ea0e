"""In which order the kinds of one day follow one another with the least set-up.

The shortest path through all of them. It begins with the order of the wheel; one to four neighbours are taken
out and put in where they cost least, until nothing gains any more. Then two stretches are exchanged by
seeded chance and the same is tried from there, so that a good order is not taken for the best. Never longer
than the wheel, always the same for the same kinds.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from configurator.domain.seeded import Stream
from orders.production.planning.changeovers import SetUps
from orders.production.planning.values import MINUTE, Kind, Left, Seconds

LONGEST_BLOCK: Final = 4
LONGEST_EXCHANGE: Final = 15
EXCHANGES: Final = 400
A_LITTLE_MORE: Final[Seconds] = 3 * MINUTE
"""An exchange may cost so much more than the best, for the next one may gain it back."""
FEWEST: Final = 6
"""Of so few no exchange finds what blocks do not."""
Order: TypeAlias = list[int]
"""Numbers of kinds, from 1; 0 stands before the first, for the beginning of the day."""
Table: TypeAlias = list[list[Seconds]]


def sequence(
    kinds: Iterable[Kind], set_ups: SetUps, *, left: Left | None = None, exchanges: int = EXCHANGES
) -> tuple[Kind, ...]:
    return improved(set_ups.wheel(kinds), set_ups, left=left, exchanges=exchanges)


def improved(
    path: Sequence[Kind],
    set_ups: SetUps,
    *,
    left: Left | None = None,
    fixed: Collection[Kind] = (),
    exchanges: int = 0,
) -> tuple[Kind, ...]:
    """The fixed ones stay, and others move around them."""
    table = _table(path, set_ups, left)
    held = frozenset(number for number, kind in enumerate(path, start=1) if kind in fixed)
    order = list(range(len(path) + 1))
    _put_in_better_places(order, order[1:], table, held)
    if exchanges and len(path) >= FEWEST and not held:
        order = _best_after_exchanges(order, table, exchanges)
    return tuple(path[number - 1] for number in order[1:])


def _table(path: Sequence[Kind], set_ups: SetUps, left: Left | None) -> Table:
    """From row to column; the last column is the end of the day, which costs nothing."""
    rows = [[0, *(set_ups.opening(left, kind) for kind in path), 0]]
    rows += [[0, *(set_ups.between(before, after) for after in path), 0] for before in path]
    return rows


def _best_after_exchanges(order: Order, table: Table, exchanges: int) -> Order:
    best, least = order, _seconds(order, table)
    for stream in map(Stream, range(exchanges)):
        if not least:
            break
        other, touched = _exchanged(order, stream)
        _put_in_better_places(other, touched, table, frozenset())
        seconds = _seconds(other, table)
        if seconds < least:
            best, least = other, seconds
        order = other if seconds <= least + A_LITTLE_MORE else best
    return best


def _exchanged(order: Order, dice: Stream) -> tuple[Order, list[int]]:
    """Two stretches that follow each other change places; the answer names those with a new neighbour."""
    first = 1 + dice.at(0) % (len(order) - 2)
    middle = first + 1 + dice.at(1) % min(LONGEST_EXCHANGE, len(order) - 1 - first)
    last = middle + 1 + dice.at(2) % min(LONGEST_EXCHANGE, len(order) - middle)
    other = order[:first] + order[middle:last] + order[first:middle] + order[last:]
    seams = {first - 1, first, first + last - middle - 1, first + last - middle, last - 1, last}
    return other, [other[seam] for seam in sorted(seams) if 0 < seam < len(other)]


def _put_in_better_places(order: Order, numbers: Sequence[int], table: Table, held: frozenset[int]) -> None:
    """Looks at blocks that begin or end with one of the numbers, and at whoever gets another neighbour by it."""
    asked = dict.fromkeys(number for number in numbers if number)
    while asked:
        number = next(iter(asked))
        del asked[number]
        asked.update(dict.fromkeys(_moved(order, number, table, held)))


def _moved(order: Order, number: int, table: Table, held: frozenset[int]) -> Iterator[int]:
    at, end = order.index(number), len(order)
    for first, last in _blocks(at, end):
        block, rest = order[first:last], order[:first] + order[last:]
        if held and not held.isdisjoint(block):
            continue
        place = _better_place(block, rest, first - 1, table, end)
        if place is not None:
            seams = (*rest[first - 1 : first + 1], block[0], block[-1], *rest[place : place + 2])
            order[:] = rest[: place + 1] + block + rest[place + 1 :]
            yield from filter(None, seams)
            return


def _blocks(at: int, end: int) -> Iterator[tuple[int, int]]:
    for length in range(1, LONGEST_BLOCK + 1):
        if at + length <= end:
            yield at, at + length
        if length > 1 and at + 1 - length >= 1:
            yield at + 1 - length, at + 1


def _better_place(block: Order, rest: Order, was: int, table: Table, end: int) -> int | None:
    """After which of the rest the block costs least, if that gains."""
    head, tail = block[0], table[block[-1]]
    more = [
        row[head] + tail[after] - row[after]
        for row, after in zip(map(table.__getitem__, rest), [*rest[1:], end], strict=True)
    ]
    least = min(more)
    return more.index(least) if least < more[was] else None


def _seconds(order: Order, table: Table) -> Seconds:
    return sum(table[before][after] for before, after in itertools.pairwise(order))
