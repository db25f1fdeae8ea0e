"""Questions about orders in the office: the whole thread, and the answer."""

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

from orders import conversation
from orders.conversation import AnsweredMeanwhile
from orders.models import Message
from orders.models.after import WORDS_MAX
from orders.office.look_only import LookOnly, order_link


class AnswerForm(forms.Form):
    words = forms.CharField(
        label=_("Answer"),
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 70}),
        error_messages={"required": _("Write the answer first.")},
        help_text=_("In the language of the order. It goes by mail and stands on the order's page."),
    )
    last_seen = forms.IntegerField(widget=forms.HiddenInput)


class Answered(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("no", _("to be answered")), ("yes", _("answered"))]

    def queryset(self, request: HttpRequest, found: QuerySet[Message]) -> QuerySet[Message]:
        match self.value():
            case "no":
                return found.filter(by_customer=True, answered_at=None)
            case "yes":
                return found.filter(by_customer=True).exclude(answered_at=None)
            case _:
                return found


@admin.register(Message)
class MessageAdmin(LookOnly):
    list_display = ["at", "order_link", "whose", "beginning", "answered_at"]
    list_filter = [Answered]
    search_fields = ["order__number", "order__email", "words"]
    date_hierarchy = "at"
    fields = ["order_link", "whose", "at", "words", "answered_at", "reply"]
    readonly_fields = ["order_link", "whose", "reply"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        found: QuerySet[Message] = super().get_queryset(request)
        return found.select_related("order", "by")

    def get_urls(self) -> list[URLPattern]:
        answer = path(
            "<int:message_id>/answer/",
            self.admin_site.admin_view(self.answer),
            name="orders_message_answer",
        )
        return [answer, *super().get_urls()]

    @admin.display(description=_("order"))
    def order_link(self, message: Message) -> SafeString:
        return order_link(message.order)

    @admin.display(description=_("by"))
    def whose(self, message: Message) -> str:
        return str(_("the customer") if message.by_customer else message.by or _("the shop"))

    @admin.display(description=_("words"))
    def beginning(self, message: Message) -> str:
        return message.words[:120]

    @admin.display(description=_("thread"))
    def reply(self, message: Message) -> SafeString:
        address = reverse("admin:orders_message_answer", args=[message.pk])
        return format_html('<a class="button" href="{}">{}</a>', address, _("See all and answer"))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may change messages may answer; the rows themselves are read only."""
        return obj is None and request.user.has_perm("orders.change_message")

    def answer(self, request: HttpRequest, message_id: int) -> HttpResponse:
        if not request.user.has_perm("orders.change_message"):
            raise PermissionDenied
        order = get_object_or_404(self.get_queryset(request), pk=message_id).order
        thread = list(order.messages.select_related("by"))
        form = AnswerForm(request.POST or None, initial={"last_seen": thread[-1].pk})
        if request.method == "POST" and form.is_valid():
            assert isinstance(request.user, User), "the admin is for members of staff"
            typed = form.cleaned_data
            try:
                conversation.answer(order, by=request.user, at=timezone.now(), **typed)
            except AnsweredMeanwhile:
                # What was typed stays; it is sent only once its writer has read what came in.
                form = AnswerForm(initial={"words": typed["words"], "last_seen": thread[-1].pk})
                messages.warning(
                    request, _("More has been written meanwhile. Read it, then send your answer.")
                )
            else:
                messages.success(request, _("Answered. It goes to %s by mail.") % order.email)
                return HttpResponseRedirect(reverse("admin:orders_message_changelist") + "?answered=no")
        context = self.admin_site.each_context(request) | {
            "title": _("Order %(number)s") % {"number": order.number},
            "opts": self.opts,
            "order": order,
            "order_link": order_link(order),
            "thread": thread,
            "form": form,
        }
        return TemplateResponse(request, "admin/orders/message/answer.html", context)
