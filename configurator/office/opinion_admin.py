"""Opinions that a maker has reported: read by staff, and deleted or left."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from configurator.makers import opinions
from configurator.models import Opinion


@admin.register(Opinion)
class OpinionAdmin(admin.ModelAdmin[Opinion]):
    """Whose bar it is about is not shown; all others are between friends."""

    list_display = ("words", "name", "said_at", "reported_at")
    list_per_page = 25
    show_full_result_count = False
    fields = ("words", "name", "said_at", "reported_at")
    readonly_fields = fields
    actions = ("leave",)

    def get_queryset(self, _request: HttpRequest) -> QuerySet[Opinion]:
        return opinions.reported()

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Leave it: nothing is wrong with it"), permissions=["change"])
    def leave(self, request: HttpRequest, queryset: QuerySet[Opinion]) -> None:
        number = queryset.update(reported_at=None)
        words = ngettext("%(number)s opinion stays.", "%(number)s opinions stay.", number)
        messages.success(request, words % {"number": number})
