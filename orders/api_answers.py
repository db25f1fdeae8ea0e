"""What the API answers about orders and jobs, and the schema that describes it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from configurator.domain.recipe import grams
from configurator.pictures.previews import preview_url
from orders.models import Job, JobEvent, Order, OrderBox, OrderLine, Shipment
from orders.models.order import PaymentState, Substitution
from orders.models.production import JobState
from orders.production.steps import next_step

Answer = dict[str, Any]


# ── Orders ───────────────────────────────────────────────────────────────────────────────────────


def order_answer(order: Order) -> Answer:
    parcels = list(order.shipments.all())
    return {
        "number": order.number,
        "payment_state": order.payment_state,
        "placed_at": order.placed_at,
        "paid_at": order.paid_at,
        "closed_at": order.closed_at,
        "locale": order.locale,
        "email": order.email,
        "ship_to": _address(parcels[0]),
        "gift_message": parcels[0].gift_message,
        "bill_to": _address(order),
        "substitution": order.substitution,
        "currency": order.currency,
        "goods_cents": order.goods_cents,
        "shipping_cents": order.shipping_cents,
        "total_cents": order.total_cents,
        "vat": order.vat,
        "reductions": order.reductions,
        "lines": [_line(line) for line in order.lines.all()],
        "boxes": [_box(box) for box in order.boxes.all()],
        "shipments": [_shipment(parcel) for parcel in parcels],
    }


def _address(place: Order | Shipment) -> Answer:
    return {
        "name": place.name,
        "street": place.street,
        "extra": place.extra,
        "postcode": place.postcode,
        "city": place.city,
        "country": place.country,
    }


def _box(box: OrderBox) -> Answer:
    return {
        "place": box.place,
        "size": box.size,
        "quantity": box.quantity,
        "unit_cents": box.unit_cents,
        "vat_permille": box.vat_permille,
    }


def _shipment(parcel: Shipment) -> Answer:
    return {
        "place": parcel.place,
        "ship_to": _address(parcel),
        "gift_message": parcel.gift_message,
        "hide_prices": parcel.hide_prices,
        "wish_on": parcel.wish_on,
        "method": parcel.method,
        "shipping_cents": parcel.shipping_cents,
        "dispatch_on": parcel.dispatch_on,
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "shipped_at": parcel.shipped_at,
        "lines": [{"line": line.order_line.place, "quantity": line.quantity} for line in parcel.lines.all()],
    }


def _line(line: OrderLine) -> Answer:
    return {
        **_bar(line),
        "place": line.place,
        "box": line.box.place if line.box else None,
        "quantity": line.quantity,
        "unit_cents": line.unit_cents,
        "reduction_cents": line.reduction_cents,
        "vat_permille": line.vat_permille,
        "price_lines": [{"text": part["text"], "cents": part["cents"]} for part in line.price_lines],
        "jobs": [{"code": job.code, "job_state": job.job_state} for job in line.jobs.all()],
    }


def _bar(line: OrderLine) -> Answer:
    """What was promised, as it was frozen in the order."""
    return {
        "name": line.name,
        "digest": line.design_id,
        "code": line.code,
        "family": line.family,
        "recipe": [
            {"module": portion["module"], "slot": portion["slot"], "grams": grams(portion["mg"])}
            for portion in line.recipe
        ],
        "allergens": line.allergens,
        "preview": preview_url(line.design_id),
    }


class AddressSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    street = serializers.CharField()
    extra = serializers.CharField(allow_blank=True)
    postcode = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()


class VatSerializer(serializers.Serializer[Any]):
    permille = serializers.IntegerField()
    gross_cents = serializers.IntegerField()
    vat_cents = serializers.IntegerField()


class PlacedPortionSerializer(serializers.Serializer[Any]):
    module = serializers.CharField()
    slot = serializers.CharField()
    grams = serializers.CharField()


class BarSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    digest = serializers.CharField()
    code = serializers.CharField(help_text="The code on the pack.")
    family = serializers.CharField()
    recipe = PlacedPortionSerializer(many=True)
    allergens = serializers.ListField(child=serializers.CharField())
    preview = serializers.CharField()


class PaidPartSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    cents = serializers.IntegerField()


class JobOfLineSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    job_state = serializers.ChoiceField(choices=JobState.values)


class LineSerializer(BarSerializer):
    place = serializers.IntegerField()
    box = serializers.IntegerField(allow_null=True, help_text="The place of the gift box it lies in.")
    quantity = serializers.IntegerField()
    unit_cents = serializers.IntegerField()
    reduction_cents = serializers.IntegerField(help_text="Its share of vouchers and volume prices.")
    vat_permille = serializers.IntegerField()
    price_lines = PaidPartSerializer(many=True)
    jobs = JobOfLineSerializer(many=True)


class BoxSerializer(serializers.Serializer[Any]):
    """Gift boxes of one kind; the lines that name its place are in it."""

    place = serializers.IntegerField()
    size = serializers.IntegerField()
    quantity = serializers.IntegerField()
    unit_cents = serializers.IntegerField(help_text="The box without its bars.")
    vat_permille = serializers.IntegerField()


class ReductionSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    cents = serializers.IntegerField()


class ShipmentLineSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField(help_text="The place of the line in the order.")
    quantity = serializers.IntegerField()


class ShipmentSerializer(serializers.Serializer[Any]):
    """One parcel to one person."""

    place = serializers.IntegerField()
    ship_to = AddressSerializer()
    gift_message = serializers.CharField(allow_blank=True)
    hide_prices = serializers.BooleanField()
    wish_on = serializers.DateField(allow_null=True)
    method = serializers.CharField()
    shipping_cents = serializers.IntegerField()
    dispatch_on = serializers.DateField(allow_null=True)
    carrier = serializers.CharField(allow_blank=True)
    tracking_number = serializers.CharField(allow_blank=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    lines = ShipmentLineSerializer(many=True)


class OrderSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    payment_state = serializers.ChoiceField(choices=PaymentState.values)
    placed_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    locale = serializers.CharField()
    email = serializers.CharField()
    ship_to = AddressSerializer(help_text="Of the first parcel.")
    gift_message = serializers.CharField(allow_blank=True, help_text="Of the first parcel.")
    bill_to = AddressSerializer()
    substitution = serializers.ChoiceField(choices=Substitution.values)
    currency = serializers.CharField()
    goods_cents = serializers.IntegerField()
    shipping_cents = serializers.IntegerField()
    total_cents = serializers.IntegerField()
    vat = VatSerializer(many=True)
    reductions = ReductionSerializer(many=True)
    lines = LineSerializer(many=True)
    boxes = BoxSerializer(many=True)
    shipments = ShipmentSerializer(many=True)


# ── Jobs ─────────────────────────────────────────────────────────────────────────────────────────


def job_answer(job: Job) -> Answer:
    line = job.order_line
    return {
        "code": job.code,
        "job_state": job.job_state,
        "next_step": next_step(job),
        "due_on": job.due_on,
        "created_at": job.created_at,
        "order": line.order.number,
        "shipment": job.shipment.place,
        "index": job.index,
        "of": line.quantity,
        "bar": _bar(line),
        "remake_of": job.remake_of.code if job.remake_of else None,
        "scrap_reason": job.scrap_reason,
        "scrap_station": job.scrap_station,
        "events": [_event(event) for event in job.events.all()],
    }


def _event(event: JobEvent) -> Answer:
    return {
        "from_state": event.from_state,
        "to_state": event.to_state,
        "at": event.at,
        "by": event.by.get_username() if event.by else None,
        "equipment": event.equipment_id,
        "weight_mg": event.weight_mg,
        "takes_back": event.undoes.to_state if event.undoes else None,
        "note": event.note,
    }


class EventSerializer(serializers.Serializer[Any]):
    from_state = serializers.CharField(allow_blank=True)
    to_state = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True)
    equipment = serializers.CharField(allow_null=True, help_text="Code of where it happened.")
    weight_mg = serializers.IntegerField(allow_null=True, help_text="Of the bar, where it was weighed.")
    takes_back = serializers.CharField(allow_null=True, help_text="The state whose entering was a slip.")
    note = serializers.CharField(allow_blank=True)


class JobSerializer(serializers.Serializer[Any]):
    """Make this one bar."""

    code = serializers.CharField(help_text="The code on the ticket.")
    job_state = serializers.ChoiceField(choices=JobState.values)
    next_step = serializers.CharField(allow_null=True)
    due_on = serializers.DateField()
    created_at = serializers.DateTimeField()
    order = serializers.CharField()
    shipment = serializers.IntegerField(help_text="The parcel of the order it travels in, from 1.")
    index = serializers.IntegerField(help_text="Which bar of its line, from 1.")
    of = serializers.IntegerField()
    bar = BarSerializer()
    remake_of = serializers.CharField(allow_null=True)
    scrap_reason = serializers.CharField(allow_blank=True)
    scrap_station = serializers.CharField(allow_blank=True)
    events = EventSerializer(many=True)
