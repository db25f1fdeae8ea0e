"""The office: orders, payments, jobs and what is stuck. Here one looks; what moves, moves elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Model, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from configurator.previews import preview_url
from orders import inbox, token_admin  # noqa: F401  # token_admin registers itself
from orders.models import (
    Job,
    JobEvent,
    JobState,
    Order,
    OrderLine,
    Payment,
    PendingWork,
    Refund,
    StripeEvent,
)
from orders.production import outbox
from orders.production.steps import WAY
from orders.tasks import ring
from orders.templatetags.orders import allergen_names, percent

LIST_PICTURE, PAGE_PICTURE = 300, 600
JOBS_PER_PAGE = 50


class LookOnly(admin.ModelAdmin[Any]):
    """Records of what happened: added by the shop's own journeys, never edited or deleted here."""

    actions: Any = None
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class LookOnlyInline(admin.TabularInline[Any, Any]):
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


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
        return _picture(line.design_id, line.name)

    @admin.display(description=_("price"))
    def unit(self, line: OrderLine) -> str:
        return _money(line.unit_cents, line.order.currency)

    @admin.display(description=_("contains"))
    def contains(self, line: OrderLine) -> str:
        return allergen_names(line.allergens)

    @admin.display(description=_("where its bars are"))
    def progress(self, line: OrderLine) -> SafeString:
        links = (
            (_job_link(job), job.get_job_state_display())
            for job in line.bars  # type: ignore[attr-defined]
        )
        return format_html_join(SafeString("<br>"), "{} {}", links)


class PaymentInline(LookOnlyInline):
    model = Payment
    fields = ["attempt", "state", "amount", "accepted", "disputed", "note", "session", "created_at"]
    readonly_fields = ["amount", "session"]

    @admin.display(description=_("session"))
    def session(self, payment: Payment) -> str:
        """Its end tells sessions apart; the whole of it is on the payment's own page."""
        return f"…{payment.session_id[-8:]}" if payment.session_id else "-"

    @admin.display(description=_("amount"))
    def amount(self, payment: Payment) -> str:
        return _money(payment.amount_cents, payment.currency)


class OrderWorkInline(LookOnlyInline):
    model = PendingWork
    verbose_name_plural = _("mails")
    fields = ["kind", "attempts", "last_error", "done_at", "stuck_at"]


