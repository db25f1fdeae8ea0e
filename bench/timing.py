"""How often, how long: the least and the median, in milliseconds."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import TypeAlias

Milliseconds: TypeAlias = dict[str, float]


def timed(action: Callable[[], object], *, times: int = 15) -> Milliseconds:
    action()
    return summary([once(action) for _ in range(times)])


def once(action: Callable[[], object]) -> float:
    start = perf_counter()
    action()
    return 1000 * (perf_counter() - start)


def summary(milliseconds: list[float]) -> Milliseconds:
    return {"min": round(min(milliseconds), 2), "median": round(median(milliseconds), 2)}
