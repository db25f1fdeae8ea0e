"""Ways out, each of one click and tried beforehand: how a blocked module could be had after all, and
how a design gets rid of a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product, zip_longest
from typing import Final

from configurator.domain.completing import completion
from configurator.domain.constraints import problems
from configurator.domain.design import Choice, Design
from configurator.domain.domains import Inquiry
from configurator.domain.edit_words import in_words
from configurator.domain.edits import Adding, Edit, OnBase, Removing, edited, written
from configurator.domain.family import Cents, Family, Milligrams, Module
from configurator.domain.in_the_making import Standing, standing
from configurator.domain.likeness import unlikeness
from configurator.domain.module_seats import Seat
from configurator.domain.pricing import CATALOGUE_PRICES, PriceList, quote
from configurator.domain.rulebook import rulebook
from configurator.domain.rules import Needs, Problem

MOST_REPAIRS: Final = 5
MOST_SUBSTITUTES: Final = 6
MOST_TRIED_TOGETHER: Final = 200
"""Pairs of choices that are tried when no single one is enough; of more the first set that serves is taken."""
STEP_MG: Milligrams = 500
"""A smaller dose is offered in half grams, where doses are of grams at all."""


@dataclass(frozen=True, slots=True)
class Repair:
    words: str
    edits: str
    """What one click does, as ``edits.applied`` reads it."""
    design: Design
    cents: Cents
    """How much dearer the bar becomes."""


def repairs(
    design: Design,
    family: Family,
    module: str,
    slot: str,
    locale: str,
    prices: PriceList = CATALOGUE_PRICES,
) -> tuple[Repair, ...]:
    """How the module could be had: it is in each of the designs, and none has a new problem."""
    seat = rulebook(family).seat(slot, module)
    if seat is None:
        return ()
    return _Workshop(design, family, locale, prices).letting_in(seat)


def cures(
    problem: Problem, design: Design, family: Family, locale: str, prices: PriceList = CATALOGUE_PRICES
) -> tuple[Repair, ...]:
    """How the design gets rid of the problem: it is gone from each of the designs, and none is new."""
    return _Workshop(design, family, locale, prices).curing(problem)


def substitutes(module: str, slot: str, design: Design, family: Family) -> tuple[Module, ...]:
    """What could stand in its place and leads to a valid bar, the most similar first."""
    is_base = slot == family.base_slot.key
    bare = design.on_base(None) if is_base else design.removing(module, slot)
    inquiry = Inquiry(bare, family, "en")
    offered = (
        seat.module
        for seat in _by_likeness(family.modules[module], rulebook(family).seats.get(slot, ()))
        if seat.module.key != module and inquiry.offer(seat) is not None
    )
    return tuple(islice(offered, MOST_SUBSTITUTES))


def _by_likeness(module: Module, seats: Iterable[Seat]) -> list[Seat]:
    return sorted(seats, key=lambda seat: (unlikeness(module, seat.module), seat.module.position))


class _Workshop:
    """Tries edits on one design."""

    def __init__(
        self, design: Design, family: Family, locale: str, prices: PriceList = CATALOGUE_PRICES
    ) -> None:
        self.design, self.family, self.locale, self.prices = design, family, locale, prices
        self.book = rulebook(family)
        self.before = problems(design, family, locale)
        self.cents_before = quote(design, family, locale, prices).total_cents

    # ── A module that is blocked ─────────────────────────────────────────────────────────────────

    def letting_in(self, seat: Seat) -> tuple[Repair, ...]:
        if seat.barred:
            return ()
        ways = _in_turn(
            self._as_it_is(seat),
            self._with_less_of_it(seat),
            self._with_less_of_others(seat),
            self._without_one(seat),
            self._on_another_base(seat),
        )
        stages = (ways, self._without_few(seat), self._without_many(seat))
        return self._first_that_help(stages, lambda made: _has(made, seat, self.family))

    def _as_it_is(self, seat: Seat) -> Iterator[tuple[Edit, ...]]:
        yield from self._admitting((), seat)

    def _with_less_of_it(self, seat: Seat) -> Iterator[tuple[Edit, ...]]:
        """Below half of its usual dose a module is not offered, but a quarter can still please."""
        if seat.is_base:
            return
        room_mg = standing(self.design, self.book).largest_offer(seat)
        piece_mg = -(-seat.module.shape.piece_ug // 1000)
        if max(1, piece_mg, -(-seat.usual_mg // 4)) <= room_mg < seat.least_mg:
            least_mg = max(piece_mg, -(-seat.usual_mg // 4))
            yield (Adding(seat.slot.key, seat.module.key, _weighed(room_mg, least_mg)),)

    def _with_less_of_others(self, seat: Seat) -> Iterator[tuple[Edit, ...]]:
        for choice in sorted(self.design.choices, key=lambda choice: -choice.mg):
            least_mg = (self.family.usual_dose(self.family.modules[choice.module]) + 1) // 2
            mg = _largest(
                _doses_below(choice.mg, least_mg),
                lambda mg, choice=choice: any(self._admitting(_at(choice, mg), seat)),  # type: ignore[misc]  # a default cannot be annotated
            )
            if mg:
                yield from self._admitting(_at(choice, mg), seat)

    def _without_one(self, seat: Seat) -> Iterator[tuple[Edit, ...]]:
        for choice in self._nearest_first(seat):
            yield from self._admitting((Removing(choice.slot, choice.module),), seat)

    def _nearest_first(self, seat: Seat) -> list[Choice]:
        """What is most like the wanted module is given away most easily."""
        modules = self.family.modules
        return sorted(
            self.design.choices,
            key=lambda c: (c.slot != seat.slot.key, unlikeness(modules[c.module], seat.module), c),
        )

    def _on_another_base(self, seat: Seat) -> Iterator[tuple[Edit, ...]]:
        for base in self._bases_instead(seat):
            yield from self._admitting((base,), seat)

    def _bases_instead(self, seat: Seat) -> Iterable[OnBase]:
        return () if seat.is_base or self.design.base is None else self._other_bases()

    def _other_bases(self) -> Iterator[OnBase]:
        slot = self.family.base_slot.key
        seats = [seat for seat in self.book.seats[slot] if seat.module.key != self.design.base]
        if self.design.base:
            seats = _by_likeness(self.family.modules[self.design.base], seats)
        return (OnBase(slot, seat.module.key) for seat in seats if not seat.barred)

    def _without_few(self, seat: Seat) -> Iterator[tuple[Edit, ...]]:
        """When no single step is enough: one or two choices out, on this base or on another."""
        for number in (1, 2):
            sets = product(self._bases(seat), combinations(self._nearest_first(seat), number))
            for base, gone in islice(sets, MOST_TRIED_TOGETHER):
                yield from self._admitting((*_taking_out(gone), *base), seat)

    def _without_many(self, seat: Seat) -> Iterator[tuple[Edit, ...]]:
        """No more of them than must go, and what is most unlike the wanted module stays."""
        choices = self._nearest_first(seat)[::-1]
        for base in self._bases(seat):
            gone = _no_more_than_needed(
                choices,
                lambda gone, base=base: any(self._admitting((*_taking_out(gone), *base), seat)),  # type: ignore[misc]  # a default cannot be annotated
            )
            if gone:
                yield from self._admitting((*_taking_out(gone), *base), seat)

    def _bases(self, seat: Seat) -> list[tuple[OnBase, ...]]:
        """To stay on its own is no edit."""
        return [(), *((base,) for base in self._bases_instead(seat))]

    def _admitting(self, edits: tuple[Edit, ...], seat: Seat) -> Iterator[tuple[Edit, ...]]:
        """The edits, then the module, then what it needs beside it."""
        cleared = edited(self.design, edits, self.family)
        mg = Inquiry(cleared, self.family, self.locale).offer(seat)
        if mg is not None:
            choosing = _choosing(seat, mg if mg == seat.usual_mg else _weighed(mg, seat.least_mg))
            with_it = edited(cleared, (choosing,), self.family)
            yield (*edits, choosing, *self._what_it_needs(with_it))

    def _what_it_needs(self, design: Design) -> Iterator[Edit]:
        """Only what was not missing before."""
        before, here = standing(self.design, self.book), standing(design, self.book)
        fresh = tuple(need for need in here.needs if not _owed_already(need, before, here))
        short = tuple(slot for slot in here.short if here.taken[slot.key] < before.taken[slot.key])
        for seat, mg in (completion(here.owing_only(needs=fresh, short=short)) or here).added:
            yield _choosing(seat, mg)

    # ── A problem of the design ──────────────────────────────────────────────────────────────────

    def curing(self, problem: Problem) -> tuple[Repair, ...]:
        ways = _in_turn(
            self._missing(problem),
            self._with_smaller_doses(problem),
            self._with_less_of_all(problem),
            self._swapped(problem),
            self._on_a_base_that_fits(problem),
            self._taken_out(problem, 1),
        )
        stages = (ways, self._taken_out(problem, 2), self._many_out(problem))
        return self._first_that_help(stages, lambda made: self._is_cured(problem, made))

    def _missing(self, problem: Problem) -> Iterator[tuple[Edit, ...]]:
        """What adds to the bar: a base, something for a slot, one of what is needed."""
        if not problem.curable:
            return
        inquiry = Inquiry(self.design, self.family, self.locale)
        for seat in self._wanted(problem):
            mg = inquiry.offer(seat)
            if mg is not None:
                yield (_choosing(seat, mg),)

    def _wanted(self, problem: Problem) -> Iterable[Seat]:
        rule = next((rule for rule in self.family.constraints if rule.key == problem.rule), None)
        if isinstance(rule, Needs):
            return (seat for key in rule.one_of for seat in self.book.seats_of.get(key, ()))
        return self.book.seats.get(problem.slot, ())

    def _with_smaller_doses(self, problem: Problem) -> Iterator[tuple[Edit, ...]]:
        """The usual dose for what has none, and less of what is too much."""
        for choice in self._taking_part(problem):
            usual_mg = self.family.usual_dose(self.family.modules[choice.module])
            if choice.mg < 1 or problem.rule == "portion":
                yield (Adding(choice.slot, choice.module, usual_mg),)
            mg = _largest(
                _doses_below(choice.mg, (usual_mg + 1) // 2),
                lambda mg, choice=choice: self._cures(problem, _at(choice, mg)),  # type: ignore[misc]  # a default cannot be annotated
            )
            if mg:
                yield _at(choice, mg)

    def _with_less_of_all(self, problem: Problem) -> Iterator[tuple[Edit, ...]]:
        taking_part = self._taking_part(problem)
        for percent in range(95, 45, -5):
            edits = tuple(
                Adding(c.slot, c.module, _weighed(max(1, c.mg * percent // 100), c.mg // 2))
                for c in taking_part
            )
            if len(edits) > 1 and self._cures(problem, edits):
                yield edits
                return

    def _swapped(self, problem: Problem) -> Iterator[tuple[Edit, ...]]:
        """Two substitutes for each, or more where only one thing is wrong."""
        taking_part = self._taking_part(problem)
        number = 2 if len(taking_part) > 1 else MOST_SUBSTITUTES
        for choice in taking_part:
            bare = self.design.removing(choice.module, choice.slot)
            inquiry = Inquiry(bare, self.family, self.locale)
            for module in substitutes(choice.module, choice.slot, self.design, self.family)[:number]:
                mg = inquiry.state(module.key, choice.slot).mg
                yield (Removing(choice.slot, choice.module), Adding(choice.slot, module.key, mg))

    def _on_a_base_that_fits(self, problem: Problem) -> Iterator[tuple[Edit, ...]]:
        if (self.design.base and not problem.slot) or self.design.base in problem.modules:
            yield from ((base,) for base in self._other_bases())

    def _taken_out(self, problem: Problem, number: int) -> Iterator[tuple[Edit, ...]]:
        sets = combinations(self._taking_part(problem), number)
        return (_taking_out(gone) for gone in islice(sets, MOST_TRIED_TOGETHER))

    def _many_out(self, problem: Problem) -> Iterator[tuple[Edit, ...]]:
        taking_part = self._taking_part(problem)
        for choices in (taking_part, taking_part[::-1]):
            gone = _no_more_than_needed(choices, lambda gone: self._cures(problem, _taking_out(gone)))
            if gone:
                yield _taking_out(gone)

    def _taking_part(self, problem: Problem) -> tuple[Choice, ...]:
        return tuple(choice for choice in self.design.choices if choice.module in problem.modules)

    def _cures(self, problem: Problem, edits: tuple[Edit, ...]) -> bool:
        return self._is_cured(problem, edited(self.design, edits, self.family))

    def _is_cured(self, problem: Problem, made: Design) -> bool:
        return not any(_is_same(problem, after) for after in problems(made, self.family, self.locale))

    # ── Checked and told ─────────────────────────────────────────────────────────────────────────

    def _first_that_help(
        self, stages: Iterable[Iterable[tuple[Edit, ...]]], succeeds: Callable[[Design], bool]
    ) -> tuple[Repair, ...]:
        found = (self._checked(ways, succeeds) for ways in stages)
        return next(filter(None, found), ())

    def _checked(
        self, ways: Iterable[tuple[Edit, ...]], succeeds: Callable[[Design], bool]
    ) -> tuple[Repair, ...]:
        found: dict[str, Repair] = {}
        for edits in ways:
            made = edited(self.design, edits, self.family)
            if succeeds(made) and not self._is_worse(made):
                found.setdefault(written(edits), self._repair(edits, made))
            if len(found) == MOST_REPAIRS:
                break
        return tuple(found.values())

    def _is_worse(self, made: Design) -> bool:
        after = problems(made, self.family, self.locale)
        return any(not any(_covers(before, problem) for before in self.before) for problem in after)

    def _repair(self, edits: tuple[Edit, ...], made: Design) -> Repair:
        return Repair(
            words=in_words(edits, self.design, self.family, self.locale),
            edits=written(edits),
            design=made,
            cents=quote(made, self.family, self.locale, self.prices).total_cents - self.cents_before,
        )


def _in_turn(*kinds: Iterable[tuple[Edit, ...]]) -> Iterator[tuple[Edit, ...]]:
    """The best of each kind, then the second best: a few ways out that are truly different."""
    return (edits for round_ in zip_longest(*kinds) for edits in round_ if edits is not None)


def _owed_already(need: Needs, before: Standing, here: Standing) -> bool:
    return need in before.needs and here.present & set(need.modules) <= before.present


def _taking_out(choices: Iterable[Choice]) -> tuple[Removing, ...]:
    return tuple(Removing(choice.slot, choice.module) for choice in choices)


def _no_more_than_needed(
    choices: Sequence[Choice], serves: Callable[[Sequence[Choice]], bool]
) -> Sequence[Choice]:
    """Those without any of which the others do not serve; the first ones go back first. Empty when not
    even all of them serve."""
    needed = choices if serves(choices) else ()
    for choice in choices if needed else ():
        fewer = [other for other in needed if other is not choice]
        needed = fewer if fewer and serves(fewer) else needed
    return needed


def _choosing(seat: Seat, mg: Milligrams) -> Edit:
    key, slot = seat.module.key, seat.slot.key
    return OnBase(slot, key) if seat.is_base else Adding(slot, key, mg)


def _at(choice: Choice, mg: Milligrams) -> tuple[Edit, ...]:
    return (Adding(choice.slot, choice.module, mg),)


def _doses_below(mg: Milligrams, least_mg: Milligrams) -> list[Milligrams]:
    """From the least to the largest, in steps that a person would weigh."""
    step = STEP_MG if least_mg >= 2 * STEP_MG else max(1, least_mg // 5)
    return [least_mg, *range(least_mg // step * step + step, mg, step)] if least_mg < mg else []


def _weighed(mg: Milligrams, least_mg: Milligrams) -> Milligrams:
    """No more than that, in a step that a person would weigh, where that is not too little."""
    step = next((step for step in (STEP_MG, STEP_MG // 5) if mg >= 2 * step), 1)
    rounded = mg - mg % step
    return rounded if rounded >= least_mg else mg


def _largest(doses: list[Milligrams], serves: Callable[[Milligrams], bool]) -> Milligrams | None:
    """What serves in a dose serves in every smaller one."""
    if not doses or not serves(doses[0]):
        return None
    low, high = 0, len(doses)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if serves(doses[middle]) else (low, middle)
    return doses[low]


def _has(design: Design, seat: Seat, family: Family) -> bool:
    if seat.is_base:
        return design.base == seat.module.key
    return any(choice.module == seat.module.key for choice in design.in_slot(seat.slot.key))


def _is_same(one: Problem, other: Problem) -> bool:
    meet = not one.modules or not other.modules or bool(set(one.modules) & set(other.modules))
    return (one.rule, one.slot) == (other.rule, other.slot) and meet


def _covers(before: Problem, after: Problem) -> bool:
    """Whether what is wrong afterwards was wrong before, and no more is."""
    if (before.rule, before.slot) != (after.rule, after.slot):
        return False
    if after.rule == "slot-minimum":
        return len(before.modules) <= len(after.modules)
    return set(after.modules) <= set(before.modules)
