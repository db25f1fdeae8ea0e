"""Gift cards in the office: what is on each, where it went, and stopping one that was lost or stolen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
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

from orders.gifts import gift_card_codes, gift_cards
from orders.models import GiftCard, GiftCardEntry
from orders.money.amounts import money
from orders.office.look_only import LookOnly, LookOnlyInline, order_link


class MovementInline(LookOnlyInline):
    model = GiftCardEntry
    fields = ["at", "kind", "link", "amount"]
    readonly_fields = ["link", "amount"]
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[GiftCardEntry]:
        found: QuerySet[GiftCardEntry] = super().get_queryset(request).select_related("order", "card")
        return found

    @admin.display(description=_("order"))
    def link(self, entry: GiftCardEntry) -> SafeString:
        return order_link(entry.order)

    @admin.display(description=_("amount"))
    def amount(self, entry: GiftCardEntry) -> str:
        return money(entry.cents, entry.card.currency)


class Fate(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [
            ("unpaid", _("not paid")),
            ("good", _("something is left")),
            ("spent", _("all is spent")),
            ("blocked", _("blocked")),
        ]

    def queryset(self, request: HttpRequest, found: QuerySet[GiftCard]) -> QuerySet[GiftCard]:
        issued = found.exclude(issued_at=None)
        match self.value():
            case "unpaid":
                return found.filter(issued_at=None)
            case "good":
                return issued.filter(balance_cents__gt=0, blocked_at=None)
            case "spent":
                return issued.filter(balance_cents=0)
            case "blocked":
                return found.exclude(blocked_at=None)
            case _:
                return found


class BlockForm(forms.Form):
    why = forms.CharField(
        label=_("Why? (for colleagues)"),
        max_length=200,
        error_messages={"required": _("Write why, so that colleagues can answer when somebody asks.")},
    )


@admin.register(GiftCard)
class GiftCardAdmin(LookOnly):
    list_display = [
        "number",
        "order_link",
        "worth",
        "left",
        "recipient",
        "issued_at",
        "expires_on",
        "blocked_at",
    ]
    list_filter = [Fate, "expires_on"]
    list_select_related = ["order"]
    search_fields = ["number", "order__number", "order__email", "recipient", "recipient_email"]
    search_help_text = _("Number, order, name, e-mail address, or the whole code that stands on the card.")
    fields = [
        *("number", "order_link", "worth", "left", "issued_at", "expires_on"),
        *("recipient", "recipient_email", "sender", "message", "send_on"),
        *("blocked_at", "blocked_by", "blocked_why", "turn"),
    ]
    readonly_fields = ["order_link", "worth", "left", "turn"]
    inlines = [MovementInline]

    def get_urls(self) -> list[URLPattern]:
        turn = path(
            "<int:card_id>/block/", self.admin_site.admin_view(self.block), name="orders_giftcard_block"
        )
        return [turn, *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[GiftCard], search_term: str
    ) -> tuple[QuerySet[GiftCard], bool]:
        digest = gift_card_codes.read(search_term)
        if digest and queryset.filter(digest=digest).exists():
            return queryset.filter(digest=digest), False
        return super().get_search_results(request, queryset, search_term)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        may_block = request.user.has_perm("orders.change_giftcard")
        return [field for field in self.fields if field != "turn" or may_block]

    @admin.display(description=_("bought by"), ordering="order__number")
    def order_link(self, card: GiftCard) -> SafeString:
        return order_link(card.order)

    @admin.display(description=_("worth"), ordering="cents")
    def worth(self, card: GiftCard) -> str:
        return money(card.cents, card.currency)

    @admin.display(description=_("left"), ordering="balance_cents")
    def left(self, card: GiftCard) -> str:
        return money(card.balance_cents, card.currency)

    @admin.display(description=_("lost or stolen"))
    def turn(self, card: GiftCard) -> SafeString:
        address = reverse("admin:orders_giftcard_block", args=[card.pk])
        words = _("Unblock it") if card.blocked_at else _("Block it")
        return format_html('<a class="button" href="{}">{}</a>', address, words)

    def block(self, request: HttpRequest, card_id: int) -> HttpResponse:
        """Asks first, with the card as it is; and the other way round for one that is blocked."""
        if not request.user.has_perm("orders.change_giftcard"):
            raise PermissionDenied
        card = get_object_or_404(GiftCard.objects.select_related("order"), pk=card_id)
        form = BlockForm(request.POST if request.method == "POST" else None, label_suffix="")
        if request.method == "POST" and self._turned(request, card, form):
            return HttpResponseRedirect(reverse("admin:orders_giftcard_change", args=[card.pk]))
        context = self.admin_site.each_context(request) | {
            "title": _("Unblock this gift card?") if card.blocked_at else _("Block this gift card?"),
            "opts": self.opts,
            "card": card,
            "left": self.left(card),
            "form": form,
        }
        return TemplateResponse(
            request, "admin/orders/giftcard/block.html", context, status=422 if form.errors else 200
        )

    def _turned(self, request: HttpRequest, card: GiftCard, form: BlockForm) -> bool:
        assert isinstance(request.user, User), "the admin is for members of staff"
        if "unblock" in request.POST:
            if gift_cards.unblock(card):
                self.log_change(request, card, str(_("Unblocked.")))
            messages.success(request, _("The gift card pays again."))
            return True
        if not form.is_valid():
            return False
        why = form.cleaned_data["why"]
        if gift_cards.block(card, why=why, by=request.user, at=timezone.now()):
            self.log_change(request, card, str(_("Blocked: %s") % why))
        messages.success(request, _("The gift card pays nothing any more."))
        return True
