"""What the customer is asked about bars that lack an ingredient, and what is answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from configurator.catalogue import sold_out
from configurator.domain.family import Cents
from configurator.domain.label.facts import PINE_NUT
from orders import conversation
from orders.models import JobState, Order, OrderLine, RunOutBar
from orders.production import allergens, consent
from orders.production.consent import Way
from orders.production.run_outs import books, money_back, shortage, words
from orders.production.run_outs.books import Lack
from orders.production.run_outs.outcomes import (
    OF_A_BAR,
    Outcome,
    can_be_changed,
    costs_less,
    kept,
    left_out,
    swapped,
    ways_of,
)

WAYS_SHOWN: Final = 4

State = RunOutBar.State


class ChangedMeanwhile(Exception):
    """The bar goes on, was begun or left out, or what was chosen has gone too."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that could go in instead, and all that would be new about it."""

    key: str
    name: str
    less_cents: Cents
    contains: str
    may_contain: str
    diets: str

    @property
    def is_new(self) -> bool:
        return bool(self.contains or self.may_contain or self.diets)


@dataclass(frozen=True, slots=True)
class Question:
    """Bars of one line that lack the same."""

    key: str
    line: OrderLine
    lacks: tuple[Lack, ...]
    gone: str
    choices: tuple[Choice, ...]
    back_cents: Cents
    """For all of them."""
    is_asked: bool
    """We may not go on without an answer; else it waits, as was allowed."""

    @property
    def is_of_more(self) -> bool:
        """More than one thing is missing: then nothing else can stand in."""
        return len(self.lacks[0].modules) > 1


def most_urgent(order: Order) -> str:
    """ "asked" when we may not go on without an answer, "waits" when the customer may choose otherwise, else ""."""
    states = set(_asked(order).values_list("state", flat=True))
    return next((str(state) for state in (State.ASKED, State.WAITS) if state in states), "")


def of(order: Order, *, at: datetime) -> list[Question]:
    """Of a paid order, in the reader's language."""
    asked = _asked(order).select_related(*OF_A_BAR).order_by("job__order_line", "pk")
    together: dict[tuple[int, tuple[str, ...]], list[Lack]] = {}
    for lack in books.lacks(asked, at=at):
        together.setdefault((lack.job.order_line_id, lack.modules), []).append(lack)
    return [_question(tuple(lacks), at) for lacks in together.values()]


def answer(order: Order, key: str, chosen: str, *, at: datetime) -> list[Outcome]:
    """ "wait", "refund", or the key of a module. Raises ChangedMeanwhile; a second press finds nothing to change."""
    sold_out.forget()
    with transaction.atomic(), words.of_customer(order):
        locked = shortage.locked(order)
        question = next((each for each in of(locked, at=at) if each.key == key), None)
        if question is None or not all(can_be_changed(lack) for lack in question.lacks):
            raise ChangedMeanwhile(key)
        done = [kept(_chosen(lack, chosen, at), at, answered_at=at) for lack in question.lacks]
        refund = money_back.give_back(done, at)
        conversation.say(locked, words.told(done, _("as you chose"), refund), by=None, at=at)
    money_back.send(refund, at)
    return done


def _chosen(lack: Lack, chosen: str, at: datetime) -> Outcome:
    match chosen:
        case "wait":
            return Outcome(lack, State.WAITS)
        case "refund":
            return left_out(lack, at)
        case _:
            found = swapped(lack, (way for way in _offered(lack) if way.module.key == chosen), at)
            if found is None:
                raise ChangedMeanwhile(chosen)
            return found


def _asked(order: Order) -> QuerySet[RunOutBar]:
    bars = RunOutBar.objects.filter(run_out__order=order, state__in=(State.WAITS, State.ASKED))
    return bars.filter(job__job_state=JobState.QUEUED)


def _question(lacks: tuple[Lack, ...], at: datetime) -> Question:
    first = lacks[0]
    line, language = first.job.order_line, translation.get_language() or "en"
    ordered = first.job.ordered_line
    return Question(
        # Of bars that are equal, the first and how many: more of them or fewer is another question.
        key=f"{first.bar.pk}-{len(lacks)}",
        line=line,
        lacks=lacks,
        gone=first.names(language),
        choices=tuple(_choice(line, way, language, at) for way in _offered(first)),
        back_cents=ordered.total_cents // ordered.quantity * len(lacks),
        is_asked=any(lack.bar.state == State.ASKED for lack in lacks),
    )


def _offered(lack: Lack) -> list[Way]:
    """What asks least comes first; of it there is enough for this bar."""
    enough = (way for way in ways_of(lack) if not way.other_zone)
    return sorted(enough, key=lambda way: not way.asks_nothing)[:WAYS_SHOWN]


def _choice(line: OrderLine, way: Way, language: str, at: datetime) -> Choice:
    return Choice(
        key=way.module.key,
        name=way.module.name.to(language),
        less_cents=costs_less(line, way, at),
        contains=_named(way.contains),
        may_contain=_named(way.may_contain),
        diets=", ".join(str(consent.DIETS[diet]) for diet in way.diets),
    )


def _named(codes: Iterable[str]) -> str:
    """Pine nuts are an allergen for the law of the United States alone."""
    codes = set(codes)
    of_annex = allergens.named(codes - {PINE_NUT})
    return ", ".join(filter(None, (of_annex, _("pine nuts") if PINE_NUT in codes else "")))
