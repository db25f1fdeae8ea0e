"""A change of the bar on the studio's page: what is kept of it, and what is answered."""

from __future__ import annotations

import re
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

from configurator import designs, limits
from configurator.answers import is_live, to_page
from configurator.catalogue.sold_out import all_offered_families
from configurator.catalogue.starts import start
from configurator.designs import DesignUnknown, Review
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.makers import creations, keeping
from configurator.makers.creations import STEPS, Change, Kept, Trail, read_place
from configurator.makers.makers import Maker, recognised, remember
from configurator.models import Design as DesignRow
from configurator.pictures.previews import picture_height, preview_url, url_for
from configurator.rendering.inscriptions import PRINT
from configurator.studio import surprises
from configurator.studio.amounts import read_amounts
from configurator.studio.forms import MODULE, resized
from configurator.studio.news import news_since
from configurator.studio.page import Studio, brought_up
from configurator.studio.photo_fields import photo_places
from configurator.studio.placing_fields import read_placing
from configurator.wording import locale

Families: TypeAlias = Mapping[str, Family]
"""As they are sold today, by key."""

Words: TypeAlias = Mapping[str, str | list[str]]
"""What goes into an address; what is empty stays out of it."""

Page: TypeAlias = dict[str, Any]
"""What the studio's templates need."""

CHANGES_A_MINUTE: Final = 240
"""Four a second for a whole minute is more than anybody clicks; a shared connection fits in too."""

TAB: Final = re.compile(r"[\w-]{1,36}", re.ASCII)
"""As many characters as a UUID has."""

PAPER: Final = "paper"
"""The step of wrapper and words, which is no slot."""

TYPED_MAX: Final = 60
"""Of what goes from a form into the next address."""


def families_today() -> Families:
    return {family.key: family for family in all_offered_families()}


def is_hurried(request: HttpRequest) -> bool:
    return not limits.within("designs", request, most=CHANGES_A_MINUTE, seconds=60)


def changed(request: HttpRequest, said: Design, family: Family, families: Families) -> HttpResponse:
    """Keep what the form says, or go the step back or forth that its button asks for."""
    other = request.POST.get("size", "")
    if other and other != family.key:
        if said.moves:
            messages.info(request, _("In the new size, what was laid by hand lies where it falls by itself."))
        if other not in families or families[other].form != family.form:
            raise Http404
        said = resized(said, family, families[other])
    shown, maker = shown_before(request, family), recognised(request)
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
        tab=_tab(request.POST.get("tab", "")),
        step=next((step for step in STEPS if step in request.POST), None),
    )


def _tab(typed: str) -> str:
    """What is no name of a page may hold signs that a database refuses."""
    return typed if TAB.fullmatch(typed) else ""


def _answer(
    request: HttpRequest, said: DesignRow, shown: DesignRow, kept: Kept, families: Families
) -> HttpResponse:
    row = said if kept.design == said.digest else designs.find(kept.design)
    family = families[row.value.family]
    design, news = in_todays_catalogue(row, family)
    for words in (*news, *_copy_words(kept)):
        messages.info(request, words)
    if family.key != shown.value.family:
        return to_page(request, studio_address(design))
    if "order" in request.POST and _is_complete(design, family):
        return _into_the_cart(design)
    if choice := MODULE.fullmatch(request.POST.get("why", "")):
        return redirect(why_address(design, choice["slot"], choice["key"]))
    if is_live(request):
        studio = Studio(
            designs.review(design, family, locale()), amounts=read_amounts(request.POST, locale())
        )
        page = page_of(request, studio, kept.trail, families)
        return _live(request, page, in_todays_catalogue(shown, family)[0], said.value)
    return redirect(studio_address(design, still_typed(request)))


def still_typed(request: HttpRequest) -> Words:
    """Where one was on the page, what a surprise shall leave alone, and what was mistyped and waits."""
    step = PAPER if "photo-for" in request.POST else request.POST.get("step", "")
    place = {"q": request.POST.get("q", "")[:TYPED_MAX], "step": step[:TYPED_MAX]}
    asked = surprises.Asked.read(request.POST).query
    return {
        **place,
        **asked,
        **read_placing(request.POST).query,
        **read_amounts(request.POST, locale()).query,
    }


