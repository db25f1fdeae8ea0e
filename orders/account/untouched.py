"""What people design and leave is not ours to keep: after a while it goes, and what hangs, is sold or was
ordered stays (docs/keeping.md)."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import CharField, Exists, F, OuterRef, ProtectedError, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from configurator.makers.keeping import KEPT, PUBLIC, REGRET
from configurator.makers.makers import OF_ACCOUNT
from configurator.models import Creation, CreationStep, Design
from configurator.pictures import previews
from orders.models import CartLine, OrderLine, Reminder
from shop.models import ReadyBar

AT_ONCE: Final = 500
"""Rows of one step: short enough that nobody waits for a lock."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Forgotten:
    creations: int
    designs: int


def ordered_designs() -> QuerySet[Design]:
    return Design.objects.filter(pk__in=OrderLine.every.values("design"))


def forget(at: datetime) -> Forgotten:
    """Creations first, for they name designs."""
    creations, designs = _forget_creations(at)
    designs += _forget_designs(at)
    logger.info("Forgotten: %s bars that nobody touched, %s designs that nothing names", creations, designs)
    return Forgotten(creations, designs)


def _forget_creations(at: datetime) -> tuple[int, int]:
    """With their designs: what was deleted must not answer again because nobody is left to close it."""
    deleted = Q(maker="", changed_at__lt=at - REGRET)
    ordered = OrderLine.every.filter(design=OuterRef("design"))
    # Who has an account keeps bars for as long as the account.
    accounts = User.objects.annotate(maker=Concat(Value(OF_ACCOUNT), Cast("pk", CharField())))
    of_account = Exists(accounts.filter(maker=OuterRef("maker")))
    untouched = Q(changed_at__lt=at - KEPT) & ~of_account & ~Q(visibility=PUBLIC) & ~Q(held_at__isnull=False)
    old = Creation.objects.filter(deleted | (untouched & ~Exists(ordered))).order_by()
    gone = designs = 0
    while keys := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        named = designs_of(keys)
        # Asked again: its maker may have come back between the two statements.
        gone += old.filter(pk__in=keys).delete()[1].get("configurator.Creation", 0)
        for first in range(0, len(named), AT_ONCE):
            designs += forget_designs(unnamed(Design.objects.all()), named[first : first + AT_ONCE])
        logger.info("%s bars forgotten so far", gone)
    return gone, designs


def designs_of(creations: Sequence[UUID]) -> list[str]:
    """All that their makers have designed, and not what they began as."""
    steps = CreationStep.objects.filter(creation__in=creations).values_list("design", flat=True)
    heads = Creation.objects.filter(pk__in=creations).exclude(design=F("started_from"))
    return list({*steps, *heads.values_list("design", flat=True)})


def _forget_designs(at: datetime) -> int:
    """Designs that stand nowhere any more: their words may be about people."""
    old = unnamed(Design.objects.filter(created_at__lt=at - KEPT)).order_by("pk")
    gone, last = 0, ""
    while digests := list(old.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
        last = digests[-1]
        gone += forget_designs(old, digests)
        logger.info("%s designs forgotten so far", gone)
    return gone


def unnamed(designs: QuerySet[Design]) -> QuerySet[Design]:
    kept = Creation.objects.filter(
        Q(design=OuterRef("pk")) | Q(started_from=OuterRef("pk")) | Q(shown=OuterRef("pk"))
    )
    return designs.exclude(
        Exists(kept)
        | Exists(CartLine.objects.filter(design=OuterRef("pk")))
        | Exists(OrderLine.every.filter(design=OuterRef("pk")))
        | Exists(Reminder.objects.filter(design=OuterRef("pk")))
        | Exists(ReadyBar.objects.filter(design=OuterRef("pk")))
    )


def forget_designs(old: QuerySet[Design], digests: Sequence[str]) -> int:
    """Those of them that nobody can go back to, with their pictures."""
    going = old.filter(pk__in=frozenset(digests) - _steps_among(digests))
    gone = list(going.values_list("pk", flat=True))
    try:
        forgotten = old.filter(pk__in=gone).delete()
        previews.forget(frozenset(gone))
        return forgotten[1].get("configurator.Design", 0)
    except ProtectedError:
        # Somebody took one up just now; tomorrow is another day.
        return 0


def _steps_among(digests: Iterable[str]) -> frozenset[str]:
    """Those to which somebody can still go back or forth."""
    asked, steps = frozenset(digests), set[str]()
    walked = Creation.objects.filter(
        Exists(CreationStep.objects.filter(creation=OuterRef("pk"), design__in=asked))
    )
    for past, future in walked.values_list("past", "future").iterator():
        steps.update(asked.intersection(past), asked.intersection(future))
    return frozenset(steps)
