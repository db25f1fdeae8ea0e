"""Whether a bar can still be finished by adding alone, and how: an exact, bounded search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count, islice
from typing import Final

from configurator.domain.design import Design
from configurator.domain.family import Milligrams
from configurator.domain.in_the_making import Standing, standing
from configurator.domain.module_seats import Decision, Seat, SeatSet
from configurator.domain.rulebook import Rulebook

FEW: Final = 3
MOST_STEPS: Final = 20_000
"""No catalogue that passes the lint comes near; beyond it a module is not offered, which is always safe."""


@dataclass(frozen=True, slots=True)
class Burden:
    """What a module that meets no debt takes away from those that do, beside its place."""

    mg: Milligrams
    foes: frozenset[str]
    loads: Mapping[int, int]
    """Cap → what it uses up of it."""

    def is_heavier_than(self, other: Burden) -> bool:
        """Or as heavy: where the other leads nowhere, this does not either."""
        return (
            self.mg >= other.mg
            and self.foes >= other.foes
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
        """What is in one of them, or fits into it, unless it needs something."""
        self._hopeless: set[SeatSet] = set()
        self._ghosts = count(len(start.book.sets.by_bit))
        self._room: dict[tuple[str, ...], tuple[Milligrams, Milligrams]] = {}
        """Slots → what is known to find room there beside all that is owed, and what is not."""
        self._refused: dict[str, list[Burden]] = defaultdict(list)
        """Slot → what has been tried there and helps nothing, yet takes too much."""
        self._holds: dict[str, bool] = {}
        self._steps = MOST_STEPS

    def finished(self) -> Standing | None:
        if not self.found and (finished := self._finished(self.start, 0)):
            self._keep(finished)
        return self.found[0] if self.found else None

    def _keep(self, finished: Standing) -> None:
        self.found.append(finished)
        self._fit |= finished.admitted | finished.seats_added

    def leads_on(self, seat: Seat) -> bool:
        """Whether the standing, which admits it, can be finished with the module."""
        if self._fit & seat.bit and (not seat.needs or any(_has_way_for(bar, seat) for bar in self.found)):
            return True
        return self.finished_with(seat) is not None

    def finished_with(self, seat: Seat) -> Standing | None:
        """A finished bar that holds the module, which the standing admits, or that still admits it."""
        helps = seat.decision.module in self._helpers
        if not helps and not self._has_room(seat):
            return None
        if self._fit & seat.bit:
            for finished in self.found:
                if _suits(finished, seat):
                    return finished
        if not helps and self._is_refused(seat):
            return None
        return self._found_with(seat) if self.start.meets(seat.needs) else self._found_beside(seat)

    def _found_with(self, seat: Seat) -> Standing | None:
        finished = self._trying(seat)
        helps = seat.decision.module in self._helpers
        if finished:
            self._keep(finished if helps else self._without(seat, finished))
        elif not helps:
            self._refused[seat.slot.key].append(self._burden(seat))
        return finished

    def _without(self, seat: Seat, finished: Standing) -> Standing:
        """What helps nothing can go again, and leaves its place to the next one that is asked about."""
        bare = self.start
        for other, mg in finished.added:
            bare = bare if other is seat else bare.adding(other, mg)
        return bare

    def _trying(self, seat: Seat) -> Standing | None:
        return self._finished(self.start.adding(seat, seat.least_mg), 0)

    # ── What helps nothing, and takes too much ───────────────────────────────────────────────────

    def _has_room(self, *seats: Seat) -> bool:
        """For things as heavy, in the same slots, that stand in nobody's way."""
        slots, mg = tuple(sorted(seat.slot.key for seat in seats)), sum(seat.least_mg for seat in seats)
        least, most = self._room.get(slots, (-1, self.start.book.family.net_mg))
        if least < mg < most:
            has_room = self._finished_with(list(map(self._ghost, seats)))
            least, most = (mg, most) if has_room else (least, mg)
            self._room[slots] = least, most
        return mg <= least

    def _finished_with(self, ghosts: list[Seat]) -> bool:
        here = self.start
        for ghost in ghosts:
            if here.taken[ghost.slot.key] >= ghost.slot.maximum or here.room_mg < ghost.least_mg:
                return False
            here = here.adding(ghost, ghost.least_mg)
        return self._finished(here, 0) is not None

    def _is_refused(self, seat: Seat) -> bool:
        refused = self._refused[seat.slot.key]
        return bool(refused) and any(map(self._burden(seat).is_heavier_than, refused))

    def _ghost(self, seat: Seat) -> Seat:
        """Takes a place and its mass, and stands in nobody's way: a thought, not a module."""
        decision, bit = Decision(seat.decision.slot, ""), 1 << next(self._ghosts)
        return replace(seat, bit=bit, decision=decision, foes=frozenset(), needs=(), caps=())

    def _burden(self, seat: Seat) -> Burden:
        caps = [cap for cap in seat.caps if not (cap.modules and cap.modules.isdisjoint(self._helpers))]
        loads = {cap.index: seat.load(cap, seat.least_mg) for cap in caps}
        return Burden(seat.least_mg, seat.foes & self._helpers, loads)

    @cached_property
    def _helpers(self) -> frozenset[str]:
        """Everything that could be added to meet a debt, or to meet what that would need."""
        book = self.start.book
        helpers: set[str] = set()
        waiting = [seat.module.key for debt, _wanted in _debts(self.start) for seat in book.sets.seats(debt)]
        while waiting:
            module = waiting.pop()
            if module not in helpers and module in book.seats_of:
                helpers.add(module)
                waiting.extend(key for need in book.seats_of[module][0].needs for key in need.one_of)
        return frozenset(helpers)

    # ── What needs something ─────────────────────────────────────────────────────────────────────

    def _found_beside(self, seat: Seat) -> Standing | None:
        """With what it needs: most often a bar that is finished without has room for both."""
        roomy = (finished for finished in self.found if finished.admits(seat) and _may_meet(finished, seat))
        for finished in islice(roomy, FEW):
            if with_both := _met(finished.adding(seat, seat.least_mg)):
                return with_both
        return self._trying(seat) if self._may_be_met(seat) else None

    def _may_hold(self, module: str) -> bool:
        if module not in self._holds:
            # What needs one another in a circle is left to the search itself.
            self._holds[module] = True
            seats = self.start.book.seats_of.get(module, ())
            self._holds[module] = any(self.start.admits(seat) and self.leads_on(seat) for seat in seats)
        return self._holds[module]

    def _may_be_met(self, seat: Seat) -> bool:
        """By something that the bar will hold anyway, or that finds a place beside the seat."""
        return all(any(self._may_stand_beside(seat, key) for key in need.one_of) for need in seat.needs)

    def _may_stand_beside(self, seat: Seat, module: str) -> bool:
        if module in self.start.present or module in self._helpers:
            return True
        others = self.start.book.seats_of.get(module, ())
        return any(
            self.start.admits(other) and self._has_room(seat, other) for other in others
        ) and self._may_hold(module)

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