def _copy_words(kept: Kept) -> list[SafeString]:
    if kept.other is None:
        return []
    words = _("This bar was changed in another window. Here you go on with a copy of your own.")
    address = studio_address(kept.other.design.value)
    return [format_html('{} <a href="{}">{}</a>', words, address, _("Open the other one"))]


def _into_the_cart(design: Design) -> HttpResponse:
    """Without scripts one button takes the form as it stands: this post goes on to the cart."""
    query = urlencode({"design": design.digest, "quantity": 1})
    return HttpResponse(status=307, headers={"Location": f"{reverse('orders:cart-lines')}?{query}"})


def _live(request: HttpRequest, page: Page, shown: Design, said: Design) -> HttpResponse:
    """Only what looks different now, and the new address for the browser's history."""
    studio, placing = page["studio"], read_placing(request.POST)
    # After a step back the form may say something else than the page showed before.
    changed = dict.fromkeys((*studio.changed_since(shown), *studio.changed_since(said)))
    news = {
        "placing": placing,
        "changed": tuple(changed),
        "news": " ".join(
            filter(
                None, (placing.mistake, *studio.amounts.mistakes.values(), news_since(studio.review, shown))
            )
        ),
        "said": said,
        "live": True,
    }
    response = render(request, "configurator/live.html", page | news)
    design = studio.review.design
    if design != shown:
        response["HX-Push-Url"] = studio_address(design)
    return response


def shown_before(request: HttpRequest, family: Family) -> DesignRow:
    """The design that the browser shows now, before the change; never one that this visitor may not see."""
    try:
        row = designs.find(request.POST.get("shown", ""))
    except DesignUnknown:
        row = None
    if row is None or not keeping.may_see(request, row.digest):
        return designs.save(start(family, locale()))
    return row


def design_shown(request: HttpRequest, family: Family) -> Design:
    """As it can be made today; what the page starts with when it does not say, or shows another family."""
    shown = shown_before(request, family)
    if shown.value.family != family.key:
        return start(family, locale())
    return in_todays_catalogue(shown, family)[0]


def in_todays_catalogue(row: DesignRow, current: Family) -> tuple[Design, tuple[str, ...]]:
    """As it can be made today, and in words what is different; the design itself stays as it was made."""
    value = row.value
    if value.version == current.version:
        return value, ()
    today, news = brought_up(value, designs.family_of(row), current, locale())
    return designs.save(today).value, news


def _is_complete(design: Design, family: Family) -> bool:
    return not designs.problems(design, family, locale())


def page_of(request: HttpRequest, studio: Studio, trail: Trail, families: Families) -> Page:
    return {
        "review": studio.review,
        "studio": studio,
        "is_bar": studio.review.family.is_bar,
        "trail": trail,
        "families": _sizes(studio.review.family, families),
        "sample_box": next((key for key, family in families.items() if not family.is_bar), ""),
        "step": _step(request, studio.review.family),
        "photo_places": photo_places(studio.review, request),
        "placing": read_placing(request.GET),
        **(surprises.in_studio(request, studio.review.family) if studio.review.family.is_bar else {}),
        **own_pictures(studio.review),
    }


def _sizes(family: Family, families: Families) -> tuple[Family, ...]:
    """What the same choices could be made in."""
    return tuple(other for other in families.values() if other.form == family.form)


def _step(request: HttpRequest, family: Family) -> str:
    """The shelf that is open; one of the page's, or it would show none."""
    asked = request.GET.get("step", "")
    return asked if asked in {PAPER, *family.seats} else ""


def own_pictures(review: Review) -> dict[str, object]:
    """With the photos of whoever designs it; only a print on the bar makes its picture a private one."""
    design = review.design
    is_private = design.inscription.photo is not None and design.has(PRINT)
    return {
        "picture": url_for(design, 600) if is_private else preview_url(design.digest, 600),
        "picture_large": url_for(design, 1200) if is_private else preview_url(design.digest, 1200),
        "picture_height": picture_height(review.family, 600),
        "picture_wrapped": url_for(design, 600, "wrapped"),
    }


def studio_address(design: Design, words: Words | None = None) -> str:
    address = reverse("configurator:studio-design", args=[design.family, design.digest])
    query = urlencode({name: word for name, word in (words or {}).items() if word}, doseq=True)
    return f"{address}?{query}" if query else address


def why_address(design: Design, slot: str, module: str) -> str:
    return reverse("configurator:why", args=[design.family, design.digest, slot, module])
