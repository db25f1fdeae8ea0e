"""The currency of the page, as Django keeps the language of one: per request, for whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from configurator.domain.pricing import CURRENCIES, CURRENCY

COOKIE: Final = "currency"

_active: ContextVar[str] = ContextVar("currency", default=CURRENCY)


def active() -> str:
    return _active.get()


@contextmanager
def override(currency: str) -> Iterator[None]:
    """What is no currency of ours changes nothing."""
    token = _active.set(currency if currency in CURRENCIES else active())
    try:
        yield
    finally:
        _active.reset(token)


class CurrencyByChoice:
    """A page speaks the currency that was chosen in this browser; without a choice the catalogue's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with override(request.COOKIES.get(COOKIE, "")):
            return self._get_response(request)
