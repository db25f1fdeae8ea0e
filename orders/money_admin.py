"""Payments, refunds and what Stripe told us, in the office."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders import inbox
from orders.look_only import LookOnly, money
from orders.models import Payment, Refund, StripeEvent


@admin.register(Payment)
class PaymentAdmin(LookOnly):
    list_display = ["order", "attempt", "state", "amount", "accepted", "disputed", "created_at", "note"]
    list_filter = ["state", "accepted", "disputed", "livemode"]
    list_select_related = ["order"]
    search_fields = ["order__number", "session_id", "intent_id", "charge_id"]
    exclude = ["url"]

    @admin.display(description=_("amount"))
    def amount(self, payment: Payment) -> str:
        return money(payment.amount_cents, payment.currency)


@admin.register(Refund)
class RefundAdmin(LookOnly):
    list_display = ["payment", "amount", "reason", "state", "created_at", "note"]
    list_filter = ["state", "reason"]
    list_select_related = ["payment__order"]
    search_fields = ["payment__order__number", "stripe_id"]

    @admin.display(description=_("amount"))
    def amount(self, refund: Refund) -> str:
        return money(refund.amount_cents, refund.payment.currency)


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
