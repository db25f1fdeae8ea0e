"""The calendar of the kitchen, for staff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from orders.models import Booking, CapacityDay, KitchenFigures, WorkingWeek
from orders.models.capacity import WEEKDAYS
from orders.models.equipment import FloorZone
from orders.models.figures import THE_ONE
from orders.office.delivery_admin import KeptByStaffAdmin
from orders.office.look_only import LookOnlyInline, order_link
from orders.production.planning.values import MINUTE
from orders.sending import closed_days, promise


@admin.register(WorkingWeek)
class WorkingWeekAdmin(KeptByStaffAdmin[WorkingWeek]):
    list_display = ("valid_from", *WEEKDAYS, "cut_off", "lead_days", "by_hand")


class BookingInline(LookOnlyInline):
    model = Booking
    show_change_link = False
    fields = ("number", "parcel", "base", "zone", "bars", "taken_at", "until")
    readonly_fields = ("number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        return super().get_queryset(request).select_related("order")

    @admin.display(description=_("order"))
    def number(self, booking: Booking) -> SafeString:
        return order_link(booking.order)


class Overbooked(admin.SimpleListFilter):
    title = _("overbooked")
    parameter_name = "overbooked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("1", _("more is promised than can be made"))]

    def queryset(self, request: HttpRequest, days: QuerySet[CapacityDay]) -> QuerySet[CapacityDay]:
        if not self.value():
            return days
        return days.filter(pk__in=promise.overbooked(at=timezone.now()).values("pk"))


class Ahead(admin.SimpleListFilter):
    """From today on, unless the past is asked for."""

    title = _("when")
    parameter_name = "past"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("1", _("past days"))]

    def queryset(self, request: HttpRequest, days: QuerySet[CapacityDay]) -> QuerySet[CapacityDay]:
        today = timezone.localdate()
        return days.filter(day__lt=today).order_by("-day") if self.value() else days.filter(day__gte=today)


class DayForm(forms.ModelForm[CapacityDay]):
    """A holiday has its name in each language, whoever saves it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["note"] = closed_days.said(self.initial.get("note", ""))

    def clean_note(self) -> str:
        return closed_days.kept(self.cleaned_data["note"])


@admin.register(CapacityDay)
class CapacityDayAdmin(KeptByStaffAdmin[CapacityDay]):
    form = DayForm
    list_display = ("day", "capacity", "booked", "room", "why", "by_hand")
    list_filter = (Ahead, Overbooked)
    inlines = (BookingInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CapacityDay]:
        return promise.with_booked(super().get_queryset(request), at=timezone.now())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        lines = ("lines",) if obj else ()
        return (*super().get_readonly_fields(request, obj), *lines)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = list(super().get_fields(request, obj))
        if self.has_change_permission(request, obj):
            return fields
        return ["why" if field == "note" else field for field in fields]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its row is its lock; emptied, it is a day like others."""
        return False

    @admin.display(description=_("note"), ordering="note", empty_value="-")
    def why(self, day: CapacityDay) -> str:
        return closed_days.said(day.note)

    @admin.display(description=_("may be promised"))
    def capacity(self, day: CapacityDay) -> int:
        return promise.holds(day)

    @admin.display(description=_("promised"), ordering="booked")
    def booked(self, day: CapacityDay) -> int:
        return day.booked  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=_("temperers"))
    def lines(self, day: CapacityDay) -> str:
        """How long the temperers of each zone work for what is promised."""
        lines = promise.room_on(day.day, at=timezone.now()).lines()
        return (
            format_html_join(
                mark_safe("<br>"),
                "{}",
                ((self._line(zone, taken, limit),) for zone, (taken, limit) in lines.items()),
            )
            or "-"
        )

    def _line(self, zone: str, taken: int, limit: int) -> str:
        return _("%(zone)s: %(taken)d of %(limit)d minutes that may be promised") % {
            "zone": FloorZone(zone).label,
            "taken": -(-taken // MINUTE),
            "limit": limit // MINUTE,
        }

    @admin.display(description=_("room"))
    def room(self, day: CapacityDay) -> int:
        return self.capacity(day) - self.booked(day)


@admin.register(KitchenFigures)
class KitchenFiguresAdmin(admin.ModelAdmin[KitchenFigures]):
    """One row, and a page of its own instead of a list: before it is there, the page shows what is assumed."""

    fieldsets = (
        (_("People and machines"), {"fields": ("people", "shift_minutes", "round_minutes")}),
        (_("A bar"), {"fields": ("hands_seconds", "bar_seconds", "lot_minutes", "lot_bars")}),
        (
            _("Set-up"),
            {
                "fields": (
                    "base_minutes",
                    "darker_minutes",
                    "nut_minutes",
                    "clean_minutes",
                    "clean_allergen_minutes",
                    "usual_set_up_minutes",
                )
            },
        ),
        (_("Plan"), {"fields": ("ahead_days", "promised_percent")}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return redirect("admin:orders_kitchenfigures_change", THE_ONE)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: Any = None
    ) -> KitchenFigures | None:
        return KitchenFigures.current() if object_id == str(THE_ONE) else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
