"""Which modules can still be chosen, and why not: exact, so that no choice is a dead end."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Literal

from configurator.domain.blocking import obstacle
from configurator.domain.completing import Search, forgiving
from configurator.domain.design import Design
from configurator.domain.family import Family, Milligrams
from configurator.domain.in_the_making import Standing, standing, standing_in_place_of_base
from configurator.domain.module_seats import Decision, Seat, SeatSet
from configurator.domain.rulebook import Rulebook, rulebook


@dataclass(frozen=True, slots=True)
class ModuleState:
    state: Literal["chosen", "open", "blocked"]
    reason: str = ""
    mg: Milligrams = 0
    """The dose it has, or would get when chosen; 0 for a base and for a blocked module."""
    because: tuple[str, ...] = ()
    """What is chosen and stands in the way: without any one of these the module is open; the base only
    where nothing else will do. When several reasons stand in the way at once no single choice is enough;
    then these alone block it, and any fewer of them would not. Each is written "toppings:walnut_half" or
    "base:milk_37". Empty when nothing that is chosen has to do with it."""
    background: str = ""
    """What else there is to say to who asks why; the reason stands on many cards and is short."""


def domains(design: Design, family: Family, locale: str) -> dict[str, dict[str, ModuleState]]:
    """Slot → module → state, for every module that fits the slot.

    A module is open exactly if some valid, complete bar holds it together with all that is chosen;
    a base is asked about in place of the chosen one. What is wrong with the design already, and
    cannot be cured by adding, blocks nothing else.
    """
    inquiry = Inquiry(design, family, locale)
    return {
        slot: {seat.module.key: inquiry.of(seat) for seat in seats}
        for slot, seats in inquiry.book.seats.items()
    }


def decisions(design: Design, family: Family) -> Iterator[Decision]:
    if design.base:
        yield Decision(family.base_slot.key, design.base)
    for choice in design.choices:
        yield Decision(choice.slot, choice.module)


def undone(design: Design, left_out: Collection[Decision], family: Family) -> Design:
    is_bare = any(decision.slot == family.base_slot.key for decision in left_out)
    choices = tuple([choice for choice in design.choices if (choice.slot, choice.module) not in left_out])
    return replace(design, base=None if is_bare else design.base, choices=choices)


class Inquiry:
    """Asks, for one design, what choosing a module would lead to."""

    def __init__(self, design: Design, family: Family, locale: str) -> None:
        self.design, self.family, self.locale = design, family, locale
        self.book = rulebook(family)
        self._chosen = {Decision(choice.slot, choice.module): choice.mg for choice in design.choices}
        if design.base:
            self._chosen[Decision(family.base_slot.key, design.base)] = 0
        self._known_grounds: dict[bool, Grounds] = {}
        """For bases, and for all others."""
        self._states: dict[object, ModuleState] = {}
        """A hundred modules are blocked for the same reason, or open in the same dose."""

    def _grounds(self, seat: Seat) -> Grounds:
        grounds = self._known_grounds.get(seat.is_base)
        if grounds is None:
            grounds = Grounds(self.design, self.book, in_place_of_base=seat.is_base)
            self._known_grounds[seat.is_base] = grounds
        return grounds

    def state(self, module: str, slot: str) -> ModuleState:
        """Raises LookupError when the slot does not take the module."""
        seat = self.book.seat(slot, module)
        if seat is None:
            raise LookupError(f"{slot} does not take {module}")
        return self.of(seat)

    def offer(self, seat: Seat) -> Milligrams | None:
        """The dose that it would get, 0 for a base; None when it is chosen or blocked."""
        return None if seat.decision in self._chosen else self._grounds(seat).offer(seat)

    def of(self, seat: Seat) -> ModuleState:
        chosen_mg = self._chosen.get(seat.decision)
        if chosen_mg is not None:
            return ModuleState("chosen", mg=chosen_mg)
        grounds = self._grounds(seat)
        offer_mg = grounds.offer(seat)
        return self._blocked(seat, grounds) if offer_mg is None else self._open(offer_mg)

    def _open(self, mg: Milligrams) -> ModuleState:
        state = self._states.get(mg)
        if state is None:
            state = self._states[mg] = ModuleState("open", mg=mg)
        return state

    def _blocked(self, seat: Seat, grounds: Grounds) -> ModuleState:
        in_the_way = obstacle(seat, grounds.whole.standing)
        involved = in_the_way.involved(grounds.decided)
        because, alone = grounds.explained(seat, involved)
        if not alone:
            # The words are for these alone, as if nothing else were chosen.
            in_the_way = obstacle(seat, grounds.only(because).standing)
        words, background = in_the_way.words(self.locale), in_the_way.background(self.locale)
        key = words, because, background
        state = self._states.get(key)
        if state is None:
            written = tuple(map(str, because))
            state = self._states[key] = ModuleState("blocked", words, because=written, background=background)
        return state


class Grounds:
    """What modules could be added to: the design, and the design without some of its decisions.

    A base takes the place of the chosen one, which therefore is no ground for it.
    """

    def __init__(self, design: Design, book: Rulebook, *, in_place_of_base: bool) -> None:
        self.design, self.book, self.in_place_of_base = design, book, in_place_of_base
        decided = tuple(decisions(design, book.family))
        self.decided = decided[1:] if in_place_of_base and design.base else decided
        self._grounds: dict[frozenset[Decision], Ground] = {}
        self._only: dict[tuple[Decision, ...], Ground] = {}
        self._suspects: dict[tuple[Decision, ...], Suspects] = {}
        self.whole = self.without(())

    def offer(self, seat: Seat) -> Milligrams | None:
        return self.whole.offer(seat)

    def explained(self, seat: Seat, involved: tuple[Decision, ...]) -> tuple[tuple[Decision, ...], bool]:
        """Those without any one of which the seat is open, and true; if there are none, those that block
        it by themselves, and any fewer would not."""
        suspects = self._suspected(involved)
        if suspects.open_without_any & seat.bit:
            return suspects.removable, True
        if suspects.core and not self.only(suspects.core).leads_on(seat):
            suspects = self._suspected(suspects.core)
        opening = suspects.opening(seat) or self._base_if_opening(seat, suspects)
        if opening or not suspects.decided:
            return opening, True
        core = self._smallest(seat, suspects.decided)
        self._suspected(involved).core = core
        return core, False

    def _suspected(self, decided: tuple[Decision, ...]) -> Suspects:
        suspects = self._suspects.get(decided)
        if suspects is None:
            base_slot = self.book.family.base_slot.key
            removable = tuple([decision for decision in decided if decision.slot != base_slot])
            searches = [self.without((decision,)).search for decision in removable]
            suspects = self._suspects[decided] = Suspects(decided, removable, searches)
        return suspects

    def _base_if_opening(self, seat: Seat, suspects: Suspects) -> tuple[Decision, ...]:
        """Asked last: a bar always has a base, so something else is what a person would rather let go."""
        base = suspects.decided[: len(suspects.decided) - len(suspects.removable)]
        return base if base and self.without(base).leads_on(seat) else ()

    def without(self, left_out: tuple[Decision, ...]) -> Ground:
        """Many modules are blocked by the same few choices."""
        key = frozenset(left_out)
        ground = self._grounds.get(key)
        if ground is None:
            ground = self._grounds[key] = self._ground(left_out)
        return ground

    def _ground(self, left_out: tuple[Decision, ...]) -> Ground:
        design = undone(self.design, left_out, self.book.family)
        stands = standing_in_place_of_base if self.in_place_of_base else standing
        return Ground(stands(design, self.book))

    def only(self, kept: tuple[Decision, ...]) -> Ground:
        ground = self._only.get(kept)
        if ground is None:
            left_out = tuple([decision for decision in self.decided if decision not in kept])
            ground = self._only[kept] = self.without(left_out)
        return ground

    def _smallest(self, seat: Seat, blocking: tuple[Decision, ...]) -> tuple[Decision, ...]:
        """One that is enough, or what is left when all that it does not take is left out, one by one."""
        for decision in reversed(blocking):
            if decision.module in seat.foes and self.only(()).leads_on(seat):
                return (decision,)
        kept = blocking
        for decision in blocking:
            fewer = tuple([other for other in kept if other is not decision])
            if not self.only(fewer).leads_on(seat):
                kept = fewer
        return kept


class Suspects:
    """Decisions of which some may block modules, each with what there is without it."""

    def __init__(
        self, decided: tuple[Decision, ...], removable: tuple[Decision, ...], searches: list[Search]
    ) -> None:
        self.decided, self.removable = decided, removable
        """The removable are all of them but the base."""
        self._beside = list(zip(removable, searches, strict=True))
        known_open = [beside.known_open for beside in searches]
        self.open_without_any: SeatSet = reduce(and_, known_open) if known_open else 0
        """As far as is known before asking for each seat: hundreds wait for a place in the same slot."""
        self.core: tuple[Decision, ...] = ()
        """Those that blocked the last one by themselves: neighbours are often blocked by the same few."""

    def opening(self, seat: Seat) -> tuple[Decision, ...]:
        """Those without any one of which the seat is open."""
        bit = seat.bit
        return tuple(
            [
                decision
                for decision, beside in self._beside
                if beside.known_open & bit or (not beside.known_shut & bit and beside.leads_on(seat))
            ]
        )


class Ground:
    """What a module would be added to. What it owes and never can meet is no fault of the module."""

    def __init__(self, stands: Standing) -> None:
        self.search = forgiving(stands)
        self.standing = self.search.start
        self._owes_nothing = self.standing.is_complete
        self.leads_on = self.search.leads_on

    def offer(self, seat: Seat) -> Milligrams | None:
        """The dose it would get, 0 for a base; None when it leads nowhere."""
        if seat.is_base:
            return 0 if self.leads_on(seat) else None
        if not self.standing.admits(seat):
            return None
        if self._owes_nothing and not seat.needs:
            return self.standing.largest_offer(seat)
        finished = self.search.finished_with(seat)
        if finished is None:
            return None
        return finished.largest_offer(seat, seat.least_mg if finished.seats_added & seat.bit else 0)
