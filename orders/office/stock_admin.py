"""Shelves for staff: what is there, what is kept for whom, and every move with its author."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from configurator.catalogue import sold_out
from configurator.domain.family import Milligrams
from configurator.domain.recipe import grams
from configurator.models import Module
from orders import lots, stock
from orders.models import Lot, Stock, StockHold, StockMove
from orders.office.look_only import LookOnly, LookOnlyInline, job_link, lot_link, order_link
from orders.office.measured_fields import MassField
from orders.production import reordering
from orders.production.run_outs import shortage

MG_PER_G = 1000
BOOKED_BY = {
    StockMove.Kind.RECEIVED: stock.receive,
    StockMove.Kind.COUNTED: stock.count,
    StockMove.Kind.WASTED: stock.waste,
}


class HoldInline(LookOnlyInline):
    model = StockHold
    show_change_link = False
    fields = ("number", "amount", "taken_at", "until")
    readonly_fields = ("number", "amount")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockHold]:
        return super().get_queryset(request).filter(until__gt=timezone.now()).select_related("order")

    @admin.display(description=_("order"))
    def number(self, hold: StockHold) -> SafeString:
        return order_link(hold.order)

    @admin.display(description=_("kept"))
    def amount(self, hold: StockHold) -> str:
        return in_grams(hold.mg)


class Short(admin.SimpleListFilter):
    title = _("runs out")
    parameter_name = "short"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("1", _("runs out"))]

    def queryset(self, request: HttpRequest, stocks: QuerySet[Stock]) -> QuerySet[Stock]:
        if not self.value():
            return stocks
        return stocks.filter(pk__in=stock.running_out(at=timezone.now()).values("pk"))


class StockForm(forms.ModelForm[Stock]):
    low_mg = MassField(unit_mg=MG_PER_G, label=_("reorder below (g)"))


@admin.register(Stock)
class StockAdmin(admin.ModelAdmin[Stock]):
    """A shelf begins with its first move and is never deleted; counting is done by moves."""

    form = StockForm
    fields = (
        *("module", "on_hand", "promised", "aside", "held", "left", "limited"),
        *("low_mg", "advice", "lead_days", "expected_on", "history"),
    )
    readonly_fields = ("module", "on_hand", "promised", "aside", "held", "left", "advice", "history")
    list_display = ("module", "left", "on_hand", "promised", "aside", "held", "low", "limited")
    list_filter = (Short, "limited", "module__category")
    list_select_related = ("module",)
    list_per_page = 50
    search_fields = ("module__key", "module__name_en", "module__name_de")
    inlines = (HoldInline,)
    actions: Any = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stock]:
        return stock.with_amounts(super().get_queryset(request), at=timezone.now())

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Moves are booked by whoever may look at them."""
        may_book = request.user.has_perm("orders.add_stockmove")
        return [field for field in self.fields if may_book or field != "history"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Stock, *args: Any, **kwargs: Any) -> None:
        super().save_model(request, obj, *args, **kwargs)
        sold_out.forget()

    @admin.display(description=_("on hand"), ordering="on_hand_mg")
    def on_hand(self, row: Stock) -> str:
        return in_grams(row.on_hand_mg)  # type: ignore[attr-defined]

    @admin.display(description=_("promised to paid orders"), ordering="promised_mg")
    def promised(self, row: Stock) -> str:
        return in_grams(row.promised_mg)  # type: ignore[attr-defined]

    @admin.display(description=_("put aside"), ordering="aside_mg")
    def aside(self, row: Stock) -> str:
        return in_grams(row.aside_mg)  # type: ignore[attr-defined]

    @admin.display(description=_("kept for orders"), ordering="held_mg")
    def held(self, row: Stock) -> str:
        return in_grams(row.held_mg)  # type: ignore[attr-defined]

    @admin.display(description=_("left"), ordering="left_mg")
    def left(self, row: Stock) -> str:
        return in_grams(row.left_mg)  # type: ignore[attr-defined]

    @admin.display(description=_("reorder below"), ordering="low_mg")
    def low(self, row: Stock) -> str:
        return in_grams(row.low_mg)

    @admin.display(description=_("advice"))
    def advice(self, row: Stock) -> str:
        found = reordering.advice(row, today=localdate())
        if not found.a_day_mg:
            return str(_("Nothing was used in the last four weeks, so there is nothing to go by."))
        return _(
            "Reorder below %(point)s g: %(day)s g are used a day, and more comes after %(days)d days."
        ) % {
            "point": grams(found.point_mg),
            "day": grams(found.a_day_mg),
            "days": row.lead_days,
        }

    @admin.display(description=_("moves"))
    def history(self, row: Stock) -> SafeString:
        moves = reverse("admin:orders_stockmove_changelist")
        return format_html(
            '<a href="{}?stock__module__key={}">{}</a> · <a href="{}?stock__module__key={}">{}</a> · '
            '<a href="{}add/?module={}">{}</a>',
            reverse("admin:orders_lot_changelist"),
            row.pk,
            _("Its lots"),
            moves,
            row.pk,
            _("What came and went"),
            moves,
            row.pk,
            _("Count or write off"),
        )


