"""Questions to the database that many pages ask: Django writes each as SQL once, for that takes longer than the answer."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, TypeVar, cast

from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

from configurator.stand_ins import Statement, stand_ins, written

Row = TypeVar("Row")

KEPT: Final = ("_iterable_class", "_fields", "_prefetch_related_lookups")
"""What a QuerySet knows of its rows beside the query."""


class WrittenOnce(Generic[Row]):
    """A question by what it is about: words, numbers, keys, days and moments, never None, which Django writes otherwise.

    One about several of a kind takes them one by one: it is written anew only for another number of them.
    """

    def __init__(self, question: Callable[..., QuerySet[Any, Row]]) -> None:
        self._question = question
        self._written: dict[int, _Question] = {}

    def __call__(self, *about: object) -> list[Row]:
        if not about:
            return []  # one of none, as Django itself would answer
        if len(about) not in self._written:
            self._written[len(about)] = self._write(about)
        return self._written[len(about)].asked(about)

    def _write(self, about: tuple[object, ...]) -> _Question:
        places = stand_ins(about)
        rows = self._question(*places)
        compiler = rows.query.get_compiler(rows.db)
        return _Question(rows, compiler, written(compiler, places))


@dataclass(frozen=True)
class _Question:
    rows: QuerySet[Any, Any]
    compiler: SQLCompiler
    statement: Statement

    def asked(self, about: tuple[object, ...]) -> list[Any]:
        connection = connections[self.rows.db]  # of this thread
        values = self.statement.about(about, connection)
        # Django makes the rows as ever; only the writing, which a compiler keeps its columns from, is done.
        compiler: Any = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_of, **_more: (self.statement.sql, values)
        compiler.get_converters = lambda _columns: self._converters
        return list(self._anew(_Asking(self.rows.query, compiler)))

    @cached_property
    def _converters(self) -> Any:
        """How each column's values are read, which depends on the kind of database alone."""
        compiler: Any = self.compiler
        return compiler.get_converters([column for column, *_rest in compiler.select[: compiler.col_count]])

    def _anew(self, query: _Asking) -> QuerySet[Any, Any]:
        """As QuerySet.all, which would first copy each condition of a question that nobody adds to."""
        rows: QuerySet[Any, Any] = QuerySet(self.rows.model, cast("Query", query), self.rows.db)
        for name in KEPT:
            setattr(rows, name, getattr(self.rows, name))
        return rows


@dataclass(frozen=True, slots=True)
class _Asking:
    """The query of a question, with what it is about in its places."""

    query: Query
    compiler: SQLCompiler

    def get_compiler(self, *_of: object, **_more: object) -> SQLCompiler:
        return self.compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self.query, name)
