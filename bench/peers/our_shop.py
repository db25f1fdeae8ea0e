"""Our shop with the bars it opens with, and how a guest buys one of them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import choice
from typing import Final

from django.conf import settings

from bench.peers.cluster import Cluster
from bench.peers.shop import Shop, Walks, expect, found
from bench.peers.visitor import AnswerUnexpected, Visitor
from bench.production_shop import LOOPBACK, free_port, production
from devserver.children import Child

DATABASE: Final = "couverture"
BAR: Final = re.compile(r"/studio/[a-z0-9-]+/([0-9a-f]{64})/")
TOTAL: Final = re.compile(r'name="expected_total" value="(\d+)"')
UNTIL: Final = re.compile(r'name="expected_until" value="([0-9-]+)"')
SEEN: Final = re.compile(r'name="seen" value="([^"]*)"')
ADDRESS: Final = {
    "name": "Ada Lovelace",
    "street": "Teststraße 1",
    "postcode": "10115",
    "city": "Berlin",
    "country": "DE",
}
# A kitchen as large as the peers' stocks: nothing may sell out, or change its day, while it is measured.
# Its temperers pour a bar a second, day and night.
ENDLESS_KITCHEN: Final = (
    "UPDATE orders_equipment SET holds_bars = 10000000",
    "INSERT INTO orders_kitchenfigures (id, people, shift_minutes, round_minutes, hands_seconds, bar_seconds, "
    "lot_minutes, lot_bars, base_minutes, darker_minutes, nut_minutes, clean_minutes, clean_allergen_minutes, "
    "usual_set_up_minutes, ahead_days, promised_percent) "
    "VALUES (1, 1000, 1440, 40, 1, 1, 0, 24, 0, 0, 0, 0, 0, 0, 3, 85)",
)


@contextmanager
def prepared(folder: Path, cluster: Cluster) -> Iterator[Shop]:
    cluster.database(DATABASE)
    ready = settings.VAR_DIR / "ready"
    with (
        production(folder, ready, with_bars=True, database=cluster.address(DATABASE)) as env,
        _till(folder) as till,
    ):
        for change in ENDLESS_KITCHEN:
            cluster.change(DATABASE, change)
        selling = env | {"BENCH_TILL": till}
        yield Shop("couverture", sys.executable, "bench.peers.selling:application", selling, OurWalks)


@contextmanager
def _till(folder: Path) -> Iterator[str]:
    """In a process of its own, as Stripe is."""
    port = free_port()
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--state", str(folder / "sandbox")]
    log = folder / "sandbox.log"
    till = Child(
        "Stripe sandbox",
        command,
        env=os.environ,
        cwd=settings.BASE_DIR,
        log=log,
        is_ready=lambda: b"Payment sandbox on" in log.read_bytes(),
    )
    till.start()
    try:
        till.wait_until_ready()
        yield f"http://{LOOPBACK}:{port}"
    finally:
        till.stop()


class OurWalks(Walks):
    def __init__(self, port: int) -> None:
        visitor = Visitor(port)
        self._bars = sorted(set(BAR.findall(visitor.get("/bars/").body)))
        visitor.leave()
        if not self._bars:
            raise AnswerUnexpected("There are no ready bars.")

    def catalogue(self, visitor: Visitor) -> None:
        expect("bar-card", visitor.get("/bars/"))

    def design_page(self, visitor: Visitor) -> None:
        expect("Add to cart", visitor.get(f"/d/{choice(self._bars)}/"))

    def add_to_cart(self, visitor: Visitor) -> None:
        visitor.post("/cart/lines/", {"design": choice(self._bars), "quantity": "1"}, follow=False)

    def checkout(self, visitor: Visitor) -> str:
        bar = choice(self._bars)
        expect("Add to cart", visitor.get(f"/d/{bar}/"))
        visitor.post("/cart/lines/", {"design": bar, "quantity": "1"})
        page = visitor.get("/checkout/")
        agreed = {
            "expected_total": found(TOTAL, page),
            "expected_until": found(UNTIL, page),
            "seen": found(SEEN, page),
            "recipients": "1",
        }
        typed = {**ADDRESS, "email": f"{visitor.name}@example.com"}
        placed = visitor.post("/checkout/", {**typed, **agreed, "order": "1"})
        if placed.body:
            raise AnswerUnexpected(f"No payment page after {placed.address}: {placed.body[:300]}")
        return placed.address

    def api_read(self, visitor: Visitor) -> None:
        expect("digest", visitor.get(f"/api/v1/designs/{choice(self._bars)}/", accept="application/json"))
