"""The catalogue for staff. A change reaches customers when it is published, as a new version."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from configurator import models
from configurator.catalogue.cells import CatalogueMistaken
from configurator.catalogue.publishing import publish
from configurator.catalogue.rule_lint import findings
from configurator.office.word_lists import WithWordLists
from configurator.pictures.previews import preview_url
from configurator.wording import grams, money

EUROS = "EUR"


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only for type checkers
    """What is frozen can be looked at, never changed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Module)
class ModuleAdmin(WithWordLists):
    word_lists = ("also_usable_as", "tastes", "textures")
    list_display = ("name_en", "name_de", "kind", "category", "dose", "surcharge", "retired")
    list_filter = ("kind", "category", "retired")
    search_fields = ("key", "name_en", "name_de")
    list_select_related = ("ingredient",)
    autocomplete_fields = ("ingredient",)

    @admin.display(description=_("dose"), ordering="dose_mg")
    def dose(self, module: models.Module) -> str:
        return grams(module.dose_mg)

    @admin.display(description=_("surcharge"), ordering="surcharge_cents")
    def surcharge(self, module: models.Module) -> str:
        return money(module.surcharge_cents, EUROS)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # The key stands in every design that uses the module.
        return ("key",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Slot)
class SlotAdmin(WithWordLists):
    word_lists = ("kinds",)
    list_display = ("name_en", "name_de", "holds", "minimum", "maximum")

    @admin.display(description=_("kinds"))
    def holds(self, slot: models.Slot) -> str:
        return ", ".join(slot.kinds)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Kept designs name it.
        return False


@admin.register(models.Family)
class FamilyAdmin(admin.ModelAdmin[models.Family]):
    list_display = ("name_en", "name_de", "weight", "price", "current")
    list_select_related = ("current", "current__family")
    readonly_fields = ("current",)
    actions = ("publish_now",)

    @admin.display(description=_("weight"), ordering="net_mg")
    def weight(self, family: models.Family) -> str:
        return grams(family.net_mg)

    @admin.display(description=_("price"), ordering="price_cents")
    def price(self, family: models.Family) -> str:
        return money(family.price_cents, EUROS)

    @admin.action(
        description=_("Publish: make what is kept here the current version"), permissions=["change"]
    )
    def publish_now(self, request: HttpRequest, queryset: QuerySet[models.Family]) -> None:
        for family in queryset:
            try:
                version = publish(family.key, at=timezone.now())
            except CatalogueMistaken as mistake:
                messages.error(request, _("Not published. %(mistake)s") % {"mistake": mistake})
            else:
                messages.success(request, _("Published: %(version)s.") % {"version": version})
        for finding in findings():
            if not finding.is_error:
                messages.warning(request, finding.words)


@admin.register(models.FamilyVersion)
class FamilyVersionAdmin(ReadOnly):
    list_display = ("family", "number", "published_at")
    list_filter = ("family",)
    list_select_related = ("family",)
    fields = ("family", "number", "published_at", "digest")


@admin.register(models.Design)
class DesignAdmin(ReadOnly):
    list_display = ("picture", "name", "code", "family_version", "created_at")
    list_select_related = ("family_version", "family_version__family")
    search_fields = ("name", "code", "digest")
    fields = ("picture", "name", "code", "prints", "digest", "family_version", "created_at")
    list_per_page = 25

    @admin.display(description=_("for the printer"))
    def prints(self, design: models.Design) -> SafeString:
        sheets = (
            ("label-print", _("Legal label")),
            ("wrapper-print", _("Wrapper for the press")),
            ("placement-print", _("Placement sheet")),
        )
        return format_html_join(
            " · ",
            '<a href="{}">{}</a>',
            ((reverse(f"configurator:{name}", args=[design.digest]), words) for name, words in sheets),
        )

    @admin.display(description=_("picture"))
    def picture(self, design: models.Design) -> SafeString:
        return format_html(
            '<img src="{}" width="150" alt="" loading="lazy">', preview_url(design.digest, 300)
        )
