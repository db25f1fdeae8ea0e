"""Reminders in the office: who wants to be told of which day, what was sent, and ending one that somebody asks to end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from orders.after import reminders
from orders.models import Letter, Reminder
from orders.office.letter_admin import fate
from orders.office.look_only import LookOnly, bar_picture


class Standing(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("asked", _("not confirmed yet")), ("set", _("set")), ("over", _("over"))]

    def queryset(self, request: HttpRequest, found: QuerySet[Reminder]) -> QuerySet[Reminder]:
        confirmed = found.exclude(confirmed_at=None)
        match self.value():
            case "asked":
                return found.filter(confirmed_at=None, ended_at=None)
            case "set":
                return confirmed.filter(ended_at=None, next_on__isnull=False)
            case "over":
                return found.exclude(ended_at=None) | confirmed.filter(next_on=None)
            case _:
                return found


@admin.register(Reminder)
class ReminderAdmin(LookOnly):
    list_display = ["email", "bar", "occasion", "next_on", "yearly", "standing"]
    list_filter = [Standing, "yearly"]
    list_select_related = ["design"]
    search_fields = ["email", "design__code", "occasion"]
    search_help_text = _("E-mail address, code on the pack, or what for.")
    fields = [
        *("email", "bar", "picture", "occasion", "next_on", "yearly", "locale"),
        *("asked_at", "confirmed_at", "ended_at", "mails", "ending"),
    ]
    readonly_fields = ["bar", "picture", "mails", "ending"]

    def get_urls(self) -> list[URLPattern]:
        ending = path(
            "<int:reminder_id>/end/", self.admin_site.admin_view(self.end), name="orders_reminder_end"
        )
        return [ending, *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        may_end = request.user.has_perm("orders.change_reminder")
        may_read = request.user.has_perm("orders.view_letter")
        hidden = {*(() if may_end else ("ending",)), *(() if may_read else ("mails",))}
        return [field for field in self.fields if field not in hidden]

    @admin.display(description=_("bar"), ordering="design__code")
    def bar(self, reminder: Reminder) -> str:
        return f"{reminder.design.code} {reminder.design.value.name}".strip()

    @admin.display(description=_("picture"))
    def picture(self, reminder: Reminder) -> SafeString:
        return bar_picture(reminder.design_id, reminder.design.value.name)

    @admin.display(description=_("state"))
    def standing(self, reminder: Reminder) -> str:
        if reminder.awaits_confirmation:
            return str(_("not confirmed yet"))
        return str(_("over") if reminder.is_over else _("set"))

    @admin.display(description=_("mails"))
    def mails(self, reminder: Reminder) -> SafeString:
        letters = Letter.objects.filter(reminder=reminder) | Letter.objects.filter(
            reminder_day__reminder=reminder
        )
        lines = (
            (
                reverse("admin:orders_letter_change", args=[letter.pk]),
                letter.get_kind_display(),
                date_format(letter.reminder_day.on, "DATE_FORMAT") if letter.reminder_day else "",
                fate(letter),
            )
            for letter in letters.select_related("reminder_day").order_by("created_at", "pk")
        )
        return format_html_join("", '<p><a href="{}">{} {}</a>: {}</p>', lines)

    @admin.display(description=_("end it"))
    def ending(self, reminder: Reminder) -> SafeString | str:
        if reminder.is_over:
            return str(_("It is over."))
        address = reverse("admin:orders_reminder_end", args=[reminder.pk])
        return format_html('<a class="button" href="{}">{}</a>', address, _("End this reminder"))

    def end(self, request: HttpRequest, reminder_id: int) -> HttpResponse:
        """Somebody asks us to; we ask once more before."""
        if not request.user.has_perm("orders.change_reminder"):
            raise PermissionDenied
        reminder = get_object_or_404(Reminder.objects.select_related("design"), pk=reminder_id)
        if request.method == "POST":
            if reminders.end(reminder, at=timezone.now()):
                self.log_change(request, reminder, str(_("Ended.")))
            messages.success(request, _("No mail about this day is sent any more."))
            return HttpResponseRedirect(reverse("admin:orders_reminder_change", args=[reminder.pk]))
        context = self.admin_site.each_context(request) | {
            "title": _("End this reminder?"),
            "opts": self.opts,
            "reminder": reminder,
        }
        return TemplateResponse(request, "admin/orders/reminder/end.html", context)
