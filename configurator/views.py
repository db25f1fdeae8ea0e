"""The studio: a form that is a design."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from configurator import creations, day_counts, designs, limits, photos
from configurator.creations import STEPS, Change, Kept, Trail, read_place
from configurator.designs import DesignUnknown, Review
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.families import current_families
from configurator.forms import DesignForm, resized
from configurator.makers import Maker, maker_of, recognised, remember
from configurator.models import DayCount
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

Families: TypeAlias = Mapping[str, Family]
"""As they are sold today, by key."""

Page: TypeAlias = dict[str, Any]
"""What the studio's templates need."""

TAB_MAX: Final = 36
"""As many characters as a UUID has."""


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def studio(request: HttpRequest, family: str) -> HttpResponse:
    """GET opens a design to start from; POST takes the form, which is a design, and shows it."""
    families = _families()
    chosen = _family_or_404(family, families)
    if request.method != "POST":
        day_counts.count(DayCount.What.OPENED, now().date())
        return redirect(_studio_address(designs.save(start(chosen, locale())).value))
    if not limits.within("designs", request, most=CHANGES_A_MINUTE, seconds=60):
        return _later(request)
    form = DesignForm(request.POST, family=chosen)
    if form.is_valid():
        return _changed(request, photos.without_strange(form.design, request), chosen, families)
    return _refused(request, form, chosen)


@gzip_page
@require_safe
def studio_design(request: HttpRequest, family: str, digest: str) -> HttpResponse:
    row, families = _row_or_404(digest), _families()
    current = _family_or_404(family, families)
    if row.value.family != family:
        raise Http404
    value, news = _today(row, current)
    for words in news:
        messages.info(request, words)
    if photos.without_strange(value, request) != value:
        messages.info(request, PHOTO_STAYS)
    page = Studio(designs.review(value, current, locale()), search=request.GET.get("q", "")[:60])
    trail = creations.opened(maker_of(request), digest)
    response = render(request, "configurator/studio.html", _page(request, page, trail, families))
    if trail.place:
        remember(recognised(request), response)
    return response


def _changed(request: HttpRequest, said: Design, family: Family, families: Families) -> HttpResponse:
    """Keep what the form says, or go the step back or forth that its button asks for."""
    other = request.POST.get("size", "")
    if other and other != family.key:
        if said.moves:
            messages.info(request, _("In the new size, what was laid by hand lies where it falls by itself."))
        said = resized(said, family, _family_or_404(other, families))
    shown, maker = _shown(request, family), recognised(request)
    row = designs.save(said)
    kept = creations.keep(_change(request, maker, row, shown, families[said.family]))
    response = _answer(request, row, shown, kept, families)
    if kept.creation:
        remember(maker, response)
        response["X-Creation"] = str(kept.trail.place)
    return response


def _change(request: HttpRequest, maker: Maker, said: DesignRow, shown: DesignRow, family: Family) -> Change:
    return Change(
        maker=maker.digest,
        place=read_place(request.POST.get("creation", "")),
        shown=shown.digest,
        said=said.digest,
        made_at=now(),
        complete=_is_complete(said.value, family),
        tab=request.POST.get("tab", "")[:TAB_MAX],
        step=next((step for step in STEPS if step in request.POST), None),
    )


def _answer(
    request: HttpRequest, said: DesignRow, shown: DesignRow, kept: Kept, families: Families
) -> HttpResponse:
    row = said if kept.design == said.digest else designs.find(kept.design)
    family = families[row.value.family]
    design, news = _today(row, family)
    for words in (*news, *_copy_words(kept)):
        messages.info(request, words)
    if family.key != shown.value.family:
        return _to(request, _studio_address(design))
    if "order" in request.POST and _is_complete(design, family):
        return _into_the_cart(design)
    if _is_live(request):
        page = _page(request, Studio(designs.review(design, family, locale())), kept.trail, families)
        return _live(request, page, _today(shown, family)[0], said.value)
    search = {name: request.POST.get(name, "") for name in ("q", "step")}
    return redirect(_studio_address(design, {**search, **read_placing(request.POST).query}))


def _copy_words(kept: Kept) -> list[SafeString]:
    if kept.other is None:
        return []
    words = _("This bar was changed in another window. Here you go on with a copy of your own.")
    address = _studio_address(kept.other.design.value)
    return [format_html('{} <a href="{}">{}</a>', words, address, _("Open the other one"))]


def _into_the_cart(design: Design) -> HttpResponse:
    """Without scripts one button takes the form as it stands: this post goes on to the cart."""
    query = urlencode({"design": design.digest, "quantity": 1})
    return HttpResponse(status=307, headers={"Location": f"{reverse('orders:cart-lines')}?{query}"})


def _refused(request: HttpRequest, form: DesignForm, family: Family) -> HttpResponse:
    """Only a page of ours that is out of date, or a forged form, comes here."""
    for errors in form.errors.values():
        messages.error(request, " ".join(map(str, errors)))
    return _to(request, _studio_address(_shown(request, family).value))


def _to(request: HttpRequest, address: str) -> HttpResponse:
    """To another page, from a plain post as from a live one."""
    return HttpResponse(headers={"HX-Redirect": address}) if _is_live(request) else redirect(address)


def _live(request: HttpRequest, page: Page, shown: Design, said: Design) -> HttpResponse:
    """Only what looks different now, and the new address for the browser's history."""
    studio, placing = page["studio"], read_placing(request.POST)
    # After a step back the form may say something else than the page showed before.
    changed = dict.fromkeys((*studio.changed_since(shown), *studio.changed_since(said)))
    news = {
        "placing": placing,
        "changed": tuple(changed),
        "news": f"{placing.mistake} {studio.news_since(shown)}".strip(),
        "said": said,
        "live": True,
    }
    response = render(request, "configurator/live.html", page | news)
    design = studio.review.design
    if design != shown:
        response["HX-Push-Url"] = _studio_address(design)
    return response


def _shown(request: HttpRequest, family: Family) -> DesignRow:
    """The design that the browser shows now, before the change."""
    try:
        return designs.find(request.POST.get("shown", ""))
    except DesignUnknown:
        return designs.save(start(family, locale()))


def _today(row: DesignRow, current: Family) -> tuple[Design, tuple[str, ...]]:
    """As it can be made today, and in words what is different; the design itself stays as it was made."""
    value = row.value
    if value.version == current.version:
        return value, ()
    today, news = brought_up(value, designs.family_of(row), current, locale())
    return designs.save(today).value, news


def _is_complete(design: Design, family: Family) -> bool:
    return not designs.problems(design, family, locale())


def _page(request: HttpRequest, studio: Studio, trail: Trail, families: Families) -> Page:
    return {
        "review": studio.review,
        "studio": studio,
        "trail": trail,
        "families": tuple(families.values()),
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


def _families() -> Families:
    return {family.key: family for family in current_families()}


def _family_or_404(key: str, families: Families) -> Family:
    if key not in families:
        raise Http404
    return families[key]


def _row_or_404(digest: str) -> DesignRow:
    try:
        return designs.find(digest)
    except DesignUnknown:
        raise Http404 from None


def _is_live(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _later(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response
