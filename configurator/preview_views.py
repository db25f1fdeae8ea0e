"""Pictures by address: kept by browsers for ever, and never a reason to touch a table twice."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from configurator import limits, previews
from configurator.designs import DesignUnknown
from configurator.previews import PictureUnknown, Preview

FOR_EVER: Final = "public, max-age=31536000, immutable"
FOR_MINUTES: Final = "public, max-age=300"

NEW_PICTURES_A_MINUTE: Final = 300
"""Making a picture costs us something; finding one does not and is never counted."""

NEW_PRINTS_A_MINUTE: Final = 20
"""A picture of print size costs as much as a dozen others, and pages never ask for one."""
PRINT_WIDTH: Final = 2400


@require_safe
def preview(request: HttpRequest, digest: str, width: str, suffix: str) -> HttpResponse:
    try:
        address = previews.preview_address(digest, _whole(width), suffix)
    except PictureUnknown:
        return _missing(
            _(
                "There is no picture at this address. Pictures of a bar are 300, 600, 1200 or 2400 pixels wide."
            )
        )
    if _knows(request, address.etag):
        return _unchanged(address.etag)
    kept = previews.found(address)
    if kept:
        return _picture(kept, FOR_EVER)
    if not _may_be_made(request, _whole(width)):
        return _too_many()
    try:
        return _picture(previews.made_preview(address, digest, _whole(width)), FOR_EVER)
    except DesignUnknown:
        return _missing(_("There is no bar of this design. Perhaps the address was copied only in part."))


@require_safe
def module_picture(request: HttpRequest, module: str, width: str) -> HttpResponse:
    try:
        known, family = previews.module_named(module)
        look = previews.module_look(known)
        caching = FOR_EVER if request.GET.get("v") == look else FOR_MINUTES
        return _picture_or_304(request, previews.module_preview(known, family, _whole(width)), caching)
    except PictureUnknown:
        return _missing(
            _("There is no picture at this address. Pictures of a module are 96 or 192 pixels wide.")
        )


def _may_be_made(request: HttpRequest, width: int) -> bool:
    if width == PRINT_WIDTH:
        return limits.within("prints", request, most=NEW_PRINTS_A_MINUTE, seconds=60)
    return limits.within("pictures", request, most=NEW_PICTURES_A_MINUTE, seconds=60)


def _picture_or_304(request: HttpRequest, found: Preview, caching: str) -> HttpResponse:
    return _unchanged(found.etag) if _knows(request, found.etag) else _picture(found, caching)


def _picture(found: Preview, caching: str) -> HttpResponse:
    headers = {"Cache-Control": caching, "ETag": found.etag}
    return HttpResponse(found.content, content_type=found.content_type, headers=headers)


def _unchanged(etag: str) -> HttpResponse:
    return HttpResponse(status=304, headers={"Cache-Control": FOR_EVER, "ETag": etag})


def _knows(request: HttpRequest, etag: str) -> bool:
    return etag in {
        known.removeprefix("W/") for known in parse_etags(request.headers.get("If-None-Match", ""))
    }


def _missing(words: str) -> HttpResponse:
    return _in_words(words, 404)


def _too_many() -> HttpResponse:
    answer = _in_words(_("That were many new pictures in a short time. Please wait a minute."), 429)
    answer["Retry-After"] = "60"
    return answer


def _in_words(words: str, code: int) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(f"{words}\n", status=code, content_type="text/plain; charset=utf-8", headers=headers)


def _whole(text: str) -> int:
    """The number, or 0, which is no width, for anything else or anything too long to be one."""
    return int(text) if re.fullmatch(r"[1-9][0-9]{1,3}", text) else 0
