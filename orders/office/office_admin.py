"""What was changed in the office, by whom: read by the owner and the accountant, written by nobody."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from orders.models import OfficeChange
from orders.office.look_only import LookOnly


@admin.register(OfficeChange)
class OfficeChangeAdmin(LookOnly):
    list_display = ("at", "by", "kind", "record_link", "act", "changed")
    list_display_links = ("at",)
    list_filter = ("act", "model", ("by", admin.RelatedOnlyFieldListFilter), "at")
    list_select_related = ("by",)
    search_fields = ("name", "words", "by__username")
    date_hierarchy = "at"
    fields = ("at", "by", "kind", "record_link", "act", "words", "changed")
    readonly_fields = fields

    @admin.display(description=_("kind of record"), ordering="model")
    def kind(self, change: OfficeChange) -> str:
        try:
            return capfirst(str(apps.get_model(change.model)._meta.verbose_name))
        except LookupError:
            return change.model

    @admin.display(description=_("record"), ordering="name")
    def record_link(self, change: OfficeChange) -> str | SafeString:
        try:
            address = reverse(f"admin:{change.model.replace('.', '_')}_change", args=[change.record])
        except NoReverseMatch:
            return change.name
        return format_html('<a href="{}">{}</a>', address, change.name or change.record)

    @admin.display(description=_("before → after"))
    def changed(self, change: OfficeChange) -> str | SafeString:
        if not change.fields:
            return change.words or "-"
        rows = ((name, before or "-", after or "-") for name, before, after in change.spoken_fields)
        return format_html_join(SafeString("<br>"), "{}: {} → {}", rows)

    def has_view_permission(self, request: HttpRequest, obj: OfficeChange | None = None) -> bool:
        return request.user.has_perm("orders.view_officechange")
