"""Payments, and giving them back, in the office."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders.models import (
    Job,
    LedgerEntry,
    Payment,
    Refund,
    RefundLine,
)
from orders.money import parts, refunds, review
from orders.money.amounts import money
from orders.money.parts import Part
from orders.money.refunds import RefundImpossible, RefundTooLarge
from orders.money.review import payments_to_look_at
from orders.office.look_only import LookOnly, LookOnlyInline
from orders.office.refund_forms import CENT, RefundForm, everything_left


class RefundInline(LookOnlyInline):
    model = Refund
    fields = ["amount", "reason", "words", "state", "by", "created_at", "note"]
    readonly_fields = ["amount"]

    @admin.display(description=_("amount"))
    def amount(self, refund: Refund) -> str:
        return money(refund.amount_cents, refund.payment.currency)


class EntryInline(LookOnlyInline):
    model = LedgerEntry
    fields = ["at", "kind", "amount", "stripe_id"]
    readonly_fields = ["amount"]
    show_change_link = False

    @admin.display(description=_("amount"))
    def amount(self, entry: LedgerEntry) -> str:
        return money(entry.cents, entry.currency)


class ToLookAt(admin.SimpleListFilter):
    title = _("for us to do")
    parameter_name = "to_look_at"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("1", _("look at it"))]

    def queryset(self, request: HttpRequest, found: QuerySet[Payment]) -> QuerySet[Payment]:
        return found.filter(pk__in=payments_to_look_at()) if self.value() else found


@admin.register(Payment)
class PaymentAdmin(LookOnly):
    list_display = [
        "order",
        "attempt",
        "state",
        "amount",
        "accepted",
        "disputed",
        "created_at",
        "note",
        "looked_at",
    ]
    ordering = ["-created_at"]
    list_filter = [ToLookAt, "state", "accepted", "disputed", "livemode"]
    list_select_related = ["order"]
    search_fields = ["order__number", "session_id", "intent_id", "charge_id"]
    fieldsets = [
        (None, {"fields": ["order", "attempt", "state", "amount", "received", "accepted", "disputed"]}),
        (None, {"fields": ["note", "give_back", "created_at", "looked_at", "looked_by"]}),
        (
            _("At Stripe"),
            {"fields": ["session_id", "intent_id", "charge_id", "livemode", "look_at", "request"]},
        ),
    ]
    readonly_fields = ["amount", "received", "give_back"]
    inlines = [RefundInline, EntryInline]
    actions = ["look_at"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may change payments may say that one was looked at; the rows themselves are read only."""
        return obj is None and request.user.has_perm("orders.change_payment")

    def get_urls(self) -> list[URLPattern]:
        refund = path(
            "<uuid:payment_id>/refund/",
            self.admin_site.admin_view(self.refund),
            name="orders_payment_refund",
        )
        return [refund, *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        if request.user.has_perm("orders.add_refund"):
            return shown
        return [(title, {"fields": _without("give_back", part["fields"])}) for title, part in shown]

    @admin.display(description=_("amount"))
    def amount(self, payment: Payment) -> str:
        return money(payment.amount_cents, payment.currency)

    @admin.display(description=_("received"))
    def received(self, payment: Payment) -> str:
        return money(payment.captured_cents, payment.currency)

    @admin.action(
        description=_("Looked at: it is decided what to do, and the customer may pay anew"),
        permissions=["change"],
    )
    def look_at(self, request: HttpRequest, chosen: QuerySet[Payment]) -> None:
        assert isinstance(request.user, User), "the admin is for members of staff"
        payments = list(chosen.values_list("pk", flat=True))
        looked_at = review.look_at(payments, by=request.user, at=timezone.now())
        self.message_user(
            request,
            ngettext("%d payment is done with.", "%d payments are done with.", looked_at) % looked_at,
            messages.SUCCESS if looked_at else messages.WARNING,
        )

    @admin.display(description=_("give money back"))
    def give_back(self, payment: Payment) -> SafeString | str:
        left = refunds.left(payment)
        if left <= 0:
            return "-"
        address = reverse("admin:orders_payment_refund", args=[payment.pk])
        words = _("Refund (%(left)s is left)") % {"left": money(left, payment.currency)}
        return format_html('<a href="{}">{}</a>', address, words)

    def refund(self, request: HttpRequest, payment_id: str) -> HttpResponse:
        """The form, and what becomes of it. A second press with the same key is the same refund."""
        if not request.user.has_perm("orders.add_refund"):
            raise PermissionDenied
        payment = get_object_or_404(Payment.objects.select_related("order"), pk=payment_id)
        form = _refund_form(request, payment)
        if _pressed_before(request, payment) or (form.is_valid() and _requested(request, payment, form)):
            return HttpResponseRedirect(reverse("admin:orders_payment_change", args=[payment.pk]))
        context = self.admin_site.each_context(request) | {
            "title": _("Give money back for order %(number)s") % {"number": payment.order.number},
            "opts": self.opts,
            "payment": payment,
            "form": form,
            "rows": [
                (part, field, part and money(part.left_cents, payment.currency))
                for part, field in form.rows()
            ],
            "left": money(form.left_cents, payment.currency),
            "currency": payment.currency,
        }
        return TemplateResponse(
            request, "admin/orders/payment/refund.html", context, status=422 if form.errors else 200
        )


def _without(name: str, fields: Iterable[Any]) -> list[Any]:
    return [field for field in fields if field != name]


def _refund_form(request: HttpRequest, payment: Payment) -> RefundForm:
    # Money that the order did not take is for none of its parts.
    paid = parts.of(payment.order) if payment.accepted else ()
    left = max(0, refunds.left(payment))
    if request.method == "POST":
        return RefundForm(request.POST, payment=payment, parts=paid, left_cents=left)
    filled = everything_left(paid, left) if "all" in request.GET else _for_a_bar(request, payment, paid, left)
    return RefundForm(payment=payment, parts=paid, left_cents=left, initial=filled)


def _for_a_bar(
    request: HttpRequest, payment: Payment, paid: tuple[Part, ...], left_cents: int
) -> dict[str, Any]:
    """What one bar of its line cost, for whoever comes from a job that cannot be made."""
    job = Job.objects.filter(code=request.GET.get("bar", ""), order_line__order=payment.order_id)
    bar = job.select_related("order_line__instead_of").first()
    if bar is None:
        return {}
    line = bar.ordered_line
    part = next((part for part in paid if part.key == f"line-{line.pk}"), None)
    each_cents = line.total_cents // line.quantity
    cents = min(each_cents, left_cents, part.left_cents) if part else 0
    amount = {part.key: cents * CENT} if part and cents else {}
    return {"reason": Refund.Reason.RAN_OUT, "words": bar.code, **amount}


def _pressed_before(request: HttpRequest, payment: Payment) -> bool:
    """A double click: what the first press took is not missing for the second."""
    known = payment.refunds.filter(request_key=request.POST.get("key", "")).exists()
    if known:
        messages.info(request, _("This refund was pressed twice; it goes out once."))
    return known


def _requested(request: HttpRequest, payment: Payment, form: RefundForm) -> bool:
    assert isinstance(request.user, User), "the admin is for members of staff"
    try:
        refund = refunds.request(
            payment,
            amount_cents=form.amount_cents,
            reason=form.cleaned_data["reason"],
            key=str(form.cleaned_data["key"]),
            at=timezone.now(),
            shares=form.shares,
            words=form.cleaned_data["words"],
            by=request.user,
        )
    except RefundTooLarge:
        form.add_error(
            None, _("Somebody else was quicker: less is left now than this page showed. Look again.")
        )
        return False
    except RefundImpossible:
        form.add_error(
            None, _("The customer's bank has taken this money already. Answer the dispute instead.")
        )
        return False
    sent = money(refund.amount_cents, payment.currency)
    messages.success(request, _("%(sum)s goes back within a minute or two.") % {"sum": sent})
    return True


class RefundLineInline(LookOnlyInline):
    model = RefundLine
    fields = ["what", "amount"]
    readonly_fields = ["what", "amount"]
    show_change_link = False

    @admin.display(description=_("part"))
    def what(self, share: RefundLine) -> str:
        return parts.names_of(share.refund.payment.order).get(share.part, share.part)

    @admin.display(description=_("amount"))
    def amount(self, share: RefundLine) -> str:
        return money(share.cents, share.refund.payment.currency)


class Slow(admin.SimpleListFilter):
    title = _("waiting")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("long", _("for more than an hour"))]

    def queryset(self, request: HttpRequest, found: QuerySet[Refund]) -> QuerySet[Refund]:
        return found.filter(pk__in=refunds.waiting_long(timezone.now())) if self.value() else found


