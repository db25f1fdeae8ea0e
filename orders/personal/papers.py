"""Invoices and credit notes: the law keeps them, with the name and the address that it wants to stand on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from orders.models import Invoice, InvoicePaper, Order
from orders.money.tax_years import last_day
from orders.personal.people import File


def kept_until(invoice: Invoice) -> date:
    return last_day(invoice.year, abroad=_names_vat_abroad(invoice.content))


def of_order(order: Order) -> QuerySet[Invoice]:
    return Invoice.objects.filter(order=order).order_by("pk")


def tell(order: Order) -> list[dict[str, Any]]:
    return [
        {
            "number": invoice.number,
            "date": invoice.issued_on,
            "total_cents": invoice.total_cents,
            "currency": invoice.currency,
            "kept_until": kept_until(invoice),
            "content": invoice.content,
        }
        for invoice in of_order(order)
    ]


def files(order: Order) -> Iterator[File]:
    for paper in InvoicePaper.objects.filter(invoice__order=order).select_related("invoice").order_by("pk"):
        yield File(f"invoices/{paper.invoice.number}.pdf", paper.file)


def forget(_order: Order, _at: datetime) -> None:
    """Not yet: retention.py does, when the years are over."""


def _names_vat_abroad(content: dict[str, Any]) -> bool:
    home = content["seller"]["country"]
    return any(rate["permille"] and set(rate["countries"]) - {home} for rate in content["rates"])
