"""Invoices and credit notes: frozen from the order, numbered under a lock, each made once.

Settlement only owes them (a row in its own transaction); the worker makes them in a short one of its own. So the
lock on a series is held for a moment, a payment never waits for it, and what fails takes its number back with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from configurator.domain.family import Cents
from orders.models import (
    Invoice,
    InvoiceKind,
    InvoiceSeries,
    Order,
    Refund,
    Shipment,
    ShipmentLine,
    ShippedBox,
)
from orders.money import invoiced
from orders.money.invoiced import Content, Line, Means, Party, Reduction, Seller
from orders.money.tax_years import first_year_kept

PREFIXES: Final = {InvoiceKind.INVOICE: "R", InvoiceKind.CREDIT_NOTE: "K", InvoiceKind.REVERSAL: "S"}
ONLINE, GIFT_CARD = "online", "gift_card"


class OrderIsNotPaid(ValueError):
    """Nothing was paid, or only a gift card was bought, which is money still: nothing to bill or to credit."""


class NothingWentBack(ValueError):
    """The refund has failed before its credit note was written."""


class SellerIsUnknown(ValueError):
    """An invoice must name the VAT ID or the tax number of who sells."""


def issue(order: Order, *, at: datetime) -> Invoice:
    """The invoice of a paid order; made now if there is none. Raises OrderIsNotPaid or SellerIsUnknown."""
    known = _invoice_of(order)
    if known:
        return known
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        return _invoice_of(locked) or _issued(locked, at)


def credit(refund: Refund, *, at: datetime) -> Invoice:
    """The credit note of a refund; made now if there is none. Raises NothingWentBack, and as `issue` does."""
    known: Invoice | None = Invoice.objects.filter(refund=refund).first()
    if known:
        return known
    with transaction.atomic():
        order = Order.objects.select_for_update().get(payments=refund.payment_id)
        known = Invoice.objects.filter(refund=refund).first()
        return known or _credited(order, refund, at)


def reverse(refund: Refund, *, at: datetime) -> Invoice | None:
    """Takes back the credit note of a refund that has failed after all; None where there was none to take back.

    What went to gift cards has arrived, so only what Stripe could not give back is charged again.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(payments=refund.payment_id)
        note = Invoice.objects.filter(refund=refund).first()
        if note is None:
            return None
        known: Invoice | None = Invoice.objects.filter(reverses=note).first()
        return known or _reversed(order, note, refund, at)


def is_unchanged(invoice: Invoice) -> bool:
    return digest_of(invoice.content) == invoice.digest


