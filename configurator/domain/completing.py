"""Whether a bar can still be finished by adding alone, and how: an exact, bounded search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import count
from operator import or_
from typing import Final

from configurator.domain.design import Design
from configurator.domain.family import Milligrams
from configurator.domain.in_the_making import Standing, standing
from configurator.domain.module_seats import Decision, Seat, SeatSet
from configurator.domain.rulebook import Rulebook
from configurator.domain.rules import Needs

MOST_STEPS: Final = 20_000
"""No catalogue that passes the lint comes near; beyond it a module is not offered, which is always safe."""


@dataclass(frozen=True, slots=True)
class Burden:
    """What a module that meets no debt takes away from those that do, beside its place."""

    mg: Milligrams
    foes: SeatSet
    loads: Mapping[int, int]
    """Cap → what it uses up of it."""

    def is_heavier_than(self, other: Burden) -> bool:
        """Or as heavy: where the other leads nowhere, this does not either."""
        return (
            self.mg >= other.mg
            and not other.foes & ~self.foes
            and all(self.loads.get(cap, 0) >= load for cap, load in other.loads.items())
        )


class Search:
    """Finds finished bars that hold the standing, and remembers what leads nowhere.

    Whatever holds more than something that leads nowhere leads nowhere either.
    """

    def __init__(self, start: Standing) -> None:
        self.start = start
        self.found: list[Standing] = []
        """Finished bars: most modules fit into one of them, so that little is searched."""
        self._fit: SeatSet = 0
        """What is in one of them, or fits into it but for what it needs."""
        self.known_open: SeatSet = 0
        self.known_shut: SeatSet = ~start.admitted
        self._hopeless: set[SeatSet] = set()
        self._ways = [debt & start.admitted for debt, _wanted in _debts(start)]
        """How each debt could be met, if there were no others."""
        self._ghosts = count(len(start.book.sets.by_bit))
        self._room: dict[tuple[str, ...], tuple[Milligrams, Milligrams]] = {}
        """Slots → what is known to find room there beside all that is owed, and what is not."""
        self._refused: dict[str, list[Burden]] = defaultdict(list)
        """Slot → what has been tried there and helps nothing, yet takes too much."""
        self._steps = MOST_STEPS

    def finished(self) -> Standing | None:
        if not self.found and (finished := self._finished(self.start, 0)):
            self._keep(finished)
        return self.found[0] if self.found else None

    def _keep(self, finished: Standing) -> None:
        self.found.append(finished)
        self._fit |= finished.admitted | finished.seats_added
        self.known_open |= finished.seats_added | finished.admitted & ~finished.book.sets.needing
        for seat, _mg in finished.added:
            if seat.is_base:
                self.known_open |= self._in_its_place(seat, finished)

    def leads_on(self, seat: Seat) -> bool:
        """Whether the standing can be finished with the module."""
        if self.known_open & seat.bit:
            return True
        if self.known_shut & seat.bit:
            return False
        if self._leads_on(seat):
            self.known_open |= seat.bit
            return True
        self.known_shut |= seat.bit
        return False

    def _leads_on(self, seat: Seat) -> bool:
        if self._fit & seat.bit:
            for bar in self.found:
                if bar.admitted & seat.bit and _has_way_for(bar, seat):
                    return True
        return self._searched_with(seat) is not None

    def finished_with(self, seat: Seat) -> Standing | None:
        """A finished bar that holds the module, which the standing admits, or that still admits it."""
        if self._fit & seat.bit:
            for finished in self.found:
                if _suits(finished, seat):
                    return finished
        return self._searched_with(seat)

    def _searched_with(self, seat: Seat) -> Standing | None:
        helps = bool(seat.bit & self._helping)
        if not helps and not self._has_room(seat.least_mg, seat.decision.slot):
            self.known_shut |= self._as_heavy(seat)
            return None
        if not self.start.meets(seat.needs):
            return self._trying(seat) if self._may_be_met(seat) else None
        if not helps and self._is_refused(seat):
            return None
        return self._found_with(seat)

    def _found_with(self, seat: Seat) -> Standing | None:
        finished = self._trying(seat)
        helps = seat.bit & self._helping
        if finished:
            self._keep(finished if helps else self._without(seat, finished))
        elif not helps:
            self._refused[seat.slot.key].append(self._burden(seat))
        return finished

    def _in_its_place(self, seat: Seat, finished: Standing) -> SeatSet:
        """What else would finish that bar, unless it needs something."""
        bare = self._without(seat, finished)
        able = bare.admitted & ~bare.book.sets.needing
        for debt, _wanted in _debts(bare):
            able &= debt
        return able

    def _without(self, seat: Seat, finished: Standing) -> Standing:
        """What helps nothing can go again, and leaves its place to the next one that is asked about."""
        bare = self.start
        for other, mg in finished.added:
            bare = bare if other is seat else bare.adding(other, mg)
        return bare

    def _trying(self, seat: Seat) -> Standing | None:
        if _closes(seat, self._ways, self.start):
            return None
        return self._finished(self.start.adding(seat, seat.least_mg), 0)

    # ── What helps nothing, and takes too much ───────────────────────────────────────────────────

    def _has_room(self, mg: Milligrams, *slots: str) -> bool:
        """For something in each of the slots, so heavy together, that stands in nobody's way."""
        least, most = self._room.get(slots, (-1, self.start.book.family.net_mg))
        if least < mg < most:
            has_room = self._is_room_left(mg, slots) or self._finished_with_ghosts(mg, slots)
            least, most = (mg, most) if has_room else (least, mg)
            self._room[slots] = least, most
        return mg <= least

    def _is_room_left(self, mg: Milligrams, slots: tuple[str, ...]) -> bool:
        """In a bar that is finished already."""
        for bar in self.found:
            if bar.room_mg >= mg and all(bar.free_in(slot) >= slots.count(slot) for slot in slots):
                return True
        return False

    def _as_heavy(self, seat: Seat) -> SeatSet:
        """All in the same slot that take as much room, and help nothing either."""
        sets = self.start.book.sets
        return sets.of_slot[seat.slot.key] & sets.by_mg.beyond(seat.least_mg - 1) & ~self._helping

    @cached_property
    def _helping(self) -> SeatSet:
        """Everything that could be added to meet a debt, or to meet what that would need."""
        debts = [debt for debt, _wanted in _debts(self.start)]
        return reduce(or_, map(self.start.book.helping, debts), 0)

    def _finished_with_ghosts(self, mg: Milligrams, slots: tuple[str, ...]) -> bool:
        here = self.start
        for slot in slots:
            ghost = self._ghost(slot)
            if here.taken[slot] >= ghost.slot.maximum or here.room_mg < mg:
                return False
            here = here.adding(ghost, mg)
            mg = 0
        return self._finished(here, 0) is not None

    def _is_refused(self, seat: Seat) -> bool:
        refused = self._refused[seat.slot.key]
        return bool(refused) and any(map(self._burden(seat).is_heavier_than, refused))

    def _ghost(self, slot: str) -> Seat:
        """Takes a place and its mass, and stands in nobody's way: a thought, not a module."""
        book = self.start.book
        decision, bit = Decision(slot, ""), 1 << next(self._ghosts)
        seat = replace(book.seats[slot][0], bit=bit, decision=decision)
        return replace(seat, foes=frozenset(), needs=(), caps=(), least_loads=())

    def _burden(self, seat: Seat) -> Burden:
        book = self.start.book
        loads = {
            cap.index: load
            for cap, load in seat.least_loads
            if not cap.modules or book.sets.by_load[cap.index].above[0] & self._helping
        }
        return Burden(seat.least_mg, book.refused_beside(seat.decision.module) & self._helping, loads)

    # ── What needs something ─────────────────────────────────────────────────────────────────────

    def _may_be_met(self, seat: Seat) -> bool:
        """By something that the bar will hold anyway, or that finds a place beside the seat."""
        beside = self.start.admitted_beside(seat) & ~self.known_shut
        return all(self._may_meet(need, seat, beside) for need in seat.needs)

    def _may_meet(self, need: Needs, seat: Seat, beside: SeatSet) -> bool:
        book = self.start.book
        if not self.start.present.isdisjoint(need.one_of):
            return True
        able = book.meeting(need) & beside
        # What helps takes no place of its own: the rooms are for things that come on top.
        if able and (able | seat.bit) & self._helping:
            return True
        for slot, seats in book.sets.of_slot.items():
            others = able & seats
            if others:
                mg = seat.least_mg + book.sets.lightest(others).least_mg
                if self._has_room(mg, *_in_order(seat.decision.slot, slot)):
                    return True
        return False

    # ── The search ───────────────────────────────────────────────────────────────────────────────

    def _finished(self, here: Standing, passed: SeatSet) -> Standing | None:
        if here.is_complete:
            return here
        tried = self._steps <= 0 or here.seats_added in self._hopeless
        ways = [] if tried else _ways(here, passed)
        self._steps -= 1
        # Of the debt that has the fewest ways, those first that owe and weigh least.
        for seat in here.book.sets.seats(ways[0] if ways else 0):
            if _closes(seat, ways, here):
                continue
            finished = self._finished(here.adding(seat, seat.least_mg), passed)
            if finished:
                return finished
            # Nothing can be finished with it from here, so no other way needs to try it again.
            passed |= seat.bit
        if self._steps > 0:
            self._hopeless.add(here.seats_added)
        return None


