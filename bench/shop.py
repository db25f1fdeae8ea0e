"""Our shop beside django-oscar and the floor, in turns, on one PostgreSQL and by the same web server.

docs/performance.md says what is compared, and why in this way.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.peers import floor_shop, oscar_shop, our_shop
from bench.peers.cluster import cluster
from bench.peers.gates import GATES, Figures, ratios, verdicts
from bench.peers.shop import OPERATIONS, Shop, Walks
from bench.peers.traffic import Traffic, csrf_cookie, traffic
from bench.peers.visitor import Asked, Visitor
from bench.production_shop import THREADS, served

WORKERS: Final = 2
MANY: Final = 8
"""Visitors at once, for the throughput; the time of a walk is that of one alone."""
ROUNDS: Final = 3
SECONDS: Final = 5.0
WARM_SECONDS: Final = 1.5
COUNTED_WALKS: Final = 8
"""Before one is counted: caches, templates and connections of every thread of both workers are warm by then."""
OURS, OSCAR, FLOOR = "couverture", "django-oscar", "floor"


def measure(*, rounds: int = ROUNDS, seconds: float = SECONDS) -> dict[str, Any]:
    with _shops() as (shops, database):
        counted = {shop.name: _counted(shop) for shop in shops}
        met = _met(shops, rounds, seconds)
    figures = {name: _figures(name, counted, met) for name in OPERATIONS}
    operations = {name: _compared(name, of) for name, of in figures.items()}
    return {
        "run": {
            "server": f"granian, {WORKERS} workers with {THREADS} threads, no access log",
            "database": database,
            "rounds": rounds,
            "seconds_each": seconds,
            "visitors": [1, MANY],
            "load_at_the_end": [round(load, 2) for load in os.getloadavg()],
        },
        "operations": operations,
        "where_our_statements_go": {
            name: {asked.request: asked.statements for asked in counted[OURS][name]} for name in OPERATIONS
        },
        "gates_missed": [
            f"{name}: {gate}"
            for name, operation in operations.items()
            for gate, holds in operation["gates"].items()
            if not holds
        ],
        "errors": sorted({trouble for one in met.values() for each in one for trouble in each.troubles})[:10],
    }


# ── The shops ────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _shops() -> Iterator[tuple[list[Shop], dict[str, Any]]]:
    with tempfile.TemporaryDirectory() as folder, cluster() as postgres:
        (Path(folder) / OURS).mkdir()
        (Path(folder) / OSCAR).mkdir()
        peers = [oscar_shop.prepared(Path(folder) / OSCAR, postgres), floor_shop.prepared(postgres)]
        with our_shop.prepared(Path(folder) / OURS, postgres) as ours:
            for name in our_shop.DATABASE, oscar_shop.DATABASE, floor_shop.DATABASE:
                postgres.tidy(name)
            yield [ours, *peers], postgres.settings()


@contextmanager
def _open(shop: Shop, *, counting: bool = False) -> Iterator[tuple[Walks, int]]:
    counted = {"BENCH_COUNTED": shop.application} if counting else {}
    application = "bench.peers.counted:application" if counting else shop.application
    with served(application, WORKERS, {**shop.env, **counted}, python=shop.python) as port:
        yield shop.walks(port), port


# ── Statements, which are exact ──────────────────────────────────────────────────────────────────


def _counted(shop: Shop) -> dict[str, list[Asked]]:
    print(f"  counting in {shop.name} ...", file=sys.stderr)
    with _open(shop, counting=True) as (walks, port):
        return {name: _asked(walks, name, port) for name in OPERATIONS}


def _asked(walks: Walks, operation: str, port: int) -> list[Asked]:
    traffic(walks, operation, port, visitors=MANY, seconds=WARM_SECONDS)
    return [_walked(walks, operation, port) for _ in range(COUNTED_WALKS)][-1]


def _walked(walks: Walks, operation: str, port: int) -> list[Asked]:
    visitor = Visitor(port, csrf_cookie(walks, port) if operation == "add_to_cart" else {})
    getattr(walks, operation)(visitor)
    visitor.leave()
    return visitor.asked


# ── Times, which the machine's other work disturbs ───────────────────────────────────────────────


@dataclass(frozen=True)
class Slot:
    shop: str
    operation: str
    visitors: int


def _met(shops: list[Shop], rounds: int, seconds: float) -> dict[Slot, list[Traffic]]:
    """In turns, so that each shop gets its share of whatever else the machine does."""
    met: dict[Slot, list[Traffic]] = {}
    with ExitStack() as stack:
        opened = {shop.name: stack.enter_context(_open(shop)) for shop in shops}
        for operation in OPERATIONS:
            for walks, port in opened.values():
                traffic(walks, operation, port, visitors=MANY, seconds=WARM_SECONDS)
        for turn in range(rounds):
            print(f"  round {turn + 1} of {rounds} ...", file=sys.stderr)
            for operation in OPERATIONS:
                for visitors in (1, MANY):
                    for name, (walks, port) in opened.items():
                        seen = traffic(walks, operation, port, visitors=visitors, seconds=seconds)
                        met.setdefault(Slot(name, operation, visitors), []).append(seen)
    return met


# ── The comparison ───────────────────────────────────────────────────────────────────────────────


def _figures(
    operation: str, counted: Mapping[str, dict[str, list[Asked]]], met: Mapping[Slot, list[Traffic]]
) -> dict[str, Figures]:
    return {
        shop: Figures(
            statements=sum(len(each.statements) for each in asked[operation]),
            requests=len(asked[operation]),
            per_second=round(median(one.per_second for one in met[Slot(shop, operation, MANY)]), 1),
            ms=round(median(one.ms for one in met[Slot(shop, operation, 1)]), 2),
            errors=sum(
                len(one.troubles) for visitors in (1, MANY) for one in met[Slot(shop, operation, visitors)]
            ),
        )
        for shop, asked in counted.items()
    }


def _compared(operation: str, figures: Mapping[str, Figures]) -> dict[str, Any]:
    gate, ours = GATES[operation], figures[OURS]
    ratio = ratios(ours, figures[OSCAR], figures[FLOOR])
    shops = {name: asdict(of) for name, of in figures.items()}
    return {**shops, **ratio, "gates": verdicts(gate, ours, ratio)}
