"""Where we send to, how and for how much, for staff: what they change here, no file overwrites."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from configurator.domain.pricing import CURRENCY
from configurator.wording import money
from orders.models import (
    BoxSize,
    CarriageRate,
    Carrier,
    Destination,
    Holiday,
    HotSeason,
    Method,
    Service,
    Zone,
)
from orders.models.kept_by_staff import KeptByStaff
from orders.office.measured_fields import MassField
from orders.prices.boxes import kept_sizes

MG_PER_KG = 1_000_000
Kept = TypeVar("Kept", bound=KeptByStaff)


class KeptByStaffAdmin(admin.ModelAdmin[Kept]):
    """A row of a file cannot be deleted, for it would come back: it is ended by its last day."""

    actions: Any = None
    list_per_page = 50

    def save_model(self, request: HttpRequest, obj: Kept, form: Any, change: bool) -> None:  # noqa: FBT001  # Django's hook
        obj.by_hand = True
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.by_hand)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # A key stands in orders and in other rows.
        key = self.opts.pk.name
        return (key,) if obj and key != "id" else ()


@admin.register(BoxSize)
class BoxSizeAdmin(KeptByStaffAdmin[BoxSize]):
    """A size that carts and orders may hold is never deleted, only no longer offered."""

    list_display = ("holds", "price", "offered", "by_hand")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: BoxSize, form: Any, change: bool) -> None:  # noqa: FBT001  # Django's hook
        super().save_model(request, obj, form, change)
        kept_sizes.forget()

    @admin.display(description=_("price"), ordering="cents")
    def price(self, size: BoxSize) -> str:
        return money(size.cents, CURRENCY)


@admin.register(Zone)
class ZoneAdmin(KeptByStaffAdmin[Zone]):
    list_display = ("name_en", "key", "by_hand")


@admin.register(Destination)
class DestinationAdmin(KeptByStaffAdmin[Destination]):
    list_display = ("name_en", "country", "zone", "label_locale", "place", "by_hand")
    list_filter = ("zone", "label_locale")
    list_select_related = ("zone",)
    search_fields = ("country", "name_en", "name_de")


@admin.register(Carrier)
class CarrierAdmin(KeptByStaffAdmin[Carrier]):
    list_display = ("name", "key", "tracking_url", "number_example", "by_hand")


@admin.register(Method)
class MethodAdmin(KeptByStaffAdmin[Method]):
    list_display = ("name_en", "key", "safe_in_heat", "place", "by_hand")


@admin.register(Service)
class ServiceAdmin(KeptByStaffAdmin[Service]):
    list_display = (
        "zone",
        "method",
        "carrier",
        "days_min",
        "days_max",
        "valid_from",
        "valid_until",
        "by_hand",
    )
    list_filter = ("zone", "method", "carrier")
    list_select_related = ("zone", "method", "carrier")


class RateForm(forms.ModelForm[CarriageRate]):
    up_to_mg = MassField(
        unit_mg=MG_PER_KG,
        label=_("up to (kg)"),
        help_text=_("Chocolate in one parcel; packing is allowed for in the tariff."),
    )


@admin.register(CarriageRate)
class CarriageRateAdmin(KeptByStaffAdmin[CarriageRate]):
    form = RateForm
    fields = (
        "zone",
        "method",
        "currency",
        "up_to_mg",
        "goods_from_cents",
        "cents",
        "valid_from",
        "valid_until",
        "source",
    )
    list_display = (
        "zone",
        "method",
        "weight",
        "goods_from",
        "price",
        "valid_from",
        "valid_until",
        "by_hand",
    )
    list_filter = ("zone", "method", "currency")
    list_select_related = ("zone", "method")

    @admin.display(description=_("up to"), ordering="up_to_mg")
    def weight(self, rate: CarriageRate) -> str:
        return f"{(Decimal(rate.up_to_mg) / MG_PER_KG).normalize():f} kg"

    @admin.display(description=_("for goods from"), ordering="goods_from_cents")
    def goods_from(self, rate: CarriageRate) -> str:
        return money(rate.goods_from_cents, rate.currency)

    @admin.display(description=_("price"), ordering="cents")
    def price(self, rate: CarriageRate) -> str:
        return money(rate.cents, rate.currency)


@admin.register(HotSeason)
class HotSeasonAdmin(KeptByStaffAdmin[HotSeason]):
    list_display = ("zone", "first_on", "last_on", "every_year", "source", "by_hand")
    list_filter = ("zone", "every_year")
    list_select_related = ("zone",)


@admin.register(Holiday)
class HolidayAdmin(KeptByStaffAdmin[Holiday]):
    list_display = ("day", "country", "name", "by_hand")
    list_filter = ("country",)
    date_hierarchy = "day"
