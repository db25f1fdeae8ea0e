"""Find a place for each piece: spaced from its like, clear of the others, inside the bar.

The bar is a board of square millimetres held in one whole number, a bit for each: whether a piece
would lie on others is a shift and an AND, exact on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import isqrt
from typing import TypeAlias

from configurator.domain.family import TenthMm
from configurator.domain.footprints import CELL, TURN_STEP, TURNS, Footprint, Outline, Spot, footprint_of
from configurator.domain.room import PAD, RIM, Fits, Room, blocked, nearest_bit, shifted
from configurator.domain.seating import Seat
from configurator.domain.seeded import Stream

_CANDIDATES = 6
_CROWDING = 45
"""Square millimetres on a nut that a pinch accepts rather than to lie beside another pinch."""
_SMALL: TenthMm = 50
"""Below this width a square millimetre is coarse, and pieces keep one more apart."""
_SEARCHED_TURNS = (0, 45, 90, 135)

_Candidate: TypeAlias = tuple[int, int]
"""The bit of a centre, and the number that decides turn and individual."""
_Stamp: TypeAlias = tuple[int, int]
"""The cells that are covered, and from the centre back to the first of them."""


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
        self._occupied |= _under(_firm(outline), spot, self.room)

    def avoid(self, outline: Outline, spot: Spot) -> None:
        """Later pieces lie beside this while there is room."""
        self._avoided |= _under(outline, spot, self.room)

    def has_place(self, outline: Outline, spot: Spot) -> bool:
        """Whether a piece may lie just there, touching others by no more than a sliver."""
        inset = min(self._bite, _bite(outline))
        probe = _firm(outline).grown(-2 * inset)
        return self.room.takes(outline, spot.turn, spot.x, spot.y) and not (
            self._occupied & _under(probe, spot, self.room)
        )

    def scatter(
        self, outline: Outline, count: int, stream: Stream, *, room: Room | None = None, start: int = 0
    ) -> Iterator[Spot]:
        """Pieces that lie on the chocolate, each on its own place: as many as there are places.

        A piece's candidates depend on its number alone, so that another topping moves only the
        pieces it would lie on.
        """
        room = room or self.room
        stages = self._stages(outline, room, _circle(room, start + count))
        stage = next(stages)
        self._claim(outline)
        for index in range(start, start + count):
            found = stage.place(stream, index)
            while found is None:
                following = next(stages, None)
                if following is None:
                    return
                stage = following
                found = stage.place(stream, index)
            self._occupied |= stage.note(found)
            yield found

    def seat(
        self, outline: Outline, seats: Iterable[Seat], stream: Stream, within: TenthMm
    ) -> Iterator[Spot]:
        """Pieces on the seats of a pattern; one whose seat is taken lies as near to it as it may."""
        vacancy = self._vacancy(outline)
        late = []
        for index, seat in enumerate(seats):
            spot = seat.spot(self.room, stream.at(index) >> 48)
            if vacancy.has(spot):
                yield self._taken(outline, spot, vacancy)
            else:
                late.append(spot)
        for spot in late:
            found = vacancy.nearest(spot, within=within)
            if found is not None:
                yield self._taken(outline, found, vacancy)

    def nearest(self, outline: Outline, spot: Spot) -> Iterator[Spot]:
        """Places near to where a piece should lie, clearer and clearer of the others."""
        for inset in (min(self._bite, _bite(outline)), 0, -CELL):
            found = _Vacancy(self.room, outline, self._occupied, inset).nearest(spot)
            if found is not None:
                yield found

    def sprinkle(
        self,
        outline: Outline,
        count: int,
        stream: Stream,
        *,
        room: Room | None = None,
        covering: bool = False,
    ) -> Iterator[Spot]:
        """Pinches that may fall on each other and on a nut, but rather fall between."""
        room = room or self.room
        circle, near = _circle(room, count), 0
        fits, probes = room.fits(outline), _stamps(outline, room.stride)
        for index in range(count):
            bit, number = self._clearest(probes, _candidates(room, fits, stream, index), near)
            spot = _spot(room, bit, number)
            if covering:
                self.cover(outline, spot)
            near |= _centred(circle, bit, room.stride)
            yield spot

    def _clearest(self, probes: _Stamps, candidates: Iterable[_Candidate], near: int) -> _Candidate:
        taken = self._occupied | self._avoided
        least, clearest = 10**9, None
        for candidate in candidates:
            bit, number = candidate
            cost = _CROWDING if near >> bit & 1 else 0
            if taken:
                bits, corner = probes.at(_turn(number))
                cost += (shifted(taken, corner - bit) & bits).bit_count()
            if cost < least:
                least, clearest = cost, candidate
                if not cost:
                    break
        assert clearest is not None
        return clearest

    def _taken(self, outline: Outline, spot: Spot, vacancy: _Vacancy) -> Spot:
        self._claim(outline)
        self._occupied |= vacancy.note(spot)
        return spot

    def _claim(self, outline: Outline) -> None:
        self._bite = min(self._bite, _bite(outline))

    def _stages(self, outline: Outline, room: Room, circle: Footprint) -> Iterator[_Stage]:
        """From lying freely to touching: what a crowded bar asks for, step by step."""
        if self._avoided:
            yield _Stage(_Vacancy(room, outline, self._occupied | self._avoided, 0), circle)
        free = _Stage(_Vacancy(room, outline, self._occupied, 0), circle)
        yield free
        yield _Stage(free.vacancy, None)
        yield _Stage(self._vacancy(outline, room), None)

    def _vacancy(self, outline: Outline, room: Room | None = None) -> _Vacancy:
        return _Vacancy(room or self.room, outline, self._occupied, min(self._bite, _bite(outline)))


class _Vacancy:
    """Where one more piece of an outline may lie, kept up to date while its like are laid."""

    def __init__(self, room: Room, outline: Outline, occupied: int, inset: TenthMm) -> None:
        self.room, self.outline = room, outline
        self.fits = room.fits(outline)
        self._occupied = occupied
        self._firm = _firm(outline)
        self._probe = self._firm.grown(-2 * inset)
        self._covers = _stamps(self._firm, room.stride)
        self._probes = _stamps(self._probe, room.stride)
        self._no_fits: dict[tuple[int, int], tuple[int, int]] = {}
        self._touched: dict[int, int] = {}

    def has(self, spot: Spot) -> bool:
        bit = self.room.bit(spot.x, spot.y)
        return bool(self.fits.at(spot.turn).inside >> bit & 1) and self.is_free(bit, spot.turn)

    def is_free(self, bit: int, turn: int) -> bool:
        bits, corner = self._probes.at(turn)
        return not shifted(self._occupied, corner - bit) & bits

    def nearest(self, spot: Spot, near: int = 0, within: TenthMm = 10_000) -> Spot | None:
        """The place next to the wanted one, in its turn or else in another."""
        for turn in self._turns(spot.turn):
            free = self.fits.at(turn).inside & ~self._touching(turn)
            if near:
                free &= ~near
            bit = nearest_bit(self.room, free, spot.x, spot.y, within) if free else None
            if bit is not None:
                return Spot(*self.room.centre(bit), turn, spot.variant)
        return None

    def note(self, spot: Spot) -> int:
        """A piece of this outline has been laid there: the ground it covers."""
        bit = self.room.bit(spot.x, spot.y)
        bits, corner = self._covers.at(spot.turn)
        covered = shifted(bits, bit - corner)
        self._occupied |= covered
        for turn in self._touched:
            bits, corner = self._no_fit(spot.turn, turn)
            self._touched[turn] |= shifted(bits, bit - corner)
        return covered

    def _no_fit(self, laid_turn: int, turn: int) -> tuple[int, int]:
        known = self._no_fits.get((laid_turn, turn))
        if known is None:
            known = _no_fit(self._firm, laid_turn % 180, self._probe, turn, self.room.stride)
            self._no_fits[laid_turn, turn] = known
        return known

    def _turns(self, turn: int) -> tuple[int, ...]:
        """Its own, then three others; few, because what is known of each is worth keeping."""
        if self.fits.turns == 1:
            return (turn,)
        nearest = (turn + 22) // 45 * 45
        return tuple((nearest + step) % 180 for step in _SEARCHED_TURNS)

    def _touching(self, turn: int) -> int:
        turn = turn % 180 if self.fits.turns > 1 else 0
        if turn not in self._touched:
            probe = footprint_of(self._probe, turn, self.room.stride)
            self._touched[turn] = blocked(self._occupied, probe, self.room.stride)
        return self._touched[turn]


class _Stage:
    """How closely pieces may lie; with a circle, how far from their like."""

    def __init__(self, vacancy: _Vacancy, circle: Footprint | None) -> None:
        self.vacancy, self._circle, self._near = vacancy, circle, 0

    def place(self, stream: Stream, index: int) -> Spot | None:
        """The first of the piece's candidates that is free, else the free place next to its first."""
        vacancy, near = self.vacancy, self._near
        # Where it is crowded chance rarely finds a gap, and looking for it is quicker.
        most = _CANDIDATES if self._circle is not None else 2
        wanted = None
        for candidate in _candidates(vacancy.room, vacancy.fits, stream, index, most):
            bit, number = candidate
            if not near >> bit & 1 and vacancy.is_free(bit, _turn(number)):
                return _spot(vacancy.room, bit, number)
            wanted = wanted or candidate
        assert wanted is not None
        return vacancy.nearest(_spot(vacancy.room, *wanted), near)

    def note(self, spot: Spot) -> int:
        room = self.vacancy.room
        if self._circle is not None:
            self._near |= _centred(self._circle, room.bit(spot.x, spot.y), room.stride)
        return self.vacancy.note(spot)


