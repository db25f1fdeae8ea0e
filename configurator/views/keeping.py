"""My bars: the history of somebody's own designs, and what can be done with each; the moment one is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from configurator import day_counts, designs, limits
from configurator.accounts import signed_in
from configurator.answers import later, visible_or_404
from configurator.catalogue import price_lists
from configurator.domain.design import Design
from configurator.domain.family import Cents, Family
from configurator.makers import keeping
from configurator.makers.keeping import NotYet, NotYours
from configurator.makers.lineage import credit
from configurator.makers.makers import maker_of, recognised, remember
from configurator.makers.uniqueness import kin, possible
from configurator.models import Creation, DayCount
from configurator.pictures.previews import picture_height, preview_url, share_url
from configurator.studio.changes import own_pictures
from configurator.studio.page import Studio
from configurator.wording import locale

BARS_A_PAGE: Final = 12
CHANGES_A_MINUTE: Final = 60

_OfOwn: TypeAlias = Callable[[HttpRequest, Creation], HttpResponse]


def kept_by_visitor(view: _OfOwn) -> Callable[[HttpRequest, UUID], HttpResponse]:
    """Only its maker reaches a creation; for everybody else there is none."""

    def of_own(request: HttpRequest, key: UUID) -> HttpResponse:
        if request.method == "POST" and not _is_calm(request):
            return later(request)
        try:
            creation = keeping.own(maker_of(request), key)
        except NotYours:
            raise Http404 from None
        return view(request, creation)

    return of_own


def _is_calm(request: HttpRequest) -> bool:
    return limits.within("keeping", request, most=CHANGES_A_MINUTE, seconds=60)


# ── The list ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class KeptBar:
    """A bar in its maker's list."""

    creation: Creation
    design: Design
    family: Family
    cents: Cents
    typed: str = ""
    mistake: str = ""

    @property
    def name(self) -> str:
        return self.design.name

    @property
    def family_name(self) -> str:
        return self.family.name.to(locale())

    @property
    def picture(self) -> str:
        return preview_url(self.creation.design_id, 300)

    @property
    def picture_height(self) -> int:
        return picture_height(self.family, 300)

    @property
    def kept_until(self) -> datetime:
        return self.creation.changed_at + keeping.KEPT

    @property
    def is_in_gallery(self) -> bool:
        return self.creation.visibility == keeping.PUBLIC

    @property
    def is_shown_otherwise(self) -> bool:
        """In the gallery stands what was published, not what was changed since."""
        return self.is_in_gallery and self.creation.shown_id != self.creation.design_id

    @property
    def held_for(self) -> list[str]:
        shown = self.creation.shown
        claims = keeping.held_words(shown.value) if shown and self.creation.held_at else ()
        return [claim.reason(locale()) for claim in claims]


@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    return _list(request)


def _list(request: HttpRequest, mistaken: KeptBar | None = None) -> HttpResponse:
    maker = recognised(request)
    page = Paginator(keeping.kept_by(maker.digest), BARS_A_PAGE).get_page(request.GET.get("page"))
    bars = [_kept(creation) for creation in page.object_list]
    if mistaken:
        bars = [mistaken if bar.creation.pk == mistaken.creation.pk else bar for bar in bars]
    token = request.GET.get("deleted", "")[:200]
    answer = render(
        request,
        "configurator/mine.html",
        {
            "page": page,
            "bars": bars,
            "days": keeping.KEPT.days,
            "account": signed_in(request),
            "token": token,
            "deleted": keeping.deleted(maker.digest, token) if token else None,
        },
        status=422 if mistaken else 200,
    )
    if bars:
        remember(maker, answer)
    return answer


def _kept(creation: Creation, typed: str = "", mistake: str = "") -> KeptBar:
    design, family = creation.design.value, designs.family_of(creation.design)
    cents = price_lists.priced(design, family, locale()).total_cents
    return KeptBar(creation, design, family, cents, typed or design.name, mistake)


# ── What can be done with a bar ──────────────────────────────────────────────────────────────────


@require_POST
@kept_by_visitor
def create_copy(request: HttpRequest, creation: Creation) -> HttpResponse:
    keeping.copy(creation, at=timezone.now())
    messages.success(
        request, _("Copied. The copy stands first now; what you change on it changes nothing else.")
    )
    return _to_list()


@require_POST
@kept_by_visitor
def rename(request: HttpRequest, creation: Creation) -> HttpResponse:
    typed = request.POST.get("name", "")[:200]
    try:
        keeping.rename(creation, typed, locale=locale(), at=timezone.now())
    except NotYet as why:
        return _list(request, _kept(creation, typed, str(why)))
    messages.success(request, _("The bar has its new name."))
    return _to_list()