def digest_of(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def gaps() -> list[str]:
    """Series that do not hold each of their numbers once: there must be none.

    Those of years whose papers need not be kept any more have begun to go (personal/retention.py).
    """
    held = {
        (row["kind"], row["year"]): (row["count"], row["highest"])
        for row in Invoice.objects.order_by()
        .values("kind", "year")
        .annotate(count=Count("pk"), highest=Max("place"))
    }
    return [
        str(series)
        for series in InvoiceSeries.objects.filter(year__gte=first_year_kept(timezone.now())).order_by(
            "year", "kind"
        )
        if held.get((series.kind, series.year), (0, None)) != (series.last, series.last or None)
    ]


def _invoice_of(order: Order) -> Invoice | None:
    return Invoice.objects.filter(order=order, kind=InvoiceKind.INVOICE).first()


def _issued(order: Order, at: datetime) -> Invoice:
    if order.paid_at is None or order.sells_gift_card:
        raise OrderIsNotPaid(order.number)
    with translation.override(order.locale):
        content = content_of(order)
    return _written(InvoiceKind.INVOICE, order, content, at)


def _credited(order: Order, refund: Refund, at: datetime) -> Invoice:
    if not refund.payment.accepted:
        raise OrderIsNotPaid(f"{order.number}: the order never took this money")
    refund.refresh_from_db(fields=["state"])
    if refund.state == Refund.State.FAILED:
        raise NothingWentBack(refund.pk)
    invoice = _invoice_of(order) or _issued(order, at)
    others = Invoice.objects.filter(order=order).order_by("pk")
    whole = invoiced.thawed(invoice.content)
    with translation.override(order.locale):
        lines = invoiced.credited(
            whole,
            [invoiced.thawed(note.content) for note in others.filter(kind=InvoiceKind.CREDIT_NOTE)],
            {share.part: share.cents for share in refund.lines.order_by("pk")},
            refund.amount_cents + refund.gift_card_cents,
            _("Other amount"),
            [invoiced.thawed(note.content) for note in others.filter(kind=InvoiceKind.REVERSAL)],
        )
    content = replace(
        whole,
        lines=lines,
        rates=invoiced.rate_sums(lines),
        reductions=whole.reductions if lines == whole.lines else (),
        means=_means(refund.amount_cents, refund.gift_card_cents),
        paid_on=timezone.localdate(at).isoformat(),
        of_number=invoice.number,
        of_date=invoice.issued_on.isoformat(),
        reason=refund.reason,
    )
    return _written(InvoiceKind.CREDIT_NOTE, order, content, at, refund)


def _reversed(order: Order, note: Invoice, refund: Refund, at: datetime) -> Invoice:
    credited = invoiced.thawed(note.content)
    with translation.override(order.locale):
        lines = invoiced.credited(credited, [], {}, refund.amount_cents, _("Other amount"))
    content = replace(
        credited,
        lines=lines,
        rates=invoiced.rate_sums(lines),
        reductions=credited.reductions if lines == credited.lines else (),
        means=_means(refund.amount_cents, 0),
        of_number=note.number,
        of_date=note.issued_on.isoformat(),
        reason="",
    )
    return _written(InvoiceKind.REVERSAL, order, content, at, reverses=note)


def _written(
    kind: InvoiceKind,
    order: Order,
    content: Content,
    at: datetime,
    refund: Refund | None = None,
    reverses: Invoice | None = None,
) -> Invoice:
    """The number comes last, so that its series is locked for as short as can be."""
    if not (content.seller.vat_id or content.seller.tax_number):
        raise SellerIsUnknown("Set SELLER_VAT_ID or SELLER_TAX_NUMBER: an invoice has to name one of them.")
    issued_on = timezone.localdate(at)
    place = _drawn(kind, issued_on.year)
    return Invoice.objects.create(
        kind=kind,
        year=issued_on.year,
        place=place,
        number=f"{PREFIXES[kind]}-{issued_on.year}-{place:06}",
        order=order,
        refund=refund,
        reverses=reverses,
        issued_on=issued_on,
        issued_at=at,
        currency=order.currency,
        net_cents=content.net_cents,
        vat_cents=content.vat_cents,
        total_cents=content.total_cents,
        content=content.frozen,
        digest=digest_of(content.frozen),
    )


def _drawn(kind: InvoiceKind, year: int) -> int:
    """The next number: whoever draws holds the row until the invoice is written, or has failed with it."""
    InvoiceSeries.objects.get_or_create(kind=kind, year=year)
    series = InvoiceSeries.objects.filter(kind=kind, year=year)
    series.update(last=F("last") + 1)
    return series.get().last


# ── What stands on it ────────────────────────────────────────────────────────────────────────────


def content_of(order: Order) -> Content:
    """In the language of the order. Everything is read from what the order froze."""
    parcels = list(order.shipments.all())
    goods = _goods(order, parcels)
    shipping = invoiced.shipping_lines(goods, order.vat, _("Shipping"))
    lines = (*goods, *shipping)
    assert order.paid_at is not None
    return Content(
        locale=order.locale,
        seller=Seller(**settings.SELLER),
        buyer=_party(order),
        order=order.number,
        ordered_on=timezone.localdate(order.placed_at).isoformat(),
        paid_on=timezone.localdate(order.paid_at).isoformat(),
        leaves_on=tuple(sorted({parcel.dispatch_on.isoformat() for parcel in parcels if parcel.dispatch_on})),
        destinations=tuple(dict.fromkeys(_party(parcel) for parcel in parcels)),
        lines=lines,
        rates=invoiced.rate_sums(lines),
        reductions=tuple(
            Reduction(each["kind"], each["code"], each["cents"]) for each in order.reductions if each["cents"]
        ),
        means=means_of(order),
    )


def means_of(order: Order) -> tuple[Means, ...]:
    """With what an order was paid, together its total. Gift cards are money here, not a reduction."""
    return _means(order.due_cents, order.gift_card_cents)


def _means(online: Cents, gift_cards: Cents) -> tuple[Means, ...]:
    both = (Means(ONLINE, online), Means(GIFT_CARD, gift_cards))
    return tuple(means for means in both if means.cents)


def _goods(order: Order, parcels: Iterable[Shipment]) -> tuple[Line, ...]:
    country = {parcel.pk: parcel.country for parcel in parcels}
    carried = ShipmentLine.objects.filter(shipment__in=country).values_list("order_line_id", "shipment_id")
    of_line = {line_id: country[parcel_id] for line_id, parcel_id in carried}
    boxed = ShippedBox.objects.filter(shipment__in=country).values_list("box_id", "shipment_id")
    of_box = {box_id: country[parcel_id] for box_id, parcel_id in boxed}
    bars = [
        Line(
            part=f"line-{line.pk}",
            name=line.name,
            detail=_detail(line.family_name, line.code, line.box.name if line.box else ""),
            quantity=line.quantity,
            unit_cents=line.unit_cents,
            reduction_cents=line.reduction_cents,
            gross_cents=line.total_cents,
            permille=line.vat_permille,
            vat_cents=line.vat_cents,
            country=of_line.get(line.pk, ""),
        )
        for line in order.lines.select_related("box")
    ]
    boxes = [
        Line(
            part=f"box-{box.pk}",
            name=box.name,
            detail="",
            quantity=box.quantity,
            unit_cents=box.unit_cents,
            reduction_cents=box.reduction_cents,
            gross_cents=box.total_cents,
            permille=box.vat_permille,
            vat_cents=box.vat_cents,
            country=of_box.get(box.pk, ""),
        )
        for box in order.boxes.all()
    ]
    return (*bars, *boxes)


def _detail(family: str, code: str, box: str) -> str:
    return ", ".join(filter(None, (family, code, box)))


def _party(of: Order | Shipment) -> Party:
    return Party(of.name, of.street, of.extra, of.postcode, of.city, of.country, of.country_name)
