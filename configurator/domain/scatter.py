"""Find a place for each piece: spaced from its like, clear of the others, inside the bar.

The bar is a board of square millimetres held in one whole number, a bit for each: whether a piece
would lie on others is a shift and an AND, exact on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isqrt

from configurator.domain.family import TenthMm
from configurator.domain.footprints import CELL, TURN_STEP, TURNS, Outline, Spot, footprint_of
from configurator.domain.room import RIM, Room, nearest_bit, shifted
from configurator.domain.seating import Seat
from configurator.domain.seeded import Row, Stream
from configurator.domain.vacancies import Vacancy
from configurator.domain.ways import Find, Stamp, Way, Ways, firm, found_by, stamp, ways

_CANDIDATES = 6
_AT_ONCE = 16
"""Pieces whose seeded numbers are worked out together."""
_CROWDING = 45
"""Square millimetres on a nut that a pinch accepts rather than to lie beside another pinch."""


class Board:
    """One layer of pieces, none of which lies on another by more than a sliver."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self._occupied = 0
        self._avoided = 0
        self._bite: TenthMm = 10_000

    def cover(self, outline: Outline, spot: Spot) -> None:
        """Something lies here; later pieces keep clear of it."""
        self._claim(outline)
        self._occupied |= _under(firm(outline), spot, self.room)

    def avoid(self, outline: Outline, spot: Spot) -> None:
        """Later pieces lie beside this while there is room."""
        self._avoided |= _under(outline, spot, self.room)

    def has_place(self, outline: Outline, spot: Spot) -> bool:
        """Whether a piece may lie just there, touching others by no more than a sliver."""
        inset = min(self._bite, _bite(outline))
        probe = firm(outline).grown(-2 * inset)
        return self.room.takes(outline, spot.turn, spot.x, spot.y) and not (
            self._occupied & _under(probe, spot, self.room)
        )

    def scatter(
        self, outline: Outline, count: int, stream: Stream, *, room: Room | None = None, start: int = 0
    ) -> list[Spot]:
        """Pieces that lie on the chocolate, each on its own place: as many as there are places.

        A piece's candidates depend on its number alone, so that another topping moves only the
        pieces it would lie on.
        """
        room = room or self.room
        stages = self._stages(outline, room, _circle(room, start + count))
        stage = next(stages)
        self._claim(outline)
        spots: list[Spot] = []
        for numbers in _draws(stream, start, count):
            found = stage.place(numbers)
            while found is None:
                following = next(stages, None)
                if following is None:
                    return spots
                stage = following
                found = stage.place(numbers)
            self._occupied |= stage.note(found)
            spots.append(_spot(*found, room.stride))
        return spots

    def seat(
        self, outline: Outline, seats: Iterable[Seat], stream: Stream, within: TenthMm
    ) -> Iterator[Spot]:
        """Pieces on the seats of a pattern; one whose seat is taken lies as near to it as it may."""
        vacancy = self._vacancy(outline)
        late = []
        for index, seat in enumerate(seats):
            place = Find(self.room.bit(seat.x, seat.y), seat.turn, stream.at(index) >> 48)
            if vacancy.has(place):
                yield self._taken(outline, place, vacancy)
            else:
                late.append(place)
        for place in late:
            found = vacancy.nearest(place, within=within)
            if found is not None:
                yield self._taken(outline, found, vacancy)

    def nearest(self, outline: Outline, spot: Spot) -> Iterator[Spot]:
        """Places near to where a piece should lie, clearer and clearer of the others."""
        wanted = Find(self.room.bit(spot.x, spot.y), spot.turn, spot.variant)
        for inset in (min(self._bite, _bite(outline)), 0, -CELL):
            vacancy = Vacancy(self.room, outline, self._occupied, inset)
            found = vacancy.nearest(wanted, point=(spot.x, spot.y))
            if found is not None:
                yield _spot(*found, self.room.stride)

    def sprinkle(
        self,
        across: TenthMm,
        count: int,
        stream: Stream,
        *,
        room: Room | None = None,
        covering: bool = False,
    ) -> list[Spot]:
        """Round pinches that may fall on each other and on a nut, but rather fall between."""
        room, pinch = room or self.room, Outline(across, across)
        way, (circle, middle) = ways(room, pinch, pinch).at(0), _circle(room, count)
        taken, near, is_oblong = self._occupied | self._avoided, 0, room.outline == "oblong"
        spots: list[Spot] = []
        for row in _rows(stream, 0, count):
            bits, numbers = row.cells(way.columns, way.rows, room.stride, way.first), row.numbers()
            for place in range(0, len(bits), _CANDIDATES):
                candidates = bits[place : place + _CANDIDATES]
                on_bar = candidates if is_oblong else _on_bar(candidates, way.inside, room)
                bit = _clearest(on_bar, way, taken, near)
                near |= shifted(circle, bit - middle)
                if covering:
                    taken |= way.cover << bit - way.cover_before
                number = numbers[place + (candidates.index(bit) if bit in candidates else _CANDIDATES - 1)]
                spots.append(_spot(bit, number % TURNS * TURN_STEP, number >> 48, room.stride))
        if covering:
            self._claim(pinch)
            self._occupied |= taken & ~self._avoided
        return spots

    def _taken(self, outline: Outline, place: Find, vacancy: Vacancy) -> Spot:
        self._claim(outline)
        self._occupied |= vacancy.note(place)
        return _spot(*place, self.room.stride)

    def _claim(self, outline: Outline) -> None:
        self._bite = min(self._bite, _bite(outline))

    def _stages(self, outline: Outline, room: Room, circle: Stamp) -> Iterator[_Stage]:
        """From lying freely to touching: what a crowded bar asks for, step by step."""
        if self._avoided:
            yield _Stage(Vacancy(room, outline, self._occupied | self._avoided, 0), circle)
        free = _Stage(Vacancy(room, outline, self._occupied, 0), circle)
        yield free
        yield _Stage(free.vacancy, None)
        yield _Stage(self._vacancy(outline, room), None)

    def _vacancy(self, outline: Outline, room: Room | None = None) -> Vacancy:
        return Vacancy(room or self.room, outline, self._occupied, min(self._bite, _bite(outline)))


