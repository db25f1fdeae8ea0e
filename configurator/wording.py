"""How prices and grams are written in the language of the page."""

from typing import Final

from django.utils.translation import get_language

from configurator.domain import recipe
from configurator.domain.family import Cents, Milligrams
from configurator.domain.label.words import written

NBSP: Final = "\u00a0"


def money(cents: Cents) -> str:
    """635 → "€6.35", in German "6,35 €"."""
    return _in_euros(_amount(abs(cents)), "−" if cents < 0 else "")


def extra(cents: Cents) -> str:
    """A price difference: 45 → "+€0.45"."""
    return _in_euros(_amount(abs(cents)), "−" if cents < 0 else "+")


def grams(mg: Milligrams) -> str:
    return f"{written(recipe.grams(mg), locale())}{NBSP}g"


def locale() -> str:
    return (get_language() or "en")[:2]


def _amount(cents: Cents) -> str:
    euros, rest = divmod(cents, 100)
    return written(f"{euros}.{rest:02}", locale())


def _in_euros(amount: str, sign: str) -> str:
    return f"{sign}{amount}{NBSP}€" if locale() == "de" else f"{sign}€{amount}"
