"""The page behind the square code on a bar, for whoever holds the bar."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from configurator import keeping, limits
from configurator.families import family_under
from configurator.previews import picture_height, preview_url
from configurator.wording import locale
from orders import bar_pages
from orders.models.labels import PrintedLabel
from orders.production import labels

CODES_A_MINUTE: Final = 30
WIDTH: Final = 600


@require_safe
@cache_control(private=True, no_store=True)
def bar(request: HttpRequest, code: str) -> HttpResponse:
    if not limits.within("bars", request, most=CODES_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    printed = _found(code)
    if printed.code != code:
        return redirect("orders:bar", printed.code)
    found = bar_pages.bar_of(printed, locale=locale(), today=localdate())
    page = {
        "bar": found,
        "code": printed.code,
        "pictures": _pictures(printed),
        "may_have_again": keeping.may_have_again(request, found.design.digest),
    }
    response = render(request, "orders/bar.html", page)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _pictures(printed: PrintedLabel) -> dict[str, object]:
    """A photo that somebody brought is never among them: this page is for whoever holds the bar."""
    line = printed.job.order_line
    return {
        "designed": preview_url(line.design_id, WIDTH),
        "designed_large": preview_url(line.design_id, 2 * WIDTH),
        "height": picture_height(family_under(line.family_version), WIDTH),
    }


def _found(code: str) -> PrintedLabel:
    printed = labels.find(code)
    if printed is None:
        raise Http404
    return printed
