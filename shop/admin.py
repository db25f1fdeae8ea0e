from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from configurator.previews import preview_url
from shop.models import ReadyBar


@admin.register(ReadyBar)
class ReadyBarAdmin(admin.ModelAdmin[ReadyBar]):
    list_display = ("picture", "name", "tags", "position", "published")
    list_display_links = ("picture", "name")
    list_editable = ("position", "published")
    list_filter = ("published",)
    list_select_related = ("design",)
    search_fields = ("name", "slug")
    raw_id_fields = ("design",)
    readonly_fields = ("picture",)

    @admin.display(description=_("picture"))
    def picture(self, bar: ReadyBar) -> str:
        if not bar.design_id:
            return ""
        return format_html('<img src="{}" alt="" width="120">', preview_url(bar.design_id, 300))
