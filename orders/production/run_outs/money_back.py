"""What goes back for bars that are left out, or that cost less with something else: one refund for the order."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from configurator.domain.family import Cents
from orders.models import Job, JobState, Order, Payment, Refund, RefundLine, RunOutBar
from orders.money import parts, refunds
from orders.production.run_outs.outcomes import Outcome

CODES_NAMED: Final = 10


class NothingPaid(Exception):
    """The order has no payment that could give anything back."""


def give_back(done: list[Outcome], at: datetime) -> Refund | None:
    """Written down beside what was done; None where nothing goes back."""
    costly = [outcome for outcome in done if outcome.back_cents]
    if not costly:
        return None
    order = costly[0].lack.job.order_line.order
    payment = order.payments.filter(accepted=True).first()
    if payment is None:
        raise NothingPaid(order.number)
    shares = _shares(order, costly, payment)
    if not shares:
        return None
    refund = refunds.request(
        payment,
        amount_cents=sum(shares.values()),
        reason=Refund.Reason.RAN_OUT,
        key=f"ran-out-{costly[0].lack.bar.pk}",
        shares=shares,
        words=_("%(codes)s: the customer allowed it")
        % {"codes": ", ".join(outcome.lack.job.code for outcome in costly[:CODES_NAMED])},
        at=at,
    )
    RunOutBar.objects.filter(pk__in=[outcome.lack.bar.pk for outcome in costly]).update(refund=refund)
    return refund


def send(refund: Refund | None, at: datetime) -> None:
    """After the books are written; what Stripe does not take now is tried again, as every refund."""
    if refund and refund.state == Refund.State.REQUESTED:
        refunds.sync(refund, at=at)


def _shares(order: Order, costly: list[Outcome], payment: Payment) -> dict[str, Cents]:
    """By part of the order: the bars, and the way of a parcel in which nothing else is. Never more than is left."""
    wanted, paid = Counter[str](), parts.of(order)
    for outcome in costly:
        wanted[f"line-{outcome.lack.job.ordered_line.pk}"] += outcome.back_cents
    made = Job.objects.filter(order_line__order=order).exclude(job_state=JobState.SCRAPPED)
    for parcel in {outcome.lack.job.shipment for outcome in costly}:
        if not made.filter(shipment=parcel).exists():
            wanted[RefundLine.SHIPPING] += parcel.shipping_cents
    if not made.exists():
        wanted = Counter({part.key: part.left_cents for part in paid})
    left_cents, shares = refunds.left(payment), {}
    for part in paid:
        cents = min(wanted[part.key], part.left_cents, left_cents)
        left_cents -= cents
        if cents:
            shares[part.key] = cents
    return shares
