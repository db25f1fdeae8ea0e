"""Parts of a page that a few values decide, and not who looks at it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from configurator.currency import active

register = template.Library()

MOST: Final = 1000
"""Looks of one part that are kept; then it begins anew."""


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """{% once line=line name=shop.name %} … {% endonce %}: what stands in it knows these values and nothing else."""
    given = token_kwargs(token.split_contents()[1:], parser)
    inside = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(given, inside)


class Once(Node):
    """Rendered once in a process for the same values, language and currency.

    A value is told from others by itself or, where it knows more than a page shows, by its ``decisive``.
    """

    def __init__(self, given: Mapping[str, FilterExpression], nodelist: NodeList) -> None:
        self._given, self.nodelist = given, nodelist
        self._kept: dict[Hashable, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        given = {name: value.resolve(context) for name, value in self._given.items()}
        look = get_language(), active(), *map(_decisive, given.values())
        kept = self._kept.get(look)
        if kept is None:
            if len(self._kept) >= MOST:
                self._kept.clear()
            kept = self._kept[look] = self.nodelist.render(context.new(given))
        return kept


def _decisive(value: Any) -> Hashable:
    decisive: Hashable = getattr(value, "decisive", value)
    if type(decisive).__hash__ is object.__hash__:
        raise TypeError(f"Nothing tells {value!r} from others that look the same.")
    return decisive
