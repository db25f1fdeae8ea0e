"""Which language an answer speaks.

A page says it in its address: English at /bars/, German at /de/bars/. What has one address for all
(the API, the office, the floor) goes by the visitor's choice, then by what the browser asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, reverse
from django.urls.resolvers import RoutePattern
from django.utils import translation
from django.utils.cache import patch_vary_headers

# Each is spoken in its own language, so its name must be.
NAMES: Final = {"en": "English", "de": "Deutsch"}
LOCALES: Final = {"en": "en_GB", "de": "de_DE"}
HOME: Final = "/"
DOORS: Final = re.compile(r"/(d/[0-9a-f]{64}/|c/[^/]{11,40}/)?")
"""Where visitors arrive who were told an address and not a language: the start, and a bar by its pack."""

TELLING: Final = ("page", "tag")
"""Parts of a query that make another page of it for a search engine; all others are the reader's own."""

# To a search engine there is one studio for each kind of bar, whatever lies on it.
STUDIO, STUDIO_DESIGN = "configurator:studio", "configurator:studio-design"
YEAR: Final = 365 * 86_400


def in_each_language(pages: Sequence[URLPattern | URLResolver]) -> URLResolver:
    return URLResolver(LanguagePrefix(), list(pages))


class LanguagePrefix(RoutePattern):
    """Nothing in the shop's first language, "de/" in German.

    Django's own allows only the language that is spoken at the moment, and only at the root; this one
    reads any, so that an address means the same whoever asks, and writes the one that is spoken.
    """

    ROUTE: Final = "[language/]"

    def __init__(self) -> None:
        super().__init__("")

    @property
    def regex(self) -> re.Pattern[str]:  # type: ignore[override]  # Django reads it through a descriptor
        return re.compile(re.escape(prefix(translation.get_language() or "")[1:]))

    def match(self, path: str) -> tuple[str, tuple[Any, ...], dict[str, int | str]]:
        return path.removeprefix(prefix(spoken_at(f"/{path}"))[1:]), (), {}

    def __str__(self) -> str:
        return self.ROUTE


def prefix(language: str) -> str:
    """What stands before a page's address: "/" in the shop's first language, "/de/" in German."""
    return HOME if language == settings.LANGUAGE_CODE or language not in NAMES else f"/{language}/"


def spoken_at(path: str) -> str:
    """The language of a page's address."""
    first = path[1:].partition("/")[0]
    return first if first in NAMES else settings.LANGUAGE_CODE


def in_language(path: str, language: str) -> str:
    """The same page in another language."""
    return prefix(language) + path.removeprefix(prefix(spoken_at(path)))


class LanguageByAddress:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        preferred = translation.get_language_from_request(request)
        if preferred != settings.LANGUAGE_CODE and _is_first_visit(request):
            return _led_on_in(preferred, request)
        # Whether this is a page is known once its view is; a page that is not there speaks too.
        _speak(request, _of_prefix(request.path_info) or preferred)
        answer = self._get_response(request)
        if not is_page(request):
            patch_vary_headers(answer, ("Accept-Language",))
        elif DOORS.fullmatch(request.path_info):
            patch_vary_headers(answer, ("Accept-Language", "Cookie"))
        answer.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        if _has_chosen(request):
            _remember(answer, spoken_at(request.path_info))
        return answer

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if is_page(request):
            _speak(request, spoken_at(request.path_info))


def is_page(request: HttpRequest) -> bool:
    """Whether this address exists in each language."""
    match = request.resolver_match
    return match is not None and match.route.startswith(LanguagePrefix.ROUTE)


def _speak(request: HttpRequest, language: str) -> None:
    translation.activate(language)
    request.LANGUAGE_CODE = language


def _of_prefix(path: str) -> str | None:
    spoken = spoken_at(path)
    return spoken if prefix(spoken) != HOME else None


def _is_first_visit(request: HttpRequest) -> bool:
    """To the front door or to the bar whose code was scanned, from outside, with no choice made yet."""
    return (
        DOORS.fullmatch(request.path_info) is not None
        and request.method in {"GET", "HEAD"}
        and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES
        and request.headers.get("Sec-Fetch-Site") != "same-origin"
        and _came_from(request) is None
    )


def _led_on_in(language: str, request: HttpRequest) -> HttpResponseBase:
    answer = HttpResponseRedirect(in_language(request.get_full_path(), language))
    patch_vary_headers(answer, ("Accept-Language", "Cookie"))
    return answer


def _has_chosen(request: HttpRequest) -> bool:
    """Whoever comes here from one of our pages in another language has changed the language."""
    before = _came_from(request)
    return before is not None and is_page(request) and spoken_at(before) != spoken_at(request.path_info)


def _came_from(request: HttpRequest) -> str | None:
    """The page of ours that led here."""
    try:
        referrer = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return None
    return referrer.path if referrer.netloc and referrer.netloc == request.get_host() else None


def _remember(answer: HttpResponseBase, language: str) -> None:
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


@dataclass(frozen=True, slots=True)
class Version:
    """The page in one of the languages."""

    code: str
    name: str
    locale: str
    prefix: str
    address: str


def languages(request: HttpRequest) -> dict[str, object]:
    """For the switch in the masthead and for search engines: the same page in each language."""
    here = _here(request)
    return {
        "languages": tuple(
            Version(code, name, LOCALES[code], prefix(code)[:-1], in_language(here, code))
            for code, name in NAMES.items()
        ),
        # Without its language, which the template puts before it.
        "page_address": _address(request),
    }


def _here(request: HttpRequest) -> str:
    """What answered a form may have no address that one could go to: then it is the page with the form."""
    if not is_page(request):
        return HOME
    return request.get_full_path() if request.method in {"GET", "HEAD"} else _came_from(request) or HOME


def _address(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None or not is_page(request):
        return ""
    if match.view_name == STUDIO_DESIGN:
        with translation.override(settings.LANGUAGE_CODE):
            return reverse(STUDIO, args=[match.kwargs["family"]])
    telling = urlencode([(name, request.GET[name]) for name in TELLING if request.GET.get(name)])
    path = in_language(request.path, settings.LANGUAGE_CODE)
    return f"{path}?{telling}" if telling else path
