"""The head of every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@dataclass(frozen=True)
class _Masthead:
    """All that it shows, and what decides which of its links is the page itself."""

    language: str | None
    path: str
    view_name: str
    cart_count: int
    other_languages: tuple[tuple[tuple[str, str], ...], ...]
    name: str
    logo: str


@register.simple_tag(takes_context=True)
def masthead(context: Mapping[str, Any]) -> SafeString:
    """The same for everybody who is at an address with so many bars in the cart: each is rendered once in a process."""
    request: HttpRequest = context["request"]
    match, shop = request.resolver_match, context["shop"]
    return _masthead(
        _Masthead(
            language=get_language(),
            path=request.path,
            view_name=match.view_name if match else "",
            cart_count=context["cart_count"],
            other_languages=tuple(tuple(other.items()) for other in context["languages"]),
            name=shop["name"],
            logo=shop["logo"],
        )
    )


@lru_cache(maxsize=1024)
def _masthead(of: _Masthead) -> SafeString:
    return render_to_string(
        "shop/_masthead.html",
        {
            "path": of.path,
            "view_name": of.view_name,
            "cart_count": of.cart_count,
            "languages": [dict(other) for other in of.other_languages],
            "shop": {"name": of.name, "logo": of.logo},
        },
    )
