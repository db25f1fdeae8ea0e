"""A bar as far as finishing it goes, so that thousands of ways can be tried in the blink of an eye."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from configurator.domain.family import Milligrams
from configurator.domain.in_the_making import Standing, unbearable
from configurator.domain.module_seats import Seat, SeatSet
from configurator.domain.rulebook import Rulebook

State: TypeAlias = tuple[SeatSet, tuple[int, ...]]
"""What was added, and the places that are left."""
Debt: TypeAlias = tuple[SeatSet, int]
"""Those who can still meet it, and how many of them it takes."""


@dataclass(slots=True, eq=False)
class Attempt:
    """What becomes of a standing by additions in their smallest doses."""

    book: Rulebook
    left: SeatSet
    """Those that can still be added."""
    owed: list[Debt]
    """None of them without a way."""
    free: dict[str, int]
    """Slot → places."""
    places: int
    """Free in all slots."""
    room_mg: Milligrams
    mg: dict[str, Milligrams]
    """Module → what the bar holds of it; of one that has a single seat, only what was there before."""
    used: dict[int, int]
    of_present: SeatSet
    """All seats of what is present."""
    added: tuple[Seat, ...] = ()
    sign: SeatSet = 0
    """What was added, wherever it stands: each module is told by the first of its seats that are alike."""

    def adding(self, seat: Seat) -> Attempt | None:
        """None when something that is owed then has no way left, as can be seen at once."""
        left = self.left_beside(seat)
        owed = self.owed_with(seat, left)
        return None if owed is None else self._with(seat, owed, left)

    def left_beside(self, seat: Seat) -> SeatSet:
        """As far as limits that are about some modules only have no say."""
        sets, lost, room_mg = self.book.sets, seat.closes, self.room_mg - seat.least_mg
        if seat.is_base or self.free[seat.slot.key] <= 1:
            lost |= sets.of_slot[seat.slot.key]
        if room_mg < sets.heaviest_mg and not seat.is_base:
            lost |= sets.by_mg.beyond(max(0, room_mg))
        # Of sets so large `left & ~lost` takes twice the time.
        return self.left ^ (self.left & lost)

    def owed_with(self, seat: Seat, left: SeatSet) -> list[Debt] | None:
        """None when something of it has no way left."""
        owed = []
        for able, wanted in self.owed:
            missing = wanted - 1 if able & seat.bit else wanted
            if missing:
                ways = able & left
                if not ways or (missing > 1 and ways.bit_count() < missing):
                    return None
                owed.append((ways, missing))
        # What is there already needs nothing more.
        if seat.ways and not self.of_present & seat.bit:
            for meeting in seat.ways:
                if not meeting & self.of_present:
                    ways = meeting & left
                    if not ways:
                        return None
                    owed.append((ways, 1))
        return owed

    def _with(self, seat: Seat, owed: list[Debt], left: SeatSet) -> Attempt | None:
        """After a closer look at the limits that are about some modules only, unless nothing is owed."""
        places, room_mg = self.places - 1, self.room_mg - seat.least_mg
        if len(owed) > 1 and not self._is_room_for(owed, places, room_mg):
            return None
        mg, used, slot = self.mg, self.used, seat.slot.key
        of_present = self.of_present | seat.of_module
        if owed:
            used, tight, is_new = used.copy(), 0, not self.of_present & seat.bit
            for index, load, easy, cap in seat.strains:
                if is_new or cap.counts != "modules":
                    used[index] = now = used.get(index, 0) + load
                    if now > easy:
                        tight |= unbearable(cap, now, of_present, self.book)
            if seat.seats_alike != seat.bit:
                key = seat.decision.module
                held_mg = mg.get(key, 0) + seat.least_mg
                mg = {**mg, key: held_mg}
                if seat.largest_mg - held_mg < seat.least_mg:
                    tight |= seat.seats_alike
            if tight & left:
                left &= ~tight
                owed = [(ways & left, wanted) for ways, wanted in owed]
                if any(ways.bit_count() < wanted for ways, wanted in owed):
                    return None
        return Attempt(
            self.book,
            left,
            owed,
            {**self.free, slot: self.free[slot] - 1},
            places,
            room_mg,
            mg,
            used,
            of_present,
            (*self.added, seat),
            self._sign_with(seat),
        )

    def _sign_with(self, seat: Seat) -> SeatSet:
        another = seat.seats_alike & ~self.sign
        return self.sign | (another & -another)

    @property
    def state(self) -> State:
        """The same for all that can be finished in the same ways."""
        return self.sign, tuple(self.free.values())

    def giving_up(self, mg: Milligrams, slots: tuple[str, ...], sign: SeatSet) -> Attempt | None:
        """With a place less in each of the slots, and so much less room; the sign tells it from all others."""
        sets, free, left, room_mg = self.book.sets, dict(self.free), self.left, self.room_mg - mg
        for slot in slots:
            free[slot] -= 1
            if free[slot] < 0 or room_mg < 0:
                return None
            if not free[slot]:
                left &= ~sets.of_slot[slot]
        left &= ~sets.by_mg.beyond(room_mg)
        owed = [(ways & left, wanted) for ways, wanted in self.owed]
        if any(ways.bit_count() < wanted for ways, wanted in owed):
            return None
        places = self.places - len(slots)
        return replace(self, left=left, owed=owed, free=free, places=places, room_mg=room_mg, sign=sign)

    def ways(self) -> SeatSet:
        """Of the debt that has the fewest."""
        fewest = self.owed[0][0]
        if len(self.owed) > 1:
            least = fewest.bit_count()
            for able, _wanted in self.owed:
                number = able.bit_count()
                if number < least:
                    fewest, least = able, number
        return fewest

    def _is_room_for(self, owed: list[Debt], places: int, room_mg: Milligrams) -> bool:
        """Debts that have no way in common take a place each, and the mass of their lightest way."""
        sets = self.book.sets
        if len(owed) <= places and len(owed) * sets.heaviest_mg <= room_mg:
            return True
        met, room_mg = 0, max(0, room_mg)
        for able in sorted([able for able, _wanted in owed], key=int.bit_count):
            if not met & able:
                met |= able
                places -= 1
                room_mg -= sets.lightest(able).least_mg
                if places < 0 or room_mg < 0:
                    return False
        return True


def attempt(here: Standing) -> Attempt | None:
    """None when something that is owed has no way."""
    owed = []
    for debt, wanted in debts(here):
        ways = debt & here.admitted
        if ways.bit_count() < wanted:
            return None
        owed.append((ways, wanted))
    free = {slot.key: slot.maximum - here.taken[slot.key] for slot in here.book.family.slots}
    return Attempt(
        book=here.book,
        left=here.admitted,
        owed=owed,
        free=free,
        places=sum([places for places in free.values() if places > 0]),
        room_mg=here.room_mg,
        mg=here.mg,
        used=dict(here.used),
        of_present=here.of_present,
    )


def debts(here: Standing) -> Iterator[Debt]:
    """Those who could meet each, were they all admitted, and how many of them it takes."""
    for slot in here.short:
        yield here.book.sets.of_slot[slot.key], max(1, slot.minimum - here.taken[slot.key])
    for need in here.needs:
        yield here.book.meeting(need), 1