def _may_meet(here: Standing, seat: Seat) -> bool:
    """As far as can be seen at once."""
    left = here.admitted & ~(seat.bit | here.book.refused_beside(seat.decision.module))
    return all(here.book.meeting(need) & left or here.meets((need,)) for need in seat.needs)


def _met(here: Standing) -> Standing | None:
    """With the humblest of what each debt asks for, when that is all it takes."""
    for need in here.needs:
        able = here.book.meeting(need) & here.admitted
        other = next((other for other in here.book.sets.seats(able)), None)
        if other is None:
            return None
        here = here.adding(other, other.least_mg)
    return here if here.is_complete else None


def _closes(seat: Seat, ways: list[SeatSet], here: Standing) -> bool:
    """Whether it leaves a debt that it does not meet without a way, which can be seen at once."""
    left = ~(seat.bit | here.book.refused_beside(seat.decision.module))
    return any(not (way & left or way & seat.bit) for way in ways)


def _suits(finished: Standing, seat: Seat) -> bool:
    if finished.seats_added & seat.bit:
        return True
    return finished.admits(seat) and finished.meets(seat.needs)


def _has_way_for(finished: Standing, seat: Seat) -> bool:
    """Whether it is in the finished bar, or fits into it together with the humblest of what it needs."""
    if not finished.admits(seat):
        return finished.seats_added & seat.bit != 0
    unmet = [need for need in seat.needs if finished.present.isdisjoint(need.one_of)]
    if not unmet:
        return True
    if len(unmet) > 1:
        return False
    left = finished.admitted & ~(seat.bit | finished.book.refused_beside(seat.decision.module))
    for other in finished.book.sets.seats(finished.book.meeting(unmet[0]) & left):
        if not other.needs and finished.bears_both(seat, other):
            return True
    return False


def completion(start: Standing) -> Standing | None:
    """The bar with all it owes, each addition in its smallest dose; None when there is no such bar."""
    return start if start.is_complete else Search(start).finished()


def forgiven(start: Standing) -> Standing:
    """Owing only what can be met: what never can was not caused by what is chosen next."""
    if completion(start):
        return start
    kept = start.owing_only()
    for slot in start.short:
        longer = start.owing_only(short=(*kept.short, slot))
        kept = longer if completion(longer) else kept
    for need in start.needs:
        longer = start.owing_only(needs=(*kept.needs, need), short=kept.short)
        kept = longer if completion(longer) else kept
    return kept


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
            mg += sets.lightest_mg(able)
    return places <= free_places and mg <= room_mg