class MoveForm(forms.ModelForm[StockMove]):
    module = forms.ModelChoiceField(
        label=_("module"),
        queryset=Module.objects.all(),
        to_field_name="key",
        widget=AutocompleteSelect(Stock._meta.get_field("module"), admin.site),
    )
    kind = forms.ChoiceField(
        label=_("kind"), choices=[(kind.value, kind.label) for kind in StockMove.BY_HAND]
    )
    lot = forms.CharField(
        label=_("lot"),
        max_length=120,
        required=False,
        help_text=_("Scan its label or type its code. Only what came without lots has none."),
    )
    amount = MassField(
        unit_mg=MG_PER_G,
        label=_("grams"),
        help_text=_("Counted: how much lies there now. Else: how much came or went."),
    )

    class Meta:
        model = StockMove
        fields = ("note",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") != StockMove.Kind.COUNTED and cleaned.get("amount") == 0:
            self.add_error("amount", _("Write how much came or went."))
        if cleaned.get("kind") == StockMove.Kind.WASTED and not cleaned.get("note"):
            self.add_error("note", _("Say why it is thrown away."))
        if cleaned.get("module") and "kind" in cleaned and "lot" in cleaned:
            self._refuse_without_lot(cleaned)
        return cleaned

    def clean_lot(self) -> Lot | None:
        typed = self.cleaned_data["lot"]
        if not typed:
            return None
        found = lots.find(typed)
        if found is None:
            raise forms.ValidationError(_("No lot has the code %(code)s."), params={"code": typed})
        return found

    def _refuse_without_lot(self, cleaned: dict[str, Any]) -> None:
        module, lot = cleaned["module"].key, cleaned["lot"]
        if lot and lot.stock_id != module:
            self.add_error(
                "lot", _("%(code)s is a lot of %(module)s.") % {"code": lot.code, "module": lot.module}
            )
        elif cleaned["kind"] == StockMove.Kind.RECEIVED:
            if lot or lots.come_in(module):
                self.add_error("kind", _("It comes in lots: receive a lot instead."))
        elif not lot and lots.come_in(module) and not lots.lies_without_lot(module):
            self.add_error("lot", _("It came in lots: say of which."))

    def _post_clean(self) -> None:
        """The row is made by the shop's own journey, not from these fields."""


@admin.register(StockMove)
class StockMoveAdmin(LookOnly):
    list_display = ("at", "module", "kind", "change", "where", "by", "number", "note")
    list_filter = ("kind", "at", ("stock__module__key", admin.AllValuesFieldListFilter))
    list_select_related = ("stock__module", "by", "order", "job", "lot", "fill")
    search_fields = ("stock__module__key", "stock__module__name_en", "order__number", "lot__code", "note")
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.add_stockmove")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  # Django's hook
        return MoveForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj:
            return ("at", "module", "kind", "change", "where", "by", "number", "note")
        return ("module", "lot", "kind", "amount", "note")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("module", "change", "where", "number") if obj else ()

    def save_model(
        self, request: HttpRequest, obj: StockMove, form: forms.ModelForm[StockMove], *_args: Any, **_kw: Any
    ) -> None:
        assert isinstance(request.user, User), "the admin is for members of staff"
        typed = form.cleaned_data
        made = BOOKED_BY[StockMove.Kind(typed["kind"])](
            typed["module"],
            mg=typed["amount"],
            by=request.user,
            at=timezone.now(),
            note=typed["note"],
            lot=typed["lot"],
        )
        shortage.look_again(made.stock_id, at=made.at)
        obj.pk, obj.stock, obj.mg = made.pk, made.stock, made.mg

    def save_related(self, *_args: Any, **_kwargs: Any) -> None:
        """A move has none."""

    @admin.display(description=_("module"), ordering="stock")
    def module(self, move: StockMove) -> str:
        return str(move.stock.module)

    @admin.display(description=_("change"), ordering="mg")
    def change(self, move: StockMove) -> str:
        return in_grams(move.mg, signed=True)

    @admin.display(description=_("lot or temperer"))
    def where(self, move: StockMove) -> str | SafeString:
        return lot_link(move.lot) if move.lot else str(move.fill or "-")

    @admin.display(description=_("order"))
    def number(self, move: StockMove) -> str | SafeString:
        links = [order_link(move.order)] if move.order else []
        links += [job_link(move.job)] if move.job else []
        return format_html_join(" · ", "{}", ((link,) for link in links)) or "-"


def in_grams(mg: Milligrams, *, signed: bool = False) -> str:
    sign = "−" if mg < 0 else "+" if signed else ""
    return f"{sign}{grams(abs(mg))}\u00a0g"
