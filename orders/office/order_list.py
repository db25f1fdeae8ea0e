"""The list of orders: found fast, searches kept under a name, and taken out as a table."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import changes
from orders.models import Order, SavedFilter
from orders.office import exporting, finding
from orders.office.look_only import LookOnly

SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEARCHES_MOST: Final = 30


class SearchForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Keep this search as"), max_length=60)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)


class OrderList(LookOnly):
    change_list_template = "admin/orders/order/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("orders.csv", self.as_csv, "orders_order_csv"),
            ("orders.xlsx", self.as_xlsx, "orders_order_xlsx"),
            ("searches/", self.keep_search, "orders_order_searches"),
            ("searches/<int:search_id>/removal/", self.forget_search, "orders_order_search_removal"),
        )
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return [*own, *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        return finding.found(queryset, search_term), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        query = request.GET.urlencode()
        shown = {
            "searches": SavedFilter.objects.filter(owner=request.user.pk, model=Order._meta.label_lower),
            "search_form": SearchForm(initial={"query": query}) if query else None,
            "query": query,
            "may_export": request.user.has_perm("orders.export_order"),
        }
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def as_csv(self, request: HttpRequest) -> HttpResponseBase:
        chosen = self._chosen(request, "CSV")
        if chosen is None:
            return self._too_many(request)
        answer = StreamingHttpResponse(
            exporting.as_csv(exporting.rows(chosen)), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="{_file_name()}.csv"'
        return answer

    def as_xlsx(self, request: HttpRequest) -> HttpResponseBase:
        chosen = self._chosen(request, "XLSX")
        if chosen is None:
            return self._too_many(request)
        table = exporting.as_xlsx(exporting.rows(chosen))
        return FileResponse(table, as_attachment=True, filename=f"{_file_name()}.xlsx", content_type=SHEET)

    def keep_search(self, request: HttpRequest) -> HttpResponse:
        user, form = _who_looks(request), SearchForm(request.POST or None)
        own = SavedFilter.objects.filter(owner=user, model=Order._meta.label_lower)
        if request.method == "POST" and form.is_valid():
            if own.count() >= SEARCHES_MOST:
                messages.error(request, _("You keep many searches already. Remove one first."))
            else:
                own.update_or_create(
                    owner=user,
                    model=Order._meta.label_lower,
                    name=form.cleaned_data["name"],
                    defaults={"query": form.cleaned_data["query"]},
                )
        elif form.errors:
            messages.error(request, _("Give the search a name."))
        return _back_to_list(request.POST.get("query", ""))

    def forget_search(self, request: HttpRequest, search_id: int) -> HttpResponse:
        user = _who_looks(request)
        search = get_object_or_404(SavedFilter, pk=search_id, owner=user)
        if request.method == "POST":
            search.delete()
        return _back_to_list("")

    def _chosen(self, request: HttpRequest, kind: str) -> QuerySet[Order] | None:
        """What the list with the same address shows; None when it is too much for one table."""
        user = _who_looks(request)
        if request.method != "POST" or not user.has_perm("orders.export_order"):
            raise PermissionDenied
        try:
            shown = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            raise PermissionDenied from None
        keys = list(shown.order_by().values_list("pk", flat=True)[: exporting.ROWS_MOST + 1])
        if len(keys) > exporting.ROWS_MOST:
            return None
        changes.note(
            user, by=user, words=_("%(kind)s with %(rows)d orders") % {"kind": kind, "rows": len(keys)}
        )
        return Order.objects.filter(pk__in=shown.order_by().values("pk"))

    def _too_many(self, request: HttpRequest) -> HttpResponse:
        words = _("These are more than %(most)d orders. Narrow them down by day first.")
        messages.error(request, words % {"most": exporting.ROWS_MOST})
        return _back_to_list(request.GET.urlencode())


def _file_name() -> str:
    return f"orders-{timezone.localdate().isoformat()}"


def _who_looks(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "the admin is for members of staff"
    if not request.user.has_perm("orders.view_order"):
        raise PermissionDenied
    return request.user


def _back_to_list(query: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('admin:orders_order_changelist')}{'?' if query else ''}{query}")
