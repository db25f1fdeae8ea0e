"""Questions to the database that many pages ask: Django writes each as SQL once, for that takes longer than the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from django.db.models import Model, QuerySet

KEY: Final = "\N{WHITE SQUARE}"
"""Stands for what is asked about while the question is written."""

Row = TypeVar("Row", bound=Model)


class WrittenOnce(Generic[Row]):
    def __init__(self, question: Callable[[str], QuerySet[Row, Any]]) -> None:
        self._question = question
        self._written: tuple[QuerySet[Row, Any], str, tuple[object, ...]] | None = None

    def __call__(self, key: str) -> list[Row]:
        """The rows, with what the question annotates; a yes or no may come as 1 or 0."""
        if self._written is None:
            asked = self._question(KEY)
            self._written = (asked, *asked.query.sql_with_params())
        asked, sql, values = self._written
        return list(asked.raw(sql, [key if value == KEY else value for value in values]))
