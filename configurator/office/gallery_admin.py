"""What people show in the gallery, and what waits for somebody of us to look at its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from configurator.makers import keeping
from configurator.models import Creation
from configurator.pictures.previews import preview_url

STATES: Final = (
    ("waits", _("waits for us")),
    ("hangs", _("hangs in the gallery")),
    ("refused", _("not let in")),
)


class GalleryFilter(admin.SimpleListFilter):
    title = _("gallery")
    parameter_name = "gallery"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Iterable[tuple[str, Any]]:
        return STATES

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Creation]) -> QuerySet[Creation]:
        asked = {
            "waits": Q(held_at__isnull=False),
            "hangs": Q(visibility=keeping.PUBLIC),
            "refused": Q(refused_at__isnull=False),
        }
        return queryset.filter(asked.get(self.value() or "", Q()))


@admin.register(Creation)
class CreationAdmin(admin.ModelAdmin[Creation]):
    """Who made a bar is not shown; nobody here needs to know."""

    list_display = ("picture", "name", "words", "gallery", "held_at", "published_at", "refused_at")
    list_display_links = ("picture", "name")
    list_filter = (GalleryFilter, "visibility")
    list_per_page = 25
    show_full_result_count = False
    search_fields = ("design__name", "design__code", "shown__name", "shown__code")
    ordering = ("-held_at", "-published_at", "-changed_at")
    fields = (
        "picture",
        "name",
        "words",
        "gallery",
        "page",
        "changed_at",
        "finished_at",
        "published_at",
        "held_at",
        "refused_at",
    )
    readonly_fields = fields
    actions = ("let_in", "refuse")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Creation]:
        """Only what somebody shows or wants to show: everything else is not ours to leaf through."""
        asked = Q(held_at__isnull=False) | Q(visibility=keeping.PUBLIC) | Q(refused_at__isnull=False)
        creations: QuerySet[Creation] = super().get_queryset(request)
        return creations.filter(asked).exclude(maker="").select_related("shown", "design")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Let into the gallery"), permissions=["change"])
    def let_in(self, request: HttpRequest, queryset: QuerySet[Creation]) -> None:
        waiting = queryset.filter(held_at__isnull=False)
        for creation in waiting:
            keeping.let_in(creation, at=timezone.now())
        number = len(waiting)
        words = ngettext("%(number)s bar hangs now.", "%(number)s bars hang now.", number)
        messages.success(request, words % {"number": number})

    @admin.action(description=_("Take out of the gallery, or do not let in"), permissions=["change"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Creation]) -> None:
        concerned = list(queryset.filter(Q(held_at__isnull=False) | Q(visibility=keeping.PUBLIC)))
        for creation in concerned:
            keeping.refuse(creation, at=timezone.now())
        number = len(concerned)
        words = ngettext("%(number)s bar is not shown.", "%(number)s bars are not shown.", number)
        messages.success(request, words % {"number": number})

    @admin.display(description=_("picture"))
    def picture(self, creation: Creation) -> SafeString:
        address = preview_url((creation.shown or creation.design).digest, 300)
        return format_html('<img src="{}" width="150" alt="" loading="lazy">', address)

    @admin.display(description=_("name"))
    def name(self, creation: Creation) -> str:
        return (creation.shown or creation.design).name or "-"

    @admin.display(description=_("words to look at"))
    def words(self, creation: Creation) -> SafeString | str:
        found = keeping.held_words((creation.shown or creation.design).value)
        locale = (get_language() or "en")[:2]
        return format_html_join(SafeString("<br>"), "{}", ((claim.reason(locale),) for claim in found)) or "-"

    @admin.display(description=_("gallery"))
    def gallery(self, creation: Creation) -> str:
        if creation.held_at:
            return str(_("waits for us"))
        return str(_("hangs in the gallery") if creation.visibility == keeping.PUBLIC else _("not let in"))

    @admin.display(description=_("page"))
    def page(self, creation: Creation) -> SafeString:
        address = reverse("configurator:design", args=[(creation.shown or creation.design).digest])
        return format_html('<a href="{}">{}</a>', address, _("What others see"))
