"""How far people come in the studio, by day: finishing without buying is a success, and counted as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from configurator.models import DayCount

DAYS_A_PAGE: Final = 31


@dataclass(frozen=True, slots=True)
class Count:
    what: str
    number: int
    most: int
    """For the bar beside the number: as long as the largest of its day."""


@dataclass(frozen=True, slots=True)
class Day:
    day: date | None
    """None for the sum of the days shown."""
    counts: tuple[Count, ...]


@admin.register(DayCount)
class FunnelAdmin(admin.ModelAdmin[DayCount]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        days = DayCount.objects.order_by("-day").values_list("day", flat=True).distinct()
        page = Paginator(days, DAYS_A_PAGE).get_page(request.GET.get("p"))
        counted = _counted(page.object_list)
        context = {
            **self.admin_site.each_context(request),
            "title": _("From opening to done, by day"),
            "opts": self.opts,
            "page": page,
            "columns": [label for _value, label in DayCount.What.choices],
            "days": [_day(day, counts) for day, counts in counted.items()],
            "sum": _day(None, _added(counted.values())),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/configurator/daycount/funnel.html", context)


def _counted(days: Iterable[date]) -> dict[date, dict[str, int]]:
    counted: dict[date, dict[str, int]] = {day: {} for day in days}
    slots = DayCount.objects.filter(day__in=counted).order_by().values_list("day", "what")
    for day, what, number in slots.annotate(Sum("number")):
        counted[day][what] = number
    return counted


def _added(days: Iterable[Mapping[str, int]]) -> dict[str, int]:
    days = list(days)
    return {what: sum(day.get(what, 0) for day in days) for what in DayCount.What.values}


def _day(day: date | None, counts: Mapping[str, int]) -> Day:
    most = max(1, *counts.values()) if counts else 1
    return Day(day, tuple(Count(what, counts.get(what, 0), most) for what in DayCount.What.values))
