"""The parts of the checkout's page that wait for somebody to type."""

from __future__ import annotations

from collections.abc import Hashable

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.tag
def untyped(parser: Parser, token: Token) -> Untyped:
    """Between it and {% enduntyped %} stands what goes by ``forms`` alone."""
    inside = parser.parse(("enduntyped",))
    parser.delete_first_token()
    return Untyped(inside)


class Untyped(Node):
    """While nobody has typed anything, forms look the same to everybody: they are rendered once in a language."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self._latest: dict[str | None, tuple[Hashable, SafeString]] = {}

    def render(self, context: Context) -> SafeString:
        look, language = context["forms"].untyped_look, get_language()
        if look is None:
            return self.nodelist.render(context)
        known = self._latest.get(language)
        if known is None or known[0] != look:
            known = self._latest[language] = look, self.nodelist.render(context)
        return known[1]