class _Stage:
    """How closely pieces may lie; with a circle, how far from their like."""

    def __init__(self, vacancy: Vacancy, circle: Stamp | None) -> None:
        self.vacancy, self._circle, self._near = vacancy, circle, 0

    def place(self, numbers: Sequence[int]) -> Find | None:
        """The first of the piece's candidates that is free, else the free place next to its first."""
        # Where it is crowded chance rarely finds a gap, and looking for it is quicker.
        candidates = numbers if self._circle else numbers[:2]
        vacancy, near = self.vacancy, self._near
        found = vacancy.first_free(candidates, near)
        if found is None:
            wanted = _wanted(candidates, vacancy.ways)
            # The place next to candidates that are all beside a heart has not been tried yet.
            if not vacancy.ways.is_anywhere and not near >> wanted.bit & 1 and vacancy.has(wanted):
                return wanted
            found = vacancy.nearest(wanted, near=near)
        return found

    def note(self, place: Find) -> int:
        if self._circle:
            cells, before = self._circle
            self._near |= shifted(cells, place.bit - before)
        return self.vacancy.note(place)


def _on_bar(candidates: Sequence[int], inside: int, room: Room) -> Sequence[int]:
    """Those of the places that are on the bar, or the one next to the last of them."""
    return [bit for bit in candidates if inside >> bit & 1] or [_beside(candidates[-1], inside, room)]


def _clearest(candidates: Sequence[int], way: Way, taken: int, near: int) -> int:
    """From which of these places a pinch falls on least."""
    probe, before = way.probe, way.probe_before
    least, clearest = 10**9, -1
    for bit in candidates:
        cost = (taken >> bit - before & probe).bit_count()
        if cost < least and near >> bit & 1:
            cost += _CROWDING
        if cost < least:
            least, clearest = cost, bit
            if not cost:
                break
    return clearest


def _wanted(candidates: Sequence[int], known: Ways) -> Find:
    """The first of these that is on the bar, or the place next to the last of them."""
    for number in candidates:
        bit = known.centre(number)
        if known.is_anywhere or known.at(number % TURNS).inside >> bit & 1:
            return found_by(bit, number)
    return found_by(_beside(bit, known.at(number % TURNS).inside, known.room), number)


def _beside(bit: int, inside: int, room: Room) -> int:
    x, y = room.centre(bit)
    nearest = nearest_bit(room, inside, bit, point=(x - CELL // 2, y - CELL // 2))
    return bit if nearest is None else nearest


def _rows(stream: Stream, start: int, count: int) -> Iterator[Row]:
    """The numbers from which pieces get their candidates, those of some pieces at once."""
    for first in range(start, start + count, _AT_ONCE):
        pieces = min(_AT_ONCE, start + count - first)
        yield stream.row(first * _CANDIDATES, pieces * _CANDIDATES)


def _draws(stream: Stream, start: int, count: int) -> Iterator[tuple[int, ...]]:
    """The numbers of each piece."""
    for row in _rows(stream, start, count):
        numbers = row.numbers()
        for place in range(0, len(numbers), _CANDIDATES):
            yield numbers[place : place + _CANDIDATES]


def _spot(bit: int, turn: int, variant: int, stride: int) -> Spot:
    # Each piece asks for it, so what Room.centre has is written out.
    return Spot(bit % stride * CELL + CELL // 2, bit // stride * CELL + CELL // 2, turn, variant)


def _under(outline: Outline, spot: Spot, room: Room) -> int:
    footprint = footprint_of(outline, spot.turn, room.stride)
    return shifted(footprint.bits, room.bit(spot.x, spot.y) - footprint.half * (room.stride + 1))


def _bite(outline: Outline) -> TenthMm:
    """How far another outline may reach into this one: a tenth of its area, less what rastering hides."""
    thin = min(outline.length, outline.width)
    return max(0, thin * (13 if outline.square else 20) // 100 - 6)


def _circle(room: Room, count: int) -> Stamp:
    across = 2 * CELL * _spacing(room, count)
    return stamp(footprint_of(Outline(across, across), 0, room.stride), room.stride)


def _spacing(room: Room, count: int) -> int:
    """Millimetres between the centres of like pieces: in rough steps, so that a few grams
    more do not move the pieces that lie there already."""
    area = (room.last - room.first) * (room.width - 2 * RIM)
    if room.outline == "heart":
        area = area * 7 // 10
    wanted = isqrt(area // (100 * max(1, count)) * 60 // 100)
    return max((step for step in (3, 4, 5, 6, 8, 10, 13, 17, 22, 28, 36) if step <= wanted), default=2)
