"""Where one more piece of an outline may lie, kept up to date while its like are laid."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from configurator.domain.family import TenthMm
from configurator.domain.footprints import TURN_STEP, TURNS, Outline, footprint_of
from configurator.domain.letters import Point
from configurator.domain.room import Room, blocked, nearest_bit
from configurator.domain.seeded import FRACTION, FRACTION_BITS
from configurator.domain.ways import Find, Stamp, Ways, firm, found_by, stamp, ways

_SEARCHED_TURNS = (0, 45, 90, 135)


class Vacancy:
    def __init__(self, room: Room, outline: Outline, taken: int, inset: TenthMm) -> None:
        self.room = room
        self.ways: Ways = ways(room, outline, firm(outline).grown(-2 * inset))
        self.taken = taken
        self._free: dict[int, int] = {}
        """By turn the centres from which a piece touches nothing, for turns that have been searched."""
        self._no_fits: dict[tuple[int, int], Stamp] = {}

    def has(self, place: Find) -> bool:
        way = self.ways.at(place.turn // TURN_STEP)
        is_inside = place.bit >= 0 and way.inside >> place.bit & 1
        return bool(is_inside) and not self.taken >> place.bit - way.probe_before & way.probe

    def first_free(self, numbers: Sequence[int], near: int) -> Find | None:
        """The first of these seeded places on which the piece touches nothing, and is near to none of its like."""
        known, at, taken = self.ways.known, self.ways.at, self.taken
        stride, is_anywhere = self.room.stride, self.ways.is_anywhere
        for number in numbers:
            step = number % TURNS
            first, columns, rows, inside, probe, before, _, _ = known[step] or at(step)
            # As seeded.cell_of has it; written out, because this is asked some hundred times a bar.
            row, column = rows * (number >> 28 & FRACTION), columns * (number >> 8 & FRACTION)
            bit = first + (row >> FRACTION_BITS) * stride + (column >> FRACTION_BITS)
            if near >> bit & 1 or taken >> bit - before & probe:
                continue
            if is_anywhere or inside >> bit & 1:
                return found_by(bit, number)
        return None

    def nearest(
        self, wanted: Find, *, near: int = 0, within: TenthMm = 10_000, point: Point | None = None
    ) -> Find | None:
        """The place next to the wanted one, in its turn or else in another."""
        for turn in self._turns(wanted.turn):
            free = self._free_at(turn)
            if near:
                free ^= free & near
            bit = nearest_bit(self.room, free, wanted.bit, within=within, point=point) if free else None
            if bit is not None:
                return Find(bit, turn, wanted.variant)
        return None

    def note(self, place: Find) -> int:
        """A piece of this outline has been laid there: the ground it covers."""
        bit, turn, _ = place
        way = self.ways.at(turn // TURN_STEP)
        covered = way.cover << bit - way.cover_before
        self.taken |= covered
        for searched, free in self._free.items():
            cells, before = self._no_fit(turn, searched)
            shut = cells << bit - before if bit >= before else cells >> before - bit
            self._free[searched] = free ^ (free & shut)
        return covered

    def _turns(self, turn: int) -> tuple[int, ...]:
        """Its own, then three others; few, because what is known of each is worth keeping."""
        if self.ways.fits.turns == 1:
            return (turn,)
        nearest = (turn + 22) // 45 * 45
        return tuple((nearest + step) % 180 for step in _SEARCHED_TURNS)

    def _free_at(self, turn: int) -> int:
        turn = turn % 180 if self.ways.fits.turns > 1 else 0
        free = self._free.get(turn)
        if free is None:
            inside, stride = self.ways.fits.at(turn).inside, self.room.stride
            touching = blocked(self.taken, footprint_of(self.ways.probe, turn, stride), stride)
            free = self._free[turn] = inside ^ (inside & touching)
        return free

    def _no_fit(self, laid_turn: int, turn: int) -> Stamp:
        known = self._no_fits.get((laid_turn, turn))
        if known is None:
            known = _no_fit(self.ways.firm, laid_turn % 180, self.ways.probe, turn, self.room.stride)
            self._no_fits[laid_turn, turn] = known
        return known


@lru_cache(maxsize=2048)
def _no_fit(laid: Outline, laid_turn: int, probe: Outline, turn: int, stride: int) -> Stamp:
    """The centres around a laid piece from which another would touch it."""
    there, here = footprint_of(laid, laid_turn, stride), footprint_of(probe, turn, stride)
    cells, before = stamp(there, stride)
    margin = (here.half + 1) * (stride + 1)
    return blocked(cells << margin, here, stride), before + margin
