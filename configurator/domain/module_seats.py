"""Modules in their slots, and sets of them as whole numbers: what a choice takes away from a thousand
modules at once is one operation on bits."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from configurator.domain.family import Cents, Milligrams, Module, Slot
from configurator.domain.pricing import surcharge_cents
from configurator.domain.rules import Constraint, Needs

SeatSet = int
"""One bit a seat."""


@dataclass(frozen=True, slots=True, eq=False)
class Cap:
    """Something that choices use up: a number of modules, milligrams or cents."""

    index: int
    rule: Constraint
    modules: frozenset[str]
    """Whose choices use it up; empty for everybody's."""
    counts: Literal["modules", "mg", "cents"]
    most: int


class Decision(NamedTuple):
    """A slot and what is chosen for it."""

    slot: str
    module: str

    def __str__(self) -> str:
        return f"{self.slot}:{self.module}"


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """A module in a slot, with all that decides whether it may be taken."""

    bit: SeatSet
    """Lower for those that weigh less; 0 for one that no slot offers."""
    decision: Decision
    slot: Slot
    module: Module
    is_base: bool
    barred: bool
    """Retired, or avoided altogether."""
    usual_mg: Milligrams
    """0 for a base, which fills the bar up."""
    least_mg: Milligrams
    """The smallest dose that is offered: half of the usual one."""
    largest_mg: Milligrams
    base_cents: Cents
    foes: frozenset[str]
    needs: tuple[Needs, ...]
    caps: tuple[Cap, ...]
    least_loads: tuple[tuple[Cap, int], ...] = ()
    """What the smallest dose uses up of each."""
    closes: SeatSet = 0
    """Itself, and all that may not stand beside it."""
    ways: tuple[SeatSet, ...] = ()
    """For each of its needs those that meet it."""
    of_module: SeatSet = 0
    """All seats of its module."""
    seats_alike: SeatSet = 0
    """Those that take the module in the same doses; a base is like no other."""
    strains: tuple[tuple[int, int, int, Cap], ...] = ()
    """The index of each cap, what the smallest dose uses up of it, and up to what use of it every seat
    still finds enough."""

    def load(self, cap: Cap, mg: Milligrams) -> int:
        """What the dose uses up of the cap, when the module is not in the bar yet."""
        if cap.counts == "modules":
            return 1
        if cap.counts == "mg":
            return mg
        return self.base_cents if self.is_base else surcharge_cents(self.module, mg)

    def loads(self, mg: Milligrams) -> Iterable[tuple[Cap, int]]:
        if mg == self.least_mg:
            return self.least_loads
        return [(cap, self.load(cap, mg)) for cap in self.caps]


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """A set of seats by something each of them takes, in its smallest dose."""

    steps: tuple[int, ...]
    """Ascending."""
    highest: int
    above: tuple[SeatSet, ...]
    """Those that take as much as the step or more; the last set is empty."""

    def beyond(self, most: int) -> SeatSet:
        """Those that take more."""
        return self.above[bisect_right(self.steps, most)]


def ladder(taking: Iterable[tuple[int, SeatSet]]) -> Ladder:
    at: dict[int, SeatSet] = defaultdict(int)
    for amount, seat in taking:
        at[amount] |= seat
    steps, above = sorted(at), [0]
    for step in reversed(steps):
        above.append(above[-1] | at[step])
    return Ladder(tuple(steps), max(steps, default=0), tuple(reversed(above)))


@dataclass(frozen=True, slots=True, eq=False)
class SeatSets:
    """Sets of a family's seats, whatever its rules forbid beside each other."""

    by_bit: list[Seat]
    of_slot: dict[str, SeatSet]
    of_module: dict[str, SeatSet]
    everyone: SeatSet
    bases: SeatSet
    needing: SeatSet
    """Those that need something."""
    heaviest_mg: Milligrams
    by_mg: Ladder
    by_load: dict[int, Ladder]
    """By the index of the cap."""

    def seats(self, chosen: SeatSet) -> Iterator[Seat]:
        """Those that need nothing first, and of these the lightest."""
        modest, needy = chosen & ~self.needing, chosen & self.needing
        while modest or needy:
            if modest:
                yield self.lightest(modest)
                modest &= modest - 1
            else:
                yield self.lightest(needy)
                needy &= needy - 1

    def exchanging(self, seats: Iterable[Seat]) -> SeatSets:
        """With these in place of those of the same bits, which weigh and use up the same."""
        by_bit, needing = list(self.by_bit), self.needing
        for seat in seats:
            by_bit[seat.bit.bit_length() - 1] = seat
            needing = needing | seat.bit if seat.needs else needing & ~seat.bit
        return replace(self, by_bit=by_bit, needing=needing)

    def lightest(self, seats: SeatSet) -> Seat:
        """Of a set that is not empty."""
        return self.by_bit[(seats & -seats).bit_length() - 1]

    def of_modules(self, keys: Iterable[str]) -> SeatSet:
        found = 0
        for key in keys:
            found |= self.of_module.get(key, 0)
        return found


def seat_sets(seats: Mapping[str, tuple[Seat, ...]]) -> SeatSets:
    by_bit = sorted((seat for of_slot in seats.values() for seat in of_slot), key=lambda seat: seat.bit)
    of_module: dict[str, SeatSet] = defaultdict(int)
    loads: dict[int, list[tuple[int, SeatSet]]] = defaultdict(list)
    for seat in by_bit:
        of_module[seat.module.key] |= seat.bit
        for cap, load in seat.least_loads:
            loads[cap.index].append((load, seat.bit))
    return SeatSets(
        by_bit=by_bit,
        of_slot={slot: sum(seat.bit for seat in of_slot) for slot, of_slot in seats.items()},
        of_module=dict(of_module),
        everyone=(1 << len(by_bit)) - 1,
        bases=sum(seat.bit for seat in by_bit if seat.is_base),
        needing=sum(seat.bit for seat in by_bit if seat.needs),
        heaviest_mg=max((seat.least_mg for seat in by_bit), default=0),
        by_mg=ladder((seat.least_mg, seat.bit) for seat in by_bit),
        by_load={cap: ladder(taking) for cap, taking in loads.items()},
    )
