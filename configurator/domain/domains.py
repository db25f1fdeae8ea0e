"""Which modules can still be chosen, and why not: exact, so that no choice is a dead end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from configurator.domain.completing import Standing, completion, standing, standing_in_place_of_base
from configurator.domain.constraints import in_grams, percent
from configurator.domain.design import Design
from configurator.domain.family import Family, Milligrams, Module, Slot, Text
from configurator.domain.rulebook import Rulebook, Seat, rulebook
from configurator.domain.rules import Avoid, Constraint, Excludes


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


class Decision(NamedTuple):
    """A slot and what is chosen for it."""

    slot: str
    module: str

    def __str__(self) -> str:
        return f"{self.slot}:{self.module}"


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
        self._decisions = tuple(decisions(design, family))
        self._chosen = {Decision(choice.slot, choice.module): choice.mg for choice in design.choices}
        if design.base:
            self._chosen[Decision(family.base_slot.key, design.base)] = 0
        self._grounds: dict[tuple[bool, frozenset[Decision]], Ground] = {}

    def state(self, module: str, slot: str) -> ModuleState:
        """Raises LookupError when the slot does not take the module."""
        seat = self.book.seat(slot, module)
        if seat is None:
            raise LookupError(f"{slot} does not take {module}")
        return self.of(seat)

    def offer(self, seat: Seat) -> Milligrams | None:
        """The dose that it would get, 0 for a base; None when it is chosen or blocked."""
        is_chosen = Decision(seat.slot.key, seat.module.key) in self._chosen
        return None if is_chosen else self._ground(seat.is_base).offer(seat)

    def of(self, seat: Seat) -> ModuleState:
        chosen_mg = self._chosen.get(Decision(seat.slot.key, seat.module.key))
        if chosen_mg is not None:
            return ModuleState("chosen", mg=chosen_mg)
        offer_mg = self._ground(seat.is_base).offer(seat)
        if offer_mg is not None:
            return ModuleState("open", mg=offer_mg)
        return self._blocked(seat)

    def _blocked(self, seat: Seat) -> ModuleState:
        because = self._in_the_way_alone(seat)
        left_out: tuple[Decision, ...] = ()
        if not because:
            because = self._conflict(seat)
            # The words are for these alone, as if nothing else were chosen.
            left_out = tuple(decision for decision in self._decided(seat) if decision not in because)
        reason = self._ground(seat.is_base, left_out).obstacle(seat, self.locale)
        return ModuleState("blocked", reason, because=tuple(map(str, because)))

    def _ground(self, is_base: bool, without: Iterable[Decision] = ()) -> Ground:  # noqa: FBT001  # named by its only callers' seat
        key = (is_base, frozenset(without))
        if key not in self._grounds:
            design = self.design
            for decision in key[1]:
                design = undone(design, decision, self.family)
            self._grounds[key] = Ground(design, self.book, is_base)
        return self._grounds[key]

    def _in_the_way_alone(self, seat: Seat) -> tuple[Decision, ...]:
        without = ((decision, self._ground(seat.is_base, (decision,))) for decision in self._decided(seat))
        return tuple(decision for decision, ground in without if ground.leads_on(seat))

    def _conflict(self, seat: Seat) -> tuple[Decision, ...]:
        """A set that blocks the module by itself: what it does not take is left out, one by one."""
        left_out: tuple[Decision, ...] = ()
        for decision in self._decided(seat):
            if not self._ground(seat.is_base, (*left_out, decision)).leads_on(seat):
                left_out = (*left_out, decision)
        return tuple(decision for decision in self._decided(seat) if decision not in left_out)

    def _decided(self, seat: Seat) -> tuple[Decision, ...]:
        """A base takes the place of the chosen one, which therefore never stands in its way."""
        if seat.barred:
            return ()
        return self._decisions[1:] if self.design.base and seat.is_base else self._decisions


class Ground:
    """What a module would be added to: the design, or the design without some of it."""

    def __init__(self, design: Design, book: Rulebook, is_base: bool) -> None:  # noqa: FBT001  # named by its only caller's seat
        stands = standing_in_place_of_base if is_base else standing
        self.book = book
        self.standing: Standing = stands(design, book).forgiven()

    @cached_property
    def whole(self) -> Standing:
        """One way to finish it; most modules fit into that way too, so that nothing need be searched."""
        finished = completion(self.standing)
        assert finished, "it owes only what can be met"
        return finished

    def leads_on(self, seat: Seat) -> bool:
        return self.standing.admits(seat) and (
            self._fits_the_whole(seat) or self._can_be_finished(seat, seat.least_mg)
        )

    def offer(self, seat: Seat) -> Milligrams | None:
        """The dose it would get; None when it leads nowhere."""
        if not self.standing.admits(seat):
            return None
        if self._fits_the_whole(seat):
            return self.whole.largest_offer(seat)
        most_mg = self.standing.largest_offer(seat)
        if self._can_be_finished(seat, most_mg):
            return most_mg
        return seat.least_mg if self._can_be_finished(seat, seat.least_mg) else None

    def _fits_the_whole(self, seat: Seat) -> bool:
        whole = self.whole
        return whole.admits(seat) and not any(whole.present.isdisjoint(need.one_of) for need in seat.needs)

    def _can_be_finished(self, seat: Seat, mg: Milligrams) -> bool:
        return completion(self.standing.adding(seat, mg)) is not None

    def obstacle(self, seat: Seat, locale: str) -> str:
        """Why it leads nowhere, in words."""
        if not seat.module.retired and self.standing.admits(seat):
            return self._debt(seat, locale)
        return self._no_place(seat, locale) or self._broken_rule(seat).reason.to(locale)

    def _no_place(self, seat: Seat, locale: str) -> str:
        module, slot, here = seat.module, seat.slot, self.standing
        if module.retired:
            return _out_of_stock(module, locale)
        if seat.is_base:
            return ""
        if here.taken[slot.key] >= slot.maximum:
            return _full(slot, locale)
        if seat.largest_mg - here.mg.get(module.key, 0) < seat.least_mg:
            return _enough(seat, locale)
        if here.room_mg < seat.least_mg:
            return _no_room(seat, max(0, here.room_mg), self.book.family, locale)
        return ""

    def _broken_rule(self, seat: Seat) -> Constraint:
        rules = self.book.rules_about([seat.module.key])
        return next(rule for rule in rules if self._would_break(rule, seat))

    def _would_break(self, rule: Constraint, seat: Seat) -> bool:
        if isinstance(rule, Avoid):
            return True
        if isinstance(rule, Excludes):
            both = self.standing.present | {seat.module.key}
            return not (both.isdisjoint(rule.modules) or both.isdisjoint(rule.others))
        return any(
            cap.rule is rule and self.standing.left(cap, seat) < seat.load(cap, seat.least_mg)
            for cap in seat.caps
        )

    def _debt(self, seat: Seat, locale: str) -> str:
        """What could no longer be met, first of all what the module itself needs."""
        owing = self.standing.adding(seat, seat.least_mg)
        for need in owing.needs:
            if (seat.is_base or need in seat.needs) and not completion(owing.owing_only(needs=(need,))):
                return need.reason.to(locale)
        for need in owing.needs:
            if not completion(owing.owing_only(needs=(need,))):
                return _nothing_left(need.reason, locale)
        for slot in owing.short:
            if not completion(owing.owing_only(short=(slot,))):
                return _never_filled(slot, locale)
        return _words(
            locale,
            "Not everything that this bar still needs could be added then.",
            "Dann ließe sich nicht mehr alles hinzufügen, was diese Tafel noch braucht.",
        )


def _out_of_stock(module: Module, locale: str) -> str:
    name = module.name.to(locale)
    return _words(locale, f"We no longer have {name}.", f"{name} haben wir nicht mehr.")


def _full(slot: Slot, locale: str) -> str:
    name = slot.name.to(locale)
    return _words(
        locale,
        f"{name}: all {slot.maximum} places are taken. Remove one first.",
        f"{name}: Alle {slot.maximum} Plätze sind belegt. Nimm zuerst etwas weg.",
    )


def _enough(seat: Seat, locale: str) -> str:
    name, most = seat.module.name.to(locale), in_grams(seat.largest_mg, locale)
    return _words(
        locale,
        f"{name}: the bar holds as much of it as we may use ({most}).",
        f"{name}: Davon ist schon so viel in der Tafel, wie wir verwenden dürfen ({most}).",
    )


def _no_room(seat: Seat, room_mg: Milligrams, family: Family, locale: str) -> str:
    usual, left = in_grams(seat.usual_mg, locale), in_grams(room_mg, locale)
    limit = percent(family.inclusions_max_permille, 1000, locale)
    return _words(
        locale,
        f"{usual} would be too much, only {left} are left: above {limit} the bar may no longer "
        "be called chocolate. Use less of something, or remove it.",
        f"{usual} wären zu viel, nur {left} sind noch frei: Über {limit} darf die Tafel nicht "
        "mehr Schokolade heißen. Nimm von etwas weniger oder lass es weg.",
    )


def _nothing_left(reason: Text, locale: str) -> str:
    return _words(
        locale,
        f"Then nothing could be added any more to meet this: {reason.en}",
        f"Dann ließe sich nichts mehr hinzufügen, um dies zu erfüllen: {reason.de}",
    )


def _never_filled(slot: Slot, locale: str) -> str:
    name = slot.name.to(locale)
    return _words(
        locale,
        f"{name}: then nothing could be chosen any more that goes with the rest.",
        f"{name}: Dann ließe sich nichts mehr wählen, was zum Rest passt.",
    )


def _words(locale: str, en: str, de: str) -> str:
    return Text(en, de).to(locale)
