"""django-oscar: installed into an environment of its own, filled, and how a guest buys a bar in it."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from random import choice
from typing import Final

from django.conf import settings

from bench.peers.cluster import Cluster
from bench.peers.shop import Shop, Walks, expect, found
from bench.peers.visitor import AnswerUnexpected, Visitor

REQUIREMENTS: Final = Path(__file__).parent / "oscar" / "requirements.txt"
DATABASE: Final = "oscar"
PRODUCT: Final = re.compile(r'href="(/catalogue/[a-z0-9-]+_(\d+)/)"')
NUMBER: Final = re.compile(r"order number is\s*(?:<[^>]+>)*\s*(\d+)", re.IGNORECASE)
ADDRESS: Final = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "line1": "1 High Street",
    "line4": "London",
    "postcode": "N1 9RT",
    "country": "GB",
}


def prepared(folder: Path, cluster: Cluster) -> Shop:
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.peers.oscar.settings",
        "BENCH_FOLDER": str(folder),
        **cluster.database(DATABASE),
    }
    python = _environment()
    for arguments in (
        ["django", "migrate", "--verbosity=0"],
        ["bench.peers.oscar.fill"],
        ["django", "collectstatic", "--noinput", "--verbosity=0"],
    ):
        _run([python, "-m", *arguments], env)
    return Shop("django-oscar", python, "bench.peers.oscar.wsgi:application", env, OscarWalks)


def _environment() -> str:
    """Never the shop's own: Oscar and what it needs are no business of what the shop is made of."""
    version = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = settings.VAR_DIR / "bench" / f"oscar-{version}"
    python, complete = folder / "bin" / "python", folder / "complete"
    if not complete.exists():
        print("installing django-oscar ...", file=sys.stderr)
        _run([sys.executable, "-m", "venv", str(folder)], os.environ.copy())
        pip = [str(python), "-m", "pip", "install", "--quiet", "--requirement", str(REQUIREMENTS)]
        _run(pip, os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"})
        complete.touch()
    return str(python)


def _run(command: list[str], env: dict[str, str]) -> None:
    subprocess.run(command, cwd=settings.BASE_DIR, env=env, stdout=sys.stderr, check=True)


class OscarWalks(Walks):
    def __init__(self, port: int) -> None:
        visitor = Visitor(port)
        self._products = sorted(set(PRODUCT.findall(visitor.get("/catalogue/").body)))
        visitor.leave()
        if not self._products:
            raise AnswerUnexpected("Oscar's catalogue is empty.")

    def catalogue(self, visitor: Visitor) -> None:
        expect("product_pod", visitor.get("/catalogue/"))

    def design_page(self, visitor: Visitor) -> None:
        path, _key = choice(self._products)
        expect("price_color", visitor.get(path))

    def add_to_cart(self, visitor: Visitor) -> None:
        _path, key = choice(self._products)
        visitor.post(f"/basket/add/{key}/", {"quantity": "1"}, follow=False)

    def checkout(self, visitor: Visitor) -> str:
        path, key = choice(self._products)
        expect("price_color", visitor.get(path))
        visitor.post(f"/basket/add/{key}/", {"quantity": "1"})
        expect("Who are you", visitor.get("/checkout/"))
        visitor.post("/checkout/", {"username": f"{visitor.name}@example.com", "options": "anonymous"})
        visitor.post("/checkout/shipping-address/", ADDRESS)
        expect("place_order", visitor.get("/checkout/preview/"))
        return found(NUMBER, visitor.post("/checkout/preview/", {"action": "place_order"}))

    def api_read(self, visitor: Visitor) -> None:
        _path, key = choice(self._products)
        expect("title", visitor.get(f"/api/products/{key}/", accept="application/json"))
