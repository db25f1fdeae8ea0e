"""Templates whose fixed parts are written once: most of a page is words to translate and addresses without arguments,
which Django looks up anew for each visitor, though the language alone decides them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import chain, groupby
from typing import Any, Final

from django.template import Context, Origin, Template
from django.template.base import FilterExpression, Node, NodeList, TextNode, TokenType, Variable
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

SILENT: Final = (TextNode, CommentNode, LoadNode)
"""What is the same in every language."""


class FixedParts(cached.Loader):
    """Django's loader that keeps templates, which joins the fixed parts of each."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        is_kept = self.cache_key(template_name, skip) in self.get_template_cache
        template = super().get_template(template_name, skip)
        if not is_kept:
            _join(template.nodelist)
        return template


class Fixed(Node):
    """Neighbours in a template that say the same to everybody who reads a language."""

    child_nodelists = ()

    def __init__(self, parts: Iterable[Node]) -> None:
        self._parts = NodeList(parts)
        self._holds_addresses = any(isinstance(part, URLNode) for part in self._parts)
        self._written: dict[Hashable, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        mounted_at = get_script_prefix() if self._holds_addresses else ""
        reader = get_language(), context.autoescape, mounted_at
        written = self._written.get(reader)
        if written is None:
            written = self._written[reader] = self._parts.render(context)
        return written

    # Nothing in here fails: each part says by itself where it stands, should it.
    render_annotated = render


def _join(nodes: NodeList) -> None:
    """In place, for a tag that a template knows by its name must stay the same."""
    for node in nodes:
        for inner in _inside(node):
            _join(inner)
    runs = (list(run) if not fixed else _joined(list(run)) for fixed, run in groupby(nodes, _is_fixed))
    nodes[:] = chain.from_iterable(runs)


def _inside(node: Node) -> Iterator[NodeList]:
    yield from (value for value in vars(node).values() if isinstance(value, NodeList))
    if isinstance(node, IfNode):
        yield from (nodes for _condition, nodes in node.conditions_nodelists)


def _joined(run: list[Node]) -> list[Node]:
    # Plain text alone is as quick by itself, and the only thing that may stand before {% extends %}.
    return run if all(isinstance(node, SILENT) for node in run) else [Fixed(run)]


def _is_fixed(node: Node) -> bool:
    match node:
        case _ if isinstance(node, SILENT):
            return True
        case TranslateNode():
            return not node.asvar and not node.message_context and _is_literal(node.filter_expression)
        case BlockTranslateNode():
            return not (node.asvar or node.message_context or node.extra_context or node.countervar) and all(
                token.token_type == TokenType.TEXT for token in node.singular
            )
        case URLNode():
            return not node.asvar and all(
                map(_is_literal, (node.view_name, *node.args, *node.kwargs.values()))
            )
        case StaticNode():
            return not node.varname and _is_literal(node.path)
        case _:
            return False


def _is_literal(expression: FilterExpression) -> bool:
    if expression.filters:
        return False
    of: Any = expression.var
    return of.lookups is None if isinstance(of, Variable) else True
