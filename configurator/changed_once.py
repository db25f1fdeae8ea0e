"""Changes that a visit makes in the database, written as SQL once, like its questions (written_once.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Manager, Model, QuerySet
from django.db.models.sql import InsertQuery, UpdateQuery
from django.db.transaction import mark_for_rollback_on_error

from configurator.stand_ins import Statement, stand_ins, written

Row = TypeVar("Row", bound=Model)
Change: TypeAlias = tuple[QuerySet[Any], Mapping[str, Any]]
"""Which rows, and what of them."""


class ChangedOnce:
    """An update by what it is about. The answer: how many rows there were."""

    def __init__(self, change: Callable[..., Change]) -> None:
        self._change = change
        self._written: Statement | None = None

    def __call__(self, *about: object) -> int:
        if self._written is None:
            self._written = self._write(about)
        connection = connections[DEFAULT_DB_ALIAS]
        with mark_for_rollback_on_error(using=DEFAULT_DB_ALIAS), connection.cursor() as cursor:
            values: Any = self._written.about(about, connection)
            cursor.execute(self._written.sql, values)
            changed: int = cursor.rowcount
        return changed

    def _write(self, about: tuple[object, ...]) -> Statement:
        places = stand_ins(about)
        rows, changed = self._change(*places)
        query: Any = rows.query.chain(UpdateQuery)  # as QuerySet.update does
        query.add_update_values(changed)
        return written(query.get_compiler(DEFAULT_DB_ALIAS), places)


def insert(rows: Iterable[Row]) -> list[Row]:
    """New ones of a table, in one statement, as bulk_create keeps them."""
    new = list(rows)
    if len(new) != 1:
        return _all_of(type(new[0])).bulk_create(new) if new else []
    _insert_one(new[0])
    return new


def _all_of(table: type[Row]) -> Manager[Row]:
    return table._default_manager  # noqa: SLF001  # documented, for any table


def _insert_one(row: Model) -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    statement = _written(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in statement.columns]
    with mark_for_rollback_on_error(using=DEFAULT_DB_ALIAS), connection.cursor() as cursor:
        cursor.execute(statement.sql, values)
        if statement.returned:
            for field, value in zip(statement.returned, cursor.fetchone(), strict=True):
                setattr(row, field.attname, value)
    state: Any = row._state  # documented, for who makes rows oneself
    state.adding, state.db = False, DEFAULT_DB_ALIAS


@dataclass(frozen=True)
class _Insert:
    sql: str
    columns: tuple[Field[Any, Any], ...]
    returned: tuple[Field[Any, Any], ...]
    """What the database decides, such as the number of a row."""


@lru_cache
def _written(table: type[Model]) -> _Insert:
    of: Any = table._meta
    returned = tuple(of.db_returning_fields)
    columns = tuple(field for field in of.concrete_fields if field not in returned)
    query = InsertQuery(table)
    query.insert_values(columns, [table()], raw=True)
    compiler: Any = query.get_compiler(DEFAULT_DB_ALIAS)
    compiler.returning_fields = returned
    [(sql, _values)] = compiler.as_sql()
    return _Insert(sql, columns, returned)
