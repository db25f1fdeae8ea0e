"""How long the law wants tax records kept (docs/privacy.md): plain years, counted from the end of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

PAPERS: Final = 8
"""Invoices and what else proves an entry: § 14b (1) UStG, § 147 (3) AO, since 2025."""
BOOKS: Final = 10
"""The books themselves (§ 147 (3) AO), and what is taxed in other member states (Art. 369k of 2006/112/EC)."""


def last_day(year: int, *, abroad: bool = False) -> date:
    return date(year + (BOOKS if abroad else PAPERS), 12, 31)


def first_year_kept(at: datetime) -> int:
    """Of papers: the triggers that guard invoices let go of older ones (migration `forgetting`), by the clock of UTC."""
    return at.astimezone(UTC).year - PAPERS


def first_year_of_books(at: datetime) -> int:
    return at.astimezone(UTC).year - BOOKS
