"""Everything that happened to an order, oldest first, each told by the part of the house that knows it.

Each of the SOURCES is asked only for whoever may see what it tells of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders import letters
from orders.models import (
    Claim,
    Dispute,
    FraudWarning,
    Invoice,
    JobEvent,
    Message,
    OfficeChange,
    Order,
    OrderNote,
    Payment,
    Refund,
    RunOutBar,
    Shipment,
    StripeEvent,
)
from orders.money.amounts import money
from orders.production import consent


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    kind: str
    """Of what sort: "money", "floor", "mail", "parcel", "claim", "note" or "order"."""
    words: str
    by: str = ""
    note: str = ""
    address: str = ""
    """Of the page that tells more."""


@dataclass(frozen=True, slots=True)
class Source:
    permission: str
    tell: Callable[[Order], Iterable[Event]]


def of(order: Order, user: User) -> list[Event]:
    told = (event for source in SOURCES if user.has_perm(source.permission) for event in source.tell(order))
    return sorted(told, key=lambda event: event.at)


def _itself(order: Order) -> Iterator[Event]:
    yield Event(order.placed_at, "order", _("Ordered"))
    if order.paid_at:
        yield Event(order.paid_at, "order", _("Paid"))
    if order.closed_at:
        yield Event(order.closed_at, "order", str(order.get_payment_state_display()).capitalize())


def _payments(order: Order) -> Iterator[Event]:
    for payment in Payment.objects.filter(order=order):
        words = _("Payment %(attempt)d: %(state)s, %(sum)s") % {
            "attempt": payment.attempt,
            "state": payment.get_state_display(),
            "sum": money(payment.amount_cents, payment.currency),
        }
        address = reverse("admin:orders_payment_change", args=[payment.pk])
        yield Event(payment.created_at, "money", words, note=payment.note, address=address)
        if payment.looked_at:
            yield Event(payment.looked_at, "money", _("Payment looked at"), by=str(payment.looked_by or ""))


def _refunds(order: Order) -> Iterator[Event]:
    for refund in Refund.objects.filter(payment__order=order).select_related("payment", "by"):
        words = _("%(sum)s go back: %(reason)s, %(state)s") % {
            "sum": money(refund.amount_cents, refund.payment.currency),
            "reason": refund.get_reason_display(),
            "state": refund.get_state_display(),
        }
        address = reverse("admin:orders_refund_change", args=[refund.pk])
        note = " · ".join(filter(None, (refund.words, refund.note)))
        yield Event(refund.created_at, "money", words, by=str(refund.by or ""), note=note, address=address)


def _disputes(order: Order) -> Iterator[Event]:
    for dispute in Dispute.objects.filter(payment__order=order):
        words = _("The customer's bank disputes %(sum)s: %(state)s") % {
            "sum": money(dispute.cents, dispute.currency),
            "state": dispute.get_state_display(),
        }
        address = reverse("admin:orders_dispute_change", args=[dispute.pk])
        yield Event(dispute.opened_at, "money", words, note=dispute.reason, address=address)


def _warnings(order: Order) -> Iterator[Event]:
    for warning in FraudWarning.objects.filter(payment__order=order):
        address = reverse("admin:orders_fraudwarning_change", args=[warning.pk])
        yield Event(
            warning.warned_at,
            "money",
            _("Warning of fraud: %s") % warning.kind,
            address=address,
        )


def _told_by_stripe(order: Order) -> Iterator[Event]:
    payments = [str(key) for key in order.payments.values_list("pk", flat=True)]
    for event in StripeEvent.objects.filter(payload__payment__in=payments):
        address = reverse("admin:orders_stripeevent_change", args=[event.pk])
        words = _("Stripe: %(type)s, %(state)s") % {"type": event.type, "state": event.get_state_display()}
        yield Event(event.created_at, "money", words, address=address)


def _floor(order: Order) -> Iterator[Event]:
    events = JobEvent.objects.filter(job__order_line__order=order).select_related("job", "by")
    for event in events:
        address = reverse("orders:floor-job", args=[event.job.code])
        words = f"{event.job.code} · {event.get_to_state_display()}"
        yield Event(event.at, "floor", words, by=str(event.by or ""), note=event.note_words, address=address)


def _run_outs(order: Order) -> Iterator[Event]:
    """What was missing, what came of it, and whether the customer said so on the page of the order."""
    for bar in RunOutBar.objects.filter(run_out__order=order).select_related("run_out", "job__order_line"):
        address = reverse("orders:floor-job", args=[bar.job.code])
        missing = consent.name_of(bar.run_out.module, bar.job.order_line, get_language() or "en")
        words = _("%(code)s lacks: %(missing)s") % {"code": bar.job.code, "missing": missing}
        yield Event(bar.run_out.at, "floor", words, address=address)
        if bar.state != RunOutBar.State.OPEN:
            now = f"{bar.job.code} · {bar.get_state_display()}"
            note = _("chosen on the page of the order") if bar.answered_at else ""
            yield Event(bar.changed_at, "floor", now, note=note, address=address)


def _mails(order: Order) -> Iterator[Event]:
    for letter in letters.of_order(order):
        address = reverse("admin:orders_letter_change", args=[letter.pk])
        kind = letter.get_kind_display()
        if letter.done_at:
            yield Event(letter.done_at, "mail", _("%s: sent") % kind, address=address)
        elif letter.stuck_at:
            yield Event(
                letter.stuck_at, "mail", _("%s: given up") % kind, note=letter.last_error, address=address
            )
        else:
            words = _("%s: to be sent") % kind
            yield Event(letter.created_at, "mail", words, note=letter.last_error, address=address)


def _parcels(order: Order) -> Iterator[Event]:
    for parcel in Shipment.objects.filter(order=order).exclude(shipped_at=None):
        address = reverse("admin:orders_shipment_change", args=[parcel.pk])
        words = _("Parcel %(place)d has left, to %(city)s") % {"place": parcel.place, "city": parcel.city}
        followed = " ".join(filter(None, (parcel.carrier, parcel.tracking_number)))
        assert parcel.shipped_at
        yield Event(parcel.shipped_at, "parcel", words, note=followed, address=address)


def _claims(order: Order) -> Iterator[Event]:
    for claim in Claim.objects.filter(order=order).select_related("decided_by"):
        address = reverse("admin:orders_claim_change", args=[claim.pk])
        yield Event(claim.at, "claim", claim.get_kind_display(), note=claim.words, address=address)
        if claim.decided_at:
            words = _("Decided: %s") % claim.get_state_display()
            by = str(claim.decided_by or "")
            # What was answered stands among the messages.
            yield Event(claim.decided_at, "claim", words, by=by, address=address)


def _messages(order: Order) -> Iterator[Event]:
    for message in Message.objects.filter(order=order).select_related("by"):
        words = _("The customer writes") if message.by_customer else _("Answer to the customer")
        address = reverse("admin:orders_message_change", args=[message.pk])
        yield Event(message.at, "mail", words, by=str(message.by or ""), note=message.words, address=address)


def _invoices(order: Order) -> Iterator[Event]:
    for invoice in Invoice.objects.filter(order=order):
        words = _("%(kind)s %(number)s: %(sum)s") % {
            "kind": invoice.get_kind_display().capitalize(),
            "number": invoice.number,
            "sum": money(invoice.total_cents, invoice.currency),
        }
        address = reverse("admin:orders_invoice_change", args=[invoice.pk])
        yield Event(invoice.issued_at, "money", words, address=address)


def _notes(order: Order) -> Iterator[Event]:
    for written in OrderNote.objects.filter(order=order).select_related("by"):
        yield Event(written.at, "note", _("Note"), by=str(written.by), note=written.words)


def _office(order: Order) -> Iterator[Event]:
    """Buttons that were pressed on the order's own page."""
    done = OfficeChange.objects.filter(
        model=Order._meta.label_lower, record=str(order.pk), act=OfficeChange.Act.DONE
    )
    for change in done.select_related("by"):
        yield Event(change.at, "order", change.words, by=str(change.by))


SOURCES: Final[list[Source]] = [
    Source("orders.view_order", _itself),
    Source("orders.view_payment", _payments),
    Source("orders.view_refund", _refunds),
    Source("orders.view_dispute", _disputes),
    Source("orders.view_fraudwarning", _warnings),
    Source("orders.view_stripeevent", _told_by_stripe),
    Source("orders.view_jobevent", _floor),
    Source("orders.view_job", _run_outs),
    Source("orders.view_letter", _mails),
    Source("orders.view_shipment", _parcels),
    Source("orders.view_claim", _claims),
    Source("orders.view_message", _messages),
    Source("orders.view_invoice", _invoices),
    Source("orders.view_ordernote", _notes),
    Source("orders.view_order", _office),
]
