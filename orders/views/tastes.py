"""What I like: chosen here, and what new bars begin with."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from configurator import designs
from configurator.catalogue.sold_out import offered_families
from configurator.domain.design import Design
from configurator.domain.searching import found
from configurator.domain.tastes import LIKED_MAX, Taste
from configurator.pictures.previews import picture_height, preview_url
from configurator.studio import liking, tastes
from configurator.studio.liking import AMOUNT_NAMES, Likable, likable
from orders.account.taste_bars import OwnBar, bars_of, is_theirs
from orders.views.account import customer
from orders.views.responses import SeeOther

BARS_A_PAGE: Final = 6
SEARCH_MAX: Final = 60


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def taste(request: HttpRequest) -> HttpResponse:
    """Every button of the form keeps the whole of it: none loses what was ticked."""
    kept, known = tastes.taste_of(customer(request)), likable()
    if request.method != "POST":
        like = _own_bar_or_404(request, request.GET["bar"]) if "bar" in request.GET else None
        shown = liking.like_bar(like, known) if like else kept
        return _page(request, shown, known, search=request.GET.get("q", ""), like=like)
    said, search = liking.read(request.POST, kept, known), request.POST.get("q", "")
    if said.mistakes:
        return _page(request, said.taste, known, search=search, mistakes=said.mistakes)
    tastes.keep(customer(request), said.taste)
    return _kept(request, said.taste, search)


@require_POST
@login_required
def forget(request: HttpRequest) -> HttpResponse:
    tastes.forget(customer(request))
    messages.success(request, _("Forgotten. New bars begin as they do for everybody."))
    return SeeOther(reverse("orders:taste"))


def _own_bar_or_404(request: HttpRequest, digest: str) -> Design:
    """Whoever else may see it: what stands on this page is about nobody but its reader."""
    if not designs.DIGEST.fullmatch(digest) or not is_theirs(customer(request), digest):
        raise Http404
    return designs.find(digest).value


def _kept(request: HttpRequest, taste: Taste, search: str) -> HttpResponse:
    address = reverse("orders:taste")
    if "search" in request.POST:
        return SeeOther(f"{address}?{urlencode({'q': search[:SEARCH_MAX]})}#likes")
    if taste.says_something:
        messages.success(request, _("Kept. New bars begin with it."))
    else:
        messages.success(request, _("Nothing is kept. New bars begin as they do for everybody."))
    return SeeOther(f"{address}#order" if "first" in request.POST else address)


def _page(
    request: HttpRequest,
    taste: Taste,
    known: Likable,
    *,
    search: str,
    like: Design | None = None,
    mistakes: tuple[str, ...] = (),
) -> HttpResponse:
    searched = search[:SEARCH_MAX].strip()
    hits = found(searched, [card.entry for card in known.others]) if searched else range(len(known.others))
    made = {card.key for card in known.others}
    page = {
        "taste": taste,
        "bases": known.bases,
        "others": [(card, place not in hits) for place, card in enumerate(known.others)],
        "hits": len(hits),
        "categories": known.categories,
        "liked": [(card, card.key in made) for card in liking.cards(taste.liked)],
        "amounts": AMOUNT_NAMES.items(),
        "most": LIKED_MAX,
        "search": searched,
        "like": like,
        "mistakes": mistakes,
        "own_bars": _bars(request),
        "asks_for_bars": "bars" in request.GET,
        **({} if mistakes else _beginning(taste)),
    }
    return render(request, "account/taste.html", page, status=422 if mistakes else 200)


def _beginning(taste: Taste) -> dict[str, Any]:
    """A new bar as the studio would open it now, in the usual size."""
    families = offered_families()
    if not (taste.says_something and families):
        return {}
    begun = tastes.beginning(taste, families[0])
    return {
        "begun": begun,
        "family": families[0],
        "told": tastes.told(begun),
        "picture": preview_url(designs.save(begun.design).digest, 600),
        "picture_height": picture_height(families[0], 600),
    }


def _bars(request: HttpRequest) -> Page[OwnBar]:
    return Paginator(bars_of(customer(request)), BARS_A_PAGE).get_page(request.GET.get("bars"))