def _candidates(
    room: Room, fits: Fits, stream: Stream, index: int, most: int = _CANDIDATES
) -> Iterator[_Candidate]:
    """Seeded places for the piece of that number, all inside; at least one."""
    is_oblong, stride, found = room.outline == "oblong", room.stride, False
    for place in range(index * _CANDIDATES, index * _CANDIDATES + most):
        number = stream.at(place)
        places = fits.at(_turn(number))
        column = places.left + (places.columns * (number >> 8 & 0xFFFFF) >> 20)
        row = places.top + (places.rows * (number >> 28 & 0xFFFFF) >> 20)
        bit = (row + PAD) * stride + column
        if is_oblong or places.inside >> bit & 1:
            found = True
            yield bit, number
    if not found:
        nearest = nearest_bit(room, places.inside, column * CELL, row * CELL)
        yield bit if nearest is None else nearest, number


def _turn(number: int) -> int:
    return number % TURNS * TURN_STEP


def _spot(room: Room, bit: int, number: int) -> Spot:
    return Spot(*room.centre(bit), _turn(number), number >> 48)


class _Stamps:
    """The ground under an outline for each turn, worked out when it is asked for."""

    def __init__(self, outline: Outline, stride: int) -> None:
        self._outline, self._stride = outline, stride
        self._known: list[_Stamp | None] = [None] * TURNS

    def at(self, turn: int) -> _Stamp:
        step = turn // TURN_STEP
        stamp = self._known[step]
        if stamp is None:
            footprint = footprint_of(self._outline, turn, self._stride)
            stamp = self._known[step] = footprint.bits, footprint.half * (self._stride + 1)
        return stamp


