"""The page behind the square code on a bar, for whoever holds the bar."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from configurator import limits
from configurator.catalogue.families import family_under
from configurator.makers import keeping
from configurator.pictures.previews import picture_height, preview_url
from configurator.wording import locale
from orders.after import bar_pages
from orders.models.labels import PrintedLabel
from orders.production import as_made, labels

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


@require_safe
@cache_control(private=True, max_age=3600)
def photo(request: HttpRequest, code: str) -> HttpResponse:
    """As the bar was made; never one with a customer's photo on it."""
    printed = _found(code)
    if as_made.shows_somebodys_photo(printed.job):
        raise Http404
    return _photo_of(printed)


def _photo_of(printed: PrintedLabel) -> HttpResponse:
    kept = as_made.last_of([printed.job]).get(printed.job_id)
    if kept is None:
        raise Http404
    try:
        response = HttpResponse(as_made.read(kept), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _pictures(printed: PrintedLabel) -> dict[str, object]:
    """A photo that somebody brought is never among them: this page is for whoever holds the bar."""
    line = printed.job.order_line
    photo = None if as_made.shows_somebodys_photo(printed.job) else as_made.last_of([printed.job])
    return {
        "made": reverse("orders:bar-photo", args=[printed.code]) if photo else "",
        "designed": preview_url(line.design_id, WIDTH),
        "designed_large": preview_url(line.design_id, 2 * WIDTH),
        "height": picture_height(family_under(line.family_version), WIDTH),
    }


def _found(code: str) -> PrintedLabel:
    printed = labels.find(code)
    if printed is None:
        raise Http404
    return printed
