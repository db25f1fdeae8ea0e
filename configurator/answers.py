"""Answers that many pages give alike: the bar of an address or none, another page, and "later"."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from configurator import designs
from configurator.designs import DesignUnknown
from configurator.makers import keeping
from configurator.models import Design

MINUTE = 60


def visible_or_404(request: HttpRequest, digest: str) -> Design:
    """Whether there is no such bar or a private one is not told."""
    try:
        row = designs.find(digest)
    except DesignUnknown:
        raise Http404 from None
    if not keeping.may_see(request, digest):
        raise Http404
    return row


def later(request: HttpRequest, seconds: int = MINUTE) -> HttpResponse:
    """To whoever asks more often than people do."""
    answer = render(request, "429.html", status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def to_page(request: HttpRequest, address: str) -> HttpResponse:
    """To another page, from a plain post as from a live one."""
    return HttpResponse(headers={"HX-Redirect": address}) if is_live(request) else redirect(address)


def is_live(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
