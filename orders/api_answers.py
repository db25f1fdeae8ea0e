"""What the API answers about orders and jobs, and the schema that describes it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from configurator.domain.recipe import grams
from configurator.previews import preview_url
from orders.models import Job, JobEvent, Order, OrderLine
from orders.models.order import PaymentState
from orders.models.production import JobState
from orders.production.steps import next_step

Answer = dict[str, Any]


# ── Orders ───────────────────────────────────────────────────────────────────────────────────────


def order_answer(order: Order) -> Answer:
    return {
        "number": order.number,
        "payment_state": order.payment_state,
        "placed_at": order.placed_at,
        "paid_at": order.paid_at,
        "closed_at": order.closed_at,
        "locale": order.locale,
        "email": order.email,
        "ship_to": _ship_to(order),
        "gift_message": order.gift_message,
        "currency": order.currency,
        "goods_cents": order.goods_cents,
        "shipping_cents": order.shipping_cents,
        "total_cents": order.total_cents,
        "vat": order.vat,
        "lines": [_line(line) for line in order.lines.all()],
    }


def _ship_to(order: Order) -> Answer:
    return {
        "name": order.name,
        "street": order.street,
        "extra": order.extra,
        "postcode": order.postcode,
        "city": order.city,
        "country": order.country,
    }


def _line(line: OrderLine) -> Answer:
    return {
        **_bar(line),
        "quantity": line.quantity,
        "unit_cents": line.unit_cents,
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
    quantity = serializers.IntegerField()
    unit_cents = serializers.IntegerField()
    vat_permille = serializers.IntegerField()
    price_lines = PaidPartSerializer(many=True)
    jobs = JobOfLineSerializer(many=True)


class OrderSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    payment_state = serializers.ChoiceField(choices=PaymentState.values)
    placed_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    locale = serializers.CharField()
    email = serializers.CharField()
    ship_to = AddressSerializer()
    gift_message = serializers.CharField(allow_blank=True)
    currency = serializers.CharField()
    goods_cents = serializers.IntegerField()
    shipping_cents = serializers.IntegerField()
    total_cents = serializers.IntegerField()
    vat = VatSerializer(many=True)
    lines = LineSerializer(many=True)


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
        "note": event.note,
    }


class EventSerializer(serializers.Serializer[Any]):
    from_state = serializers.CharField(allow_blank=True)
    to_state = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class JobSerializer(serializers.Serializer[Any]):
    """Make this one bar."""

    code = serializers.CharField(help_text="The code on the ticket.")
    job_state = serializers.ChoiceField(choices=JobState.values)
    next_step = serializers.CharField(allow_null=True)
    due_on = serializers.DateField()
    created_at = serializers.DateTimeField()
    order = serializers.CharField()
    index = serializers.IntegerField(help_text="Which bar of its line, from 1.")
    of = serializers.IntegerField()
    bar = BarSerializer()
    remake_of = serializers.CharField(allow_null=True)
    scrap_reason = serializers.CharField(allow_blank=True)
    scrap_station = serializers.CharField(allow_blank=True)
    events = EventSerializer(many=True)
