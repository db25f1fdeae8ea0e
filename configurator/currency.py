"""The currency of the page, as Django keeps the language of one: per request, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

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
