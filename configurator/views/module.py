"""Pages of the modules: one of each, and the table of all."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from configurator import designs
from configurator.studio import module_pages
from configurator.studio.module_pages import COLUMNS, FIRST_COLUMN, ModulePage, ModuleUnknown
from configurator.wording import locale

MODULES_A_PAGE: Final = 40

SEARCH_MAX: Final = 60


@gzip_page
@require_safe
def module(request: HttpRequest, module: str) -> HttpResponse:
    return render(request, "configurator/module.html", {"page": _page_or_404(module)})


@require_safe
def start_with(request: HttpRequest, module: str) -> HttpResponse:
    """The studio, with a bar that has just this on it. Asked for twice, it is the same bar."""
    page = _page_or_404(module)
    bar = None if page.module.retired else module_pages.bar_with(page.module, page.family, locale())
    if bar is None:
        return redirect("configurator:studio", page.family.key)
    return redirect("configurator:studio-design", page.family.key, designs.save(bar).digest)


@gzip_page
@require_safe
def modules(request: HttpRequest) -> HttpResponse:
    column = request.GET.get("sort", "")
    if column not in COLUMNS:
        column = FIRST_COLUMN
    descending = request.GET.get("order") == "desc"
    search = request.GET.get("q", "")[:SEARCH_MAX]
    pages = module_pages.all_pages(locale())
    if search.strip():
        pages = module_pages.searched(search, pages)
    if "sort" in request.GET or not search.strip():
        pages = module_pages.sorted_by(column, pages, descending=descending)
    shown = Paginator(pages, MODULES_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "configurator/modules.html",
        {
            "shown": shown,
            "columns": [(key, words) for key, (words, _by) in COLUMNS.items()],
            "column": column,
            "descending": descending,
            "search": search,
        },
    )


def _page_or_404(key: str) -> ModulePage:
    try:
        return module_pages.page_of(key, locale())
    except ModuleUnknown:
        raise Http404 from None
