"""What the database itself refuses, done all the same: to forge history, and see whether it is found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def unguarded(*tables: str) -> Iterator[None]:
    if connection.vendor == "sqlite":
        yield from _without_sqlite_triggers(tables)
    else:
        yield from _without_postgresql_triggers(tables)


def _without_sqlite_triggers(tables: tuple[str, ...]) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = [(name, sql) for name, table, sql in cursor.fetchall() if table in tables]
        for name, _sql in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in guards:
            cursor.execute(sql)


def _without_postgresql_triggers(tables: tuple[str, ...]) -> Iterator[None]:
    with connection.cursor() as cursor:
        # A table whose foreign keys are still to be checked cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
