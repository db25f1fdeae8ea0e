"""A design by its address, and by the code on its pack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from configurator import day_counts, designs, limits
from configurator.answers import later, visible_or_404
from configurator.designs import DesignUnknown
from configurator.makers import keeping
from configurator.makers.keeping import Tie
from configurator.makers.lineage import credit
from configurator.makers.makers import maker_of
from configurator.makers.renown import Renown, renown
from configurator.makers.uniqueness import possible
from configurator.models import Creation, DayCount
from configurator.pictures import cards, photos, previews
from configurator.pictures.picture_addresses import Picture
from configurator.pictures.previews import picture_height, share_url
from configurator.studio.forms import NO_SUCH_BAR, CodeForm
from configurator.studio.page import Studio
from configurator.wording import locale

CODES_A_MINUTE: Final = 30
CARDS_A_MINUTE: Final = 20
CARD_WIDTH: Final = 1200
"""Pixels: nearly 300 to the inch of a card."""


@require_safe
def design(request: HttpRequest, digest: str) -> HttpResponse:
    """A shared design, to look at; whoever likes it makes it theirs in the studio."""
    known, ties = _visible_or_404(request, digest)
    row, maker = known.row, maker_of(request)
    review = designs.kept_review(row, locale())
    return render(
        request,
        "configurator/design.html",
        {
            "review": review,
            "studio": Studio(review),
            "code": row.code,
            "address": settings.SHOP_URL + request.path,
            "picture_shared": settings.SHOP_URL + share_url(digest),
            "possible": possible(review.family, locale()),
            "report_subject": _("Please look at the bar %(code)s") % {"code": row.code},
            # In the gallery or sold ready: search engines may know it too.
            "is_for_everybody": known.is_on_sale or any(tie.hangs(digest) for tie in ties),
            "remixes": known.remixes,
            "kin": known.kin,
            **_story(keeping.showing(digest, maker, ties), maker),
        },
    )


def _visible_or_404(request: HttpRequest, digest: str) -> tuple[Renown, Sequence[Tie]]:
    """As for every page of a design, with all that this page tells of it."""
    try:
        known = renown(digest)
    except DesignUnknown:
        raise Http404 from None
    ties = keeping.ties(digest)
    if not keeping.may_see(request, digest, ties):
        raise Http404
    return known, ties


def _story(creation: Creation | None, maker: str) -> dict[str, Any]:
    """Whose it is, and where it comes from."""
    return {
        "creation": creation,
        "is_own": creation is not None and creation.maker == maker,
        "is_in_gallery": creation is not None and creation.visibility == keeping.PUBLIC,
        "is_private": creation is not None and creation.visibility == keeping.PRIVATE,
        "credit": credit(creation, maker, locale()) if creation else None,
    }


@require_safe
@never_cache
def card(request: HttpRequest, digest: str) -> HttpResponse:
    """To print, to cut out, to give with a bar or instead of one."""
    row = visible_or_404(request, digest)
    if not limits.within("cards", request, most=CARDS_A_MINUTE, seconds=60):
        return later(request)
    creation = keeping.showing(digest, maker_of(request), keeping.ties(digest))
    day = (creation.finished_at or creation.changed_at) if creation else row.created_at
    address = settings.SHOP_URL + reverse("configurator:design", args=[digest])
    seen, family = photos.without_strange(row.value, request), designs.family_of(row)
    content = cards.card_pdf(
        seen,
        family,
        locale(),
        code=row.code,
        day=timezone.localdate(day),
        address="" if creation and creation.visibility == keeping.PRIVATE else address,
        picture=previews.own_preview(Picture(digest, "bar", CARD_WIDTH, "jpg", is_own=True), seen).content,
        size=(CARD_WIDTH, picture_height(family, CARD_WIDTH)),
    )
    day_counts.count(DayCount.What.PRINTED, timezone.now().date())
    headers = {"Content-Disposition": f'inline; filename="{row.code}-card.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """From the code on a pack to the page that has the bar again."""
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        if not limits.within("codes", request, most=CODES_A_MINUTE, seconds=60):
            return later(request)
        if form.is_valid():
            if keeping.may_have_again(request, form.row.digest):
                # As it was typed: the page tells how it was read.
                return redirect("orders:again", form.cleaned_data["code"])
            # Whether there is no such bar or a private one is not told.
            form.add_error("code", NO_SUCH_BAR)
    return render(request, "configurator/code.html", {"form": form}, status=422 if form.errors else 200)
