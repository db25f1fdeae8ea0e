"""A bar in the making, as far as rules count: what it uses up of every limit, and what it still owes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from configurator.domain.design import Design
from configurator.domain.family import Milligrams, Slot
from configurator.domain.pricing import surcharge_cents
from configurator.domain.rulebook import Cap, Decision, Rulebook, Seat
from configurator.domain.rules import Needs


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