def _in_order(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _closes(seat: Seat, ways: Iterable[SeatSet], here: Standing) -> bool:
    """Whether it leaves a debt that it does not meet without a way, which can be seen at once."""
    left = here.admitted_beside(seat) | seat.bit
    return not all(map(left.__and__, ways))


def _suits(finished: Standing, seat: Seat) -> bool:
    if finished.seats_added & seat.bit:
        return True
    return finished.admits(seat) and finished.meets(seat.needs)


def _has_way_for(finished: Standing, seat: Seat) -> bool:
    """Whether it fits into the finished bar that admits it, together with something that it needs."""
    unmet = [need for need in seat.needs if finished.present.isdisjoint(need.one_of)]
    if not unmet:
        return True
    able = finished.admitted_beside(seat) & ~finished.book.sets.needing
    for need in unmet:
        able &= finished.book.meeting(need)
    return any(finished.bears_both(seat, other) for other in finished.book.sets.seats(able))


def completion(start: Standing) -> Standing | None:
    """The bar with all it owes, each addition in its smallest dose; None when there is no such bar."""
    return start if start.is_complete else Search(start).finished()


def forgiving(start: Standing) -> Search:
    """Of bars that owe only what can be met: what never can was not caused by what is chosen next."""
    search = Search(start)
    if search.finished():
        return search
    kept = start.owing_only()
    for slot in start.short:
        longer = start.owing_only(short=(*kept.short, slot))
        kept = longer if completion(longer) else kept
    for need in start.needs:
        longer = start.owing_only(needs=(*kept.needs, need), short=kept.short)
        kept = longer if completion(longer) else kept
    search = Search(kept)
    search.finished()
    return search


def finished(design: Design, book: Rulebook) -> Design | None:
    """The design with all that it still owes, but for a name; None when adding alone cannot do it."""
    whole = completion(standing(design, book))
    for seat, mg in whole.added if whole else ():
        key = seat.module.key
        design = design.on_base(key) if seat.is_base else design.adding(key, seat.slot.key, mg)
    return design if whole else None


def _ways(here: Standing, passed: SeatSet) -> list[SeatSet]:
    """How each debt can be met, the fewest ways first; none at all when they cannot all be."""
    ways = []
    for debt, wanted in _debts(here):
        able = debt & here.admitted & ~passed
        if able.bit_count() < wanted:
            return []
        ways.append(able)
    ways.sort(key=int.bit_count)
    return ways if _have_room(ways, here) else []


def _debts(here: Standing) -> Iterator[tuple[SeatSet, int]]:
    """Those who could meet each, and how many of them it takes."""
    for slot in here.short:
        yield here.book.sets.of_slot[slot.key], max(1, slot.minimum - here.taken[slot.key])
    for need in here.needs:
        yield here.book.meeting(need), 1


def _have_room(ways: list[SeatSet], here: Standing) -> bool:
    """Debts that have no way in common take a place each, and the mass of their lightest way."""
    sets, free_places, room_mg = here.book.sets, here.free_places, max(0, here.room_mg)
    if len(ways) <= free_places and len(ways) * sets.heaviest_mg <= room_mg:
        return True
    met = places = mg = 0
    for able in ways:
        if not met & able:
            met |= able
            places += 1
            mg += sets.lightest(able).least_mg
    return places <= free_places and mg <= room_mg
