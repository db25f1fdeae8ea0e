"""Many rows like one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

Row = TypeVar("Row")


def copied(row: Any, **changes: Any) -> Any:
    kept = (field for field in row._meta.concrete_fields if field.name not in changes and field.name != "id")
    return type(row)(**{field.attname: getattr(row, field.attname) for field in kept}, **changes)


def in_parts(rows: Sequence[Row], many: int) -> Iterator[Sequence[Row]]:
    return (rows[first : first + many] for first in range(0, len(rows), many))
