"""What caches between us and a visitor may keep: nothing, unless a view says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

FOR_WHO_ASKED: Final = "private, no-cache"
"""The visitor's own browser may keep it, to go back to, and asks again before it shows it anew."""


class PrivateUnlessSaid:
    """Pages differ by who asks: a private bar, a cart, a language. Forgetting to say so must leak nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self._get_response(request)
        answer.headers.setdefault("Cache-Control", FOR_WHO_ASKED)
        return answer
