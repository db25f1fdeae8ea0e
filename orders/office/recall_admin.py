"""Where a lot went, blocking it, and calling it back: pages of the office beside its own."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders.models import Job, Lot, OrderLine, Recall
from orders.office.look_only import LookOnly, lot_link
from orders.papers import recall_report
from orders.production import allergens, blocking, recall, specifications, trace
from orders.production.blocking import BlockedAlready, Stopped
from orders.production.recall import NothingToTell, RecalledAlready

ORDERS_PER_PAGE = 50
WHY_MAX = 200


class WhyForm(forms.Form):
    why = forms.CharField(
        label=_("Why?"),
        max_length=WHY_MAX,
        error_messages={"required": _("Say why, so that everybody understands it later.")},
        widget=forms.TextInput(attrs={"size": 60, "autocomplete": "off"}),
    )


class TellForm(forms.Form):
    """The second yes: nobody presses it by mistake."""

    code = forms.CharField(label=_("Type the code of the lot to confirm"), max_length=20)

    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lot = lot

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"]).strip().upper()
        if typed != self.lot.code:
            raise forms.ValidationError(
                _("This is not the code of the lot: %(code)s."), params={"code": self.lot.code}
            )
        return typed


# ── Beside the page of a lot ─────────────────────────────────────────────────────────────────────


def where(
    request: HttpRequest, lot: Lot, context: dict[str, Any], form: WhyForm | None = None
) -> HttpResponse:
    """All bars and orders of a lot, and the buttons that stop it."""
    may_see_orders = request.user.has_perm("orders.view_order")
    of_it = Job.objects.filter(pk__in=trace.bars_of(lot).values("pk")).order_by("pk")
    orders = trace.orders_of(lot).prefetch_related(
        Prefetch("lines", OrderLine.every.all(), to_attr="every_line"),
        Prefetch("every_line__jobs", queryset=of_it.select_related("order_line"), to_attr="of_lot"),
    )
    silent = {job.pk: job for job, _codes in specifications.bars(lot)}
    only_silent = bool(silent) and "silent" in request.GET
    if only_silent:
        orders = orders.filter(pk__in=Job.objects.filter(pk__in=silent).values("order_line__order"))
    found = recall.figures(lot)
    page = Paginator(orders, ORDERS_PER_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(
        request,
        "admin/orders/lot/where.html",
        context
        | {
            "title": _("Where it went"),
            "lot": lot,
            "figures": found,
            "balance": recall_report.balance_rows(found["balance"]),
            "page": page,
            "rows": [_row(order, may_see_orders) for order in page],
            "may_contain": allergens.named(lot.traces),
            "silent": silent,
            "silent_sent": sum(job.job_state in trace.GONE for job in silent.values()),
            "only_silent": only_silent,
            "query": "silent=1&" if only_silent else "",
            "may_see_orders": may_see_orders,
            "may_block": request.user.has_perm("orders.block_lot"),
            "may_recall": request.user.has_perm("orders.add_recall"),
            "form": form or WhyForm(),
        },
        status=422 if form and form.errors else 200,
    )


def act(request: HttpRequest, lot: Lot, context: dict[str, Any]) -> HttpResponse:
    """One of the buttons: block, let it be used again, exercise, recall."""
    assert isinstance(request.user, User), "the admin is for members of staff"
    button = request.POST.get("act", "")
    needed = "orders.block_lot" if button in ("block", "unblock") else "orders.add_recall"
    if request.method != "POST" or not request.user.has_perm(needed):
        raise PermissionDenied
    back = HttpResponseRedirect(reverse("admin:orders_lot_where", args=[lot.pk]))
    if button == "unblock":
        if blocking.unblock(lot, by=request.user, at=timezone.now()):
            messages.success(
                request,
                _(
                    "It may be used again. Bars that lacked it go on by themselves, those with it when somebody "
                    "has looked at each."
                ),
            )
        return back
    form = WhyForm(request.POST)
    if not form.is_valid():
        return where(request, lot, context, form)
    return _done(request, request.user, lot, button, form.cleaned_data["why"]) or back


def _done(request: HttpRequest, by: User, lot: Lot, button: str, why: str) -> HttpResponse | None:
    at = timezone.now()
    match button:
        case "block":
            try:
                messages.success(request, _stopped(blocking.block(lot, why, by=by, at=at)))
            except BlockedAlready:
                messages.warning(request, _("It is blocked already."))
            return None
        case "mock":
            return _to(recall.mock(lot, why, by=by, at=at))
        case "recall":
            try:
                return _to(recall.recall(lot, why, by=by, at=at))
            except RecalledAlready:
                return _to(Recall.objects.get(lot=lot, is_mock=False))
        case _:
            return None


def _to(made: Recall) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:orders_recall_change", args=[made.pk]))


def _stopped(stopped: Stopped) -> str:
    with_it = ngettext(
        "Blocked. %(bars)d bar with it is on hold,",
        "Blocked. %(bars)d bars with it are on hold,",
        stopped.with_it,
    ) % {"bars": stopped.with_it}
    short = ngettext(
        "and %(bars)d for which it does not suffice now.",
        "and %(bars)d for which it does not suffice now.",
        stopped.without_enough,
    ) % {"bars": stopped.without_enough}
    return f"{with_it} {short}"


def _row(order: Any, may_see_orders: bool) -> dict[str, Any]:  # noqa: FBT001  # a column that not everybody has
    bars = [job for line in order.every_line for job in line.of_lot]
    return {
        "order": order,
        "bars": bars,
        "sent": order.sent,
        "contact": order.email if may_see_orders else "",
        "address": reverse("admin:orders_order_change", args=[order.pk]) if may_see_orders else "",
    }


# ── Recalls ──────────────────────────────────────────────────────────────────────────────────────


SHOWN: Final = [
    *("lot_page", "module", "is_mock", "why", "at", "by"),
    *("bars", "orders", "papers", "confirmed_at", "confirmed_by"),
]


@admin.register(Recall)
class RecallAdmin(LookOnly):
    list_display = ["lot", "module", "is_mock", "why", "bars", "at", "by", "confirmed_at"]
    list_filter = ["is_mock"]
    search_fields = ["lot__code", "lot__supplier_lot", "why"]
    date_hierarchy = "at"
    readonly_fields = ["lot_page", "module", "bars", "orders", "papers", "next", "waits"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recall]:
        found: QuerySet[Recall] = super().get_queryset(request)
        return found.select_related("lot__stock__module", "by", "confirmed_by")

    def get_fields(self, request: HttpRequest, obj: Recall | None = None) -> Any:
        """The button that tells customers is for whoever may press it."""
        may_tell = request.user.has_perm("orders.confirm_recall")
        is_open = obj and not obj.is_mock and not obj.confirmed_at
        return [*SHOWN, "waits" if is_open and not may_tell else "next"]

    def get_urls(self) -> list[URLPattern]:
        inside = self.admin_site.admin_view
        return [
            path("<int:recall_id>/report.pdf", inside(self.report), name="orders_recall_report"),
            path("<int:recall_id>/telling/", inside(self.telling), name="orders_recall_telling"),
            *super().get_urls(),
        ]

    @admin.display(description=_("lot"))
    def lot_page(self, made: Recall) -> SafeString:
        return lot_link(made.lot)

    @admin.display(description=_("module"))
    def module(self, made: Recall) -> str:
        return str(made.lot.module)

    @admin.display(description=_("bars"))
    def bars(self, made: Recall) -> str:
        return str(made.figures["bars"])

    @admin.display(description=_("orders"))
    def orders(self, made: Recall) -> str:
        return str(made.figures["orders"])

    @admin.display(description=_("papers"))
    def papers(self, made: Recall) -> SafeString:
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("admin:orders_recall_report", args=[made.pk]),
            _("Report (PDF)"),
            reverse("admin:orders_lot_where", args=[made.lot_id]),
            _("Where it went"),
        )

    @admin.display(description=_("next"))
    def next(self, made: Recall) -> SafeString | str:
        if made.is_mock:
            return str(_("An exercise ends here: nothing was stopped, and nobody was written to."))
        if made.confirmed_at:
            return str(_("Customers were told. What they answer comes in as questions about their orders."))
        address = reverse("admin:orders_recall_telling", args=[made.pk])
        return format_html('<a class="button" href="{}">{}</a>', address, _("Tell the customers"))

    @admin.display(description=_("next"))
    def waits(self, _made: Recall) -> str:
        return str(_("Whoever may do so tells the customers."))

    def report(self, request: HttpRequest, recall_id: int) -> HttpResponse:
        made = self._seen(request, recall_id, "orders.view_recall")
        contacts = request.user.has_perm("orders.view_order")
        response = HttpResponse(
            recall_report.pdf(made, with_contacts=contacts), content_type="application/pdf"
        )
        response["Content-Disposition"] = f'inline; filename="recall-{made.lot.code}.pdf"'
        response["Cache-Control"] = "private, no-store"
        return response

    def telling(self, request: HttpRequest, recall_id: int) -> HttpResponse:
        """What will be written, to how many, and the second yes."""
        made = self._seen(request, recall_id, "orders.confirm_recall")
        assert isinstance(request.user, User), "the admin is for members of staff"
        page = HttpResponseRedirect(reverse("admin:orders_recall_change", args=[made.pk]))
        form = TellForm(request.POST or None, lot=made.lot)
        if made.is_mock or made.confirmed_at:
            messages.warning(request, _("There is nobody to tell: it was an exercise, or they were told."))
            return page
        if request.method == "POST" and form.is_valid():
            self._tell(request, request.user, made)
            return page
        sent = [affected for affected in recall.affected_by(made.lot) if affected.sent]
        context = self.admin_site.each_context(request) | {
            "title": _("Tell the customers"),
            "opts": self.opts,
            "recall": made,
            "orders": len(sent),
            "words": recall.words(made, sent[0]) if sent else "",
            "form": form,
        }
        return TemplateResponse(
            request, "admin/orders/recall/telling.html", context, status=422 if form.errors else 200
        )

    def _tell(self, request: HttpRequest, by: User, made: Recall) -> None:
        try:
            told = recall.tell(made, by=by, at=timezone.now())
        except NothingToTell:
            messages.warning(request, _("A colleague was quicker: they were told."))
        else:
            words = ngettext("%(count)d customer is told.", "%(count)d customers are told.", told)
            messages.success(request, words % {"count": told})

    def _seen(self, request: HttpRequest, recall_id: int, permission: str) -> Recall:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=recall_id)
