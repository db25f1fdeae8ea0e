"""Whether a bar can still be finished by adding alone, and how: an exact, bounded search."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from configurator.domain.design import Design
from configurator.domain.family import Milligrams, Slot
from configurator.domain.pricing import surcharge_cents
from configurator.domain.rulebook import Cap, Decision, Rulebook, Seat
from configurator.domain.rules import Needs

MOST_FOUND: Final = 12
MOST_STEPS: Final = 20_000
"""No catalogue that passes the lint comes near; beyond it a module is not offered, which is always safe."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A bar in the making, as far as rules count: what it uses up, and what it still owes.

    All limits are monotone: what is used up stays used up however much is added. So a bar can be
    finished exactly if each thing it owes (a base, a slot's minimum, one of what a module needs) can
    be met by additions in their smallest doses that use up no more than there is.
    """

    book: Rulebook
    present: frozenset[str]
    seated: frozenset[Seat]
    taken: Mapping[str, int]
    """Slot → places taken."""
    mg: Mapping[str, Milligrams]
    room_mg: Milligrams
    """What is left until the bar may no longer be called chocolate."""
    used: Mapping[int, int]
    """Cap → what is used up of it."""
    has_base: bool
    needs: tuple[Needs, ...]
    """Those not met."""
    short: tuple[Slot, ...]
    """Slots below their minimum."""
    added: tuple[tuple[Seat, Milligrams], ...] = ()
    """Since the standing was taken."""
    seats_added: frozenset[Seat] = frozenset()

    @property
    def is_complete(self) -> bool:
        return not (self.needs or self.short)

    @property
    def free_places(self) -> int:
        taken, slots = self.taken, self.book.family.slots
        return sum(max(0, slot.maximum - taken[slot.key]) for slot in slots)

    def admits(self, seat: Seat) -> bool:
        """Whether its smallest dose can be added without breaking a limit."""
        if seat.barred or seat in self.seated:
            return False
        if seat.is_base:
            if self.has_base:
                return False
        elif self.taken[seat.decision.slot] >= seat.slot.maximum or self.room_for(seat) < seat.least_mg:
            return False
        return seat.foes.isdisjoint(self.present) and (not seat.caps or self._bears(seat))

    def _bears(self, seat: Seat) -> bool:
        for cap in seat.caps:  # noqa: SIM110  # asked so often that a generator would be felt
            if self.left(cap, seat) < seat.load(cap, seat.least_mg):
                return False
        return True

    def meets(self, needs: Iterable[Needs]) -> bool:
        return not any(self.present.isdisjoint(need.one_of) for need in needs)

    def room_for(self, seat: Seat) -> Milligrams:
        """By the bar's room and the module's largest dose alone."""
        left_mg = seat.largest_mg - self.mg.get(seat.decision.module, 0)
        return min(self.room_mg, left_mg)

    def left(self, cap: Cap, seat: Seat) -> int:
        """What the module may use up of the cap; a limit that is broken already is no worse for
        what costs nothing."""
        if cap.counts == "modules" and seat.module.key in self.present:
            return 1
        return max(0, cap.most - self.used.get(cap.index, 0))

    def largest_offer(self, seat: Seat, already_mg: Milligrams = 0) -> Milligrams:
        """The usual dose, or as much of it as the limits leave; ``already_mg`` of it is in the bar."""
        if seat.is_base:
            return 0
        mg = min(seat.usual_mg, already_mg + self.room_for(seat))
        for cap in seat.caps:
            if cap.counts == "mg":
                mg = min(mg, already_mg + self.left(cap, seat))
            elif cap.counts == "cents":
                already = seat.load(cap, already_mg) if already_mg else 0
                mg = min(mg, _affordable(seat, already + self.left(cap, seat)))
        return mg

    def adding(self, seat: Seat, mg: Milligrams) -> Standing:
        key, slot = seat.decision.module, seat.slot
        present = self.present | {key}
        used = dict(self.used)
        for cap in seat.caps:
            if cap.counts != "modules" or key not in self.present:
                used[cap.index] = used.get(cap.index, 0) + seat.load(cap, mg)
        taken = {**self.taken, slot.key: self.taken[slot.key] + 1}
        needs = dict.fromkeys(need for need in self.needs if key not in need.one_of)
        if key not in self.present:
            needs |= dict.fromkeys(need for need in seat.needs if present.isdisjoint(need.one_of))
        return Standing(
            book=self.book,
            present=present,
            seated=self.seated | {seat},
            taken=taken,
            mg={**self.mg, key: self.mg.get(key, 0) + mg},
            room_mg=self.room_mg - mg,
            used=used,
            has_base=self.has_base or seat.is_base,
            needs=tuple(needs),
            short=tuple(s for s in self.short if s is not slot or taken[s.key] < s.minimum),
            added=(*self.added, (seat, mg)),
            seats_added=self.seats_added | {seat},
        )

    def owing_only(self, *, needs: tuple[Needs, ...] = (), short: tuple[Slot, ...] = ()) -> Standing:
        return replace(self, needs=needs, short=short)

    def forgiven(self) -> Standing:
        """Owing only what can be met: what never can was not caused by what is chosen next."""
        if completion(self):
            return self
        kept = self.owing_only()
        for slot in self.short:
            longer = self.owing_only(short=(*kept.short, slot))
            kept = longer if completion(longer) else kept
        for need in self.needs:
            longer = self.owing_only(needs=(*kept.needs, need), short=kept.short)
            kept = longer if completion(longer) else kept
        return kept


def _affordable(seat: Seat, cents: int) -> Milligrams:
    """The largest dose up to the usual one that adds at most so many cents."""
    if surcharge_cents(seat.module, seat.usual_mg) <= cents:
        return seat.usual_mg
    module = seat.module
    return (module.dose_mg * (2 * cents + 1) - 1) // (2 * module.surcharge_cents)


def standing(design: Design, book: Rulebook) -> Standing:
    """Raises nothing for a design that breaks rules: it just has nothing left of them."""
    family = book.family
    seated = tuple(_seated(design, book))
    present = frozenset(design.modules)
    taken = {slot.key: len(design.in_slot(slot.key)) for slot in family.slots}
    taken[family.base_slot.key] = int(bool(design.base))
    mg: dict[str, Milligrams] = {}
    for choice in design.choices:
        mg[choice.module] = mg.get(choice.module, 0) + choice.mg
    most_mg = family.inclusions_max_permille * family.net_mg // 1000
    return Standing(
        book=book,
        present=present,
        seated=frozenset(seat for seat, _mg in seated),
        taken=taken,
        mg=mg,
        room_mg=most_mg - design.inclusions_mg,
        used=_used(seated),
        has_base=bool(design.base),
        needs=_unmet(present, book),
        short=tuple(slot for slot in family.slots if taken[slot.key] < _least(slot, family.base_slot)),
    )


def standing_in_place_of_base(design: Design, book: Rulebook) -> Standing:
    """Without the chosen base; where that one costs too much already, one as cheap is no worse."""
    bare = standing(design.on_base(None), book)
    seat = book.seat(book.family.base_slot.key, design.base) if design.base else None
    if seat is None:
        return bare
    used = {
        cap.index: min(bare.used.get(cap.index, 0), cap.most - seat.load(cap, 0))
        for cap in seat.caps
        if cap.counts == "cents"
    }
    return replace(bare, used={**bare.used, **used})


def _least(slot: Slot, base_slot: Slot) -> int:
    return 1 if slot is base_slot else slot.minimum


def _unmet(present: frozenset[str], book: Rulebook) -> tuple[Needs, ...]:
    rules = book.rules_about(present)
    return tuple(rule for rule in rules if isinstance(rule, Needs) and present.isdisjoint(rule.one_of))


def _seated(design: Design, book: Rulebook) -> Iterator[tuple[Seat, Milligrams]]:
    if design.base:
        yield from _sitting(design.base, book.family.base_slot, 0, book)
    for choice in design.choices:
        yield from _sitting(choice.module, book.family.slot(choice.slot), choice.mg, book)


def _sitting(module: str, slot: Slot, mg: Milligrams, book: Rulebook) -> Iterator[tuple[Seat, Milligrams]]:
    """What stands in a slot that does not take it is a problem of its own, but counts in every limit."""
    seat = book.seat(slot.key, module)
    if seat:
        yield seat, mg
    elif elsewhere := book.seats_of.get(module):
        yield replace(elsewhere[0], slot=slot, decision=Decision(slot.key, module)), mg


def _used(seated: Iterable[tuple[Seat, Milligrams]]) -> dict[int, int]:
    used: dict[int, int] = {}
    counted: set[str] = set()
    for seat, mg in seated:
        for cap in seat.caps:
            if cap.counts != "modules" or seat.module.key not in counted:
                used[cap.index] = used.get(cap.index, 0) + seat.load(cap, mg)
        counted.add(seat.module.key)
    return used


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
