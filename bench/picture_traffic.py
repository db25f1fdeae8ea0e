"""Pictures over HTTP: the shop as production runs it, two web processes, and an empty Django view beside it."""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from random import Random
from time import monotonic, perf_counter, sleep
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from bench.designs import families
from bench.production_shop import LOOPBACK, Answer, Server, production, served
from bench.timing import Milliseconds, percentiles, ratio, timed

WORKERS = 2
DESIGNERS, SECONDS = 20, 30
THINKING = (1.0, 3.0)
"""Seconds between two changes of one person."""

PICTURE = re.compile(r"/p/[0-9a-f]{64}/600\?v=[0-9a-f]{12}")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
BROWSER = {"Accept": "image/avif,image/webp,image/*,*/*;q=0.8"}


def measure(ready_folder: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, _shop(Path(folder), ready_folder) as shop:
        return {
            "hit_and_304": _hits(shop),
            "20_designers_two_workers": _designers(shop),
        }


# ── Hits ─────────────────────────────────────────────────────────────────────────────────────────


def _hits(shop: Shop) -> dict[str, Any]:
    url = shop.first_picture()
    answer = shop.get(url, BROWSER)
    etag = answer.headers["ETag"] or ""
    over_http = {
        "hit_ms": shop.timed(url, BROWSER),
        "304_ms": shop.timed(url, {**BROWSER, "If-None-Match": etag}),
        "empty_view_without_middleware_ms": shop.empty.timed("/", {}),
    }
    return {
        "over_http": over_http | _ratios(over_http),
        "in_process": (in_process := _in_process(url, etag, shop)) | _ratios(in_process),
    }


def _ratios(took: dict[str, Milliseconds]) -> dict[str, float]:
    empty = next(took[name] for name in took if name.startswith("empty_view"))
    return {f"{name}_to_empty_view": ratio(took[f"{name}_ms"], empty) for name in ("hit", "304")}


def _in_process(url: str, etag: str, shop: Shop) -> dict[str, Milliseconds]:
    """Through Django's own handler, without a network."""
    with override_settings(MEDIA_ROOT=shop.var / "media"):
        whole = WSGIHandler()
        took = {
            "hit_ms": _handled(whole, url, BROWSER, 200),
            "304_ms": _handled(whole, url, {**BROWSER, "If-None-Match": etag}, 304),
        }
    with override_settings(ROOT_URLCONF="bench.empty_shop"):
        with_all = _handled(WSGIHandler(), "/", {}, 200)
        with override_settings(MIDDLEWARE=[]):
            bare = _handled(WSGIHandler(), "/", {}, 200)
    return took | {"empty_view_without_middleware_ms": bare, "empty_view_with_ours_ms": with_all}


def _handled(handler: WSGIHandler, url: str, headers: dict[str, str], expected: int) -> Milliseconds:
    path, _, query = url.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": LOOPBACK,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
    answers: list[str] = []

    def start(
        line: str, _headers: list[tuple[str, str]], _trouble: object = None
    ) -> Callable[[bytes], object]:
        answers.append(line)
        return bytes

    def ask() -> None:
        answer = handler(dict(environ), start)
        b"".join(answer)
        answer.close()

    took = timed(ask, times=400)
    assert answers[-1].startswith(str(expected)), answers[-1]
    return took


# ── Designers ────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Designer:
    """Somebody who adds and removes toppings and looks at each picture."""

    shop: Shop
    number: int
    took: list[float] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)

    def work(self, until: float) -> Designer:
        dice = Random(self.number)
        family = families()[0]
        bases, toppings = (
            [module.key for module in family.seats[slot]] for slot in (family.base_slot.key, "toppings")
        )
        page = self._ask("GET", "/studio/bar-100/")
        page = self._ask("GET", page.headers["Location"] or "")
        token = TOKEN.search(page.body)
        assert token
        sleep(dice.uniform(0, THINKING[1]))
        while monotonic() < until:
            self._change(dice, token[1], dice.choice(bases), dice.sample(toppings, dice.randint(1, 4)))
            sleep(dice.uniform(*THINKING))
        return self

    def _change(self, dice: Random, token: str, base: str, toppings: Sequence[str]) -> None:
        fields = [("csrfmiddlewaretoken", token), ("base", base), *(("toppings", key) for key in toppings)]
        fields += [("name", f"Bar {dice.randrange(10**6)}"), ("seed", str(dice.randrange(2**31)))]
        began = perf_counter()
        answer = self._ask("POST", "/studio/bar-100/", urlencode(fields))
        assert answer.status == 200, (answer.status, answer.body[:300])
        shown = PICTURE.search(answer.body)
        assert shown, answer.body[:300]
        asked = perf_counter()
        assert self._ask("GET", shown[0]).status == 200
        self.pictures.append(1000 * (perf_counter() - asked))
        self.took.append(1000 * (perf_counter() - began))

    def _ask(self, method: str, url: str, body: str = "") -> Answer:
        headers = {
            "X-Forwarded-For": f"10.2.0.{self.number}",
            "Cookie": f"csrftoken={self.shop.csrf}",
            **(BROWSER if url.startswith("/p/") else {}),
        }
        if body:
            headers |= {"HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}
        return self.shop.ask(method, url, headers, body)


def _designers(shop: Shop) -> dict[str, Any]:
    until = monotonic() + SECONDS
    with ThreadPoolExecutor(DESIGNERS) as people:
        designers = list(
            people.map(lambda number: Designer(shop, number).work(until), range(1, DESIGNERS + 1))
        )
    changes = [ms for designer in designers for ms in designer.took]
    return {
        "designers": DESIGNERS,
        "thinking_seconds": list(THINKING),
        "changes": len(changes),
        "change_ms": percentiles(changes),
        "of_which_the_picture_ms": percentiles([ms for one in designers for ms in one.pictures]),
    }


# ── The shop ─────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Shop(Server):
    var: Path
    empty: Server
    csrf: str = field(default_factory=lambda: secrets.token_hex(16))

    def first_picture(self) -> str:
        """Made by this call, found by the next one."""
        page = self.get("/studio/bar-100/", {})
        page = self.get(page.headers["Location"], {})
        shown = PICTURE.search(page.body)
        assert shown, page.body[:300]
        assert self.get(shown[0], BROWSER).status == 200
        return shown[0]


@contextmanager
def _shop(var: Path, ready_folder: Path) -> Iterator[Shop]:
    with (
        production(var, ready_folder) as env,
        served("config.wsgi:application", WORKERS, env) as port,
        served("bench.empty_shop:application", 1, env | {"BENCH_EMPTY_SHOP": "1"}) as empty,
    ):
        yield Shop(port, var, Server(empty))
