"""What the customer allowed at the checkout is carried out by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from configurator.catalogue import sold_out
from orders import conversation
from orders.models import PendingWork, RunOut, RunOutBar, Substitution
from orders.production.run_outs import books, money_back, shortage, words
from orders.production.run_outs.books import Lack
from orders.production.run_outs.outcomes import (
    OF_A_BAR,
    Outcome,
    is_begun,
    kept,
    left_out,
    still_waits,
    swapped,
    ways_of,
)

State = RunOutBar.State


def carry_out_as_owed(work: PendingWork) -> None:
    """The worker's door."""
    assert work.run_out is not None
    carry_out(work.run_out, at=timezone.now())


def carry_out(run_out: RunOut, *, at: datetime) -> list[Outcome]:
    """For every bar that still lacks it, all in one transaction: once, whoever comes second finds nothing left.

    With it for those bars of the order whose turn has come too: the customer is told once.
    """
    sold_out.forget()
    due = list(_due_with(run_out, at))
    # What came a moment ago may be enough, before anybody has said so.
    for module in sorted({each.module for each in due}):
        shortage.look_after(module, at=at)
    with transaction.atomic(), words.of_customer(run_out.order):
        order = shortage.locked(run_out.order)
        bars = RunOutBar.objects.filter(run_out__in=due, state=State.OPEN).select_related(*OF_A_BAR)
        lacks = books.lacks(bars.order_by("pk"), at=at)
        done = [kept(_outcome(lack, order.substitution, at), at) for lack in lacks]
        refund = money_back.give_back(done, at)
        told = [outcome for outcome in done if outcome.state != State.OVER]
        if told:
            conversation.say(order, words.told(told, _("as you allowed"), refund), by=None, at=at)
    money_back.send(refund, at)
    return done


def _due_with(run_out: RunOut, at: datetime) -> QuerySet[RunOut]:
    too = Q(order=run_out.order, bars__state=State.OPEN, at__lte=at - shortage.PAUSE)
    return RunOut.objects.filter(Q(pk=run_out.pk) | too).distinct()


def _outcome(lack: Lack, allowed: str, at: datetime) -> Outcome:
    if not still_waits(lack):
        return Outcome(lack, State.OVER)
    if is_begun(lack):
        return Outcome(lack, State.WAITS)
    match allowed:
        case Substitution.WAIT:
            return Outcome(lack, State.WAITS)
        case Substitution.REFUND:
            return left_out(lack, at)
        case _:
            unasked = (way for way in ways_of(lack) if way.asks_nothing)
            return swapped(lack, unasked, at) or Outcome(lack, State.ASKED)
