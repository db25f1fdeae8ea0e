"""Visitors who do one thing again and again, each time as somebody new, for some seconds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from statistics import median
from time import perf_counter

from bench.peers.shop import Walks
from bench.peers.visitor import CSRF, AnswerUnexpected, Visitor


@dataclass(frozen=True)
class Traffic:
    """What so many visitors met in one stretch of time."""

    visits: int
    per_second: float
    ms: float
    """The median of a whole walk."""
    troubles: tuple[str, ...]


@dataclass(frozen=True)
class _Visits:
    ms: list[float]
    orders: list[str]
    troubles: list[str]
    seconds: float


def traffic(walks: Walks, operation: str, port: int, *, visitors: int, seconds: float) -> Traffic:
    until = perf_counter() + seconds
    with ThreadPoolExecutor(visitors) as people:
        stays = [
            people.submit(_visit_again_and_again, walks, operation, port, until) for _ in range(visitors)
        ]
    done = [stay.result() for stay in stays]
    ms = [each for one in done for each in one.ms]
    troubles = [trouble for one in done for trouble in one.troubles]
    orders = [order for one in done for order in one.orders]
    if len(set(orders)) < len(orders):
        troubles.append(f"{len(orders) - len(set(orders))} checkouts ended at an order of somebody else.")
    return Traffic(
        visits=len(ms),
        per_second=sum(len(one.ms) / one.seconds for one in done),
        ms=median(ms) if ms else float("inf"),
        troubles=tuple(troubles),
    )


def _visit_again_and_again(walks: Walks, operation: str, port: int, until: float) -> _Visits:
    cookies = csrf_cookie(walks, port) if operation == "add_to_cart" else {}
    walk: Callable[[Visitor], str | None] = getattr(walks, operation)
    done = _Visits([], [], [], 0)
    began = now = perf_counter()
    while now < until:
        # A connection of its own: one that is kept would stay with one worker for good.
        visitor = Visitor(port, cookies)
        try:
            order = walk(visitor)
        except (AnswerUnexpected, HTTPException, OSError) as trouble:
            done.troubles.append(str(trouble))
        else:
            done.ms.append(visitor.ms)
            done.orders.extend([order] if order else [])
        finally:
            visitor.leave()
        now = perf_counter()
    return _Visits(done.ms, done.orders, done.troubles, now - began)


def csrf_cookie(walks: Walks, port: int) -> dict[str, str]:
    """Of somebody who has seen the page and has no cart yet."""
    visitor = Visitor(port)
    walks.design_page(visitor)
    visitor.leave()
    return {CSRF: visitor.cookies[CSRF]}
