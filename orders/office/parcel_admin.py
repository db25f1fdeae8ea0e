"""Parcels in the office: which leave when, and the number each one travels under."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from orders import letters
from orders.models import PaymentState, Shipment
from orders.office.look_only import LookOnly, order_link
from orders.sending import delivery
from orders.sending.carriage import TrackingNumberMistyped


class ParcelForm(forms.ModelForm[Shipment]):
    carrier = forms.ChoiceField(label=_("carrier"), required=False)

    class Meta:
        model = Shipment
        fields = ("carrier", "tracking_number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An order keeps the name; one that we do not know any more may stay.
        names = dict.fromkeys(["", self.instance.carrier, *(each.name for each in delivery.carriers())])
        field = self.fields["carrier"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name or "-") for name in names]

    def clean_tracking_number(self) -> str:
        typed: str = self.cleaned_data["tracking_number"]
        try:
            return delivery.read_tracking_number(self.cleaned_data.get("carrier", ""), typed) if typed else ""
        except TrackingNumberMistyped as mistake:
            raise forms.ValidationError(str(mistake)) from None


class Leaving(admin.SimpleListFilter):
    title = _("leaves the house")
    parameter_name = "leaves"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("late", _("late")), ("today", _("today")), ("unfollowed", _("has left, no number"))]

    def queryset(self, request: HttpRequest, parcels: QuerySet[Shipment]) -> QuerySet[Shipment]:
        today = timezone.localdate()
        waiting = parcels.filter(shipped_at=None, order__payment_state=PaymentState.PAID)
        match self.value():
            case "late":
                return waiting.filter(dispatch_on__lt=today)
            case "today":
                return waiting.filter(dispatch_on=today)
            case "unfollowed":
                return parcels.filter(tracking_number="").exclude(shipped_at=None)
            case _:
                return parcels


@admin.register(Shipment)
class ParcelAdmin(LookOnly):
    form = ParcelForm
    fields = (
        "order_link",
        "place",
        "name",
        "city",
        "country_name",
        "method_name",
        "dispatch_on",
        "arrive_from",
        "arrive_until",
        "shipped_at",
        "carrier",
        "tracking_number",
        "followed",
    )
    list_display = (
        "__str__",
        "country",
        "method_name",
        "dispatch_on",
        "arrive_until",
        "shipped_at",
        "carrier",
        "tracking_number",
    )
    list_filter = (Leaving, "country", "method", "carrier")
    list_select_related = ("order",)
    search_fields = ("order__number", "tracking_number", "name")
    date_hierarchy = "dispatch_on"

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("orders.change_shipment")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        if obj.tracking_number:
            letters.numbered(obj, at=timezone.now())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What was promised stays; only how it is followed is written here."""
        return tuple(field for field in self.fields if field not in {"carrier", "tracking_number"})

    @admin.display(description=_("order"))
    def order_link(self, parcel: Shipment) -> SafeString:
        return order_link(parcel.order)

    @admin.display(description=_("where it is"))
    def followed(self, parcel: Shipment) -> str | SafeString:
        link = delivery.tracking_link(parcel.carrier, parcel.tracking_number, (get_language() or "en")[:2])
        return format_html('<a href="{}">{}</a>', link, parcel.tracking_number) if link else "-"
