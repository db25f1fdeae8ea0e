"""The customer changes their mind before the kitchen has begun: nothing is made, and the money goes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from configurator.domain.family import Cents
from orders import stock
from orders.models import Job, JobState, Order, OrderLine, Payment, Refund
from orders.money import parts, refunds
from orders.money.refunds import RefundImpossible, RefundTooLarge
from orders.prices import vouchers
from orders.production import steps
from orders.sending import promise


class NotCancellable(Exception):
    """The message tells the customer why."""


@dataclass(frozen=True, slots=True)
class LineOffer:
    """Loose bars of one design that nobody has begun."""

    line: OrderLine
    bars: int
    left_cents: Cents

    def cents(self, bars: int) -> Cents:
        """What goes back for so many of them: their share of what was paid for the line."""
        return self.left_cents * bars // self.bars

    @property
    def each_cents(self) -> Cents:
        return self.cents(1)


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be cancelled now, and what would go back."""

    left_cents: Cents
    bars: int
    lines: tuple[LineOffer, ...]
    """Those of which single bars can be cancelled; none where only one bar is left, or all are in boxes."""

    @property
    def seen(self) -> str:
        """As a hidden field carries it: what the customer was looking at."""
        return f"{self.left_cents}-{self.bars}"


def offer(order: Order) -> Offer:
    """Raises NotCancellable."""
    return _offer(order, _payment(order))


def cancel(order: Order, *, seen: str, at: datetime) -> Refund:
    """The whole order. Raises NotCancellable; a second press finds that it was cancelled."""
    with transaction.atomic():
        order, payment, now = _looked_at(order, seen)
        steps.cancel(_jobs(order), at=at)
        promise.free(order)
        stock.give_back(order, at=at)
        vouchers.give_back(order)
        shares = _all_left(order, now.left_cents)
        return _refund(payment, now.left_cents, key=f"cancelled-{order.pk}-{seen}", at=at, shares=shares)


def cancel_bars(order: Order, line_id: int, bars: int, *, seen: str, at: datetime) -> Refund:
    """Some loose bars of one line, while others are made. Raises NotCancellable."""
    with transaction.atomic():
        order, payment, now = _looked_at(order, seen)
        line = next((each for each in now.lines if each.line.pk == line_id), None)
        if line is None or not 1 <= bars <= line.bars:
            raise NotCancellable(_("Choose which bars you want to cancel, and how many."))
        if bars == now.bars:
            return cancel(order, seen=seen, at=at)
        of_line = Q(order_line=line.line) | Q(order_line__instead_of=line.line)
        last = _jobs(order).filter(of_line).order_by("-index")[:bars]
        jobs = steps.cancel(Job.objects.filter(pk__in=[job.pk for job in last]), at=at)
        _give_back_bars(order, jobs, at)
        cents = min(line.cents(bars), now.left_cents)
        shares = {f"line-{line_id}": cents}
        key = f"cancelled-{order.pk}-{line_id}-{seen}"
        return _refund(payment, cents, key=key, at=at, shares=shares)


def _looked_at(order: Order, seen: str) -> tuple[Order, Payment, Offer]:
    """Under the order's lock, as the floor takes it for every step: whoever comes second is told."""
    locked = Order.objects.select_for_update().get(pk=order.pk)
    payment = _payment(locked)
    now = _offer(locked, payment)
    if now.seen != seen:
        raise NotCancellable(
            _("Something about this order has changed since you opened the page. Look at it once more.")
        )
    return locked, payment, now


def _payment(order: Order) -> Payment:
    _refuse(order)
    payment = order.payments.filter(accepted=True).first()
    if payment is None:
        raise NotCancellable(_("This order is not paid, so there is nothing to give back."))
    return payment


def _refuse(order: Order) -> None:
    if not order.is_paid:
        raise NotCancellable(_("This order is closed already: nothing is made of it."))
    if refunds.is_begun(order):
        raise NotCancellable(
            _("The kitchen has begun with this order, so it cannot be cancelled here any more. Write to us.")
        )
    if order.sells_gift_card:
        raise NotCancellable(_("A gift card cannot be cancelled. You can withdraw from its contract."))
    if not _jobs(order).exists():
        raise NotCancellable(_("This order is cancelled already. Its money is on its way to you."))


def _offer(order: Order, payment: Payment) -> Offer:
    left_cents = refunds.left(payment)
    if left_cents <= 0:
        raise NotCancellable(_("All that you paid for this order is on its way back to you already."))
    ordered = Coalesce("order_line__instead_of", "order_line")
    waiting = Counter(_jobs(order).values_list(ordered, flat=True))
    bars = sum(waiting.values())
    by_line = {part.key: part.left_cents for part in parts.of(order)}
    loose = order.lines.filter(pk__in=waiting, box=None) if bars > 1 else order.lines.none()
    offers = (LineOffer(line, waiting[line.pk], by_line[f"line-{line.pk}"]) for line in loose)
    return Offer(left_cents, bars, tuple(each for each in offers if each.each_cents))


def _jobs(order: Order) -> QuerySet[Job]:
    return Job.objects.filter(order_line__order=order, job_state=JobState.QUEUED)


def _all_left(order: Order, left_cents: Cents) -> Mapping[str, Cents]:
    """By part, and never more than what is left of the payment."""
    shares: dict[str, Cents] = {}
    for part in parts.of(order):
        share = min(part.left_cents, left_cents)
        left_cents -= share
        if share:
            shares[part.key] = share
    return shares


def _give_back_bars(order: Order, jobs: Sequence[Job], at: datetime) -> None:
    for (parcel, base), bars in Counter((job.shipment.place, job.base) for job in jobs).items():
        promise.free_bars(order, parcel=parcel, base=base, bars=bars)
    for job in jobs:
        stock.give_back_bar(job, at=at)


def _refund(payment: Payment, cents: Cents, *, key: str, at: datetime, shares: Mapping[str, Cents]) -> Refund:
    try:
        return refunds.request(
            payment,
            amount_cents=cents,
            reason=Refund.Reason.CANCELLED,
            key=key,
            at=at,
            shares=shares,
        )
    except (RefundImpossible, RefundTooLarge):
        raise NotCancellable(
            _("Your bank is looking into this payment, so we cannot give it back here. Please write to us.")
        ) from None
