"""Invoices and credit notes in the office: to be found and opened, never changed."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from orders.models import Invoice
from orders.money import invoices
from orders.money.amounts import money
from orders.office.look_only import LookOnly, order_link
from orders.papers import invoice_files
from orders.papers.invoice_files import FileWasChanged


@admin.register(Invoice)
class InvoiceAdmin(LookOnly):
    list_display = ["number", "kind", "issued_on", "order_number", "buyer", "total", "vat", "pdf"]
    list_filter = ["kind", "currency", "issued_on"]
    list_select_related = ["order", "paper"]
    search_fields = ["number", "order__number", "order__email", "order__name"]
    date_hierarchy = "issued_on"
    fields = [
        *("number", "kind", "issued_on", "issued_at", "order_number", "buyer", "refund"),
        *("net", "vat", "total", "pdf", "unchanged"),
    ]
    readonly_fields = ["order_number", "buyer", "net", "vat", "total", "pdf", "unchanged"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invoice]:
        found: QuerySet[Invoice] = super().get_queryset(request).select_related("order", "paper")
        return found

    def get_urls(self) -> list[URLPattern]:
        file = path(
            "<int:invoice_id>/file/", self.admin_site.admin_view(self.file), name="orders_invoice_file"
        )
        return [file, *super().get_urls()]

    @admin.display(description=_("order"), ordering="order__number")
    def order_number(self, invoice: Invoice) -> SafeString:
        return order_link(invoice.order)

    @admin.display(description=_("to"))
    def buyer(self, invoice: Invoice) -> str:
        return str(invoice.content["buyer"]["name"])

    @admin.display(description=_("net"))
    def net(self, invoice: Invoice) -> str:
        return money(invoice.net_cents, invoice.currency)

    @admin.display(description=_("VAT"))
    def vat(self, invoice: Invoice) -> str:
        return money(invoice.vat_cents, invoice.currency)

    @admin.display(description=_("total"), ordering="total_cents")
    def total(self, invoice: Invoice) -> str:
        sum_ = money(invoice.total_cents, invoice.currency)
        return f"−{sum_}" if invoice.is_credit_note else sum_

    @admin.display(description=_("file"))
    def pdf(self, invoice: Invoice) -> SafeString | str:
        if not hasattr(invoice, "paper"):
            return str(_("being written"))
        return format_html('<a href="{}">PDF</a>', reverse("admin:orders_invoice_file", args=[invoice.pk]))

    @admin.display(description=_("as it was made"), boolean=True)
    def unchanged(self, invoice: Invoice) -> bool:
        return invoices.is_unchanged(invoice)

    @method_decorator(require_safe)
    def file(self, request: HttpRequest, invoice_id: int) -> HttpResponse:
        if not request.user.has_perm("orders.view_invoice"):
            raise PermissionDenied
        invoice = get_object_or_404(self.get_queryset(request), pk=invoice_id)
        if not hasattr(invoice, "paper"):
            raise Http404
        try:
            pdf = invoice_files.read(invoice.paper)
        except (FileNotFoundError, FileWasChanged) as broken:
            words = _("The file of this invoice is gone or was changed: restore it from a backup (%(file)s).")
            return HttpResponse(str(words) % {"file": broken}, status=503, content_type="text/plain")
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{invoice.number}.pdf"'
        return response
