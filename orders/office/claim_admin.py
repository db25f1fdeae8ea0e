"""Claims and withdrawals in the office: what the customer shows beside what was ordered, and what becomes of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from orders.after import claims
from orders.after.claims import DecidedMeanwhile
from orders.models import Claim, ClaimPhoto
from orders.models.after import WORDS_MAX
from orders.money.amounts import money
from orders.money.refunds import RefundImpossible, RefundTooLarge
from orders.office.look_only import PAGE_PICTURE, LookOnly, bar_picture, job_link, order_link
from orders.office.refund_forms import CENT

REMAKE, REFUND, DECLINE = "remake", "refund", "decline"
DECISIONS = {
    REMAKE: _("Make it again, at no cost"),
    REFUND: _("Give money back"),
    DECLINE: _("Decline, and say why"),
}


class DecisionForm(forms.Form):
    """What becomes of a claim, and what the customer reads about it."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of it.")},
    )
    amount = forms.DecimalField(
        label=_("Amount, if money goes back"),
        required=False,
        min_value=CENT,
        max_digits=9,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
    )
    words = forms.CharField(
        label=_("Words to the customer"),
        required=False,
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("In the language of the order. What was decided is said before them by itself."),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("decision") == REFUND and "amount" not in self.errors and not typed.get("amount"):
            self.add_error("amount", _("Write how much goes back, such as 4.50."))
        if typed.get("decision") == DECLINE and not typed.get("words"):
            self.add_error("words", _("Say why, so that the customer understands it."))
        return typed

    @property
    def cents(self) -> int:
        return int((self.cleaned_data.get("amount") or Decimal(0)) / CENT)


@admin.register(Claim)
class ClaimAdmin(LookOnly):
    list_display = ["at", "kind", "order_link", "bars", "state", "decided_by"]
    list_filter = ["state", "kind"]
    search_fields = ["order__number", "order__email", "words", "job__code"]
    date_hierarchy = "at"
    fields = [
        *("kind", "state", "order_link", "bars", "job_link", "at", "name", "words"),
        *("shown", "ordered", "decide", "answer", "decided_by", "decided_at", "refund"),
    ]
    readonly_fields = ["order_link", "bars", "job_link", "shown", "ordered", "decide"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        found: QuerySet[Claim] = super().get_queryset(request)
        return found.select_related("order", "job__order_line", "decided_by").prefetch_related("lines")

    def get_urls(self) -> list[URLPattern]:
        inside = self.admin_site.admin_view
        return [
            path("<int:claim_id>/decision/", inside(self.decision), name="orders_claim_decision"),
            path("photos/<int:photo_id>/", inside(self.photo), name="orders_claim_photo"),
            *super().get_urls(),
        ]

    @admin.display(description=_("order"))
    def order_link(self, claim: Claim) -> SafeString:
        return order_link(claim.order)

    @admin.display(description=_("bars"))
    def bars(self, claim: Claim) -> str:
        if claim.job:
            return f"{claim.job.order_line.name} ({claim.job.index}/{claim.job.order_line.quantity})"
        return ", ".join(map(str, claim.lines.all()))

    @admin.display(description=_("job"))
    def job_link(self, claim: Claim) -> SafeString | str:
        return job_link(claim.job) if claim.job else "-"

    @admin.display(description=_("what the customer shows"))
    def shown(self, claim: Claim) -> SafeString:
        return format_html_join(
            " ",
            '<a href="{0}"><img src="{0}" alt="{1}" width="300" loading="lazy"></a>',
            (
                (reverse("admin:orders_claim_photo", args=[photo.pk]), _("Photo of the customer"))
                for photo in claim.photos.all()
            ),
        )

    @admin.display(description=_("what was ordered"))
    def ordered(self, claim: Claim) -> SafeString:
        pictures = ((bar_picture(line.design_id, line.name, PAGE_PICTURE),) for line in claim.lines.all())
        return format_html_join(" ", "{}", pictures)

    @admin.display(description=_("decide"))
    def decide(self, claim: Claim) -> SafeString | str:
        if not claim.is_open:
            return "-"
        address = reverse("admin:orders_claim_decision", args=[claim.pk])
        return format_html('<a class="button" href="{}">{}</a>', address, _("Decide"))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may change claims may decide them; the rows themselves are read only."""
        return obj is None and request.user.has_perm("orders.change_claim")

    def photo(self, request: HttpRequest, photo_id: int) -> HttpResponse:
        if not request.user.has_perm("orders.view_claim"):
            raise PermissionDenied
        photo = get_object_or_404(ClaimPhoto, pk=photo_id)
        try:
            with default_storage.open(photo.file_name) as file:
                content = file.read()
        except FileNotFoundError:
            raise Http404 from None
        headers = {"Cache-Control": "private, no-store"}
        return HttpResponse(content, content_type="image/jpeg", headers=headers)

    def decision(self, request: HttpRequest, claim_id: int) -> HttpResponse:
        """One page: what was told and shown, what was ordered, and the buttons."""
        if not request.user.has_perm("orders.change_claim"):
            raise PermissionDenied
        claim = get_object_or_404(self.get_queryset(request), pk=claim_id)
        page = HttpResponseRedirect(reverse("admin:orders_claim_change", args=[claim.pk]))
        if not claim.is_open:
            messages.warning(request, _("It is decided already."))
            return page
        form = DecisionForm(
            request.POST or None,
            choices=self._choices(request, claim),
            initial={"amount": claims.worth(claim) * CENT},
        )
        if request.method == "POST" and form.is_valid() and self._decided(request, claim, form):
            return page
        context = self.admin_site.each_context(request) | {
            "title": _("Decide"),
            "opts": self.opts,
            "claim": claim,
            "bars": self.bars(claim),
            "shown": self.shown(claim),
            "ordered": self.ordered(claim),
            "worth": money(claims.worth(claim), claim.order.currency),
            "form": form,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/orders/claim/decision.html", context, status=status)

    def _choices(self, request: HttpRequest, claim: Claim) -> list[tuple[str, Any]]:
        allowed = {
            REMAKE: not claim.is_withdrawal and claim.order.is_paid,
            REFUND: request.user.has_perm("orders.add_refund"),
            DECLINE: True,
        }
        return [(key, words) for key, words in DECISIONS.items() if allowed[key]]

    def _decided(self, request: HttpRequest, claim: Claim, form: DecisionForm) -> bool:
        assert isinstance(request.user, User), "the admin is for members of staff"
        by, at, words = request.user, timezone.now(), form.cleaned_data["words"]
        try:
            match form.cleaned_data["decision"]:
                case "remake":
                    claims.remake(claim, words, by=by, at=at)
                case "refund":
                    claims.refund(claim, form.cents, words, by=by, at=at)
                case _:
                    claims.decline(claim, words, by=by, at=at)
        except DecidedMeanwhile:
            messages.warning(request, _("A colleague was quicker: it is decided already."))
            return True
        except RefundTooLarge:
            form.add_error("amount", _("That is more than what is left of the payment."))
            return False
        except RefundImpossible:
            form.add_error("decision", _("The customer's bank has taken this money already."))
            return False
        self.log_change(request, claim, str(DECISIONS[form.cleaned_data["decision"]]))
        messages.success(request, _("Decided. The customer is told by mail."))
        return True
