"""Jobs and the work behind them, in the office."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from configurator.catalogue.families import family_under
from configurator.models import Module
from orders.models import Job, JobEvent, JobState, PendingWork
from orders.office.look_only import (
    PAGE_PICTURE,
    LookOnly,
    LookOnlyInline,
    bar_picture,
    order_link,
)
from orders.production.run_outs import shortage
from orders.production.steps import way_of

JOBS_PER_PAGE = 50


class JobEventInline(LookOnlyInline):
    model = JobEvent
    fields = ["at", "from_state", "to_state", "by", "words"]
    readonly_fields = ["words"]
    show_change_link = False

    @admin.display(description=_("note"))
    def words(self, event: JobEvent) -> str:
        return event.note_words

    def get_queryset(self, request: HttpRequest) -> QuerySet[JobEvent]:
        return super().get_queryset(request).select_related("by")


class JobWorkInline(LookOnlyInline):
    model = PendingWork
    verbose_name_plural = _("picture and ticket")
    fields = ["kind", "attempts", "last_error", "done_at", "stuck_at"]


class OfBase(admin.SimpleListFilter):
    title = _("base")
    parameter_name = "base"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        name = "name_de" if (get_language() or "en").startswith("de") else "name_en"
        return Module.objects.filter(kind=Module.Kind.BASE).values_list("key", name)

    def queryset(self, request: HttpRequest, jobs: QuerySet[Job]) -> QuerySet[Job]:
        return jobs.filter(base=self.value()) if self.value() else jobs


class OnHold(admin.SimpleListFilter):
    title = _("on hold")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("1", _("waits")), ("0", _("goes on"))]

    def queryset(self, request: HttpRequest, jobs: QuerySet[Job]) -> QuerySet[Job]:
        return jobs.filter(on_hold_since__isnull=self.value() == "0") if self.value() else jobs


class Remade(admin.SimpleListFilter):
    title = _("made once more")
    parameter_name = "remade"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("1", _("once more")), ("0", _("for the first time"))]

    def queryset(self, request: HttpRequest, jobs: QuerySet[Job]) -> QuerySet[Job]:
        return jobs.filter(remake_of__isnull=self.value() == "0") if self.value() else jobs


@admin.register(Job)
class JobAdmin(LookOnly):
    list_display = [
        "code",
        "picture",
        "bar",
        "job_state",
        "due_on",
        "on_floor",
        "paper",
        "order",
        "base_name",
    ]
    list_filter = [
        "job_state",
        "due_on",
        OfBase,
        OnHold,
        Remade,
    ]
    search_fields = ["code", "order_line__order__number", "order_line__name"]
    list_per_page = JOBS_PER_PAGE
    ordering = ["due_on", "pk"]
    inlines = [JobEventInline, JobWorkInline]
    fieldsets = [
        (None, {"fields": ["code", "large_picture", "bar", "order", "on_floor", "paper"]}),
        (_("State"), {"fields": ["job_state", "next", "due_on", "base_name", "remake_of", "created_at"]}),
        (_("On hold"), {"fields": ["on_hold_since", "missing", "held_by"]}),
        (_("Scrapped"), {"fields": ["scrap_station", "why"]}),
    ]
    readonly_fields = [
        "large_picture",
        "bar",
        "order",
        "on_floor",
        "paper",
        "base_name",
        "next",
        "missing",
        "why",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).select_related("order_line__order")

    @admin.display(description=_("picture"))
    def picture(self, job: Job) -> SafeString:
        return bar_picture(job.order_line.design_id, job.order_line.name)

    @admin.display(description=_("picture"))
    def large_picture(self, job: Job) -> SafeString:
        return bar_picture(job.order_line.design_id, job.order_line.name, PAGE_PICTURE)

    @admin.display(description=_("bar"))
    def bar(self, job: Job) -> str:
        return f"{job.order_line.name} ({job.place}/{job.of})"

    @admin.display(description=_("order"), ordering="order_line__order__number")
    def order(self, job: Job) -> SafeString:
        return order_link(job.order_line.order)

    @admin.display(description=_("base"), ordering="base")
    def base_name(self, job: Job) -> str:
        made_of = family_under(job.order_line.family_version).modules[job.base]
        return made_of.name.to((get_language() or "en")[:2])

    @admin.display(description=_("floor"))
    def on_floor(self, job: Job) -> SafeString:
        address = reverse("orders:floor-job", args=[job.code])
        return format_html('<a href="{}">{}</a>', address, _("Next step"))

    @admin.display(description=_("ticket"))
    def paper(self, job: Job) -> SafeString:
        address = reverse("orders:floor-ticket", args=[job.code])
        return format_html('<a href="{}">{}</a>', address, _("PDF"))

    @admin.display(description=_("why it was scrapped"))
    def why(self, job: Job) -> str:
        return job.scrap_words

    @admin.display(description=_("missing"))
    def missing(self, job: Job) -> str:
        if job.on_hold_since is None:
            return "-"
        lack = shortage.lack_of(job, at=timezone.now())
        return shortage.hold_words(job, lack, get_language() or "en")

    @admin.display(description=_("still to come"))
    def next(self, job: Job) -> str:
        way = way_of(job)
        if job.job_state not in way:
            return "-"
        ahead = way[way.index(JobState(job.job_state)) + 1 :]
        return " → ".join(str(state.label) for state in ahead) or "-"
