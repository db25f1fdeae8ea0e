"""What the owner asks of the plan: what would change with another temperer, more time, more hands?

All bars that are to be made are planned in each of these kitchens. That takes its time, so a worker does it, and
what was found is kept until it is asked anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.models.what_if import WhatIf
from orders.production.plan_board import BOTTLENECKS
from orders.production.plan_rows import floor
from orders.production.planning.days import planned
from orders.production.planning.kitchen import Kitchen
from orders.production.planning.values import MINUTE
from orders.production.planning.what_if import (
    Difference,
    days_of_work,
    difference,
    usual_day,
    with_another_temperer,
    with_longer_shift,
    with_more_hands,
)

logger = logging.getLogger(__name__)

AN_HOUR: Final = 60 * MINUTE
GIVEN_UP: Final = timedelta(minutes=5)
"""Whoever has not come further for so long is dead."""
KITCHENS: Final[Mapping[str, tuple[Promise, Callable[[Kitchen], Kitchen]]]] = {
    "temperer_o": (_("One more temperer in zone O"), lambda now: with_another_temperer(now, "O")),
    "temperer_f": (_("One more temperer in zone F"), lambda now: with_another_temperer(now, "F")),
    "hour": (_("Everybody works an hour longer"), lambda now: with_longer_shift(now, AN_HOUR)),
    "person": (_("One more person"), lambda now: with_more_hands(now, 1)),
    "person_and_temperer": (
        _("One more person and one more temperer in zone O"),
        lambda now: with_more_hands(with_another_temperer(now, "O"), 1),
    ),
}


@dataclass(frozen=True, slots=True)
class Now:
    """The kitchen as it is, with what is to be made."""

    bars: int
    days: int
    late: int
    set_up_minutes: int
    a_day: int
    limit: str

    @property
    def bottleneck(self) -> Promise:
        return BOTTLENECKS[self.limit]


@dataclass(frozen=True, slots=True)
class Answer:
    words: Promise
    difference: Difference
    a_day: int
    most: int
    """Of all answers, for the length of its bar."""

    @property
    def minutes_saved(self) -> int:
        return self.difference.set_up_saved // MINUTE

    @property
    def bottleneck(self) -> Promise:
        return BOTTLENECKS[self.difference.bottleneck]


@dataclass(frozen=True, slots=True)
class Answers:
    """The best first."""

    asked_at: datetime
    now: Now
    answers: tuple[Answer, ...]


def ask(*, at: datetime) -> WhatIf:
    """One at a time: who asks while another is worked on waits for the same."""
    return under_way(at=at) or WhatIf.objects.create(asked_at=at)


def under_way(*, at: datetime) -> WhatIf | None:
    return WhatIf.objects.filter(finished_at=None, asked_at__gt=at - GIVEN_UP).first()


def last_failed() -> bool:
    last = WhatIf.objects.first()
    return last is not None and last.failed


def found() -> Answers | None:
    """The last that were found, as long as nobody has asked anew."""
    question = WhatIf.objects.filter(failed=False).exclude(finished_at=None).first()
    if question is None:
        return None
    now = Now(**question.now)
    most = max((now.a_day + answer["bars_more"] for answer in question.answers), default=now.a_day)
    answers = (_answer(written, now, max(most, now.a_day)) for written in question.answers)
    return Answers(question.asked_at, now, tuple(sorted(answers, key=_worth, reverse=True)))


def answer(question_id: int) -> None:
    """May run twice, in two workers at once: only one takes it up."""
    at = timezone.now()
    free = Q(worked_at=None) | Q(worked_at__lt=at - GIVEN_UP)
    if not WhatIf.objects.filter(free, pk=question_id, finished_at=None).update(worked_at=at, answers=[]):
        return
    question = WhatIf.objects.get(pk=question_id)
    try:
        _work_out(question)
    except Exception:
        logger.exception("The plan could not answer what it was asked")
        question.failed = True
    question.finished_at = timezone.now()
    question.save()
    older = WhatIf.objects.filter(pk__lt=question.pk)
    (older.filter(failed=True) if question.failed else older).delete()


def unanswered() -> list[int]:
    """For beat: those that no worker has heard of, or whose worker has died."""
    return list(WhatIf.objects.filter(finished_at=None).values_list("pk", flat=True))


def _work_out(question: WhatIf) -> None:
    seen = floor(at=question.asked_at)
    before = planned(seen.bars, seen.kitchen)
    limits = seen.kitchen.limits(usual_day(seen.kitchen))
    question.now = asdict(
        Now(
            bars=len(seen.bars),
            days=days_of_work(before, seen.kitchen),
            late=before.late,
            set_up_minutes=before.set_up // MINUTE,
            a_day=limits.bars,
            limit=limits.bottleneck,
        )
    )
    for key, (_words, change) in KITCHENS.items():
        seen_then = difference(seen.bars, seen.kitchen, change(seen.kitchen), before=before)
        question.answers.append({"key": key, **asdict(seen_then)})
        question.worked_at = timezone.now()
        question.save()


def _answer(written: Mapping[str, Any], now: Now, most: int) -> Answer:
    figures = {name: value for name, value in written.items() if name != "key"}
    words, _change = KITCHENS[written["key"]]
    return Answer(words, Difference(**figures), now.a_day + figures["bars_more"], most)


def _worth(answer: Answer) -> tuple[int, int, int, int]:
    """Among those that make as many bars, the lesser change stands first."""
    seen = answer.difference
    return seen.bars_more, seen.days_earlier, seen.fewer_late, 0 if seen.bars_more else seen.set_up_saved
