"""The rules for staff: one form per kind, and what the lint says of all of them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from configurator.catalogue.rule_lint import findings
from configurator.models import Constraint
from configurator.office.rule_forms import SHAPES, RuleForm


@admin.register(Constraint)
class RuleAdmin(admin.ModelAdmin[Constraint]):
    form = RuleForm
    list_display = ("key", "kind_name", "reason_en", "reason_de")
    list_filter = ("kind",)
    search_fields = ("key", "reason_en", "reason_de")
    change_list_template = "admin/configurator/constraint/rules.html"

    @admin.display(description=_("kind"), ordering="kind")
    def kind_name(self, rule: Constraint) -> str:
        return str(SHAPES[rule.kind].name)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "findings": findings()})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """First the kind, for it decides what else there is to say."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        kind = request.POST.get("kind") or request.GET.get("kind")
        if kind in SHAPES:
            return super().add_view(request, form_url, self._titled(kind, extra_context))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What kind of rule?"),
            "kinds": SHAPES,
        }
        return TemplateResponse(request, "admin/configurator/constraint/kinds.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        rule = self.get_object(request, object_id)
        titled = self._titled(rule.kind, extra_context) if rule else extra_context
        return super().change_view(request, object_id, form_url, titled)

    def _titled(self, kind: str, extra_context: Any) -> dict[str, Any]:
        return {**(extra_context or {}), "title": SHAPES[kind].name, "subtitle": SHAPES[kind].example}

    def get_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> list[str | list[str] | tuple[str, ...] | tuple[()]]:
        kind = obj.kind if obj else request.POST.get("kind") or request.GET.get("kind")
        fields = SHAPES[kind].fields if kind in SHAPES else ()
        return ["key", *([] if obj else ["kind"]), *fields, "reason_en", "reason_de"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # The key stands in published versions, and another kind would be another rule.
        return ("key",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Constraint, form: Any, change: bool) -> None:  # noqa: FBT001  # Django's hook
        super().save_model(request, obj, form, change)
        for words in form.warnings:
            messages.warning(request, words)
