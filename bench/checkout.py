"""A guest's checkout: the whole way from the design to Stripe's page, and the payment after it.

On a database and a sandbox of its own, through every middleware, one customer after another.
"""

from __future__ import annotations

import json
import logging
import re
import urllib.request
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.utils import timezone

from bench.own_shop import own_shop, queries
from configurator.domain.design import Design
from orders.models import Payment
from orders.money import payments

CUSTOMERS = 40
STEPS = (
    "into the cart",
    "cart page",
    "checkout page",
    "order, to Stripe's page",
    "settled: paid and released",
)
ADDRESS = {
    "email": "ada@example.com",
    "name": "Ada Lovelace",
    "street": "Teststraße 1",
    "postcode": "10115",
    "city": "Berlin",
    "country": "DE",
}


@dataclass(frozen=True)
class Walk:
    """One customer's way: milliseconds and queries of each step."""

    ms: tuple[float, ...]
    queries: tuple[int, ...]


def measure() -> dict[str, Any]:
    logging.disable(logging.WARNING)
    with own_shop() as (design, till):
        _walk(design, till, 0)  # warms templates and the catalogue's cache
        walks = [_walk(design, till, number) for number in range(1, CUSTOMERS + 1)]
    seconds = sum(sum(walk.ms[:4]) for walk in walks) / 1000
    return {
        "customers": CUSTOMERS,
        "database": connection.vendor,
        "orders_per_second_to_the_payment_page": round(CUSTOMERS / seconds, 1),
        "sql_queries_to_the_payment_page": sum(walks[-1].queries[:4]),
        "steps": {
            step: {
                "median_ms": round(median(walk.ms[place] for walk in walks), 1),
                "sql_queries": walks[-1].queries[place],
            }
            for place, step in enumerate(STEPS)
        },
    }


def _walk(design: Design, till: str, number: int) -> Walk:
    # Every customer has an address of their own, so that no limit stops them.
    client = Client(REMOTE_ADDR=f"10.0.{number // 250}.{number % 250 + 1}")
    customer = {**ADDRESS, "email": f"ada{number}@example.com"}
    pages: list[str] = []

    def order() -> None:
        total = re.search(r'name="expected_total" value="(\d+)"', pages[-1])
        assert total is not None
        answer = client.post("/checkout/", {**customer, "expected_total": total[1], "order": "1"})
        assert answer.status_code == 303
        pages.append(answer["Location"])

    def settle() -> None:
        payments.settle(Payment.objects.latest("created_at"), at=timezone.now())

    steps = (
        lambda: client.post("/cart/lines/", {"design": design.digest, "quantity": "1"}),
        lambda: client.get("/cart/"),
        lambda: pages.append(client.get("/checkout/").content.decode()),
        order,
    )
    timed = [_timed(step) for step in steps]
    _pay(till, pages[-1])
    timed.append(_timed(settle))
    return Walk(tuple(ms for ms, _queries in timed), tuple(queries for _ms, queries in timed))


def _timed(step: Any) -> tuple[float, int]:
    with queries() as asked:
        began = perf_counter()
        step()
        ms = (perf_counter() - began) * 1000
    return ms, asked.count


def _pay(till: str, page: str) -> None:
    body = urlencode({"session": page.rpartition("/")[2]}).encode()
    with urllib.request.urlopen(f"{till}/_sandbox/pay", body, timeout=30) as answer:  # noqa: S310
        assert json.loads(answer.read())["outcome"] == "paid"
