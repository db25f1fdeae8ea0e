"""Jobs and the work behind them, in the office."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from configurator.families import family_under
from configurator.models import Module
from orders.look_only import (
    PAGE_PICTURE,
    LookOnly,
    LookOnlyInline,
    bar_picture,
    job_link,
    order_link,
    reminder_link,
)
from orders.models import Job, JobEvent, JobState, PendingWork
from orders.production import outbox
from orders.production.consent import hold_words
from orders.production.steps import way_of
from orders.tasks import ring

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
        return hold_words(job, get_language() or "en") if job.on_hold_since else "-"

    @admin.display(description=_("still to come"))
    def next(self, job: Job) -> str:
        way = way_of(job)
        if job.job_state not in way:
            return "-"
        ahead = way[way.index(JobState(job.job_state)) + 1 :]
        return " → ".join(str(state.label) for state in ahead) or "-"


class Stuckness(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("failing", _("failing or given up")), ("open", _("to be done")), ("done", _("done"))]

    def queryset(self, request: HttpRequest, work: QuerySet[PendingWork]) -> QuerySet[PendingWork]:
        match self.value():
            case "failing":
                return work.filter(pk__in=outbox.failing())
            case "open":
                return work.filter(done_at=None)
            case "done":
                return work.exclude(done_at=None)
            case _:
                return work


@admin.register(PendingWork)
class PendingWorkAdmin(LookOnly):
    list_display = ["kind", "subject", "created_at", "attempts", "error", "try_at", "stuck_at", "done_at"]
    list_filter = [Stuckness, "kind"]
    search_fields = [
        "job__code",
        "order__number",
        "job__order_line__order__number",
        "refund__payment__order__number",
        "shipment__order__number",
        "payment__order__number",
        "message__order__number",
        "run_out__order__number",
    ]
    actions = ["try_again"]
    readonly_fields = ["subject"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PendingWork]:
        return (
            super()
            .get_queryset(request)
            .select_related(
                "job",
                "order",
                "refund__payment__order",
                "shipment__order",
                "payment__order",
                "message__order",
                "run_out__order",
                "stock__module",
                "reminder",
                "reminder_day__reminder",
            )
        )

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may change work may ask for another try; the rows themselves are read only."""
        return obj is None and request.user.has_perm("orders.change_pendingwork")

    @admin.display(description=_("for"))
    def subject(self, work: PendingWork) -> SafeString:
        if work.to_reminder:
            return reminder_link(work.to_reminder)
        if work.stock:
            address = reverse("admin:orders_stock_change", args=[work.stock_id])
            return format_html('<a href="{}">{}</a>', address, work.stock)
        return job_link(work.job) if work.job else order_link(work.to_order)

    @admin.display(description=_("last error"))
    def error(self, work: PendingWork) -> str:
        return work.last_error[:200]

    @admin.action(description=_("Try again now"), permissions=["change"])
    def try_again(self, request: HttpRequest, chosen: QuerySet[PendingWork]) -> None:
        revived = outbox.try_again(list(chosen.values_list("pk", flat=True)), now=timezone.now())
        ring(revived)
        self.message_user(
            request,
            ngettext("%d piece of work is tried again.", "%d pieces of work are tried again.", len(revived))
            % len(revived),
            messages.SUCCESS if revived else messages.WARNING,
        )
