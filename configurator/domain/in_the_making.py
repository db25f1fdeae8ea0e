"""A bar in the making, as far as rules count: what it uses up of every limit, and what it still owes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from configurator.domain.design import Design
from configurator.domain.family import Milligrams, Slot
from configurator.domain.module_seats import Cap, Decision, Seat, SeatSet
from configurator.domain.pricing import surcharge_cents
from configurator.domain.rulebook import Rulebook
from configurator.domain.rules import Needs


@dataclass(slots=True, eq=False)
class Standing:
    """A bar in the making, as far as rules count: what it uses up, and what it still owes.

    All limits are monotone: what is used up stays used up however much is added. So a bar can be
    finished exactly if each thing it owes (a base, a slot's minimum, one of what a module needs) can
    be met by additions in their smallest doses that use up no more than there is.
    """

    book: Rulebook
    present: frozenset[str]
    of_present: SeatSet
    """All seats of what is present."""
    admitted: SeatSet
    """Those whose smallest dose can be added without breaking a limit."""
    taken: dict[str, int]
    """Slot → places taken."""
    mg: dict[str, Milligrams]
    room_mg: Milligrams
    """What is left until the bar may no longer be called chocolate."""
    used: dict[int, int]
    """Cap → what is used up of it."""
    has_base: bool
    needs: tuple[Needs, ...]
    """Those not met."""
    short: tuple[Slot, ...]
    """Slots below their minimum."""
    added: tuple[tuple[Seat, Milligrams], ...] = ()
    """Since the standing was taken."""
    seats_added: SeatSet = 0

    @property
    def is_complete(self) -> bool:
        return not (self.needs or self.short)

    def free_in(self, slot: str) -> int:
        return self.book.seats[slot][0].slot.maximum - self.taken[slot]

    def admits(self, seat: Seat) -> bool:
        return bool(self.admitted & seat.bit)

    def admitted_beside(self, seat: Seat) -> SeatSet:
        """What could still be added after the seat, as far as limits of its own modules have no say."""
        sets = self.book.sets
        lost = seat.closes
        if seat.is_base or self.taken[seat.decision.slot] + 1 >= seat.slot.maximum:
            lost |= sets.of_slot[seat.decision.slot]
        if seat.least_mg:
            lost |= sets.by_mg.beyond(max(0, self.room_mg - seat.least_mg))
        return self.admitted ^ (self.admitted & lost)

    def left_with(self, seat: Seat) -> SeatSet:
        """What could be added after the smallest dose of the seat."""
        left, tight = self.admitted_beside(seat), 0
        for index, load, easy, cap in seat.strains:
            now = self.used.get(index, 0) + load
            if now > easy and (cap.counts != "modules" or not self.of_present & seat.bit):
                tight |= unbearable(cap, now, self.of_present | seat.of_module, self.book)
        if seat.of_module != seat.bit and not seat.is_base:
            key = seat.module.key
            tight |= satiated(key, self.mg.get(key, 0) + seat.least_mg, self.book)
        return left & ~tight if tight else left

    def bears_both(self, one: Seat, other: Seat) -> bool:
        """Whether two that are admitted, of different modules that go together, leave room for each
        other. False also when a cap that both use up would have to be looked at more closely."""
        if one.slot is other.slot and self.taken[one.slot.key] + 2 > one.slot.maximum:
            return False
        if self.room_mg < one.least_mg + other.least_mg:
            return False
        for index, load, easy, cap in one.strains:
            now = self.used.get(index, 0) + load
            if now > easy and any(same is cap and now + more > cap.most for same, more in other.least_loads):
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
        key, slot, book = seat.decision.module, seat.slot, self.book
        is_new = key not in self.present
        present = self.present | {key} if is_new else self.present
        room_mg = self.room_mg - mg
        taken = {**self.taken, slot.key: self.taken[slot.key] + 1}
        weights = {**self.mg, key: self.mg.get(key, 0) + mg}
        of_present = self.of_present | book.sets.of_module.get(key, 0)
        used, by_load = dict(self.used), book.sets.by_load
        lost = seat.closes
        if seat.is_base or taken[slot.key] >= slot.maximum:
            lost |= book.sets.of_slot[slot.key]
        if not seat.is_base:
            lost |= book.sets.by_mg.beyond(max(0, room_mg))
            if book.sets.of_module.get(key, seat.bit) != seat.bit:
                lost |= satiated(key, weights[key], book)
        for cap, load in seat.loads(mg):
            if is_new or cap.counts != "modules":
                used[cap.index] = now = used.get(cap.index, 0) + load
                if cap.most - now < by_load[cap.index].highest:
                    lost |= unbearable(cap, now, of_present, book)
        return Standing(
            book=book,
            present=present,
            of_present=of_present,
            admitted=self.admitted & ~lost,
            taken=taken,
            mg=weights,
            room_mg=room_mg,
            used=used,
            has_base=self.has_base or seat.is_base,
            needs=self.needs_with(seat),
            short=self.short and self.short_with(seat),
            added=(*self.added, (seat, mg)),
            seats_added=self.seats_added | seat.bit,
        )

    def needs_with(self, seat: Seat) -> tuple[Needs, ...]:
        """Those not met once the seat is taken."""
        key, needs = seat.decision.module, self.needs
        if key in self.present:
            return needs
        for need in needs:
            if key in need.one_of:
                needs = tuple([need for need in needs if key not in need.one_of])
                break
        for need in seat.needs:
            if need not in needs and self.present.isdisjoint(need.one_of):
                needs = (*needs, need)
        return needs

    def short_with(self, seat: Seat) -> tuple[Slot, ...]:
        """Slots still below their minimum once the seat is taken."""
        taken = self.taken[seat.slot.key] + 1
        return tuple([slot for slot in self.short if slot is not seat.slot or taken < slot.minimum])

    def barring(self, seats: SeatSet) -> Standing:
        return replace(self, admitted=self.admitted & ~seats)

    def owing_only(self, *, needs: tuple[Needs, ...] = (), short: tuple[Slot, ...] = ()) -> Standing:
        return replace(self, needs=needs, short=short)


def _admitted(here: Standing, seated: SeatSet) -> SeatSet:
    book, sets = here.book, here.book.sets
    lost = seated | sets.by_mg.beyond(max(0, here.room_mg))
    for slot in book.family.slots:
        if here.taken[slot.key] >= (1 if slot is book.family.base_slot else slot.maximum):
            lost |= sets.of_slot[slot.key]
    for key in here.present:
        lost |= book.refused_beside(key)
    for key, mg in here.mg.items():
        lost |= satiated(key, mg, book)
    for cap in book.tight:
        lost |= unbearable(cap, here.used.get(cap.index, 0), here.of_present, book)
    for index, used in here.used.items():
        lost |= unbearable(book.caps[index], used, here.of_present, book)
    return book.willing & ~lost


def satiated(key: str, mg: Milligrams, book: Rulebook) -> SeatSet:
    """The module's seats, when the bar holds as much of it as may be used."""
    lost = 0
    for seat in book.seats_of.get(key, ()):
        if seat.largest_mg - mg < seat.least_mg and not seat.is_base:
            lost |= seat.bit
    return lost


def unbearable(cap: Cap, used: int, of_present: SeatSet, book: Rulebook) -> SeatSet:
    """Those that need more than is left of the cap. Where modules are counted, another dose of one
    that is there is none more."""
    by_load, left = book.sets.by_load[cap.index], cap.most - used
    if left >= by_load.highest:
        return 0
    lost = by_load.beyond(max(0, left))
    return lost & ~of_present if cap.counts == "modules" else lost


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
    taken = {slot.key: 0 for slot in family.slots}
    mg: dict[str, Milligrams] = {}
    for choice in design.choices:
        taken[choice.slot] = taken.get(choice.slot, 0) + 1
        mg[choice.module] = mg.get(choice.module, 0) + choice.mg
    taken[family.base_slot.key] = int(bool(design.base))
    most_mg = family.inclusions_max_permille * family.net_mg // 1000
    here = Standing(
        book=book,
        present=present,
        of_present=book.sets.of_modules(present),
        admitted=0,
        taken=taken,
        mg=mg,
        room_mg=most_mg - sum(mg.values()),
        used=_used(seated),
        has_base=bool(design.base),
        needs=_unmet(present, book),
        short=tuple(slot for slot in family.slots if taken[slot.key] < _least(slot, family.base_slot)),
    )
    here.admitted = _admitted(here, _bits(seated))
    return here


def standing_in_place_of_base(design: Design, book: Rulebook) -> Standing:
    """Without the chosen base; where that one costs too much already, one as cheap is no worse."""
    baseless = design.on_base(None)
    bare = standing(baseless, book)
    seat = book.seat(book.family.base_slot.key, design.base) if design.base else None
    if seat is None:
        return bare
    used = {
        cap.index: min(bare.used.get(cap.index, 0), cap.most - seat.load(cap, 0))
        for cap in seat.caps
        if cap.counts == "cents"
    }
    lighter = replace(bare, used={**bare.used, **used})
    return replace(lighter, admitted=_admitted(lighter, _bits(_seated(baseless, book))))


def _bits(seated: Iterable[tuple[Seat, Milligrams]]) -> SeatSet:
    bits = 0
    for seat, _mg in seated:
        bits |= seat.bit
    return bits


def _least(slot: Slot, base_slot: Slot) -> int:
    return 1 if slot is base_slot else slot.minimum


def _unmet(present: frozenset[str], book: Rulebook) -> tuple[Needs, ...]:
    unmet = [
        (place, need)
        for module in present
        for place, need in book.needs_about.get(module, ())
        if present.isdisjoint(need.one_of)
    ]
    # In the catalogue's order; one rule may be about several that are here.
    return tuple(dict(sorted(unmet, key=_place)).values())


def _place(placed: tuple[int, Needs]) -> int:
    return placed[0]


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
        yield replace(elsewhere[0], bit=0, slot=slot, decision=Decision(slot.key, module)), mg


def _used(seated: Iterable[tuple[Seat, Milligrams]]) -> dict[int, int]:
    used: dict[int, int] = {}
    counted: set[str] = set()
    for seat, mg in seated:
        for cap in seat.caps:
            if cap.counts != "modules" or seat.module.key not in counted:
                used[cap.index] = used.get(cap.index, 0) + seat.load(cap, mg)
        counted.add(seat.module.key)
    return used
