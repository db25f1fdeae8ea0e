"""Amounts as the office reads them."""

from __future__ import annotations

from django.utils.translation import get_language

from configurator.domain.label.words import written


def money(cents: int, currency: str) -> str:
    """With the currency's code, so that nobody takes dollars for francs."""
    sign, cents = "−" if cents < 0 else "", abs(cents)
    amount = written(f"{cents // 100}.{cents % 100:02}", (get_language() or "en")[:2])
    return f"{sign}{amount} {currency}"
