"""Chocolatier's checks: what makers ask, the bar as it is, and our answer, given once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from configurator import designs
from configurator.designs import DesignUnknown
from configurator.makers import chocolatiers
from configurator.models import Check, Design
from configurator.pictures.previews import preview_url

DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class Waiting(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "waits"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("1", _("waits for us")), ("0", _("answered"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Check]) -> QuerySet[Check]:
        return queryset.filter(answered_at__isnull=self.value() == "1") if self.value() else queryset


class AnswerForm(forms.ModelForm[Check]):
    answer = forms.CharField(
        label=_("answer"), max_length=Check.WORDS_MAX, widget=forms.Textarea({"rows": 8, "cols": 80})
    )
    variant_address = forms.CharField(
        label=_("address of a variant"),
        required=False,
        max_length=300,
        widget=forms.TextInput({"class": "vLargeTextField"}),
        help_text=_(
            "Open the bar in the studio, change it, and copy the address from there. "
            "Its name, wrapper and words stay the maker's."
        ),
    )

    class Meta:
        model = Check
        fields = ("answer",)

    def clean_variant_address(self) -> Design | None:
        typed = self.cleaned_data["variant_address"].strip()
        if not typed:
            return None
        found = DIGEST.search(typed)
        try:
            variant = designs.find(found[0] if found else "")
        except DesignUnknown:
            raise forms.ValidationError(_("This is not the address of a bar.")) from None
        self._check_variant(variant)
        return variant

    def _check_variant(self, variant: Design) -> None:
        wanted = self.instance.creation.design.value.family
        if variant.value.family != wanted:
            raise forms.ValidationError(_("The variant must be of the same size as the bar."))
        problems = designs.problems(variant.value, designs.family_of(variant), "en")
        if problems:
            raise forms.ValidationError(problems[0].message)


@admin.register(Check)
class CheckAdmin(admin.ModelAdmin[Check]):
    """Who made a bar is not shown; nobody here needs to know."""

    form = AnswerForm
    list_display = ("picture", "name", "question", "asked_at", "answered_at")
    list_display_links = ("picture", "name")
    list_filter = (Waiting,)
    list_per_page = 25
    show_full_result_count = False
    ordering = ("answered_at", "asked_at")
    actions = None
    readonly_fields = (
        "picture",
        "name",
        "page",
        "question",
        "asked_at",
        "answered_at",
        "answered_by",
        "variant",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Check]:
        checks: QuerySet[Check] = super().get_queryset(request)
        return checks.exclude(creation__maker="").select_related("creation__design", "variant")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        asked = ("picture", "name", "page", "question", "asked_at")
        if obj and obj.answered_at:
            return (*asked, "answer", "variant", "answered_at", "answered_by", "accepted_at")
        return (*asked, "answer", "variant_address") if self.has_change_permission(request, obj) else asked

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What the maker has read stays as it was said."""
        return super().has_change_permission(request, obj) and not (obj and obj.answered_at)

    def save_model(self, request: HttpRequest, obj: Check, form: Any, change: bool) -> None:  # noqa: FBT001  # Django's own
        said = form.cleaned_data
        assert isinstance(request.user, User)
        if not chocolatiers.answer(
            obj, words=said["answer"], variant=said["variant_address"], by=request.user, at=timezone.now()
        ):
            messages.error(request, _("A colleague was quicker; your answer was not sent."))

    @admin.display(description=_("picture"))
    def picture(self, check: Check) -> SafeString:
        address = preview_url(check.creation.design_id, 300)
        return format_html('<img src="{}" width="150" alt="" loading="lazy">', address)

    @admin.display(description=_("name"))
    def name(self, check: Check) -> str:
        return check.creation.design.name or "-"

    @admin.display(description=_("page"))
    def page(self, check: Check) -> SafeString:
        digest, family = check.creation.design_id, check.creation.design.value.family
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("configurator:design", args=[digest]),
            _("What is in it, and its label"),
            reverse("configurator:studio-design", args=[family, digest]),
            _("Open it in the studio"),
        )
