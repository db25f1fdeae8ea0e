"""What the studio's canvas asks for: the drawing of a form, and the sheets and bodies it is drawn from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from configurator import limits
from configurator.catalogue.families import FamilyUnknown
from configurator.catalogue.sold_out import offered_family
from configurator.domain.family import Family
from configurator.pictures import live, photos
from configurator.pictures.live import SheetUnknown
from configurator.pictures.picture_addresses import FOR_EVER
from configurator.pictures.previews import module_look
from configurator.rendering.paintings import renderer_version
from configurator.studio.forms import DesignForm
from configurator.wording import locale

DRAWINGS_A_MINUTE: Final = 900
"""A pointer that travels over the cards asks for the drawing of each on which it rests."""

SHEETS_A_MINUTE: Final = 900


@gzip_page
@require_POST
def drawing(request: HttpRequest, family: str) -> HttpResponse:
    """The form as it stands or is about to stand; nothing is kept, and nothing told but how it is drawn."""
    chosen = _family_or_404(family)
    if not limits.within("drawings", request, most=DRAWINGS_A_MINUTE, seconds=60):
        return _later(_("Those were many drawings in a short time. Please wait a minute."))
    form = DesignForm(request.POST, family=chosen)
    width = _width(request.POST.get("width", ""))
    if not width:
        words = _("A drawing is 600 or 1200 pixels wide.")
        return JsonResponse({"refused": {"width": [{"message": words}]}}, status=422)
    if not form.is_valid():
        return JsonResponse({"refused": form.errors.get_json_data()}, status=422)
    design = form.design
    photo = photos.on_print(photos.without_strange(design, request))
    answer = JsonResponse(live.drawing(design, chosen, width, locale(), photo).as_json)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def sheets(request: HttpRequest, look: str, family: str, width: int, module: str, keys: str) -> HttpResponse:
    chosen = _family_or_404(family)
    known = chosen.modules.get(module)
    if known is None or module_look(known) != look:
        raise Http404
    return _made(request, lambda: live.sheet(chosen, known, width, keys.split("_")))


@require_safe
def body(request: HttpRequest, look: str, family: str, width: int, face: str, base: str) -> HttpResponse:
    chosen = _family_or_404(family)
    known = chosen.modules.get(base)
    if look != (module_look(known) if known else renderer_version()):
        raise Http404
    return _made(request, lambda: live.body(chosen, face, base, width))


def _made(request: HttpRequest, make: Callable[[], bytes]) -> HttpResponse:
    """What an address names never changes: another look has another address, and an old one is gone."""
    if not limits.within("sheets", request, most=SHEETS_A_MINUTE, seconds=60):
        return _later(_("Those were many pictures in a short time. Please wait a minute."))
    try:
        return HttpResponse(make(), content_type="image/webp", headers={"Cache-Control": FOR_EVER})
    except SheetUnknown:
        raise Http404 from None


def _later(words: str) -> HttpResponse:
    headers = {"Retry-After": "60", "Cache-Control": "no-store"}
    return HttpResponse(f"{words}\n", status=429, content_type="text/plain; charset=utf-8", headers=headers)


def _width(typed: str) -> int:
    """One of ours, or 0."""
    return next((width for width in live.WIDTHS if str(width) == typed), 0)


def _family_or_404(key: str) -> Family:
    try:
        return offered_family(key)
    except FamilyUnknown:
        raise Http404 from None
