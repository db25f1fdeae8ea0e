"""The parts of an order that money can be given back for, each under a name that tells it from the others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from orders.models import Order, RefundLine, Shipment, ShipmentLine, ShippedBox
from orders.models.payment import Refund

NOT_FAILED = (Refund.State.REQUESTED, Refund.State.PENDING, Refund.State.SUCCEEDED)


@dataclass(frozen=True, slots=True)
class Part:
    """Something of the order that money can be given back for."""

    key: str
    """As RefundLine.part has it."""
    name: str
    paid_cents: int
    left_cents: int


def of(order: Order) -> tuple[Part, ...]:
    """Every line, every kind of box and the shipping, each with what of it has not gone back yet."""
    gone = dict(
        RefundLine.objects.filter(refund__payment__order=order, refund__state__in=NOT_FAILED)
        .values_list("part")
        .annotate(Sum("cents"))
    )
    return tuple(
        Part(key, name, paid, max(0, paid - gone.get(key, 0))) for key, name, paid in _paid_parts(order)
    )


def names_of(order: Order, *, brief: bool = False) -> dict[str, str]:
    """By the key of each part. Brief: where it travels is said only of what has its name in common with another."""
    return {key: name for key, name, _paid in _paid_parts(order, brief=brief)}


def _paid_parts(order: Order, *, brief: bool = False) -> Iterator[tuple[str, str, int]]:
    if order.sells_gift_card:
        yield (
            f"card-{order.gift_card.pk}",
            _("Gift card %(number)s") % {"number": order.gift_card},
            order.total_cents,
        )
        return
    lines, boxes = list(order.lines.select_related("box")), list(order.boxes.all())
    called = {f"line-{line.pk}": line.name for line in lines} | {f"box-{box.pk}": box.name for box in boxes}
    often = Counter(called.values())
    whose = {
        key: "" if brief and often[called[key]] == 1 else where for key, where in _recipients(order, called)
    }
    for line in lines:
        name = f"{line} ({line.box.name})" if line.box else str(line)
        yield f"line-{line.pk}", name + whose[f"line-{line.pk}"], line.total_cents
    for box in boxes:
        yield f"box-{box.pk}", str(box) + whose[f"box-{box.pk}"], box.total_cents
    if order.shipping_cents:
        yield RefundLine.SHIPPING, _("Shipping"), order.shipping_cents


def _recipients(order: Order, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Where each part travels, said only where parcels go to several people: equal bars look alike else."""
    parcels = list(order.shipments.all())
    travels: dict[str, list[tuple[int, Shipment]]] = defaultdict(list)
    if len(parcels) > 1:
        for line in ShipmentLine.objects.filter(shipment__order=order).select_related("shipment"):
            travels[f"line-{line.order_line_id}"].append((line.quantity, line.shipment))
        for box in ShippedBox.objects.filter(shipment__order=order).select_related("shipment"):
            travels[f"box-{box.box_id}"].append((box.quantity, box.shipment))
    for key in keys:
        there = travels[key]
        yield key, f", {'; '.join(_to(*each, of=len(there)) for each in there)}" if there else ""


def _to(quantity: int, parcel: Shipment, *, of: int) -> str:
    words = _("parcel %(place)d: %(name)s, %(city)s, %(country)s") % {
        "place": parcel.place,
        "name": parcel.name,
        "city": parcel.city,
        "country": parcel.country_name,
    }
    return f"{quantity} × {words}" if of > 1 else words
