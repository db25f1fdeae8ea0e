"""What Stripe has told us, in the office: disputes, warnings and events, and whether our ledger agrees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders.models import (
    Discrepancy,
    Dispute,
    FraudWarning,
    LedgerEntry,
    StripeEvent,
)
from orders.money import audit, inbox
from orders.money.amounts import money
from orders.money.evidence import evidence
from orders.office.look_only import LookOnly, order_link


class Waiting(admin.SimpleListFilter):
    title = _("for us to do")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("1", _("answer it"))]

    def queryset(self, request: HttpRequest, found: QuerySet[Dispute]) -> QuerySet[Dispute]:
        return found.filter(state__in=Dispute.WAITS_FOR_US) if self.value() else found


@admin.register(Dispute)
class DisputeAdmin(LookOnly):
    list_display = ["id", "order", "state", "reason", "amount", "answer_by", "opened_at"]
    list_filter = [Waiting, "state", "reason"]
    list_select_related = ["payment__order"]
    search_fields = ["id", "payment__order__number"]
    fields = ["id", "order", "state", "reason", "amount", "refundable", "opened_at", "answer_by", "gathered"]
    readonly_fields = ["order", "amount", "gathered"]

    def get_urls(self) -> list[URLPattern]:
        text = path(
            "<str:dispute_id>/evidence.txt",
            self.admin_site.admin_view(self.as_text),
            name="orders_dispute_evidence",
        )
        return [text, *super().get_urls()]

    @admin.display(description=_("order"))
    def order(self, dispute: Dispute) -> SafeString:
        return order_link(dispute.payment.order)

    @admin.display(description=_("amount"))
    def amount(self, dispute: Dispute) -> str:
        return money(dispute.cents, dispute.currency)

    @admin.display(description=_("evidence from our records"))
    def gathered(self, dispute: Dispute) -> SafeString:
        address = reverse("admin:orders_dispute_evidence", args=[dispute.pk])
        return format_html(
            '<p><a href="{}">{}</a></p><pre>{}</pre>', address, _("As a text file"), evidence(dispute)
        )

    def as_text(self, request: HttpRequest, dispute_id: str) -> HttpResponse:
        dispute = get_object_or_404(Dispute.objects.select_related("payment__order"), pk=dispute_id)
        if not self.has_view_permission(request, dispute):
            raise PermissionDenied
        answer = HttpResponse(evidence(dispute), content_type="text/plain; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{dispute.payment.order.number}-evidence.txt"'
        return answer


class Unseen(admin.SimpleListFilter):
    title = _("for us to do")
    parameter_name = "unseen"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("1", _("look at it"))]

    def queryset(self, request: HttpRequest, found: QuerySet[FraudWarning]) -> QuerySet[FraudWarning]:
        return found.filter(seen_at=None) if self.value() else found


@admin.register(FraudWarning)
class FraudWarningAdmin(LookOnly):
    list_display = ["id", "order", "kind", "warned_at", "seen_at"]
    list_filter = [Unseen, "kind"]
    list_select_related = ["payment__order"]
    search_fields = ["id", "payment__order__number"]
    readonly_fields = ["order"]
    actions = ["mark_seen"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may change warnings may say that one was looked at; the rows are read only."""
        return obj is None and request.user.has_perm("orders.change_fraudwarning")

    @admin.display(description=_("order"))
    def order(self, warning: FraudWarning) -> SafeString:
        return order_link(warning.payment.order)

    @admin.action(description=_("Looked at: it is decided what to do"), permissions=["change"])
    def mark_seen(self, request: HttpRequest, chosen: QuerySet[FraudWarning]) -> None:
        seen = chosen.filter(seen_at=None).update(seen_at=timezone.now())
        self.message_user(
            request, ngettext("%d warning is done with.", "%d warnings are done with.", seen) % seen
        )


@admin.register(LedgerEntry)
class LedgerEntryAdmin(LookOnly):
    list_display = ["at", "kind", "amount", "order", "stripe_id"]
    list_filter = ["kind", "currency", "at"]
    list_select_related = ["order"]
    search_fields = ["stripe_id", "order__number"]
    date_hierarchy = "at"

    @admin.display(description=_("amount"), ordering="cents")
    def amount(self, entry: LedgerEntry) -> str:
        return money(entry.cents, entry.currency)


class Open(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("1", _("not settled"))]

    def queryset(self, request: HttpRequest, found: QuerySet[Discrepancy]) -> QuerySet[Discrepancy]:
        return found.filter(pk__in=audit.open_discrepancies()) if self.value() else found


@admin.register(Discrepancy)
class DiscrepancyAdmin(LookOnly):
    list_display = ["kind", "stripe_id", "order", "ours", "theirs", "found_at", "settled_at"]
    list_filter = [Open, "kind"]
    list_select_related = ["payment__order"]

    @admin.display(description=_("order"))
    def order(self, odd: Discrepancy) -> SafeString:
        return order_link(odd.payment.order)

    @admin.display(description=_("in our ledger"))
    def ours(self, odd: Discrepancy) -> str:
        return "-" if odd.ours_cents is None else money(odd.ours_cents, odd.currency)

    @admin.display(description=_("at Stripe"))
    def theirs(self, odd: Discrepancy) -> str:
        return "-" if odd.theirs_cents is None else money(odd.theirs_cents, odd.currency)


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