@admin.register(Refund)
class RefundAdmin(LookOnly):
    list_display = ["payment", "amount", "reason", "words", "state", "by", "created_at", "note"]
    list_filter = [Slow, "state", "reason"]
    list_select_related = ["payment__order", "by"]
    search_fields = ["payment__order__number", "stripe_id"]
    fields = [
        *("payment", "amount", "reason", "words", "state", "by"),
        *("created_at", "note", "stripe_id", "sendings", "look_at"),
    ]
    readonly_fields = ["amount"]
    inlines = [RefundLineInline]
    actions = ["send_again"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may change refunds may have one sent again; the rows themselves are read only."""
        return obj is None and request.user.has_perm("orders.change_refund")

    @admin.display(description=_("amount"))
    def amount(self, refund: Refund) -> str:
        return money(refund.amount_cents, refund.payment.currency)

    @admin.action(
        description=_("Send again: I have looked at Stripe, and it was not made"), permissions=["change"]
    )
    def send_again(self, request: HttpRequest, chosen: QuerySet[Refund]) -> None:
        sent = sum(refunds.send_again(refund, at=timezone.now()) for refund in chosen)
        self.message_user(
            request,
            ngettext("%d refund is sent again.", "%d refunds are sent again.", sent) % sent,
            messages.SUCCESS if sent else messages.WARNING,
        )
