from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from configurator.office.word_lists import WithWordLists
from configurator.pictures.previews import preview_url
from shop import account_letters
from shop.models import AccountLetter, ReadyBar

# allauth's own pages would show the secrets that codes are made of, and let addresses be called verified.
admin.site.unregister([Authenticator, EmailAddress])


@admin.register(ReadyBar)
class ReadyBarAdmin(WithWordLists):
    word_lists = ("tags",)
    list_display = ("picture", "name", "told", "position", "published")
    list_display_links = ("picture", "name")
    list_editable = ("position", "published")
    list_filter = ("published",)
    list_select_related = ("design",)
    search_fields = ("name", "slug")
    raw_id_fields = ("design",)
    readonly_fields = ("picture",)

    @admin.display(description=_("tags"))
    def told(self, bar: ReadyBar) -> str:
        return ", ".join(bar.tags)

    @admin.display(description=_("picture"))
    def picture(self, bar: ReadyBar) -> str:
        if not bar.design_id:
            return ""
        return format_html('<img src="{}" alt="" width="120">', preview_url(bar.design_id, 300))


@admin.register(AccountLetter)
class AccountLetterAdmin(admin.ModelAdmin[AccountLetter]):
    """Those that wait or fail; what was sent is not kept."""

    list_display = ("__str__", "email", "created_at", "attempts", "stuck_at", "error")
    search_fields = ("email",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("send_again",)
    fields = ("__str__", "email", "locale", "created_at", "try_at", "attempts", "last_error", "stuck_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    @admin.display(description=_("last error"))
    def error(self, letter: AccountLetter) -> str:
        return letter.last_error[:200]

    @admin.action(description=_("Send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[AccountLetter]) -> None:
        for letter in chosen:
            account_letters.again(letter, now=timezone.now())
        messages.success(request, _("They go within a minute."))
