"""Many at once, each with a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, local
from typing import Any, TypeVar

from django.db import connection

Answer = TypeVar("Answer")


def in_threads(count: int, call: Callable[[int], Answer]) -> list[Answer]:
    def one(number: int) -> Answer:
        try:
            return call(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def all_look_first(look: Callable[..., Answer], count: int) -> Callable[..., Answer]:
    """The same look; but of these threads none goes on before all have looked, however slow the machine is."""
    meeting, mine = Barrier(count), local()

    def look_and_wait(*what: Any, **how: Any) -> Answer:
        seen = look(*what, **how)
        if not hasattr(mine, "has_met"):
            mine.has_met = True
            meeting.wait(timeout=60)
        return seen

    return look_and_wait
