"""Pictures by address: kept by browsers for ever, and never a reason to touch a table twice."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from configurator import designs, limits
from configurator.designs import DesignUnknown
from configurator.pictures import photos, previews
from configurator.pictures.picture_addresses import FOR_EVER, Address, Picture, PictureUnknown, asked_for
from configurator.pictures.previews import Preview

FOR_MINUTES: Final = "public, max-age=300"
FOR_NOBODY: Final = "private, no-store"

NEW_PICTURES_A_MINUTE: Final = 300
"""Making a picture costs us something; finding one does not and is never counted."""

NEW_PRINTS_A_MINUTE: Final = 20
"""A picture of print size costs as much as a dozen others, and pages never ask for one."""
_LARGE: Final = {0, 2400}


@require_safe
def preview(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    try:
        picture = asked_for(digest, name)
    except PictureUnknown:
        return _missing(
            _(
                "There is no picture at this address. Pictures of a bar are 300, 600, 1200 or 2400 pixels wide."
            )
        )
    kept = kept_picture(request, picture)
    if kept:
        return kept
    if not _may_be_made(request, picture):
        return _too_many()
    try:
        wanted = picture.accepted_by(request.headers.get("Accept", ""))
        return _picture(previews.made_preview(wanted), _caching(request, picture), picture)
    except DesignUnknown:
        return _missing(_("There is no bar of this design. Perhaps the address was copied only in part."))


@require_safe
def own_preview(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """With the photos that this visitor may see; nobody keeps it but who looks at it."""
    try:
        picture = asked_for(digest, name, is_own=True).accepted_by(request.headers.get("Accept", ""))
        design = photos.without_strange(designs.find(digest).value, request)
    except (PictureUnknown, DesignUnknown):
        return _missing(_("There is no bar of this design. Perhaps the address was copied only in part."))
    if not _may_be_made(request, picture):
        return _too_many()
    return _picture(previews.own_preview(picture, design), FOR_NOBODY)


@require_safe
def module_picture(request: HttpRequest, module: str, width: str) -> HttpResponse:
    kept = kept_module_picture(request, module, width)
    if kept:
        return kept
    try:
        known, family = previews.module_named(module)
        look = previews.module_look(known)
        caching = FOR_EVER if request.GET.get("v") == look else FOR_MINUTES
        made = previews.module_preview(known, family, _whole(width))
        return unchanged(made.etag, caching) if _knows(request, made.etag) else _picture(made, caching)
    except PictureUnknown:
        return _missing(
            _("There is no picture at this address. Pictures of a module are 96, 192 or 384 pixels wide.")
        )


def kept_picture(request: HttpRequest, picture: Picture) -> HttpResponse | None:
    """The answer that needs no table, no session and nobody's language."""
    # Straight from what the server was sent: to sort all headers costs more than to find the picture.
    address = picture.accepted_by(request.META.get("HTTP_ACCEPT", "")).address
    return _kept(request, address, _caching(request, picture), picture)


def kept_module_picture(request: HttpRequest, module: str, width: str) -> HttpResponse | None:
    look = request.GET.get("v", "")
    if not _LOOK.fullmatch(look) or not _KEY.fullmatch(module) or _whole(width) not in previews.MODULE_WIDTHS:
        return None
    return _kept(request, previews.module_address(module, _whole(width), look), FOR_EVER)


_LOOK: Final = re.compile(r"[0-9a-f]{12}")
_KEY: Final = re.compile(r"[a-z0-9_-]{1,60}")


def _kept(
    request: HttpRequest, address: Address, caching: str, picture: Picture | None = None
) -> HttpResponse | None:
    if _knows(request, address.etag):
        return unchanged(address.etag, caching, picture)
    found = previews.found(address)
    return _picture(found, caching, picture) if found else None


def _caching(request: HttpRequest, picture: Picture) -> str:
    """An address without today's renderer shows another picture when sprites are repainted."""
    version = picture.version
    is_current = request.META.get("QUERY_STRING") == f"v={version}" or request.GET.get("v") == version
    return FOR_EVER if is_current else FOR_MINUTES


def _may_be_made(request: HttpRequest, picture: Picture) -> bool:
    if picture.width in _LARGE and picture.kind != "share":
        return limits.within("prints", request, most=NEW_PRINTS_A_MINUTE, seconds=60)
    return limits.within("pictures", request, most=NEW_PICTURES_A_MINUTE, seconds=60)


def _picture(found: Preview, caching: str, asked: Picture | None = None) -> HttpResponse:
    headers = _headers(found.etag, caching, asked)
    headers["Content-Type"] = found.content_type
    # Kept pictures are answered before the middleware that says so of everything else.
    headers["X-Content-Type-Options"] = "nosniff"
    return HttpResponse(found.content, headers=headers)


def unchanged(etag: str, caching: str, asked: Picture | None = None) -> HttpResponse:
    return HttpResponse(status=304, headers=_headers(etag, caching, asked))


def _headers(etag: str, caching: str, asked: Picture | None) -> dict[str, str]:
    headers = {"Cache-Control": caching, "ETag": etag}
    if asked and asked.is_negotiated:
        headers["Vary"] = "Accept"
    return headers


def _knows(request: HttpRequest, etag: str) -> bool:
    known = request.META.get("HTTP_IF_NONE_MATCH", "")
    return bool(known) and etag in {tag.removeprefix("W/") for tag in parse_etags(known)}


def _missing(words: str) -> HttpResponse:
    return _in_words(words, 404)


def _too_many() -> HttpResponse:
    answer = _in_words(_("Those were many new pictures in a short time. Please wait a minute."), 429)
    answer["Retry-After"] = "60"
    return answer


def _in_words(words: str, code: int) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(f"{words}\n", status=code, content_type="text/plain; charset=utf-8", headers=headers)


def _whole(text: str) -> int:
    """The number, or 0, which is no width, for anything else or anything too long to be one."""
    return int(text) if re.fullmatch(r"[1-9][0-9]{1,3}", text) else 0
