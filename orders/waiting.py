"""How much slow work waits and for how long: for whoever watches the shop, and for the office's first page.

The rows are counted, not the bells: what a broker has lost waits all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from django.db.models import Count, Min, QuerySet

from configurator.purposes import Purpose
from orders.models import PendingWork, Runner
from orders.money import inbox, payments
from orders.personal import requests
from orders.production import outbox
from shop import account_letters

TOO_LONG: Final = timedelta(minutes=10)
"""A row should be taken up within seconds."""
COUNTED: Final = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    purpose: Purpose
    length: int
    """Due, and not done."""
    oldest_seconds: int
    """Since the one that waits longest was due."""
    given_up: int
    """Tried in vain until nobody tries any more; a person must."""


def waiting(*, at: datetime) -> list[Waiting]:
    return [_summed(purpose, list(found), at) for purpose, found in _by_purpose(at).items()]


def too_long(*, at: datetime) -> QuerySet[PendingWork]:
    return outbox.due(at - TOO_LONG).order_by("try_at")


def clock_seconds(*, at: datetime) -> int | None:
    """Since the clock's last stroke that a worker heard; none when it has never struck."""
    last = Runner.objects.filter(name="reconcile").values_list("until", flat=True).first()
    return _seconds(last - payments.RECONCILE_LASTS, at) if last else None


_Found: TypeAlias = tuple[int, datetime | None, int]
"""How many are due, since when, and how many were given up."""


def _by_purpose(at: datetime) -> dict[Purpose, list[_Found]]:
    found: dict[Purpose, list[_Found]] = {purpose: [] for purpose in Purpose}
    for kind, counted in _of_orders(at):
        found[PendingWork.PURPOSES[kind]].append(counted)
    found[Purpose.MAIL].append(_counted(account_letters.due(at), "try_at", account_letters.given_up()))
    found[Purpose.HOUSE].append(_counted(requests.due(at), "look_at", requests.given_up()))
    found[Purpose.MONEY].append(_counted(inbox.due(at), "next_at", inbox.given_up(at)))
    return found


def _of_orders(at: datetime) -> Iterator[tuple[str, _Found]]:
    rows = outbox.due(at).order_by().values_list("kind")
    yield from (
        (kind, (length, since, 0)) for kind, length, since in rows.annotate(Count("pk"), Min("try_at"))
    )
    stuck = outbox.failing().filter(stuck_at__isnull=False).order_by().values_list("kind")
    yield from ((kind, (0, None, count)) for kind, count in stuck.annotate(Count("pk")))


def _counted(due: QuerySet[Any], since: str, given_up: QuerySet[Any]) -> _Found:
    sums = due.order_by().aggregate(length=Count("pk"), since=Min(since))
    return sums["length"], sums["since"], given_up.count()


def _summed(purpose: Purpose, found: Iterable[_Found], at: datetime) -> Waiting:
    lengths, sinces, given_up = zip(*found, strict=True) if found else ((), (), ())
    since = min((each for each in sinces if each), default=at)
    return Waiting(purpose, sum(lengths), _seconds(since, at), sum(given_up))


def _seconds(since: datetime, at: datetime) -> int:
    return max(0, int((at - since).total_seconds()))
