"""How prices, grams and labels are written on a page."""

from typing import Final

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from configurator.domain import recipe
from configurator.domain.family import Cents, Milligrams
from configurator.domain.label.words import written

register = template.Library()

NBSP: Final = "\u00a0"


@register.filter
def money(cents: Cents) -> str:
    """635 → "€6.35", in German "6,35 €"."""
    return _in_euros(_amount(abs(cents)), "−" if cents < 0 else "")


@register.filter
def extra(cents: Cents) -> str:
    """A price difference: 45 → "+€0.45"."""
    return _in_euros(_amount(abs(cents)), "−" if cents < 0 else "+")


@register.filter
def grams(mg: Milligrams) -> str:
    return f"{written(recipe.grams(mg), _locale())}{NBSP}g"


@register.filter
def emphasised(text: str) -> SafeString:
    """A label's ``**word**`` as bold type, whatever else it holds as plain text."""
    return format_html_join(
        "",
        "{}",
        ((_bold(part) if place % 2 else conditional_escape(part),) for place, part in enumerate(text.split("**"))),
    )


def _bold(word: str) -> SafeString:
    return format_html("<strong>{}</strong>", word)


def _amount(cents: Cents) -> str:
    euros, rest = divmod(cents, 100)
    return written(f"{euros}.{rest:02}", _locale())


def _in_euros(amount: str, sign: str) -> str:
    return f"{sign}{amount}{NBSP}€" if _locale() == "de" else f"{sign}€{amount}"


def _locale() -> str:
    return (get_language() or "en")[:2]
