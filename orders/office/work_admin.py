"""The work behind orders, in the office: what waits, what fails and why, and trying once more what was given up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from configurator.purposes import Purpose
from orders import changes, waiting
from orders.models import PendingWork
from orders.office.look_only import LookOnly, job_link, order_link, reminder_link
from orders.production import outbox
from orders.tasks import ring_on_commit

AT_ONCE: Final = 500
SHOWN: Final = 20
NAMES: Final = {
    Purpose.MONEY: gettext_lazy("money and invoices"),
    Purpose.FLOOR: gettext_lazy("tickets"),
    Purpose.MAIL: gettext_lazy("mails"),
    Purpose.PICTURES: gettext_lazy("pictures"),
}


class Fate(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [
            ("stuck", gettext_lazy("given up")),
            ("failing", gettext_lazy("failing or given up")),
            ("late", gettext_lazy("waits too long")),
            ("open", gettext_lazy("to be done")),
            ("done", gettext_lazy("done")),
        ]

    def queryset(self, request: HttpRequest, work: QuerySet[PendingWork]) -> QuerySet[PendingWork]:
        match self.value():
            case "stuck":
                return work.filter(done_at=None, stuck_at__isnull=False)
            case "failing":
                return work.filter(pk__in=outbox.failing())
            case "late":
                return work.filter(pk__in=waiting.too_long(at=timezone.now()))
            case "open":
                return work.filter(done_at=None)
            case "done":
                return work.exclude(done_at=None)
            case _:
                return work


class ForPurpose(admin.SimpleListFilter):
    title = gettext_lazy("purpose")
    parameter_name = "purpose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(purpose.value, name) for purpose, name in NAMES.items()]

    def queryset(self, request: HttpRequest, work: QuerySet[PendingWork]) -> QuerySet[PendingWork]:
        kinds = [kind for kind, purpose in PendingWork.PURPOSES.items() if purpose == self.value()]
        return work.filter(kind__in=kinds) if kinds else work


@admin.register(PendingWork)
class PendingWorkAdmin(LookOnly):
    list_display = ["kind", "subject", "created_at", "attempts", "error", "try_at", "stuck_at", "done_at"]
    list_filter = [Fate, ForPurpose, "kind"]
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
    # By its key, which has an index: rows are written as they become due.
    ordering = ["-pk"]
    actions = ["try_again"]
    readonly_fields = ["subject", "again"]

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

    def get_urls(self) -> list[URLPattern]:
        again = self.admin_site.admin_view(self.try_one_again)
        return [
            path("<int:work_id>/again/", again, name="orders_pendingwork_again"),
            *super().get_urls(),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may change work may ask for another try; the rows themselves are read only."""
        return obj is None and request.user.has_perm("orders.change_pendingwork")

    @admin.display(description=gettext_lazy("for"))
    def subject(self, work: PendingWork) -> SafeString:
        if work.to_reminder:
            return reminder_link(work.to_reminder)
        if work.stock:
            address = reverse("admin:orders_stock_change", args=[work.stock_id])
            return format_html('<a href="{}">{}</a>', address, work.stock)
        return job_link(work.job) if work.job else order_link(work.to_order)

    @admin.display(description=gettext_lazy("last error"))
    def error(self, work: PendingWork) -> str:
        return work.last_error[:200]

    @admin.display(description=gettext_lazy("another try"))
    def again(self, work: PendingWork) -> str:
        if work.stuck_at is None:
            return "-"
        address = reverse("admin:orders_pendingwork_again", args=[work.pk])
        return format_html('<a class="button" href="{}">{}</a>', address, _("Try again"))

    @admin.action(description=gettext_lazy("Try again what was given up"), permissions=["change"])
    def try_again(self, request: HttpRequest, chosen: QuerySet[PendingWork]) -> HttpResponse | None:
        return self._asked(request, chosen, back=request.get_full_path())

    def try_one_again(self, request: HttpRequest, work_id: int) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        work = get_object_or_404(PendingWork, pk=work_id)
        page = reverse("admin:orders_pendingwork_change", args=[work.pk])
        one = PendingWork.objects.filter(pk=work.pk)
        return self._asked(request, one, back=page) or HttpResponseRedirect(page)

    def _asked(
        self, request: HttpRequest, chosen: QuerySet[PendingWork], *, back: str
    ) -> HttpResponse | None:
        """A page that asks first; nothing more to show once it was answered."""
        if "sure" in request.POST:
            self._try_again(request, chosen)
            return None
        stuck = list(
            chosen.filter(done_at=None, stuck_at__isnull=False).order_by("stuck_at", "pk")[: AT_ONCE + 1]
        )
        context = self.admin_site.each_context(request) | {
            "title": _("Try again what was given up?"),
            "opts": self.opts,
            "stuck": stuck[:AT_ONCE],
            "shown": [(work, self.subject(work)) for work in stuck[:SHOWN]],
            "unseen": len(stuck[SHOWN:AT_ONCE]),
            "more": len(stuck) > AT_ONCE,
            "back": back,
        }
        return TemplateResponse(request, "admin/orders/pendingwork/again.html", context)

    def _try_again(self, request: HttpRequest, chosen: QuerySet[PendingWork]) -> None:
        assert isinstance(request.user, User)
        with transaction.atomic():
            revived = outbox.try_again(list(chosen.values_list("pk", flat=True)), now=timezone.now())
            for work in revived:
                attempts = [("attempts", work.attempts, 0)]
                changes.note(work, by=request.user, words=_("Tried again"), fields=attempts)
            ring_on_commit(revived)
        words = ngettext(
            "%d piece of work is tried again.", "%d pieces of work are tried again.", len(revived)
        )
        self.message_user(request, words % len(revived), messages.SUCCESS if revived else messages.WARNING)
