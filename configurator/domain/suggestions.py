"""One change that a friend may suggest for a bar, each tried beforehand; and whether it still fits later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.domains import Inquiry
from configurator.domain.edit_words import in_words
from configurator.domain.edits import Adding, Edit, OnBase, Removing, applied, edited, read, written
from configurator.domain.family import Cents, Family, Milligrams, Text
from configurator.domain.module_seats import Seat
from configurator.domain.pricing import CATALOGUE_PRICES, PriceList, quote
from configurator.domain.repairs import substitutes
from configurator.domain.rulebook import rulebook
from configurator.domain.rules import Problem

Kind: TypeAlias = Literal["out", "swap", "base", "add"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    kind: Kind
    slot: str
    """Where the change happens."""
    words: str
    edits: str
    cents: Cents
    """How much dearer the bar becomes."""


class NoLongerFits(ValueError):
    """The bar has become another one since; the message says what is in the way."""


def suggestions(
    design: Design, family: Family, locale: str, prices: PriceList = CATALOGUE_PRICES
) -> tuple[Suggestion, ...]:
    """All single changes after which nothing is wrong that was not wrong before."""
    before = problems(design, family, locale)
    cents_before = quote(design, family, locale, prices).total_cents
    return tuple(
        Suggestion(
            kind=kind,
            slot=edits[-1].slot,
            words=in_words(edits, design, family, locale),
            edits=written(edits),
            cents=quote(made, family, locale, prices).total_cents - cents_before,
        )
        for kind, edits in _changes(design, family)
        if not _new(before, problems(made := edited(design, edits, family), family, locale))
    )


def with_suggestion(design: Design, edits: str, family: Family, locale: str) -> Design:
    """The bar as the suggestion wants it, however it has changed meanwhile.

    Raises NoLongerFits, and EditsMistaken for what names nothing of this family.
    """
    for edit in read(edits, family):
        if isinstance(edit, Removing) and not _holds(design, edit):
            name = family.modules[edit.module].name.to(locale)
            raise NoLongerFits(
                Text(f"“{name}” is no longer in the bar.", f"„{name}“ ist nicht mehr in der Tafel.").to(
                    locale
                )
            )
    made = applied(design, edits, family)
    if made == design:
        raise NoLongerFits(Text("The bar is like this already.", "Die Tafel ist schon so.").to(locale))
    wrong = _new(problems(design, family, locale), problems(made, family, locale))
    if wrong:
        raise NoLongerFits(wrong[0].message)
    return made


def _changes(design: Design, family: Family) -> Iterator[tuple[Kind, tuple[Edit, ...]]]:
    for choice in design.choices:
        yield "out", (Removing(choice.slot, choice.module),)
    for choice in design.choices:
        inquiry = Inquiry(design.removing(choice.module, choice.slot), family, "en")
        for module in substitutes(choice.module, choice.slot, design, family):
            if not design.has(module.key):
                mg = inquiry.state(module.key, choice.slot).mg
                yield "swap", (Removing(choice.slot, choice.module), Adding(choice.slot, module.key, mg))
    inquiry = Inquiry(design, family, "en")
    for slot, seats in rulebook(family).seats.items():
        for seat in seats:
            offered_mg = None if seat.barred else inquiry.offer(seat)
            if offered_mg is not None:
                yield _addition(slot, seat, offered_mg)


def _addition(slot: str, seat: Seat, mg: Milligrams) -> tuple[Kind, tuple[Edit, ...]]:
    key = seat.module.key
    return ("base", (OnBase(slot, key),)) if seat.is_base else ("add", (Adding(slot, key, mg),))


def _holds(design: Design, edit: Removing) -> bool:
    if design.base == edit.module:
        return True
    return any(choice.module == edit.module for choice in design.in_slot(edit.slot))


def _new(before: tuple[Problem, ...], after: tuple[Problem, ...]) -> list[Problem]:
    """What was wrong already is not the suggestion's fault."""
    known = {(problem.rule, problem.slot) for problem in before}
    return [problem for problem in after if (problem.rule, problem.slot) not in known]
