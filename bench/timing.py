"""How often, how long: the least and the median, in milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median, quantiles
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


def summary(milliseconds: Sequence[float]) -> Milliseconds:
    return {"min": round(min(milliseconds), 3), "median": round(median(milliseconds), 3)}


def percentiles(milliseconds: Sequence[float]) -> Milliseconds:
    twentieths = quantiles(milliseconds, n=20)
    return {
        "median": round(median(milliseconds), 1),
        "p95": round(twentieths[-1], 1),
        "max": round(max(milliseconds), 1),
    }


def ratio(longer: Milliseconds, shorter: Milliseconds) -> float:
    """Of the least: what a busy machine disturbs least."""
    return round(longer["min"] / shorter["min"], 2)
