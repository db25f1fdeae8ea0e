"""From the payment to the ticket with 1, 2 and 4 workers; and the pages of the floor and the office beside a long queue.

Everything is what production runs: PostgreSQL, the broker, worker processes, the web server.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.conf import settings

from bench.errand import errand
from bench.peers.cluster import Cluster, cluster
from bench.peers.our_shop import ENDLESS_KITCHEN
from bench.production_shop import LOOPBACK, Server, free_port, production, served
from devserver.stack import worker

WORKERS: Final = (1, 2, 4)
ORDERS: Final = 60
FEW: Final = 1_000
MANY: Final = 100_000
LOOKS: Final = 20
WARMING: Final = 8
GATE_MS: Final = 100
FLAT: Final = 1.5
"""Times as long as in the short queue, at most; and what a busy machine adds to anything."""
NOISE_MS: Final = 10
PATIENCE_SECONDS: Final = 900
STATIONS: Final = ("kitting", "moulding", "topping", "cooling", "quality", "wrapping", "packing", "shipping")
PAGES: Final = (
    *(
        "/admin/",
        "/admin/orders/job/",
        "/admin/orders/job/?job_state__exact=queued",
        "/admin/orders/pendingwork/",
    ),
    *("/floor/", "/floor/?state=queued", "/floor/board/", "/floor/stations/"),
    *(f"/floor/stations/{station}/" for station in STATIONS),
)
ASKED_AGAIN: Final = ("/floor/board/now/", *(f"/floor/stations/{station}/now/" for station in STATIONS))
"""By every screen, every few seconds: nothing has changed."""

Times = dict[str, dict[str, float]]


def measure() -> dict[str, Any]:
    with cluster() as postgres:
        throughput = _throughput(postgres)
        pages = _pages(postgres)
        database = postgres.settings()
    return {
        "database": database,
        "orders of one bar, each another": throughput,
        "pages": pages,
        "gates_missed": list(_missed(pages)),
        "load_at_the_end": [round(load, 2) for load in os.getloadavg()],
    }


# ── From the payment to the ticket ───────────────────────────────────────────────────────────────


def _throughput(postgres: Cluster) -> dict[str, Any]:
    with _shop(postgres) as (var, env, name):
        for statement in ENDLESS_KITCHEN:
            postgres.change(name, statement)
        return {f"workers: {count}": _round(postgres, name, var, env, count) for count in WORKERS}


def _round(postgres: Cluster, name: str, var: Path, env: Mapping[str, str], count: int) -> dict[str, Any]:
    print(f"  {count} workers ...", file=sys.stderr)
    errand("placed_orders", ORDERS, env)
    with ExitStack() as crew:
        for number in range(count):
            crew.enter_context(_worker(var, env, f"Worker {number}"))
        paid = errand("paying", ORDERS, env)
        _wait_until_done(postgres, name)
    began = datetime.fromisoformat(paid["began"])
    return {
        "paid per second": _per_second(began, datetime.fromisoformat(paid["until"])),
        **{
            f"{what} per second": _per_second(began, _last(postgres, name, kind))
            for what, kind in (
                ("invoices", "invoice"),
                ("tickets", "ticket"),
                ("mails", "confirmation"),
                ("pictures", "picture"),
            )
        },
        "load": round(os.getloadavg()[0], 2),
    }


@contextmanager
def _worker(var: Path, env: Mapping[str, str], name: str) -> Iterator[None]:
    at_work = worker(var, env=env, name=name, options=("--concurrency", "1"))
    at_work.start()
    try:
        at_work.wait_until_ready(seconds=300)
        yield
    finally:
        at_work.stop()


def _wait_until_done(postgres: Cluster, name: str) -> None:
    until = monotonic() + PATIENCE_SECONDS
    while postgres.ask(name, "SELECT count(*) FROM orders_pendingwork WHERE done_at IS NULL")[0][0]:
        if monotonic() > until:
            waits = postgres.ask(
                name, "SELECT kind, last_error FROM orders_pendingwork WHERE done_at IS NULL"
            )
            raise TimeoutError(str(waits[:5]))
        sleep(0.2)


def _last(postgres: Cluster, name: str, kind: str) -> datetime:
    question = "SELECT max(done_at) FROM orders_pendingwork WHERE kind = %s"
    last: datetime = postgres.ask(name, question, kind)[0][0]
    return last


def _per_second(began: datetime, until: datetime) -> float:
    return round(ORDERS / (until - began).total_seconds(), 2)


# ── Pages beside a long queue ────────────────────────────────────────────────────────────────────


def _pages(postgres: Cluster) -> dict[str, Any]:
    print("  pages ...", file=sys.stderr)
    with (
        _shop(postgres) as (_var, env, name),
        served("config.wsgi:application", 1, env) as port,
    ):
        times = {}
        for bars in (FEW, MANY):
            there = errand("full_floor", bars, env)
            postgres.tidy(name)
            times[bars] = _times(Server(port), there["session"])
    return {
        address: {f"{bars} bars": times[bars][address] for bars in (FEW, MANY)}
        for address in (*PAGES, *ASKED_AGAIN)
    }


def _times(server: Server, session: str) -> Times:
    """In milliseconds."""
    headers = {"Cookie": f"sessionid={session}", "Host": LOOPBACK}
    times = {}
    for address in PAGES:
        for _each_thread in range(WARMING):
            seen = server.get(address, headers)
            assert seen.status == 200, f"{address} answers {seen.status}"
        times[address] = server.timed(address, headers, times=LOOKS)
    for address in ASKED_AGAIN:
        known = headers | {"If-None-Match": server.get(address, headers).headers["ETag"]}
        times[address] = server.timed(address, known, times=LOOKS)
    return times


def _missed(pages: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Iterator[str]:
    for address, of in pages.items():
        short, long = of[f"{FEW} bars"], of[f"{MANY} bars"]
        if long["median"] >= GATE_MS:
            yield f"{address} takes {long['median']} ms"
        if long["min"] > FLAT * short["min"] + NOISE_MS:
            yield f"{address} grows from {short['min']} to {long['min']} ms"


# ── The shop ─────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _shop(postgres: Cluster) -> Iterator[tuple[Path, dict[str, str], str]]:
    """Its folder, its environment, and the name of its database."""
    with tempfile.TemporaryDirectory() as folder, _postbox() as port:
        var = Path(folder)
        name = postgres.new()
        with production(var, settings.VAR_DIR / "ready", database=postgres.address(name)) as env:
            mails = {"SMTP_PORT": str(port), "SMTP_STARTTLS": "false"}
            yield var, env | mails | {"SELLER_VAT_ID": "DE999999999"}, name


@contextmanager
def _postbox() -> Iterator[int]:
    """Takes every mail and keeps none."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    controller = Controller(Sink(), hostname=LOOPBACK, port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
