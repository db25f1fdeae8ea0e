"""Surprise me: in the studio, under what is locked, or as a way to begin."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from configurator import designs, limits
from configurator.answers import later
from configurator.catalogue.families import FamilyUnknown
from configurator.catalogue.sold_out import offered_families, offered_family
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.surprise import NoSurprise
from configurator.studio.forms import DesignForm
from configurator.studio.surprises import Asked, any_seed, begun, in_browser, picked, pool, surprised
from configurator.wording import locale

SURPRISES_A_MINUTE: Final = 60


@require_POST
def surprise_pool(request: HttpRequest, family: str) -> HttpResponse:
    """The same bars for everybody who asks alike; what somebody avoids is known to the browser alone."""
    chosen = _family_or_404(family)
    if not _is_calm(request):
        return JsonResponse({"bars": [], "reason": str(_too_often())}, status=429)
    design = _present(request, chosen)
    try:
        bars = pool(design, Asked.read(request.POST), chosen, any_seed())
    except NoSurprise as none:
        return JsonResponse({"bars": [], "reason": none.words.to(locale())})
    return JsonResponse({"bars": in_browser(design, bars, chosen), "reason": ""})


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """A new bar that nobody thought of, opened in the studio; its address alone only opens the studio."""
    if request.method != "POST":
        return redirect("configurator:studio", _first_family_or_404().key)
    family = _family_or_404(request.POST.get("size", ""))
    if not _is_calm(request):
        return later(request)
    try:
        design = picked(request, begun(family), family) or surprised(begun(family), Asked(), family)
    except NoSurprise as none:
        messages.warning(request, none.words.to(locale()))
        return redirect("configurator:studio", family.key)
    return redirect("configurator:studio-design", family.key, designs.save(design).digest)


def _first_family_or_404() -> Family:
    if families := offered_families():
        return families[0]
    raise Http404


def _present(request: HttpRequest, family: Family) -> Design:
    """The bar in the studio's form; elsewhere nothing is there yet."""
    if "shown" not in request.POST:
        return begun(family)
    form = DesignForm(request.POST, family=family)
    if not form.is_valid():
        raise Http404
    return form.design


def _family_or_404(key: str) -> Family:
    try:
        return offered_family(key)
    except FamilyUnknown:
        raise Http404 from None


def _is_calm(request: HttpRequest) -> bool:
    return limits.within("surprises", request, most=SURPRISES_A_MINUTE, seconds=60)


def _too_often() -> str:
    return _("That was very quick. Wait a minute, then go on where you are.")
