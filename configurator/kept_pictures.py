"""Answers for pictures that are kept, before anything else has been done for the request.

No session, no CSRF token, no language and no table: a hit costs about as much as an empty view.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from configurator.pictures.picture_addresses import PictureUnknown, asked_for
from configurator.views.preview import kept_module_picture, kept_picture

_PICTURE: Final = re.compile(r"/p/(?P<digest>[0-9a-f]{64})/(?P<name>[a-z0-9.-]{3,20})")
_MODULE: Final = re.compile(r"/m/(?P<module>[a-z0-9_-]{1,60})/(?P<width>[0-9]{2,3})\.webp")


class KeptPictures:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(("/p/", "/m/")) or request.method not in {"GET", "HEAD"}:
            return self._get_response(request)
        return _kept(request, path) or _speechless(self._get_response(request))


def _kept(request: HttpRequest, path: str) -> HttpResponse | None:
    module = _MODULE.fullmatch(path)
    if module:
        return kept_module_picture(request, module["module"], module["width"])
    named = _PICTURE.fullmatch(path)
    try:
        return kept_picture(request, asked_for(named["digest"], named["name"])) if named else None
    except PictureUnknown:
        return None


def _speechless(answer: HttpResponseBase) -> HttpResponseBase:
    """A picture that was just made went past the languages, but has none: caches may share it."""
    if answer.get("Content-Type", "").startswith("image/"):
        del answer["Content-Language"]
        varies = [name.strip() for name in answer.get("Vary", "").split(",")]
        kept = ", ".join(name for name in varies if name and name != "Accept-Language")
        del answer["Vary"]
        if kept:
            answer["Vary"] = kept
    return answer
