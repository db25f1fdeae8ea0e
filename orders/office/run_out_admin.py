"""Ingredients that ran out after the order, and what became of each bar, in the office."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from configurator.models import Module
from orders.models import RunOut, RunOutBar
from orders.office.look_only import LookOnly, job_link, order_link


@admin.register(RunOut)
class RunOutAdmin(LookOnly):
    list_display = ("at", "number", "ingredient", "what_became")
    list_filter = ("bars__state",)
    search_fields = ("order__number", "bars__job__code")
    date_hierarchy = "at"
    fields = ("number", "ingredient", "at", "what_became")
    readonly_fields = ("number", "ingredient", "what_became")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RunOut]:
        known = Module.objects.filter(key=OuterRef("module")).values(f"name_{(get_language() or 'en')[:2]}")
        named = super().get_queryset(request).annotate(ingredient_name=Subquery(known))
        found: QuerySet[RunOut] = named.select_related("order").prefetch_related("bars__job").distinct()
        return found

    @admin.display(description=_("order"), ordering="order__number")
    def number(self, run_out: RunOut) -> SafeString:
        return order_link(run_out.order)

    @admin.display(description=_("ingredient"), ordering="module")
    def ingredient(self, run_out: RunOut) -> str:
        return str(run_out.ingredient_name)  # type: ignore[attr-defined]  # annotated above

    @admin.display(description=_("what became of its bars"))
    def what_became(self, run_out: RunOut) -> SafeString:
        return format_html_join(
            "", "{}: {}<br>", ((job_link(bar.job), _told(bar)) for bar in run_out.bars.all())
        )


def _told(bar: RunOutBar) -> str:
    words = str(bar.get_state_display())
    return f"{words} ({_('chosen by the customer')})" if bar.answered_at else words
