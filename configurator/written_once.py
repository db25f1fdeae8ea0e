"""Questions to the database that many pages ask: Django writes each as SQL once, for that takes longer than the answer."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")

SIGN: Final = "\N{WHITE SQUARE}"
NUMBER: Final = 31_013
"""Fits into the smallest column; one that did not would be left out of the question."""
DAY: Final = date(2917, 1, 1)
MOMENT: Final = datetime(2917, 1, 1, tzinfo=UTC)


class WrittenOnce(Generic[Row]):
    """A question by what it is about: words, numbers, days and moments, never None, which Django writes otherwise.

    One about several of a kind takes them one by one: it is written anew only for another number of them.
    """

    def __init__(self, question: Callable[..., QuerySet[Any, Row]]) -> None:
        self._question = question
        self._written: dict[int, _Written] = {}

    def __call__(self, *about: object) -> list[Row]:
        if not about:
            return []  # one of none, as Django itself would answer
        if len(about) not in self._written:
            self._written[len(about)] = self._write(about)
        return self._written[len(about)].asked(about)

    def _write(self, about: tuple[object, ...]) -> _Written:
        stand_ins = [_stand_in(one, place) for place, one in enumerate(about)]
        rows = self._question(*stand_ins)
        compiler = rows.query.get_compiler(rows.db)
        sql, values = compiler.as_sql()
        kept = [_kept(one, compiler) for one in stand_ins]
        places = [kept.index(value) if value in kept else None for value in values]
        if missing := set(range(len(about))) - set(places):
            raise TypeError(
                f"The question does not hold what it is about: {[about[place] for place in missing]}."
            )
        return _Written(rows, compiler, sql, values, places)


@dataclass(frozen=True)
class _Written:
    rows: QuerySet[Any, Any]
    compiler: SQLCompiler
    sql: str
    values: tuple[object, ...]
    places: list[int | None]
    """Of each value: what it stands for."""

    def asked(self, about: tuple[object, ...]) -> list[Any]:
        given = [_kept(one, self.compiler) for one in about]
        values = tuple(
            value if place is None else given[place]
            for value, place in zip(self.values, self.places, strict=True)
        )
        # Django makes the rows as ever; only the writing, which a compiler keeps its columns from, is done.
        written: Any = copy(self.compiler)
        written.connection = connections[self.rows.db]  # of this thread
        written.as_sql = lambda *_of, **_more: (self.sql, values)
        rows: Any = self.rows.all()
        rows.query.get_compiler = lambda *_of, **_more: written
        return list(rows)


def _stand_in(one: object, place: int) -> object:
    """Of the same kind, and like nothing that a question itself holds."""
    match one:
        case str():
            return SIGN * (place + 1)
        case datetime():
            return MOMENT + timedelta(days=place)
        case date():
            return DAY + timedelta(days=place)
        case int():
            return NUMBER - place
        case _:
            raise TypeError(f"No question is written for {one!r}.")


def _kept(one: object, compiler: SQLCompiler) -> object:
    """As this database is given it."""
    match one:
        case datetime():
            return compiler.connection.ops.adapt_datetimefield_value(one)
        case date():
            return compiler.connection.ops.adapt_datefield_value(one)
        case _:
            return one
