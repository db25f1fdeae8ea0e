"""What becomes of a bar that lacks an ingredient: it waits, it is left out, or something else goes in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from configurator import designs
from configurator.domain.family import Cents
from configurator.domain.pricing import quote
from orders.buying.basket import prices_of_page
from orders.buying.order_writing import stand_in
from orders.models import JobState, OrderLine, RunOutBar
from orders.production import consent, steps, usable
from orders.production.consent import Way
from orders.production.run_outs import books, shortage
from orders.production.run_outs.books import Lack
from orders.sending import promise
from orders.stock import OutOfStock

OF_A_BAR: Final = (
    "run_out",
    "job__order_line__order",
    "job__order_line__instead_of",
    "job__order_line__design",
    "job__shipment",
)
"""What is read with a bar of which something shall become."""

State = RunOutBar.State


@dataclass(frozen=True, slots=True)
class Outcome:
    """As the customer is told."""

    lack: Lack
    state: str
    instead: str = ""
    back_cents: Cents = 0
    """Of what was paid for its line."""


def still_waits(lack: Lack) -> bool:
    """For this very ingredient."""
    job = lack.job
    return (
        job.order_line.order.is_paid
        and job.job_state in books.TO_BE_POURED
        and job.on_hold_since is not None
        and job.missing == lack.bar.run_out.module
    )


def is_begun(lack: Lack) -> bool:
    """Its cup is weighed: it can only wait, for it was agreed on before anything was made."""
    return lack.job.job_state != JobState.QUEUED


def can_be_changed(lack: Lack) -> bool:
    return still_waits(lack) and not is_begun(lack)


def kept(outcome: Outcome, at: datetime, answered_at: datetime | None = None) -> Outcome:
    RunOutBar.objects.filter(pk=outcome.lack.bar.pk).update(
        state=outcome.state, changed_at=at, answered_at=answered_at
    )
    return outcome


def left_out(lack: Lack, at: datetime) -> Outcome:
    """For good; what it cost goes back."""
    job, line = lack.job, lack.job.ordered_line
    steps.leave_out(job, by=None, at=at)
    promise.free_bars(job.order_line.order, parcel=job.shipment.place, base=job.base, bars=1)
    return Outcome(lack, State.PAID_BACK, back_cents=line.total_cents // line.quantity)


def swapped(lack: Lack, found: Iterable[Way], at: datetime) -> Outcome | None:
    """With the first of them of which there is enough; None where there is of none."""
    for way in found:
        try:
            with transaction.atomic():
                return _swapped(lack, way, at)
        except OutOfStock:
            continue
    return None


def _swapped(lack: Lack, way: Way, at: datetime) -> Outcome:
    job = lack.job
    less_cents = costs_less(job.order_line, way, at)
    line = stand_in(job.order_line, way.design, designs.save(way.design), less_cents=less_cents)
    made = steps.swap(job, line, at=at)
    ordered = job.ordered_line
    back_cents = less_cents * ordered.total_cents // ordered.list_cents if less_cents else 0
    shortage.look_at_the_rest(made, at)
    return Outcome(lack, State.SWAPPED, way.module.name.to(job.order_line.order.locale), back_cents)


def costs_less(line: OrderLine, way: Way, at: datetime) -> Cents:
    """By the prices of today, both of them; what costs more is given at the price that was paid."""
    prices, locale = prices_of_page(at), line.order.locale
    before = quote(line.design.value.under(way.family), way.family, locale, prices).total_cents
    return max(0, before - quote(way.design, way.family, locale, prices).total_cents)


def ways_of(lack: Lack) -> Iterator[Way]:
    """The nearest first. None for a bar that lacks more than one thing: swapped, it still could not be made."""
    if len(lack.modules) > 1:
        return
    choosy = usable.not_for_all()
    for way in consent.ways(lack.job.order_line, *lack.modules):
        key = way.module.key
        if key not in choosy or books.left_for(key, way.named) >= way.mg:
            yield way
