"""Why a module cannot be had now, and what helps: a panel of the studio, or a page of its own."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from configurator import limits
from configurator.answers import is_live, later, visible_or_404
from configurator.domain.edits import EditsMistaken, applied
from configurator.domain.family import Family
from configurator.makers import creations
from configurator.makers.makers import maker_of
from configurator.pictures import photos
from configurator.studio.changes import (
    changed,
    families_today,
    in_todays_catalogue,
    is_hurried,
    studio_address,
    why_address,
)
from configurator.studio.obstructions import obstruction
from configurator.wording import locale

ANSWERS_A_MINUTE: Final = 120
"""What helps is searched for and tried, which costs more than any other page."""


@require_http_methods(["GET", "HEAD", "POST"])
def why(request: HttpRequest, family: str, digest: str, slot: str, module: str) -> HttpResponse:
    """A GET tells; a POST does what one of the repairs says, as any other change of the bar."""
    row, families = visible_or_404(request, digest), families_today()
    current = families.get(family)
    if current is None or row.value.family != family or not _is_seated(module, slot, current):
        raise Http404
    design, _news = in_todays_catalogue(row, current)
    if request.method != "POST":
        if not limits.within("obstructions", request, most=ANSWERS_A_MINUTE, seconds=60):
            return later(request)
        page = {
            "why": obstruction(design, current, module, slot, locale()),
            "trail": creations.opened(maker_of(request), digest),
            "shown": design.digest,
            "back": studio_address(design, {"step": slot}),
        }
        answer = render(request, f"configurator/{'_why' if is_live(request) else 'why'}.html", page)
        # The panel and the page have one address: going back must not bring one for the other.
        patch_vary_headers(answer, ("HX-Request",))
        return answer
    if is_hurried(request):
        return later(request)
    try:
        repaired = applied(design, request.POST.get("repair", ""), current)
    except EditsMistaken:
        messages.error(request, _("This could not be read. Choose once more."))
        return redirect(why_address(design, slot, module))
    return changed(request, photos.without_strange(repaired, request), current, families)


def _is_seated(module: str, slot: str, family: Family) -> bool:
    return any(seat.key == module for seat in family.seats.get(slot, ()))
