"""Whether a bar can still be finished by adding alone, and how: an exact, bounded search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import count
from operator import or_
from typing import Final, TypeAlias

from configurator.domain.attempts import Attempt, State, attempt, debts
from configurator.domain.design import Design
from configurator.domain.family import Milligrams
from configurator.domain.in_the_making import Standing, standing
from configurator.domain.module_seats import Seat, SeatSet
from configurator.domain.rulebook import Rulebook

MOST_STEPS: Final = 20_000
"""No catalogue that passes the lint comes near; beyond it a module is not offered, which is always safe."""


Additions: TypeAlias = tuple[Seat, ...]
"""Each in its smallest dose."""


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
        self._attempt = attempt(start)
        self.found: list[Standing] = []
        """Finished bars: most modules fit into one of them, so that little is searched."""
        self._fit: SeatSet = 0
        """What is in one of them, or fits into it but for what it needs."""
        self.known_open: SeatSet = 0
        self.known_shut: SeatSet = start.book.sets.everyone ^ start.admitted
        self._hopeless: set[State] = set()
        self._signs = count(len(start.book.sets.by_bit))
        self._room: dict[tuple[str, ...], tuple[Milligrams, Milligrams]] = {}
        """Slots → what is known to find room there beside all that is owed, and what is not."""
        self._refused: dict[str, list[Burden]] = defaultdict(list)
        """Slot → what has been tried there and helps nothing, yet takes too much."""
        self._helping = reduce(or_, [start.book.helping(debt) for debt, _wanted in debts(start)], 0)
        """Everything that could be added to meet a debt, or to meet what that would need."""
        self._steps = MOST_STEPS

    def finished(self) -> Standing | None:
        if not self.found:
            added = self._finished(self._attempt)
            if added is not None:
                self._keep(self._with(added))
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
        here = self._attempt
        owed = here and here.owed_with(seat, here.left_beside(seat))
        if not owed:
            return owed is not None
        return self._searched_with(seat) is not None

    def finished_with(self, seat: Seat) -> Standing | None:
        """A finished bar that holds the module, which the standing admits, or that still admits it."""
        if self._fit & seat.bit:
            for finished in self.found:
                if _suits(finished, seat):
                    return finished
        added = self._searched_with(seat)
        return self._with(added) if added else None

    def _searched_with(self, seat: Seat) -> Additions | None:
        helps = bool(seat.bit & self._helping)
        if not helps and not self._has_room(seat.least_mg, seat.decision.slot):
            self.known_shut |= self._as_heavy(seat)
            return None
        if not self.start.meets(seat.needs):
            return self._trying(seat) if self._may_be_met(seat) else None
        if not helps and self._is_refused(seat):
            return None
        finished = self._trying(seat)
        if finished:
            self._keep(self._with(other for other in finished if helps or other is not seat))
        elif not helps:
            self._refused[seat.slot.key].append(self._burden(seat))
        return finished

    def _trying(self, seat: Seat) -> Additions | None:
        if self._attempt is None:
            return None
        self._attempt.left &= ~self.known_shut
        finished = self._finished(self._attempt.adding(seat))
        for other in finished or ():
            self.known_open |= other.bit
        return finished

    def _in_its_place(self, seat: Seat, finished: Standing) -> SeatSet:
        """What else would finish that bar, unless it needs something."""
        bare = self._with(other for other, _mg in finished.added if other is not seat)
        able = bare.admitted & ~bare.book.sets.needing
        for debt, _wanted in debts(bare):
            able &= debt
        return able

    def _with(self, added: Iterable[Seat]) -> Standing:
        here = self.start
        for seat in added:
            here = here.adding(seat, seat.least_mg)
        return here

    # ── What helps nothing, and takes too much ───────────────────────────────────────────────────

    def _has_room(self, mg: Milligrams, *slots: str) -> bool:
        """For something in each of the slots, so heavy together, that stands in nobody's way."""
        least, most = self._room.get(slots, (-1, self.start.book.family.net_mg))
        if least < mg < most:
            has_room = self._is_room_left(mg, slots) or self._is_room_to_finish(mg, slots)
            least, most = (mg, most) if has_room else (least, mg)
            self._room[slots] = least, most
        return mg <= least

    def _is_room_left(self, mg: Milligrams, slots: tuple[str, ...]) -> bool:
        """In a bar that is finished already."""
        for bar in self.found:
            if bar.room_mg >= mg and all(bar.free_in(slot) >= slots.count(slot) for slot in slots):
                return True
        return False

    def _is_room_to_finish(self, mg: Milligrams, slots: tuple[str, ...]) -> bool:
        sign = 1 << next(self._signs)
        return self._finished(self._attempt and self._attempt.giving_up(mg, slots, sign)) is not None

    def _as_heavy(self, seat: Seat) -> SeatSet:
        """All in the same slot that take as much room, and help nothing either."""
        sets = self.start.book.sets
        return sets.of_slot[seat.slot.key] & sets.by_mg.beyond(seat.least_mg - 1) & ~self._helping

    def _is_refused(self, seat: Seat) -> bool:
        refused = self._refused[seat.slot.key]
        return bool(refused) and any(map(self._burden(seat).is_heavier_than, refused))

    def _burden(self, seat: Seat) -> Burden:
        book = self.start.book
        loads = {
            cap.index: load
            for cap, load in seat.least_loads
            if not cap.modules or book.sets.by_load[cap.index].above[0] & self._helping
        }
        return Burden(seat.least_mg, seat.closes & self._helping, loads)

    # ── What needs something ─────────────────────────────────────────────────────────────────────

    def _may_be_met(self, seat: Seat) -> bool:
        """By something that the bar will hold anyway, or that finds a place beside the seat."""
        beside = self.start.admitted_beside(seat) & ~self.known_shut
        return all(self._may_meet(ways, seat, beside) for ways in seat.ways)

    def _may_meet(self, ways: SeatSet, seat: Seat, beside: SeatSet) -> bool:
        if ways & self.start.of_present:
            return True
        book, able = self.start.book, ways & beside
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

    def _finished(self, here: Attempt | None) -> Additions | None:
        if here is None or not here.owed:
            return None if here is None else here.added
        if self._steps <= 0:
            return None
        self._steps -= 1
        sets = here.book.sets
        ways = here.ways()
        if len(here.owed) == 1 and here.owed[0][1] == 1 and ways & ~sets.needing:
            return (*here.added, sets.lightest(ways & ~sets.needing))
        state = here.state
        if state in self._hopeless:
            return None
        # Of the debt that has the fewest ways, those first that owe and weigh least.
        for seat in sets.seats(ways):
            added = self._finished(here.adding(seat))
            if added is not None:
                return added
            # Nothing can be finished with it from here, so no other way needs to try it again.
            here.left &= ~seat.bit
        if self._steps > 0:
            self._hopeless.add(state)
        return None


def _in_order(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _suits(finished: Standing, seat: Seat) -> bool:
    if finished.seats_added & seat.bit:
        return True
    return finished.admits(seat) and finished.meets(seat.needs)


def _has_way_for(finished: Standing, seat: Seat) -> bool:
    """Whether it fits into the finished bar that admits it, together with something that it needs."""
    sets, owes = finished.book.sets, False
    able = finished.admitted & ~(seat.closes | sets.needing)
    for ways in seat.ways:
        if not ways & finished.of_present:
            able, owes = able & ways, True
    return not owes or any(finished.bears_both(seat, other) for other in sets.seats(able))


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
