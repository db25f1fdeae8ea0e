"""Lots in the office: receiving, their labels and certificates, what is left of each."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from configurator.domain.pricing import CURRENCIES
from configurator.models import Module
from orders import lots
from orders.models import Lot, Stock, StockMove, Supplier
from orders.money.amounts import money
from orders.office import recall_admin, specification_admin
from orders.office.measured_fields import MassField
from orders.office.specification_admin import AllergensField
from orders.office.stock_admin import in_grams
from orders.papers import lot_labels
from orders.production import allergens, certificates, receiving
from orders.production.certificates import CertificateRefused
from orders.production.receiving import Delivery, DeliveryRefused

MG_PER_KG: Final = 1_000_000
CENTS: Final = 100


@admin.register(Supplier)
class SupplierAdmin(admin.ModelAdmin[Supplier]):
    list_display = ("name", "email", "phone", "note")
    search_fields = ("name",)
    actions: Any = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CertificateForm(forms.ModelForm[Lot]):
    """What may come later than the lot itself."""

    paper = forms.FileField(
        label=_("certificate"),
        required=False,
        help_text=_("A PDF, or a photo of the paper."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/*"}),
    )

    def clean_paper(self) -> str:
        """The name that it is kept under."""
        upload = self.cleaned_data["paper"]
        if not upload:
            return ""
        try:
            return certificates.keep(upload)
        except CertificateRefused as refusal:
            raise forms.ValidationError(refusal.words) from None

    def save(self, commit: bool = True) -> Lot:  # noqa: FBT001, FBT002  # Django's own
        if self.cleaned_data.get("paper"):
            self.instance.certificate = self.cleaned_data["paper"]
        return super().save(commit)


class ReceivingForm(CertificateForm):
    module = forms.ModelChoiceField(
        label=_("module"),
        queryset=Module.objects.all(),
        to_field_name="key",
        widget=AutocompleteSelect(Stock._meta.get_field("module"), admin.site),
    )
    supplier = forms.ModelChoiceField(label=_("supplier"), queryset=Supplier.objects.all())
    best_before = forms.DateField(label=_("best before"), widget=AdminDateWidget)
    amount = MassField(unit_mg=MG_PER_KG, label=_("kilograms"), min_value=Decimal("0.001"))
    price = forms.DecimalField(
        label=_("price per kilogram"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
    )
    currency = forms.ChoiceField(label=_("currency"), required=False)
    note = forms.CharField(label=_("note"), max_length=200, required=False)
    contains = AllergensField(label=_("contains"))
    traces = AllergensField(
        label=_("may contain"),
        help_text=_(
            "Also what the module names already may be ticked. With anything else the lot goes only into bars whose "
            "label names it."
        ),
    )

    class Meta:
        model = Lot
        fields = ("supplier_lot", "eudr_reference")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = self.fields["currency"]
        assert isinstance(currency, forms.ChoiceField)
        currency.choices = [(code, code) for code in CURRENCIES]

    def clean_supplier_lot(self) -> str:
        """As it stands on the sack, whatever blanks somebody typed."""
        return " ".join(str(self.cleaned_data["supplier_lot"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                receiving.refuse(self.delivery, at=timezone.now())
            except DeliveryRefused as refusal:
                self.add_error(refusal.field, refusal.words)
        return cleaned

    def _post_clean(self) -> None:
        """The row is made by the shop's own journey, not from these fields."""

    @property
    def delivery(self) -> Delivery:
        typed = self.cleaned_data
        return Delivery(
            module=typed["module"],
            supplier=typed["supplier"],
            supplier_lot=typed["supplier_lot"],
            best_before=typed["best_before"],
            mg=typed["amount"],
            eudr_reference=typed["eudr_reference"],
            price_cents=int(typed["price"] * CENTS) if typed["price"] else None,
            currency=typed["currency"],
            certificate=typed["paper"],
            note=typed["note"],
            contains=frozenset(typed["contains"]),
            traces=frozenset(typed["traces"]),
        )


