"""Vouchers in the office: made, followed, stopped. One that was used is kept."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from configurator.wording import money
from orders.models.rates import VatRate, VolumePrice
from orders.models.vouchers import Voucher, VoucherUse
from orders.office.look_only import LookOnly, LookOnlyInline, order_link
from orders.prices.vouchers import counting
from orders.templatetags.orders import percent


class UseInline(LookOnlyInline):
    model = VoucherUse
    show_change_link = False
    fields = ["link", "taken_off", "counts", "at"]
    readonly_fields = ["link", "taken_off", "counts", "at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[VoucherUse]:
        counts = VoucherUse.objects.filter(counting(timezone.now()), pk=OuterRef("pk"))
        uses: QuerySet[VoucherUse] = super().get_queryset(request).select_related("order", "voucher")
        return uses.annotate(counts_now=Exists(counts))

    @admin.display(description=_("order"))
    def link(self, use: VoucherUse) -> SafeString:
        return order_link(use.order)

    @admin.display(description=_("took off"))
    def taken_off(self, use: VoucherUse) -> str:
        code = use.voucher.code
        cents = sum(taken["cents"] for taken in use.order.reductions if taken["code"] == code)
        return money(cents, use.order.currency)

    @admin.display(description=_("counts"), boolean=True)
    def counts(self, use: VoucherUse) -> bool:
        """Whether it is a use: a cancelled order gives it back, and one that nobody paid in time."""
        return bool(use.counts_now)  # type: ignore[attr-defined]


@admin.register(Voucher)
class VoucherAdmin(admin.ModelAdmin[Voucher]):
    list_display = ("code", "worth", "used", "uses_most", "valid_from", "valid_until", "combinable", "note")
    list_filter = ("kind", "valid_until")
    list_per_page = 50
    search_fields = ("code", "note")
    inlines = (UseInline,)
    actions = ("stop",)
    fieldsets = [
        (None, {"fields": ["code", "note"]}),
        (_("What it takes off"), {"fields": ["kind", "permille", "cents", "currency"]}),
        (_("When it counts"), {"fields": ["least_goods_cents", "on_volume_price", "combinable"]}),
        (
            _("How long and how often"),
            {"fields": ["valid_from", "valid_until", "uses_most", "uses_per_customer"]},
        ),
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"valid_from": timezone.now(), **super().get_changeform_initial_data(request)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Voucher]:
        vouchers: QuerySet[Voucher] = super().get_queryset(request)
        return vouchers.annotate(used=Count("uses", filter=counting(timezone.now(), "uses__"), distinct=True))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.uses.exists())

    @admin.display(description=_("worth"))
    def worth(self, voucher: Voucher) -> str:
        if voucher.permille:
            return f"−{percent(voucher.permille)}"
        return f"−{money(voucher.cents, voucher.currency)}" if voucher.cents else voucher.get_kind_display()

    @admin.display(description=_("used"), ordering="used")
    def used(self, voucher: Voucher) -> int:
        return int(voucher.used)  # type: ignore[attr-defined]

    @admin.action(description=_("Stop the selected vouchers now"), permissions=["change"])
    def stop(self, request: HttpRequest, chosen: QuerySet[Voucher]) -> None:
        """One that has not begun is not stopped but deleted."""
        at = timezone.now()
        running = Voucher.objects.filter(pk__in=chosen.values("pk"), valid_from__lt=at)
        stopped = running.filter(Q(valid_until=None) | Q(valid_until__gt=at)).update(valid_until=at)
        words = ngettext("%d voucher is stopped.", "%d vouchers are stopped.", stopped) % stopped
        messages.success(request, words)


@admin.register(VatRate)
class VatRateAdmin(LookOnly):
    """From orders/prices/data/vat_rates.csv."""

    list_display = ("country", "tax_class", "rate", "valid_from", "valid_until", "source", "to_confirm")
    list_filter = ("country", "tax_class")

    @admin.display(description=_("rate"), ordering="permille")
    def rate(self, vat: VatRate) -> str:
        return percent(vat.permille)


@admin.register(VolumePrice)
class VolumePriceAdmin(LookOnly):
    """From orders/prices/data/volume_prices.csv."""

    list_display = ("from_bars", "off", "valid_from", "valid_until")

    @admin.display(description=_("off"), ordering="permille_off")
    def off(self, price: VolumePrice) -> str:
        return percent(price.permille_off)