@admin.register(Order)
class OrderAdmin(LookOnly):
    list_display = ["number", "picture", "placed_at", "payment_state", "total", "progress", "name"]
    list_filter = ["payment_state", "country", "placed_at"]
    search_fields = ["number", "email", "name", "lines__name", "lines__jobs__code", "payments__session_id"]
    date_hierarchy = "placed_at"
    inlines = [OrderLineInline, PaymentInline, OrderWorkInline]
    fieldsets = [
        (None, {"fields": ["number", "page", "payment_state", "placed_at", "paid_at", "closed_at"]}),
        (_("For"), {"fields": ["name", "street", "extra", "postcode", "city", "country", "email", "locale"]}),
        (_("Gift"), {"fields": ["gift_message"]}),
        (_("Money"), {"fields": ["goods", "shipping", "total", "included_vat"]}),
        (_("History"), {"fields": ["history", "stripe_events"]}),
    ]
    readonly_fields = ["page", "goods", "shipping", "total", "included_vat", "history", "stripe_events"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        bars = Q(lines__jobs__isnull=False) & ~Q(lines__jobs__job_state=JobState.SCRAPPED)
        shipped = Q(lines__jobs__job_state=JobState.SHIPPED)
        orders: QuerySet[Order] = super().get_queryset(request)
        return orders.annotate(
            bars=Count("lines__jobs", filter=bars, distinct=True),
            shipped=Count("lines__jobs", filter=shipped, distinct=True),
        ).prefetch_related("lines")

    @admin.display(description=_("picture"))
    def picture(self, order: Order) -> SafeString:
        return format_html_join(
            "", "{}", ((_picture(line.design_id, line.name),) for line in order.lines.all())
        )

    @admin.display(description=_("total"), ordering="total_cents")
    def total(self, order: Order) -> str:
        return _money(order.total_cents, order.currency)

    @admin.display(description=_("goods"))
    def goods(self, order: Order) -> str:
        return _money(order.goods_cents, order.currency)

    @admin.display(description=_("shipping"))
    def shipping(self, order: Order) -> str:
        return _money(order.shipping_cents, order.currency)

    @admin.display(description=_("included VAT"))
    def included_vat(self, order: Order) -> str:
        return ", ".join(
            f"{percent(rate['permille'])}: {_money(rate['vat_cents'], order.currency)}" for rate in order.vat
        )

    @admin.display(description=_("what Stripe told us"))
    def stripe_events(self, order: Order) -> SafeString:
        payments = [str(payment.pk) for payment in order.payments.all()]
        events = StripeEvent.objects.filter(payload__payment__in=payments).order_by("created_at")
        return format_html_join(
            SafeString("<br>"),
            '{} · <a href="{}">{}</a> · {}',
            (
                (
                    timezone.localtime(event.created_at).strftime("%Y-%m-%d %H:%M"),
                    reverse("admin:orders_stripeevent_change", args=[event.pk]),
                    event.type,
                    event.get_state_display(),
                )
                for event in events
            ),
        )

    @admin.display(description=_("shipped"))
    def progress(self, order: Order) -> str:
        bars, shipped = order.bars, order.shipped  # type: ignore[attr-defined]
        return f"{shipped} / {bars}" if bars else "-"

    @admin.display(description=_("order page"))
    def page(self, order: Order) -> SafeString:
        address = reverse("orders:order", args=[order.token])
        return format_html('<a href="{}">{}</a>', address, _("What the customer sees"))

    @admin.display(description=_("what happened on the floor"))
    def history(self, order: Order) -> SafeString:
        events = (
            JobEvent.objects.filter(job__order_line__order=order)
            .select_related("job", "by")
            .order_by("at", "pk")
        )
        return format_html_join(
            SafeString("<br>"),
            "{} · {} · {} {} {}",
            (
                (
                    timezone.localtime(event.at).strftime("%Y-%m-%d %H:%M"),
                    event.job.code,
                    event.get_to_state_display(),
                    event.by or "",
                    event.note_words,
                )
                for event in events
            ),
        )


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


@admin.register(Job)
class JobAdmin(LookOnly):
    list_display = ["code", "picture", "bar", "job_state", "due_on", "on_floor", "paper", "order", "base"]
    list_filter = ["job_state", "due_on", "base", ("remake_of", admin.EmptyFieldListFilter)]
    search_fields = ["code", "order_line__order__number", "order_line__name"]
    list_per_page = JOBS_PER_PAGE
    ordering = ["due_on", "pk"]
    inlines = [JobEventInline, JobWorkInline]
    fieldsets = [
        (None, {"fields": ["code", "large_picture", "bar", "order", "on_floor", "paper"]}),
        (_("State"), {"fields": ["job_state", "next", "due_on", "base", "remake_of", "created_at"]}),
        (_("Scrapped"), {"fields": ["scrap_station", "why"]}),
    ]
    readonly_fields = ["large_picture", "bar", "order", "on_floor", "paper", "next", "why"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).select_related("order_line__order")

    @admin.display(description=_("picture"))
    def picture(self, job: Job) -> SafeString:
        return _picture(job.order_line.design_id, job.order_line.name)

    @admin.display(description=_("picture"))
    def large_picture(self, job: Job) -> SafeString:
        return _picture(job.order_line.design_id, job.order_line.name, PAGE_PICTURE)

    @admin.display(description=_("bar"))
    def bar(self, job: Job) -> str:
        return f"{job.order_line.name} ({job.place}/{job.of})"

    @admin.display(description=_("order"), ordering="order_line__order__number")
    def order(self, job: Job) -> SafeString:
        address = reverse("admin:orders_order_change", args=[job.order_line.order_id])
        return format_html('<a href="{}">{}</a>', address, job.order_line.order.number)

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

    @admin.display(description=_("still to come"))
    def next(self, job: Job) -> str:
        if job.job_state not in WAY:
            return "-"
        ahead = WAY[WAY.index(JobState(job.job_state)) + 1 :]
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
    search_fields = ["job__code", "order__number", "job__order_line__order__number"]
    actions = ["try_again"]
    readonly_fields = ["subject"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PendingWork]:
        return super().get_queryset(request).select_related("job", "order")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may change work may ask for another try; the rows themselves are read only."""
        return obj is None and request.user.has_perm("orders.change_pendingwork")

    @admin.display(description=_("for"))
    def subject(self, work: PendingWork) -> SafeString:
        if work.job:
            return _job_link(work.job)
        address = reverse("admin:orders_order_change", args=[work.order_id])
        return format_html('<a href="{}">{}</a>', address, work.order)

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


@admin.register(Payment)
class PaymentAdmin(LookOnly):
    list_display = ["order", "attempt", "state", "amount", "accepted", "disputed", "created_at", "note"]
    list_filter = ["state", "accepted", "disputed", "livemode"]
    list_select_related = ["order"]
    search_fields = ["order__number", "session_id", "intent_id", "charge_id"]
    exclude = ["url"]

    @admin.display(description=_("amount"))
    def amount(self, payment: Payment) -> str:
        return _money(payment.amount_cents, payment.currency)


@admin.register(Refund)
class RefundAdmin(LookOnly):
    list_display = ["payment", "amount", "reason", "state", "created_at", "note"]
    list_filter = ["state", "reason"]
    list_select_related = ["payment__order"]
    search_fields = ["payment__order__number", "stripe_id"]

    @admin.display(description=_("amount"))
    def amount(self, refund: Refund) -> str:
        return _money(refund.amount_cents, refund.payment.currency)


class GivenUp(admin.SimpleListFilter):
    title = _("given up")
    parameter_name = "given_up"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("1", _("given up"))]

    def queryset(self, request: HttpRequest, events: QuerySet[StripeEvent]) -> QuerySet[StripeEvent]:
        return events.filter(pk__in=inbox.given_up(timezone.now())) if self.value() else events


@admin.register(StripeEvent)
class StripeEventAdmin(LookOnly):
    list_display = ["id", "type", "state", "received_at", "source", "attempts", "error"]
    list_filter = [GivenUp, "state", "source", "type"]
    search_fields = ["id", "type"]


def attention() -> list[tuple[Any, int, str]]:
    """What somebody should look at: words, how many, and where."""
    counted = [
        (_("Work that fails"), outbox.failing().count(), "pendingwork", "state=failing"),
        (
            _("Payments to review"),
            Payment.objects.filter(state=Payment.State.REVIEW).count(),
            "payment",
            "state__exact=review",
        ),
        (
            _("Stripe events given up"),
            inbox.given_up(timezone.now()).count(),
            "stripeevent",
            "given_up=1",
        ),
        (
            _("Refunds that failed"),
            Refund.objects.filter(state=Refund.State.FAILED).count(),
            "refund",
            "state__exact=failed",
        ),
    ]
    return [
        (words, count, f"{reverse(f'admin:orders_{model}_changelist')}?{query}")
        for words, count, model, query in counted
        if count
    ]


def _job_link(job: Job) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("orders:floor-job", args=[job.code]), job.code)


def _picture(digest: str, name: str, width: int = LIST_PICTURE) -> SafeString:
    shown = 120 if width == LIST_PICTURE else width
    return format_html(
        '<img src="{}" alt="{}" width="{}" loading="lazy">', preview_url(digest, width), name, shown
    )


def _money(cents: int, currency: str) -> str:
    return f"{cents // 100}.{cents % 100:02} {currency}"
