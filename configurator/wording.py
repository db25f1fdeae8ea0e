"""How prices and grams are written in the language of the page."""

from typing import Final

from django.utils.translation import get_language

from configurator.currency import active
from configurator.domain import recipe
from configurator.domain.family import Cents, Milligrams
from configurator.domain.label.words import written

NBSP: Final = "\u00a0"
SYMBOLS: Final = {"EUR": "€", "USD": "$", "GBP": "£"}
"""Others are written by their three letters."""


def money(cents: Cents, currency: str = "") -> str:
    """635 → "€6.35", in German "6,35 €". Without a currency in that of the page."""
    return _in(currency or active(), _amount(abs(cents)), "−" if cents < 0 else "")


def extra(cents: Cents, currency: str = "") -> str:
    """A price difference: 45 → "+€0.45"."""
    return _in(currency or active(), _amount(abs(cents)), "−" if cents < 0 else "+")


def grams(mg: Milligrams) -> str:
    return f"{written(recipe.grams(mg), locale())}{NBSP}g"


def locale() -> str:
    return (get_language() or "en")[:2]


def _amount(cents: Cents) -> str:
    whole, rest = divmod(cents, 100)
    return written(f"{whole}.{rest:02}", locale())


def _in(currency: str, amount: str, sign: str) -> str:
    symbol = SYMBOLS.get(currency, currency)
    if locale() == "de":
        return f"{sign}{amount}{NBSP}{symbol}"
    # A name of three letters stands apart, a symbol does not: "CHF 6.35", "€6.35".
    return f"{sign}{symbol}{NBSP if symbol.isalpha() else ''}{amount}"
