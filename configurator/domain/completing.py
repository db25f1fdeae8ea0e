"""Whether a bar can still be finished by adding alone, and how: an exact, bounded search."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from configurator.domain.design import Design
from configurator.domain.family import Milligrams
from configurator.domain.in_the_making import Standing, standing
from configurator.domain.rulebook import Decision, Rulebook, Seat

MOST_FOUND: Final = 12
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


def _ghost(seat: Seat, mg: Milligrams) -> Seat:
    """Takes a place and its mass, and stands in nobody's way: a thought, not a module."""
    decision = Decision(seat.decision.slot, "")
    return replace(seat, decision=decision, least_mg=mg, foes=frozenset(), needs=(), caps=())


class Search:
    """Finds finished bars that hold the standing, and remembers what leads nowhere.

    Whatever holds more than something that leads nowhere leads nowhere either.
    """

    def __init__(self, start: Standing) -> None:
        self.start = start
        self.found: deque[Standing] = deque(maxlen=MOST_FOUND)
        """Finished bars, the latest last: most modules fit into one of them, so that little is searched."""
        self._hopeless: set[frozenset[Seat]] = set()
        self._refused: dict[str, list[Burden]] = {}
        """Slot → what has been tried there and helps nothing, yet takes too much."""
        self._steps = MOST_STEPS

    def finished(self) -> Standing | None:
        if not self.found and (finished := self._finished(self.start, {}, frozenset())):
            self.found.append(finished)
        return self.found[0] if self.found else None

    def finished_with(self, seat: Seat) -> Standing | None:
        """With the module, which the standing admits, in its smallest dose."""
        helps = seat.decision.module in self._helpers
        if not helps and self._is_refused(seat):
            return None
        finished = self._trying(seat)
        if finished:
            self.found.append(finished if helps else self._without(seat, finished))
        elif not helps and self.start.meets(seat.needs):
            self._refused[seat.decision.slot].append(self._burden(self._least_refused(seat)))
        return finished

    def _without(self, seat: Seat, finished: Standing) -> Standing:
        """What helps nothing can go again, and leaves its place to the next one that is asked about."""
        bare = self.start
        for other, mg in finished.added:
            bare = bare if other is seat else bare.adding(other, mg)
        return bare

    def _is_refused(self, seat: Seat) -> bool:
        slot = seat.decision.slot
        if slot not in self._refused:
            lightest = _ghost(seat, min(other.least_mg for other in self.start.book.seats[slot]))
            self._refused[slot] = [] if self._trying(lightest) else [self._burden(lightest)]
        refused = self._refused[slot]
        return bool(refused) and any(map(self._burden(seat).is_heavier_than, refused))

    def _least_refused(self, seat: Seat) -> Seat:
        """Often it is the mass alone that is too much; then as much of anything is."""
        ghost = _ghost(seat, seat.least_mg)
        return seat if self._trying(ghost) else ghost

    def _trying(self, seat: Seat) -> Standing | None:
        return self._finished(self.start.adding(seat, seat.least_mg), {}, frozenset())

    def _burden(self, seat: Seat) -> Burden:
        caps = [cap for cap in seat.caps if not (cap.modules and cap.modules.isdisjoint(self._helpers))]
        loads = {cap.index: seat.load(cap, seat.least_mg) for cap in caps}
        return Burden(seat.least_mg, seat.foes & self._helpers, loads)

    @cached_property
    def _helpers(self) -> frozenset[str]:
        """Everything that could be added to meet a debt, or to meet what that would need."""
        book = self.start.book
        helpers: set[str] = set()
        waiting = [seat.decision.module for _debt, seats, _wanted in _debts(self.start) for seat in seats]
        while waiting:
            module = waiting.pop()
            if module not in helpers and module in book.seats_of:
                helpers.add(module)
                waiting.extend(key for need in book.seats_of[module][0].needs for key in need.one_of)
        return frozenset(helpers)

    def _finished(
        self, here: Standing, known: Mapping[int, list[Seat]], passed: frozenset[Seat]
    ) -> Standing | None:
        if here.is_complete:
            return here
        ways = None if self._steps <= 0 or here.seats_added in self._hopeless else _ways(here, known, passed)
        self._steps -= 1
        for seat in _most_pressing(ways) if ways else ():
            finished = self._finished(here.adding(seat, seat.least_mg), ways or {}, passed)
            if finished:
                return finished
            # Nothing can be finished with it from here, so no other way needs to try it again.
            passed |= {seat}
        if self._steps > 0:
            self._hopeless.add(here.seats_added)
        return None


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


def _ways(
    here: Standing, known: Mapping[int, list[Seat]], passed: frozenset[Seat]
) -> dict[int, list[Seat]] | None:
    """How each debt can be met; None when they cannot all be. ``known`` are the ways with less chosen."""
    ways: dict[int, list[Seat]] = {}
    for debt, candidates, wanted in _debts(here):
        able = [s for s in known.get(debt, candidates) if s not in passed and here.admits(s)]
        if len(able) < wanted:
            return None
        ways[debt] = able
    return ways if _have_room(ways.values(), here) else None


def _debts(here: Standing) -> Iterator[tuple[int, Iterable[Seat], int]]:
    """Each with a number of its own, those who could meet it, and how many of them it takes."""
    book = here.book
    for slot in here.short:
        yield id(slot), book.seats[slot.key], max(1, slot.minimum - here.taken[slot.key])
    for need in here.needs:
        yield id(need), (seat for key in need.one_of for seat in book.seats_of.get(key, ())), 1


def _have_room(ways: Iterable[list[Seat]], here: Standing) -> bool:
    """Debts that have no way in common take a place each, and the mass of their lightest way."""
    met: set[Seat] = set()
    places, mg = 0, 0
    for able in sorted(ways, key=len):
        if met.isdisjoint(able):
            met.update(able)
            places += 1
            mg += min(seat.least_mg for seat in able)
    return places <= here.free_places and mg <= max(0, here.room_mg)


def _most_pressing(ways: Mapping[int, list[Seat]]) -> list[Seat]:
    """The ways to meet the debt that has the fewest, those first that owe and weigh least."""
    fewest = min(ways.values(), key=len)
    return sorted(fewest, key=lambda seat: (len(seat.needs), seat.least_mg))
