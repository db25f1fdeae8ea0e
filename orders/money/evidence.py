"""What our own records say about an order, for the answer to a bank that doubts it.

In English whatever staff read: the banks behind Stripe want it so. What the answer needs is written
out from the rows that were frozen when it happened; nothing is looked up anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from orders import letters
from orders.models import Dispute, Job, JobEvent, Order, Refund
from orders.models.shipment import Shipment, parcels_of
from orders.money.amounts import money


def evidence(dispute: Dispute) -> str:
    """Plain text, ready to be pasted or uploaded in Stripe's dashboard."""
    order = dispute.payment.order
    with translation.override("en"):
        return "\n".join(
            [
                f"Dispute {dispute.id} ({dispute.reason}), charge {dispute.payment.charge_id}",
                *_section("The order", _order(order)),
                *_section("What was bought", _bars(order)),
                *_section("How it was made", _floor(order)),
                *_section("Where it was sent", _parcels(order)),
                *_section("What we wrote to the customer", _mails(order)),
                *_section("What was paid back", _refunds(order)),
                *_section("What the customer had agreed to", _terms()),
            ]
        )


def _section(title: str, lines: Iterator[str]) -> list[str]:
    return ["", title.upper(), *(list(lines) or ["Nothing."])]


def _order(order: Order) -> Iterator[str]:
    yield f"Number {order.number}, placed {_moment(order.placed_at)}"
    if order.paid_at:
        yield f"Paid {_moment(order.paid_at)}: {money(order.total_cents, order.currency)}"
    yield f"Customer: {order.name}, {order.email}"
    yield f"Billed to: {_address(order)}"
    yield f"Order page: {_link('orders:order', order.token)}"


def _bars(order: Order) -> Iterator[str]:
    """Each was designed by this customer, and made after this order only."""
    for line in order.lines.all():
        label = line.labels.get("en") or next(iter(line.labels.values()))
        yield f"{line}: {money(line.total_cents, order.currency)}, code on the pack {line.code}"
        yield f"  Label: {label['name']}, {label['net_quantity']}"
        yield f"  Design: {_link('configurator:design', line.design_id)}"
    for box in order.boxes.all():
        yield f"{box}: {money(box.total_cents, order.currency)}"


def _floor(order: Order) -> Iterator[str]:
    jobs = Job.objects.filter(order_line__order=order).order_by("pk")
    for job in jobs:
        steps = JobEvent.objects.filter(job=job).order_by("at", "pk")
        done = ", ".join(f"{step.get_to_state_display().lower()} {_moment(step.at)}" for step in steps)
        yield f"Bar {job.place} of {job.of}, ticket {job.code}: {done}"
        yield f"  Ticket: {_link('orders:floor-ticket', job.code)}"


def _parcels(order: Order) -> Iterator[str]:
    for parcel in parcels_of(order):
        yield f"Parcel {parcel.place}: {_address(parcel)}"
        yield f"  {_carriage(parcel)}"


def _carriage(parcel: Shipment) -> str:
    if parcel.shipped_at is None:
        return "Has not left the house."
    tracking = f", tracking number {parcel.tracking_number}" if parcel.tracking_number else ""
    return (
        f"Left the house {_moment(parcel.shipped_at)} with {parcel.carrier or parcel.method_name}{tracking}"
    )


def _mails(order: Order) -> Iterator[str]:
    for mail in letters.of_order(order):
        when = f"sent {_moment(mail.done_at)}" if mail.done_at else "not sent"
        yield f"{mail.get_kind_display()} to {order.email}: {when}"


def _refunds(order: Order) -> Iterator[str]:
    for refund in Refund.objects.filter(payment__order=order):
        amount = money(refund.amount_cents, refund.payment.currency)
        yield f"{amount}, {_moment(refund.created_at)}: {refund.get_state_display()} ({refund.stripe_id or '-'})"


def _terms() -> Iterator[str]:
    yield "Each bar is made to the customer's own design after the order, and is perishable food."
    yield "Both were said beside the order button, before the order was placed."


def _address(place: Order | Shipment) -> str:
    parts = (place.name, place.street, place.extra, f"{place.postcode} {place.city}", place.country_name)
    return ", ".join(part for part in parts if part)


def _link(view: str, key: str) -> str:
    return settings.SHOP_URL + reverse(view, args=[key])


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M %Z")
