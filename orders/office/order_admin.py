"""Orders in the office: what was bought, for whom, and how far it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib import admin
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from orders.models import (
    Invoice,
    Job,
    JobState,
    Order,
    OrderLine,
    Payment,
    Shipment,
    ShipmentLine,
)
from orders.money.amounts import money
from orders.office.look_only import LookOnlyInline, bar_picture, job_link
from orders.office.order_desk import OrderDesk
from orders.office.order_list import OrderList
from orders.templatetags.orders import allergen_names, percent

PICTURED_MOST: Final = 4
"""Of an order, in the list: one of names has two hundred bars."""


class OrderLineInline(LookOnlyInline):
    model = OrderLine
    verbose_name_plural = _("bars")
    show_change_link = False
    fields = ["picture", "name", "family_name", "quantity", "unit", "contains", "progress"]
    readonly_fields = ["picture", "unit", "contains", "progress"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderLine]:
        jobs = Job.objects.exclude(job_state=JobState.SCRAPPED).order_by("index")
        return (
            super()
            .get_queryset(request)
            .select_related("order")
            .prefetch_related(Prefetch("jobs", queryset=jobs, to_attr="bars"))
        )

    @admin.display(description=_("picture"))
    def picture(self, line: OrderLine) -> SafeString:
        return bar_picture(line.design_id, line.name)

    @admin.display(description=_("price"))
    def unit(self, line: OrderLine) -> str:
        return money(line.unit_cents, line.order.currency)

    @admin.display(description=_("contains"))
    def contains(self, line: OrderLine) -> str:
        return allergen_names(line.allergens)

    @admin.display(description=_("where its bars are"))
    def progress(self, line: OrderLine) -> SafeString:
        links = (
            (job_link(job), job.get_job_state_display())
            for job in line.bars  # type: ignore[attr-defined]
        )
        return format_html_join(SafeString("<br>"), "{} {}", links)


class ShipmentInline(LookOnlyInline):
    model = Shipment
    fields = ["place", "name", "address", "carries", "gift_message", "wish_on", "method_name", "shipped_at"]
    readonly_fields = ["address", "carries"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Shipment]:
        carried = Prefetch("lines", ShipmentLine.objects.select_related("order_line"))
        return super().get_queryset(request).prefetch_related(carried)

    @admin.display(description=_("address"))
    def address(self, parcel: Shipment) -> str:
        parts = (parcel.street, parcel.extra, f"{parcel.postcode} {parcel.city}", parcel.country_name)
        return ", ".join(part for part in parts if part)

    @admin.display(description=_("bars"))
    def carries(self, parcel: Shipment) -> str:
        return ", ".join(f"{line.quantity} × {line.order_line.name}" for line in parcel.lines.all())


class PaymentInline(LookOnlyInline):
    model = Payment
    fields = [
        "attempt",
        "state",
        "amount",
        "accepted",
        "disputed",
        "note",
        "session",
        "give_back",
        "created_at",
    ]
    readonly_fields = ["amount", "session", "give_back"]

    @admin.display(description=_("session"))
    def session(self, payment: Payment) -> str:
        """Its end tells sessions apart; the whole of it is on the payment's own page."""
        return f"…{payment.session_id[-8:]}" if payment.session_id else "-"

    def get_fields(self, request: HttpRequest, obj: Order | None = None) -> Any:
        may_refund = request.user.has_perm("orders.add_refund")
        return [field for field in self.fields if may_refund or field != "give_back"]

    @admin.display(description=_("amount"))
    def amount(self, payment: Payment) -> str:
        return money(payment.amount_cents, payment.currency)

    @admin.display(description=_("give money back"))
    def give_back(self, payment: Payment) -> SafeString | str:
        if not payment.captured_cents:
            return "-"
        address = reverse("admin:orders_payment_refund", args=[payment.pk])
        return format_html('<a href="{}">{}</a>', address, _("Refund"))


@admin.register(Order)
class OrderAdmin(OrderDesk, OrderList):
    list_display = ["number", "picture", "name", "placed", "payment_state", "total", "progress"]
    list_filter = ["payment_state", "country", "placed_at"]
    search_fields = ["number"]
    search_help_text = _("Number, e-mail address, code on a pack or a ticket, or words of a name")
    date_hierarchy = "placed_at"
    inlines = [OrderLineInline, ShipmentInline, PaymentInline]
    fieldsets = [
        (None, {"fields": ["number", "page", "payment_state", "placed_at", "paid_at", "closed_at"]}),
        (
            _("Who pays"),
            {
                "fields": [
                    "name",
                    "street",
                    "extra",
                    "postcode",
                    "city",
                    "country",
                    "email",
                    "locale",
                    "review_agreed_at",
                ]
            },
        ),
        (_("If something runs out"), {"fields": ["substitution"]}),
        (_("Money"), {"fields": ["goods", "shipping", "total", "included_vat", "papers"]}),
    ]
    readonly_fields = [
        "page",
        "goods",
        "shipping",
        "total",
        "included_vat",
        "papers",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        bars = Job.objects.filter(order_line__order=OuterRef("pk")).exclude(job_state=JobState.SCRAPPED)
        orders: QuerySet[Order] = super().get_queryset(request)
        # Asked of each order that is shown: joined, they would be counted for all orders there are.
        return orders.annotate(
            bars=_number_of(bars), shipped=_number_of(bars.filter(job_state=JobState.SHIPPED))
        ).prefetch_related("lines")

    @admin.display(description=_("picture"))
    def picture(self, order: Order) -> SafeString:
        lines = list(order.lines.all())
        pictures = ((bar_picture(line.design_id, line.name),) for line in lines[:PICTURED_MOST])
        more = len(lines) - PICTURED_MOST
        return format_html("{}{}", format_html_join("", "{}", pictures), f" + {more}" if more > 0 else "")

    @admin.display(description=_("ordered"), ordering="placed_at")
    def placed(self, order: Order) -> str:
        return _moment(order.placed_at)

    @admin.display(description=_("total"), ordering="total_cents")
    def total(self, order: Order) -> str:
        return money(order.total_cents, order.currency)

    @admin.display(description=_("goods"))
    def goods(self, order: Order) -> str:
        return money(order.goods_cents, order.currency)

    @admin.display(description=_("shipping"))
    def shipping(self, order: Order) -> str:
        return money(order.shipping_cents, order.currency)

    @admin.display(description=_("included VAT"))
    def included_vat(self, order: Order) -> str:
        return ", ".join(
            f"{percent(rate['permille'])}: {money(rate['vat_cents'], order.currency)}" for rate in order.vat
        )

    @admin.display(description=_("invoice and credit notes"))
    def papers(self, order: Order) -> SafeString:
        return format_html_join(
            SafeString("<br>"),
            '<a href="{}">{}</a> · {}',
            (
                (
                    reverse("admin:orders_invoice_change", args=[paper.pk]),
                    paper.number,
                    money(paper.total_cents, paper.currency),
                )
                for paper in Invoice.objects.filter(order=order).order_by("pk")
            ),
        )

    @admin.display(description=_("shipped"))
    def progress(self, order: Order) -> str:
        bars, shipped = order.bars, order.shipped  # type: ignore[attr-defined]
        return f"{shipped} / {bars}" if bars else "-"

    @admin.display(description=_("order page"))
    def page(self, order: Order) -> SafeString:
        with translation.override(order.locale):
            address = reverse("orders:order", args=[order.token])
        return format_html('<a href="{}">{}</a>', address, _("What the customer sees"))


def _number_of(jobs: QuerySet[Job]) -> Coalesce:
    """Of one order's."""
    counted = jobs.order_by().values("order_line__order").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