@require_POST
@kept_by_visitor
def change_visibility(request: HttpRequest, creation: Creation) -> HttpResponse:
    wanted = request.POST.get("visibility", "")
    if wanted in {keeping.PRIVATE, keeping.UNLISTED}:
        keeping.withdraw(creation, wanted)
        messages.success(request, _WITHDRAWN[wanted]())
    elif wanted == keeping.PUBLIC:
        _publish(request, creation)
    else:
        messages.error(
            request, _("Choose who may see the bar: only you, whoever has its address, or everybody.")
        )
    return _back(request, creation)


def _publish(request: HttpRequest, creation: Creation) -> None:
    try:
        keeping.publish(creation, locale=locale(), at=timezone.now())
    except NotYet as why:
        messages.error(request, str(why))
        return
    if creation.held_at is None:
        messages.success(request, _("Your bar hangs in the gallery now."))
        return
    held = "; ".join(claim.reason(locale()) for claim in keeping.held_words(creation.design.value))
    if held:
        words = _(
            "Before your bar goes into the gallery, somebody of us looks at its words: %(held)s. "
            "A label must be able to prove such words. It shows there as soon as we have said yes."
        )
        messages.warning(request, words % {"held": held})
    else:
        messages.warning(
            request, _("We took this bar out of the gallery before, so somebody of us looks at it first.")
        )


_WITHDRAWN: Final[dict[str, Callable[[], str]]] = {
    "private": lambda: _("Only you see this bar now. Its address answers nobody else."),
    "unlisted": lambda: _("Whoever has its address sees this bar now."),
}


@require_POST
@kept_by_visitor
def delete(_request: HttpRequest, creation: Creation) -> HttpResponse:
    token = keeping.delete(creation, at=timezone.now())
    return redirect(f"{reverse('configurator:mine')}?deleted={token}")


@require_POST
def bring_back(request: HttpRequest) -> HttpResponse:
    try:
        keeping.bring_back(maker_of(request), request.POST.get("token", "")[:200])
    except NotYours:
        messages.error(request, _("This bar can no longer be brought back."))
    else:
        messages.success(request, _("The bar is back."))
    return _to_list()


def _to_list() -> HttpResponse:
    return redirect("configurator:mine")


def _back(request: HttpRequest, creation: Creation) -> HttpResponse:
    """To the page whose form it was."""
    return redirect("configurator:finished", creation.pk) if "finished" in request.POST else _to_list()


# ── The moment it is done ────────────────────────────────────────────────────────────────────────


@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """The button of the studio: what was designed is kept and celebrated, ordered or not."""
    if not _is_calm(request):
        return later(request)
    row = visible_or_404(request, request.POST.get("design", ""))
    maker = recognised(request)
    problems = designs.problems(row.value, designs.family_of(row), locale())
    try:
        creation = keeping.finish(maker.digest, row, problems=problems, at=timezone.now())
    except NotYet as why:
        messages.error(request, str(why))
        return redirect("configurator:studio-design", row.value.family, row.digest)
    answer: HttpResponse = HttpResponseRedirect(reverse("configurator:finished", args=[creation.pk]))
    remember(maker, answer)
    return answer


@require_safe
@never_cache
@kept_by_visitor
def finished(request: HttpRequest, creation: Creation) -> HttpResponse:
    review = designs.review(creation.design.value, designs.family_of(creation.design), locale())
    bar = _kept(creation)
    return render(
        request,
        "configurator/finished.html",
        {
            "bar": bar,
            "review": review,
            "studio": Studio(review),
            "is_own_design": keeping.is_own_design(creation),
            "credit": credit(creation, creation.maker, locale()),
            "kin": kin(creation.design, besides=creation.maker),
            "possible": possible(review.family, locale()),
            **own_pictures(review),
            **_addresses(creation),
        },
    )


def _addresses(creation: Creation) -> dict[str, str]:
    digest = creation.design_id
    return {
        "address": settings.SHOP_URL + reverse("configurator:design", args=[digest]),
        "picture_shared": settings.SHOP_URL + share_url(digest),
    }


@require_POST
@kept_by_visitor
def count_share(_request: HttpRequest, _creation: Creation) -> HttpResponse:
    """Told by the page's script; that it was shared is counted, with whom nobody knows."""
    day_counts.count(DayCount.What.SHARED, timezone.now().date())
    return HttpResponse(status=204)