class Usable(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("there", _("on the shelf")), ("blocked", _("blocked")), ("expired", _("past its date"))]

    def queryset(self, request: HttpRequest, found: QuerySet[Lot]) -> QuerySet[Lot]:
        match self.value():
            case "there":
                return found.filter(rest_mg__gt=0, blocked_at=None)  # type: ignore[misc]  # annotated
            case "blocked":
                return found.exclude(blocked_at=None)
            case "expired":
                return found.filter(best_before__lt=localdate())
            case _:
                return found


class MoveInline(admin.TabularInline[StockMove, Lot]):
    model = StockMove
    extra = 0
    can_delete = False
    fields = ("at", "kind", "amount", "by", "note")
    readonly_fields = fields
    verbose_name_plural = _("what came and was written off")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockMove]:
        by_hand = super().get_queryset(request).filter(kind__in=StockMove.BY_HAND)
        return by_hand.select_related("by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("change"))
    def amount(self, move: StockMove) -> str:
        return in_grams(move.mg, signed=True)


@admin.register(Lot)
class LotAdmin(admin.ModelAdmin[Lot]):
    """A lot begins with its delivery and is never deleted."""

    list_display = (
        "code",
        "module",
        "rest",
        "best_before",
        "supplier",
        "supplier_lot",
        "received_at",
        "state",
    )
    list_filter = (Usable, "supplier", ("stock__module__key", admin.AllValuesFieldListFilter))
    list_select_related = ("stock__module", "supplier")
    list_per_page = 50
    search_fields = (
        "code",
        "supplier_lot",
        "stock__module__key",
        "stock__module__name_en",
        "stock__module__name_de",
    )
    date_hierarchy = "received_at"
    inlines = (MoveInline,)
    actions: Any = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lot]:
        return lots.with_rest(super().get_queryset(request).select_related("stock__module", "supplier"))

    def get_urls(self) -> list[URLPattern]:
        inside = self.admin_site.admin_view
        return [
            path("<int:lot_id>/labels.pdf", inside(self.labels), name="orders_lot_labels"),
            path("<int:lot_id>/where/", inside(self.where), name="orders_lot_where"),
            path("<int:lot_id>/stops/", inside(self.stops), name="orders_lot_stops"),
            path(
                "<int:lot_id>/specifications/", inside(self.specifications), name="orders_lot_specifications"
            ),
            path("<int:lot_id>/certificate/", inside(self.certificate), name="orders_lot_certificate"),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  # Django's hook
        if obj is None:
            return ReceivingForm
        return super().get_form(request, obj, change, form=CertificateForm, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return (
                *("module", "amount", "supplier", "supplier_lot", "best_before"),
                *("eudr_reference", "price", "currency", "paper", "note"),
            )
        typed = (
            ("eudr_reference", "paper") if self.has_change_permission(request, obj) else ("eudr_reference",)
        )
        return (
            *("code", "module", "rest", "state", "supplier", "supplier_lot", "best_before"),
            *("received_at", "price", "warnings", "papers", *typed),
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        plain = super().get_fieldsets(request, obj)
        if obj:
            return plain
        said = _("The allergens that the supplier's specification names, as far as it has come.")
        return [
            *plain,
            (_("Allergens"), {"fields": ("contains", "traces"), "description": said}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return (
            *("code", "module", "rest", "state", "supplier", "supplier_lot", "best_before"),
            *("received_at", "price", "warnings", "papers"),
        )

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.inlines if obj else ()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        titled = (extra_context or {}) | {"title": _("Receive a lot")}
        try:
            return super().add_view(request, form_url, titled)
        except DeliveryRefused as refusal:
            # A colleague has typed the same delivery in the same second.
            messages.error(request, refusal.words)
            return HttpResponseRedirect(reverse("admin:orders_lot_changelist"))

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:  # noqa: FBT001  # Django's hook
        return super().save_form(request, form, change) if change else Lot()

    def save_model(self, request: HttpRequest, obj: Lot, form: Any, change: bool) -> None:  # noqa: FBT001  # Django's hook
        if change:
            super().save_model(request, obj, form, change)
        else:
            assert isinstance(request.user, User), "the admin is for members of staff"
            lot = receiving.receive(form.delivery, by=request.user, at=timezone.now())
            obj.__dict__.update(lot.__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001  # Django's hook
        """What came and was written off is not edited here."""

    @admin.display(description=_("module"), ordering="stock")
    def module(self, lot: Lot) -> str:
        return str(lot.module)

    @admin.display(description=_("left"), ordering="rest_mg")
    def rest(self, lot: Lot) -> str:
        return in_grams(lot.rest_mg)  # type: ignore[attr-defined]

    @admin.display(description=_("state"))
    def state(self, lot: Lot) -> str:
        if lot.is_blocked:
            return str(_("blocked: %(why)s") % {"why": lot.blocked_why})
        state = _("past its date") if lot.is_expired(localdate()) else _("good")
        if not lot.traces:
            return str(state)
        return f"{state}, " + _("may also contain %(allergens)s") % {"allergens": allergens.named(lot.traces)}

    @admin.display(description=_("price per kilogram"))
    def price(self, lot: Lot) -> str:
        return money(lot.price_cents, lot.currency) if lot.price_cents else "-"

    @admin.display(description=_("may also contain"))
    def warnings(self, lot: Lot) -> SafeString:
        return format_html(
            '{} · <a href="{}">{}</a>',
            allergens.named(lot.traces) or _("nothing that its module does not name"),
            reverse("admin:orders_lot_specifications", args=[lot.pk]),
            _("What its specification says"),
        )

    @admin.display(description=_("papers"))
    def papers(self, lot: Lot) -> SafeString:
        labels = format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("admin:orders_lot_where", args=[lot.pk]),
            _("Where it went, block, recall"),
            reverse("admin:orders_lot_labels", args=[lot.pk]),
            _("Labels to print"),
        )
        if not lot.certificate:
            return labels
        address = reverse("admin:orders_lot_certificate", args=[lot.pk])
        return format_html('{} · <a href="{}">{}</a>', labels, address, _("Certificate"))

    def labels(self, request: HttpRequest, lot_id: int) -> HttpResponse:
        lot = self._seen(request, lot_id)
        response = HttpResponse(
            lot_labels.pdf(lot, lot_labels.copies(request.GET.get("copies", ""))),
            content_type="application/pdf",
        )
        response["Content-Disposition"] = f'inline; filename="{lot.code}.pdf"'
        return response

    def certificate(self, request: HttpRequest, lot_id: int) -> HttpResponse:
        """To be kept, not opened here: what a supplier's PDF does is not ours to know."""
        lot = self._seen(request, lot_id)
        try:
            content, kind = certificates.read(lot.certificate)
        except (FileNotFoundError, KeyError):
            raise Http404 from None
        ending = lot.certificate.rpartition(".")[2]
        return HttpResponse(
            content,
            content_type=kind,
            headers={
                "Cache-Control": "private, no-store",
                "Content-Disposition": f'attachment; filename="{lot.code}.{ending}"',
            },
        )

    def where(self, request: HttpRequest, lot_id: int) -> HttpResponse:
        return recall_admin.where(request, self._seen(request, lot_id), self._around(request))

    def stops(self, request: HttpRequest, lot_id: int) -> HttpResponse:
        return recall_admin.act(request, self._seen(request, lot_id), self._around(request))

    def specifications(self, request: HttpRequest, lot_id: int) -> HttpResponse:
        return specification_admin.said_of(request, self._seen(request, lot_id), self._around(request))

    def _around(self, request: HttpRequest) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {"opts": self.opts}

    def _seen(self, request: HttpRequest, lot_id: int) -> Lot:
        if not request.user.has_perm("orders.view_lot"):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=lot_id)
