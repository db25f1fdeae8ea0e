"""Which mail is owed to whom: a row in the transaction that makes it necessary, once whatever is repeated."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils.timezone import get_default_timezone, localdate

from orders.models import (
    GiftCard,
    Job,
    Letter,
    Message,
    Order,
    Payment,
    PendingWork,
    Refund,
    Reminder,
    ReminderDay,
    Shipment,
)
from orders.tasks import ring_on_commit

NUMBER_COMES_WITHIN: Final = timedelta(hours=1)
"""So long the mail about a parcel waits for its tracking number."""

MORNING: Final = time(8)

Kind = PendingWork.Kind


def begun(order: Order, *, at: datetime) -> None:
    """Its first bar is being made. Under the order's lock, as all of these."""
    _owe(Kind.PRODUCTION, order=order, at=at)


def shipped(parcel: Shipment, *, at: datetime) -> None:
    """It has left the house. The number it travels under may be written a little later."""
    _owe(
        Kind.SHIPPED,
        shipment=parcel,
        at=at,
        wait=timedelta() if parcel.tracking_number else NUMBER_COMES_WITHIN,
    )


def numbered(parcel: Shipment, *, at: datetime) -> None:
    """Its tracking number is known: nothing to wait for any more."""
    waiting = Letter.objects.filter(kind=Kind.SHIPPED, shipment=parcel, done_at=None, attempts=0)
    if waiting.update(try_at=at, rung_at=at):
        ring_on_commit(waiting)


def refunded(refund: Refund, *, at: datetime) -> None:
    """Money goes back."""
    _owe(Kind.REFUND, refund=refund, at=at)


def credited(refund: Refund, *, at: datetime) -> None:
    """No mail: the credit note over what goes back of what an order took, which the mail leads to."""
    if refund.payment.accepted and not refund.payment.order.sells_gift_card:
        _owe(Kind.CREDIT_NOTE, refund=refund, at=at)


def uncredited(refund: Refund, *, at: datetime) -> None:
    """No mail: what was credited, or is about to be, has not reached the customer."""
    if PendingWork.objects.filter(kind=Kind.CREDIT_NOTE, refund=refund).exists():
        _owe(Kind.REVERSAL, refund=refund, at=at)


def papers_missing(*, at: datetime) -> int:
    """Owes what paid orders and refunds from before there were invoices lack. How many papers."""
    before = PendingWork.objects.count()
    paid = Order.objects.filter(paid_at__isnull=False, sells_gift_card=False)
    for order in paid.filter(invoices=None).order_by("paid_at").iterator():
        _owe(Kind.INVOICE, order=order, at=at)
    back = Refund.objects.filter(credit_note=None, state__in=(Refund.State.PENDING, Refund.State.SUCCEEDED))
    for refund in back.select_related("payment__order").order_by("created_at").iterator():
        credited(refund, at=at)
    return PendingWork.objects.count() - before


def unpaid(payment: Payment, *, at: datetime) -> None:
    """The customer's bank has said no after days, when nobody was looking at a page any more."""
    _owe(Kind.UNPAID, payment=payment, at=at)


def said(message: Message, *, at: datetime) -> None:
    """Somebody of the house has written about the order, or a receipt has been."""
    _owe(Kind.MESSAGE, message=message, at=at)


def review(order: Order, *, at: datetime) -> None:
    """How were the bars? Only of those who allowed it (reviews.py)."""
    _owe(Kind.REVIEW, order=order, at=at)


def gift_card(card: GiftCard, *, at: datetime) -> None:
    """The card itself, now or on the morning it is wished for."""
    _owe(Kind.GIFT_CARD, gift_card=card, at=at, wait=_until_morning(card.send_on, at))


def reminder_ask(reminder: Reminder, *, at: datetime) -> None:
    """Is this address theirs who asked? The mail with the button."""
    _owe(Kind.REMINDER_ASK, reminder=reminder, at=at)


def reminder(day: ReminderDay, *, at: datetime) -> None:
    """The day comes. Nobody is woken for it."""
    _owe(Kind.REMINDER, reminder_day=day, at=at, wait=_until_morning(localdate(at), at))


def of_order(order: Order) -> QuerySet[Letter]:
    """All that was written about it, oldest first. A union, for each part has an index of its own."""
    mails = Letter.objects.order_by()
    of_parts = (
        mails.filter(shipment__order=order),
        mails.filter(payment__order=order),
        mails.filter(refund__payment__order=order),
        mails.filter(gift_card__order=order),
        mails.filter(message__order=order),
    )
    return mails.filter(order=order).union(*of_parts, all=True).order_by("created_at", "pk")


def _until_morning(day: date | None, at: datetime) -> timedelta:
    morning = datetime.combine(day, MORNING, tzinfo=get_default_timezone()) if day else at
    return max(timedelta(), morning - at)


def _owe(
    kind: Kind,
    *,
    at: datetime,
    wait: timedelta = timedelta(),
    **whom: GiftCard | Job | Message | Order | Payment | Refund | Reminder | ReminderDay | Shipment,
) -> None:
    times = {"created_at": at, "try_at": at + wait, "rung_at": at}
    work, is_new = PendingWork.objects.get_or_create(kind=kind, **whom, defaults=times)
    if is_new:
        ring_on_commit([work])
