"""What the owner asks of the plan: what would change with another temperer, more time, more hands?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from orders.production.plan_board import BOTTLENECKS
from orders.production.plan_rows import floor
from orders.production.planning.kitchen import Kitchen
from orders.production.planning.values import MINUTE
from orders.production.planning.what_if import (
    Difference,
    difference,
    with_another_temperer,
    with_longer_shift,
    with_more_hands,
)

AN_HOUR = 60 * MINUTE


@dataclass(frozen=True, slots=True)
class Answer:
    words: str
    difference: Difference

    @property
    def minutes_saved(self) -> int:
        return self.difference.set_up_saved // MINUTE

    @property
    def bottleneck(self) -> Promise:
        return BOTTLENECKS[self.difference.bottleneck]


def answers(*, at: datetime) -> list[Answer]:
    """Of all bars that are to be made now, planned in each of these kitchens."""
    seen = floor(at=at)
    return [
        Answer(words, difference(seen.bars, seen.kitchen, then)) for words, then in _kitchens(seen.kitchen)
    ]


def _kitchens(now: Kitchen) -> Iterator[tuple[str, Kitchen]]:
    yield _("One more temperer in zone O"), with_another_temperer(now, "O")
    yield _("One more temperer in zone F"), with_another_temperer(now, "F")
    yield _("Everybody works an hour longer"), with_longer_shift(now, AN_HOUR)
    yield _("One more person"), with_more_hands(now, 1)
    both = with_more_hands(with_another_temperer(now, "O"), 1)
    yield _("One more person and one more temperer in zone O"), both
