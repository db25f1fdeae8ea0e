"""Small tables that every page asks for and that change a few times a year: each process reads them anew now and then."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, Final, Generic, TypeVar

SECONDS: Final = 30

Table = TypeVar("Table")


class KeptBriefly(Generic[Table]):
    """Whoever changes the table says ``forget``: it is seen here at once, and by other processes in a moment."""

    def __init__(self, read: Callable[[], Table], seconds: Callable[[], float] = lambda: SECONDS) -> None:
        self._read, self._seconds = read, seconds
        self._kept: tuple[float, Table] | None = None
        _ALL.append(self)

    def __call__(self) -> Table:
        kept = self._kept
        if kept is None or kept[0] < monotonic():
            return self.keep(self._read())
        return kept[1]

    def keep(self, table: Table, seconds: float | None = None) -> Table:
        self._kept = monotonic() + (self._seconds() if seconds is None else seconds), table
        return table

    def forget(self) -> None:
        self._kept = None


_ALL: Final[list[KeptBriefly[Any]]] = []


def forget_all() -> None:
    for table in _ALL:
        table.forget()
