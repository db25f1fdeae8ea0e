"""What stands in a statement for what it will be about, while Django writes it as SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

SIGN: Final = "\N{WHITE SQUARE}"
NUMBER: Final = 31_013
"""Fits into the smallest column; one that did not would be left out of the question."""
DAY: Final = date(2917, 1, 1)
MOMENT: Final = datetime(2917, 1, 1, tzinfo=UTC)
KEY: Final = 0x2917_0000_0000_4000_8000_000000000000


@dataclass(frozen=True)
class Statement:
    sql: str
    values: tuple[object, ...]
    places: list[int | None]
    """Of each value: what it stands for."""

    def about(self, about: Sequence[object], connection: BaseDatabaseWrapper) -> tuple[object, ...]:
        given = [_kept(one, connection) for one in about]
        return tuple(
            value if place is None else given[place]
            for value, place in zip(self.values, self.places, strict=True)
        )


def stand_ins(about: Sequence[object]) -> list[object]:
    return [_stand_in(one, place) for place, one in enumerate(about)]


def written(compiler: SQLCompiler, stand_ins: Sequence[object]) -> Statement:
    """Raises TypeError where one of them got lost."""
    sql, values = compiler.as_sql()
    kept = [_kept(one, compiler.connection) for one in stand_ins]
    places = [kept.index(value) if value in kept else None for value in values]
    if missing := set(range(len(kept))) - set(places):
        raise TypeError(f"The statement does not hold what it is about: {sorted(missing)}.")
    return Statement(sql, tuple(values), places)


def _stand_in(one: object, place: int) -> object:
    """Of the same kind, and like nothing that a statement itself holds."""
    match one:
        case str():
            return SIGN * (place + 1)
        case datetime():
            return MOMENT + timedelta(days=place)
        case date():
            return DAY + timedelta(days=place)
        case int():
            return NUMBER - place
        case UUID():
            return UUID(int=KEY + place)
        case _:
            raise TypeError(f"No statement is written for {one!r}.")


def _kept(one: object, connection: BaseDatabaseWrapper) -> object:
    """As this database is given it."""
    match one:
        case datetime():
            return connection.ops.adapt_datetimefield_value(one)
        case date():
            return connection.ops.adapt_datefield_value(one)
        case UUID():
            return one if connection.features.has_native_uuid_field else one.hex
        case _:
            return one
