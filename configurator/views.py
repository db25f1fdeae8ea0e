"""The studio: a form that is a design."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from configurator import designs, limits, photos
from configurator.designs import DesignUnknown, Review
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.families import FamilyUnknown, current_families, current_family
from configurator.forms import DesignForm, resized
from configurator.models import Design as DesignRow
from configurator.photo_fields import PHOTO_STAYS, photo_places
from configurator.placing_fields import read_placing
from configurator.previews import picture_height, preview_url, url_for
from configurator.rendering.inscriptions import PRINT
from configurator.starts import start
from configurator.studio import Studio, brought_up
from configurator.wording import locale

CHANGES_A_MINUTE: Final = 240
"""Four a second for a whole minute is more than anybody clicks; a shared connection fits in too."""


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def studio(request: HttpRequest, family: str) -> HttpResponse:
    """GET opens a design to start from; POST takes the form, which is a design, and shows it."""
    chosen = _family_or_404(family)
    if request.method != "POST":
        return redirect(_studio_address(designs.save(start(chosen, locale())).value))
    if not limits.within("designs", request, most=CHANGES_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    form = DesignForm(request.POST, family=chosen)
    if form.is_valid():
        return _changed(request, photos.without_strange(form.design, request), chosen)
    return _refused(request, form, chosen)


@gzip_page
@require_safe
def studio_design(request: HttpRequest, family: str, digest: str) -> HttpResponse:
    row = _row_or_404(digest)
    value, current = row.value, _family_or_404(family)
    if value.family != family:
        raise Http404
    if value.version != current.version:
        return _in_todays_catalogue(request, row, current)
    if photos.without_strange(value, request) != value:
        messages.info(request, PHOTO_STAYS)
    page = Studio(designs.review(value, current, locale()), search=request.GET.get("q", "")[:60])
    return render(request, "configurator/studio.html", _page(request, page))


def _changed(request: HttpRequest, design: Design, family: Family) -> HttpResponse:
    other = request.POST.get("size", "")
    if other and other != family.key:
        if design.moves:
            messages.info(request, _("In the new size, what was laid by hand lies where it falls by itself."))
        return _elsewhere(request, resized(design, family, _family_or_404(other)))
    designs.save(design)
    if "order" in request.POST and not designs.problems(design, family, locale()):
        return _into_the_cart(design)
    if _is_live(request):
        return _live(request, design, family)
    search = {name: request.POST.get(name, "") for name in ("q", "step")}
    return redirect(_studio_address(design, {**search, **read_placing(request.POST).query}))


def _into_the_cart(design: Design) -> HttpResponse:
    """Without scripts one button takes the form as it stands: this post goes on to the cart."""
    query = urlencode({"design": design.digest, "quantity": 1})
    return HttpResponse(status=307, headers={"Location": f"{reverse('orders:cart-lines')}?{query}"})


def _refused(request: HttpRequest, form: DesignForm, family: Family) -> HttpResponse:
    """Only a page of ours that is out of date, or a forged form, comes here."""
    for errors in form.errors.values():
        messages.error(request, " ".join(map(str, errors)))
    return _to(request, _studio_address(_posted_from(request) or start(family, locale())))


def _posted_from(request: HttpRequest) -> Design | None:
    """The design on the page that was posted; an older one is brought up to date when it opens."""
    try:
        return designs.find(request.POST.get("shown", "")).value
    except DesignUnknown:
        return None


def _elsewhere(request: HttpRequest, design: Design) -> HttpResponse:
    designs.save(design)
    return _to(request, _studio_address(design))


def _to(request: HttpRequest, address: str) -> HttpResponse:
    """To another page, from a plain post as from a live one."""
    return HttpResponse(headers={"HX-Redirect": address}) if _is_live(request) else redirect(address)


def _live(request: HttpRequest, design: Design, family: Family) -> HttpResponse:
    """Only what looks different now, and the new address for the browser's history."""
    shown = _shown(request, family)
    now = Studio(designs.review(design, family, locale()))
    placing = read_placing(request.POST)
    page = _page(request, now) | {
        "placing": placing,
        "changed": now.changed_since(shown),
        "news": f"{placing.mistake} {now.news_since(shown)}".strip(),
        "live": True,
    }
    response = render(request, "configurator/live.html", page)
    if design != shown:
        response["HX-Push-Url"] = _studio_address(design)
    return response


def _shown(request: HttpRequest, family: Family) -> Design:
    """The design that the browser shows now, before the change."""
    value = _posted_from(request)
    return value if value and value.version == family.version else start(family, locale())


def _in_todays_catalogue(request: HttpRequest, row: DesignRow, family: Family) -> HttpResponse:
    """An older design stays as it was made; the studio opens it as it can be made today."""
    value, news = brought_up(row.value, designs.family_of(row), family, locale())
    for words in news:
        messages.info(request, words)
    return redirect(_studio_address(designs.save(value).value))


def _page(request: HttpRequest, studio: Studio) -> dict[str, object]:
    return {
        "review": studio.review,
        "studio": studio,
        "families": current_families(),
        "step": request.GET.get("step", ""),
        "photo_places": photo_places(studio.review, request),
        "placing": read_placing(request.GET),
        **_own_pictures(studio.review),
    }


def _own_pictures(review: Review) -> dict[str, object]:
    """With the photos of whoever designs it; only a print on the bar makes its picture a private one."""
    design = review.design
    is_private = design.inscription.photo is not None and design.has(PRINT)
    return {
        "picture": url_for(design, 600) if is_private else preview_url(design.digest, 600),
        "picture_large": url_for(design, 1200) if is_private else preview_url(design.digest, 1200),
        "picture_height": picture_height(review.family, 600),
        "picture_wrapped": url_for(design, 600, "wrapped"),
    }


def _studio_address(design: Design, words: Mapping[str, str] | None = None) -> str:
    address = reverse("configurator:studio-design", args=[design.family, design.digest])
    query = urlencode({name: word for name, word in (words or {}).items() if word})
    return f"{address}?{query}" if query else address


def _family_or_404(key: str) -> Family:
    try:
        return current_family(key)
    except FamilyUnknown:
        raise Http404 from None


def _row_or_404(digest: str) -> DesignRow:
    try:
        return designs.find(digest)
    except DesignUnknown:
        raise Http404 from None


def _is_live(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
