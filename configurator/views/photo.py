"""Photos come in by a plain multipart form, and are shown to nobody but those who may see them."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from configurator import limits
from configurator.answers import later
from configurator.catalogue.families import FamilyUnknown, current_family
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.pictures import photos
from configurator.pictures.photos import PhotoRefused, PhotoUnknown
from configurator.studio.changes import changed, design_shown, families_today
from configurator.studio.forms import DesignForm
from configurator.studio.photo_fields import PLACES, middle_of, with_photo

TEN_MINUTES: Final = 600
PHOTOS_IN_TEN_MINUTES: Final = 20
"""Opening a picture costs us a process of its own."""


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """The studio's whole form with a picture: nothing that was typed is lost."""
    if not limits.within("photos", request, most=PHOTOS_IN_TEN_MINUTES, seconds=TEN_MINUTES):
        return later(request, TEN_MINUTES)
    family, place = _family(request), request.POST.get("photo-for", "")
    if place not in PLACES:
        place = PLACES[0]
    design = _typed(request, family)
    try:
        design = _with_upload(request, design, place, family)
    except PhotoRefused as refusal:
        messages.error(request, refusal.words)
    return changed(request, design, family, families_today())


@require_safe
def photo(request: HttpRequest, digest: str) -> HttpResponse:
    """Small. To everybody else there is no such photo."""
    if not photos.may_see(request, digest):
        raise Http404
    try:
        content = photos.thumbnail(digest)
    except PhotoUnknown:
        raise Http404 from None
    headers = {"Cache-Control": "private, max-age=600", "Content-Disposition": "inline"}
    return HttpResponse(content, content_type="image/jpeg", headers=headers)


def _with_upload(request: HttpRequest, design: Design, place: str, family: Family) -> Design:
    chosen = request.FILES.get(f"{place}-upload")
    if chosen is None:
        raise PhotoRefused(_("Choose a picture first: a JPEG, PNG or WebP of up to 12 MB."))
    kept = photos.take_in(chosen, request)
    shape = photos.print_mm(place, design, family)
    return with_photo(design, place, middle_of(kept.digest, kept.width, kept.height, shape))


def _typed(request: HttpRequest, family: Family) -> Design:
    """What the form says; when that cannot be read, why, and the bar as the page showed it."""
    form = DesignForm(request.POST, family=family)
    if form.is_valid():
        return photos.without_strange(form.design, request)
    for errors in form.errors.values():
        messages.error(request, " ".join(map(str, errors)))
    return photos.without_strange(form.as_far_as_read(design_shown(request, family)), request)


def _family(request: HttpRequest) -> Family:
    try:
        return current_family(request.POST.get("family", ""))
    except FamilyUnknown:
        raise Http404 from None
