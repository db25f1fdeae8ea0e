"""Ingredients for staff, and beside them what a lawyer or a laboratory must confirm of their labels."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from configurator import models
from configurator.catalogue.label_checks import CHECKS
from configurator.office.word_lists import WithWordLists

NOTES_A_PAGE = 50


@admin.register(models.Ingredient)
class IngredientAdmin(WithWordLists):
    word_lists = ("allergens", "us_allergens", "traces")
    list_display = ("key", "text_en", "holds", "vegan", "gluten_free")
    list_filter = ("vegan", "gluten_free")
    search_fields = ("key", "text_en", "text_de")
    change_list_template = "admin/configurator/ingredient/list.html"

    @admin.display(description=_("allergens"))
    def holds(self, ingredient: models.Ingredient) -> str:
        return ", ".join(ingredient.allergens)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.labels)
        return [path("labels/", page, name="configurator_ingredient_labels"), *super().get_urls()]

    def labels(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        noted = models.Ingredient.objects.exclude(note="", market_block="").order_by("key")
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Labels: what must be confirmed before a real sale"),
            "opts": self.opts,
            "checks": CHECKS,
            "page": Paginator(noted, NOTES_A_PAGE).get_page(request.GET.get("p")),
        }
        return TemplateResponse(request, "admin/configurator/ingredient/labels.html", context)
