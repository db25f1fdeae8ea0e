"""Which fills of a temperer went into which: what stays in it goes into the next fill, until it is emptied and cleaned.

One question, however long the chain is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connection

UP: Final = """
    WITH RECURSIVE mixed(id, before) AS (
        SELECT id, carry_over_from_id FROM orders_temperfill WHERE id IN ({marks})
        UNION
        SELECT fill.id, fill.carry_over_from_id
        FROM orders_temperfill fill JOIN mixed ON fill.id = mixed.before
    ) SELECT id FROM mixed
"""
DOWN: Final = """
    WITH RECURSIVE mixed(id) AS (
        SELECT id FROM orders_temperfill WHERE id IN ({marks})
        UNION
        SELECT fill.id FROM orders_temperfill fill JOIN mixed ON fill.carry_over_from_id = mixed.id
    ) SELECT id FROM mixed
"""


def ancestors(fills: Iterable[int]) -> list[int]:
    """These, and all whose chocolate may be in them."""
    return _walked(UP, list(fills))


def descendants(fills: Iterable[int]) -> list[int]:
    """These, and all that their chocolate may be in."""
    return _walked(DOWN, list(fills))


def _walked(way: str, fills: list[int]) -> list[int]:
    if not fills:
        return []
    with connection.cursor() as cursor:
        cursor.execute(way.format(marks=", ".join(["%s"] * len(fills))), fills)
        return [row[0] for row in cursor.fetchall()]
