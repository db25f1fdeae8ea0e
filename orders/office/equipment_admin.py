"""What stands on the floor, for the office; it is worked with on the floor's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from orders.models import Cleaning, Contact, Equipment, Run, RunEvent, Station, WorkingTemperature
from orders.office.delivery_admin import MG_PER_KG, KeptByStaffAdmin
from orders.office.look_only import LookOnly, LookOnlyInline
from orders.office.measured_fields import DegreesField, MassField
from orders.production import allergens, runs


class EquipmentForm(forms.ModelForm[Equipment]):
    holds_mg = MassField(unit_mg=MG_PER_KG, label=_("holds chocolate, in kg"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        station = cleaned.get("station", self.instance.station)
        if station == Station.MOULDING and not cleaned.get("holds_mg") and "holds_mg" not in self.errors:
            self.add_error("holds_mg", _("A temperer holds chocolate: say how much."))
        return cleaned


class WorkingTemperatureForm(forms.ModelForm[WorkingTemperature]):
    from_decidegrees = DegreesField(label=_("from, in °C"))
    to_decidegrees = DegreesField(label=_("to, in °C"))


@admin.register(Equipment)
class EquipmentAdmin(KeptByStaffAdmin[Equipment]):
    """What bars were made on stays in their history: it is taken out of use, never deleted."""

    form = EquipmentForm
    list_display = ("key", "station", "zone", "holds_bars", "in_use", "by_hand")
    list_filter = ("station", "zone", "in_use")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Where it stood, its history was written.
        return ("key", "station", "zone", "carries") if obj else ()

    @admin.display(description=_("has met"))
    def carries(self, place: Equipment) -> str:
        return allergens.named(allergens.carried([place])[place.pk]) or "-"


@admin.register(WorkingTemperature)
class WorkingTemperatureAdmin(KeptByStaffAdmin[WorkingTemperature]):
    form = WorkingTemperatureForm
    list_display = ("base_name", "degrees", "by_hand")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkingTemperature]:
        return super().get_queryset(request).annotate(base_name=runs.name_of_base())

    @admin.display(description=_("base"), ordering="base")
    def base_name(self, row: WorkingTemperature) -> str:
        return row.base_name  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=_("worked at"))
    def degrees(self, row: WorkingTemperature) -> str:
        return f"{_in_degrees(row.from_decidegrees)} – {_in_degrees(row.to_decidegrees)} °C"


@admin.register(Contact)
class ContactAdmin(LookOnly):
    list_display = ("at", "equipment", "met", "job", "why", "by")
    list_filter = ("equipment",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        return super().get_queryset(request).select_related("equipment", "job", "by")

    @admin.display(description=_("allergens"))
    def met(self, contact: Contact) -> str:
        return allergens.named(contact.allergens)


@admin.register(Cleaning)
class CleaningAdmin(LookOnly):
    list_display = ("at", "equipment", "kind", "by", "swab", "verified_by", "verified_at")
    list_filter = ("equipment", "kind", "swab")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cleaning]:
        return super().get_queryset(request).select_related("equipment", "by", "verified_by")


class RunEventInline(LookOnlyInline):
    model = RunEvent
    show_change_link = False
    fields = ("at", "from_state", "to_state", "by", "degrees", "strip_set", "note")
    readonly_fields = ("degrees",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RunEvent]:
        return super().get_queryset(request).select_related("by")

    @admin.display(description=_("temperature"))
    def degrees(self, event: RunEvent) -> str:
        return "-" if event.decidegrees is None else f"{_in_degrees(event.decidegrees)} °C"


@admin.register(Run)
class RunAdmin(LookOnly):
    list_display = ("day", "temperer", "place", "chocolate", "run_state", "by_hand")
    list_filter = ("run_state", "temperer", "day")
    inlines = (RunEventInline,)
    fields = (
        "day",
        "temperer",
        "place",
        "chocolate",
        "run_state",
        "setup_minutes",
        "work_minutes",
        "by_hand",
    )
    readonly_fields = ("chocolate",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        rows: QuerySet[Run] = super().get_queryset(request).annotate(base_name=runs.name_of_base())
        return rows.select_related("temperer")

    @admin.display(description=_("base"), ordering="base")
    def chocolate(self, run: Run) -> str:
        return run.base_name  # type: ignore[attr-defined, no-any-return]


def _in_degrees(tenths: int) -> str:
    return number_format(tenths / 10, 1)