@lru_cache(maxsize=1024)
def _stamps(outline: Outline, stride: int) -> _Stamps:
    return _Stamps(outline, stride)


def _under(outline: Outline, spot: Spot, room: Room) -> int:
    return _centred(footprint_of(outline, spot.turn, room.stride), room.bit(spot.x, spot.y), room.stride)


def _centred(footprint: Footprint, bit: int, stride: int) -> int:
    return shifted(footprint.bits, bit - footprint.half * (stride + 1))


@lru_cache(maxsize=2048)
def _no_fit(laid: Outline, laid_turn: int, probe: Outline, turn: int, stride: int) -> tuple[int, int]:
    """The centres around a laid piece from which another would touch it, and their corner."""
    there, here = footprint_of(laid, laid_turn, stride), footprint_of(probe, turn, stride)
    corner = (there.half + here.half + 1) * (stride + 1)
    return blocked(_centred(there, corner, stride), here, stride), corner


def _firm(outline: Outline) -> Outline:
    return outline.grown(CELL) if min(outline.length, outline.width) < _SMALL else outline


def _bite(outline: Outline) -> TenthMm:
    """How far another outline may reach into this one: a tenth of its area, less what rastering hides."""
    thin = min(outline.length, outline.width)
    return max(0, thin * (13 if outline.square else 20) // 100 - 6)


def _circle(room: Room, count: int) -> Footprint:
    across = 2 * CELL * _spacing(room, count)
    return footprint_of(Outline(across, across), 0, room.stride)


def _spacing(room: Room, count: int) -> int:
    """Millimetres between the centres of like pieces: in rough steps, so that a few grams
    more do not move the pieces that lie there already."""
    area = (room.last - room.first) * (room.width - 2 * RIM)
    if room.outline == "heart":
        area = area * 7 // 10
    wanted = isqrt(area // (100 * max(1, count)) * 60 // 100)
    return max((step for step in (3, 4, 5, 6, 8, 10, 13, 17, 22, 28, 36) if step <= wanted), default=2)
