"""What has to be settled before an order's customer can be forgotten: where we still owe something, or they do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from orders.models import Claim, Dispute, Job, JobState, Letter, Order, Payment, PendingWork, Refund
from orders.personal.people import Person, orders_of


@dataclass(frozen=True, slots=True)
class OpenMatter:
    order: Order
    words: str
    """Why it stops the erasure, and what ends it."""


class StillOpen(Exception):
    """Something came up meanwhile: nobody is forgotten while bars or money are on their way to them."""


def of_person(person: Person) -> list[OpenMatter]:
    return [OpenMatter(order, words) for order in orders_of(person) for words in of_order(order)]


def of_order(order: Order) -> list[str]:
    return list(_matters(order))


def _matters(order: Order) -> Iterator[str]:
    if order.awaits_payment:
        yield _(
            "It waits for its payment. Cancel it, or pay it, or wait until tomorrow: then it is given up."
        )
    elif Payment.objects.filter(order=order, state__in=Payment.ACTIVE).exists() or order.is_under_review:
        yield _("A payment for it is still being looked into.")
    if order.is_paid and _is_being_made(order):
        yield _(
            "It is paid and has not left us. Cancel it as long as that can be done, or wait until it is sent."
        )
    if order.is_paid and _waits_for_its_day(order):
        yield _("Its gift card is still to be sent.")
    if Refund.objects.filter(Q(payment__order=order) & ~Q(state=Refund.State.SUCCEEDED)).exists():
        yield _("Money is on its way back to you.")
    if Claim.objects.filter(order=order, state=Claim.State.OPEN).exists():
        yield _("What you told us about its bars is not decided yet.")
    if Dispute.objects.filter(payment__order=order).exclude(state__in=Dispute.CLOSED).exists():
        yield _("Your bank has asked about its payment, and the answer is not there yet.")
    if _owes_a_paper(order):
        yield _("Its invoice is just being made. Try again in some minutes.")


def _is_being_made(order: Order) -> bool:
    done = Q(job_state__in=(JobState.SHIPPED, JobState.SCRAPPED))
    jobs = Job.objects.filter(order_line__order=order, remake=None)
    return jobs.exclude(done).exists() or (not order.sells_gift_card and not jobs.exists())


def _waits_for_its_day(order: Order) -> bool:
    return Letter.objects.filter(gift_card__order=order, done_at=None).exists()


def _owes_a_paper(order: Order) -> bool:
    papers = (PendingWork.Kind.INVOICE, PendingWork.Kind.CREDIT_NOTE, PendingWork.Kind.REVERSAL)
    owed = Q(order=order) | Q(refund__payment__order=order)
    return PendingWork.objects.filter(owed, kind__in=papers, done_at=None).exists()
