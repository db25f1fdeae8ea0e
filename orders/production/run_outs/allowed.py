"""What the customer allowed at the checkout is carried out by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from configurator import sold_out
from orders import conversation
from orders.models import PendingWork, RunOut, RunOutBar, Substitution
from orders.production.run_outs import money_back, shortage, words
from orders.production.run_outs.outcomes import (
    OF_A_BAR,
    Outcome,
    can_be_changed,
    kept,
    left_out,
    swapped,
    ways_of,
)

State = RunOutBar.State


def carry_out_as_owed(work: PendingWork) -> None:
    """The worker's door."""
    assert work.run_out is not None
    carry_out(work.run_out, at=timezone.now())


def carry_out(run_out: RunOut, *, at: datetime) -> list[Outcome]:
    """For every bar that still lacks it, all in one transaction: once, whoever comes second finds nothing left."""
    sold_out.forget()
    # What came a moment ago may be enough, before anybody has said so.
    shortage.look_after(run_out.module, at=at)
    with transaction.atomic(), words.of_customer(run_out.order):
        order = shortage.locked(run_out.order)
        bars = run_out.bars.filter(state=State.OPEN).select_related(*OF_A_BAR).order_by("pk")
        done = [kept(_outcome(bar, order.substitution, at), at) for bar in bars]
        refund = money_back.give_back(done, at)
        told = [outcome for outcome in done if outcome.state != State.OVER]
        if told:
            conversation.say(order, words.told(told, _("as you allowed"), refund), by=None, at=at)
    money_back.send(refund, at)
    return done


def _outcome(bar: RunOutBar, allowed: str, at: datetime) -> Outcome:
    if not can_be_changed(bar):
        return Outcome(bar, State.OVER)
    match allowed:
        case Substitution.WAIT:
            return Outcome(bar, State.WAITS)
        case Substitution.REFUND:
            return left_out(bar, at)
        case _:
            unasked = (way for way in ways_of(bar, at) if way.asks_nothing)
            return swapped(bar, unasked, at) or Outcome(bar, State.ASKED)
