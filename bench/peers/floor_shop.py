"""The floor: tables, forty products, and how a guest buys one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from random import choice
from typing import Final

from django.conf import settings

from bench.peers.cluster import Cluster
from bench.peers.shop import Shop, Walks, expect, found
from bench.peers.visitor import Visitor

DATABASE: Final = "floor"
PRODUCT: Final = re.compile(r'href="/products/(\d+)/"')
NUMBER: Final = re.compile(r"order number is (\d+)")


def prepared(cluster: Cluster) -> Shop:
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.peers.floor.settings", **cluster.database(DATABASE)}
    for arguments in (["django", "migrate", "--run-syncdb", "--verbosity=0"], ["bench.peers.floor.fill"]):
        command = [sys.executable, "-m", *arguments]
        subprocess.run(command, cwd=settings.BASE_DIR, env=env, stdout=sys.stderr, check=True)
    return Shop("floor", sys.executable, "bench.peers.floor.wsgi:application", env, FloorWalks)


class FloorWalks(Walks):
    def __init__(self, port: int) -> None:
        visitor = Visitor(port)
        self._products = sorted(set(PRODUCT.findall(visitor.get("/").body)))
        visitor.leave()

    def catalogue(self, visitor: Visitor) -> None:
        expect('class="product"', visitor.get("/"))

    def design_page(self, visitor: Visitor) -> None:
        expect('class="price"', visitor.get(f"/products/{choice(self._products)}/"))

    def add_to_cart(self, visitor: Visitor) -> None:
        visitor.post("/basket/", {"product": choice(self._products)}, follow=False)

    def checkout(self, visitor: Visitor) -> str:
        product = choice(self._products)
        expect('class="price"', visitor.get(f"/products/{product}/"))
        expect("Place order", visitor.post("/basket/", {"product": product}))
        address = {"name": "Ada Lovelace", "address": "1 High Street, London"}
        ordered = visitor.post("/checkout/", {"email": f"{visitor.name}@example.com", **address})
        return found(NUMBER, ordered)

    def api_read(self, visitor: Visitor) -> None:
        path = f"/api/products/{choice(self._products)}/"
        expect("title", visitor.get(path, accept="application/json"))
