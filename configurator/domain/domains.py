"""Which modules can still be chosen, and why not: exact, so that no choice is a dead end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from configurator.domain.blocking import obstacle
from configurator.domain.completing import Search, forgiven
from configurator.domain.design import Design
from configurator.domain.family import Family, Milligrams
from configurator.domain.in_the_making import Standing, standing, standing_in_place_of_base
from configurator.domain.module_seats import Decision, Seat
from configurator.domain.rulebook import Rulebook, rulebook


@dataclass(frozen=True, slots=True)
class ModuleState:
    state: Literal["chosen", "open", "blocked"]
    reason: str = ""
    mg: Milligrams = 0
    """The dose it has, or would get when chosen; 0 for a base and for a blocked module."""
    because: tuple[str, ...] = ()
    """What is chosen and stands in the way: without any one of these the module is open. Only when
    several reasons stand in the way at once is no single choice enough; then these alone block it,
    and any fewer of them would not. Each is written "toppings:walnut_half" or "base:milk_37".
    Empty when nothing that is chosen has to do with it."""
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


def undone(design: Design, decision: Decision, family: Family) -> Design:
    if decision.slot == family.base_slot.key:
        return design.on_base(None)
    return design.removing(decision.module, decision.slot)


class Inquiry:
    """Asks, for one design, what choosing a module would lead to."""

    def __init__(self, design: Design, family: Family, locale: str) -> None:
        self.design, self.family, self.locale = design, family, locale
        self.book = rulebook(family)
        self._chosen = {Decision(choice.slot, choice.module): choice.mg for choice in design.choices}
        if design.base:
            self._chosen[Decision(family.base_slot.key, design.base)] = 0

    @cached_property
    def _for_bases(self) -> Grounds:
        return Grounds(self.design, self.book, in_place_of_base=True)

    @cached_property
    def _for_others(self) -> Grounds:
        return Grounds(self.design, self.book, in_place_of_base=False)

    def _grounds(self, seat: Seat) -> Grounds:
        return self._for_bases if seat.is_base else self._for_others

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
        return self._blocked(seat, grounds) if offer_mg is None else ModuleState("open", mg=offer_mg)

    def _blocked(self, seat: Seat, grounds: Grounds) -> ModuleState:
        in_the_way = obstacle(seat, grounds.whole.standing)
        involved = in_the_way.involved(grounds.decided)
        because = tuple([d for d in involved if grounds.without((d,)).leads_on(seat)])
        if not because and involved:
            because = grounds.conflict(seat, involved)
            # The words are for these alone, as if nothing else were chosen.
            in_the_way = obstacle(seat, grounds.without(grounds.all_but(because)).standing)
        return ModuleState(
            "blocked",
            in_the_way.words(self.locale),
            because=tuple(map(str, because)),
            background=in_the_way.background(self.locale),
        )


class Grounds:
    """What modules could be added to: the design, and the design without some of its decisions.

    A base takes the place of the chosen one, which therefore is no ground for it.
    """

    def __init__(self, design: Design, book: Rulebook, *, in_place_of_base: bool) -> None:
        self.design, self.book, self.in_place_of_base = design, book, in_place_of_base
        decided = tuple(decisions(design, book.family))
        self.decided = decided[1:] if in_place_of_base and design.base else decided
        self._grounds: dict[frozenset[Decision], Ground] = {}
        self._last_conflict: tuple[Decision, ...] = ()
        self.whole = self.without(())

    def offer(self, seat: Seat) -> Milligrams | None:
        return self.whole.offer(seat)

    def without(self, left_out: tuple[Decision, ...]) -> Ground:
        """Many modules are blocked by the same few choices."""
        key = frozenset(left_out)
        ground = self._grounds.get(key)
        if ground is None:
            ground = self._grounds[key] = self._ground(left_out)
        return ground

    def _ground(self, left_out: tuple[Decision, ...]) -> Ground:
        design = self.design
        for decision in left_out:
            design = undone(design, decision, self.book.family)
        stands = standing_in_place_of_base if self.in_place_of_base else standing
        return Ground(stands(design, self.book))

    def all_but(self, kept: tuple[Decision, ...]) -> tuple[Decision, ...]:
        return tuple(decision for decision in self.decided if decision not in kept)

    def conflict(self, seat: Seat, involved: tuple[Decision, ...]) -> tuple[Decision, ...]:
        """A set that blocks the module by itself, and without any one of them would not.

        Neighbours are often blocked by the same set.
        """
        if not (self._last_conflict and self._is_conflict(self._last_conflict, seat)):
            self._last_conflict = self._conflict(seat, involved)
        return self._last_conflict

    def _is_conflict(self, decided: tuple[Decision, ...], seat: Seat) -> bool:
        others = self.all_but(decided)
        if self.without(others).leads_on(seat):
            return False
        return all(self.without((*others, decision)).leads_on(seat) for decision in decided)

    def _conflict(self, seat: Seat, involved: tuple[Decision, ...]) -> tuple[Decision, ...]:
        """What it does not take is left out, one by one."""
        left_out = self.all_but(involved)
        for decision in involved:
            if not self.without((*left_out, decision)).leads_on(seat):
                left_out = (*left_out, decision)
        return self.all_but(left_out)


class Ground:
    """What a module would be added to. What it owes and never can meet is no fault of the module."""

    def __init__(self, stands: Standing) -> None:
        self.standing = forgiven(stands)
        self._owes_nothing = self.standing.is_complete

    @cached_property
    def _search(self) -> Search:
        search = Search(self.standing)
        search.finished()
        return search

    def leads_on(self, seat: Seat) -> bool:
        if not self.standing.admits(seat):
            return False
        return (self._owes_nothing and not seat.needs) or self._search.leads_on(seat)

    def offer(self, seat: Seat) -> Milligrams | None:
        """The dose it would get; None when it leads nowhere."""
        if not self.standing.admits(seat):
            return None
        if self._owes_nothing and not seat.needs:
            return self.standing.largest_offer(seat)
        finished = self._search.finished_with(seat)
        if finished is None:
            return None
        return finished.largest_offer(seat, seat.least_mg if finished.seats_added & seat.bit else 0)
