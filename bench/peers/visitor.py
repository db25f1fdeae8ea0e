"""Somebody at one shop's door: one connection, a cookie jar, and what every request took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from random import randrange
from secrets import token_hex
from time import perf_counter
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

from bench.peers.counted import SQL_HEADER
from bench.production_shop import LOOPBACK

REDIRECTS: Final = frozenset({301, 302, 303})
REDIRECTS_MAX: Final = 5
CSRF: Final = "csrftoken"


class AnswerUnexpected(Exception):
    """A shop did not answer what this step of a visit needs."""


@dataclass(frozen=True)
class Page:
    """Where a request ended, and what is there; the body is "" for an address of somebody else's."""

    address: str
    body: str


@dataclass(frozen=True)
class Asked:
    """One request: what it was, how long it took, and its statements where they are counted."""

    request: str
    ms: float
    statements: tuple[str, ...]


class Visitor:
    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self.name = token_hex(8)
        self.cookies = dict(cookies or {})
        self.asked: list[Asked] = []
        self._home = f"http://{LOOPBACK}:{port}"
        self._connection = HTTPConnection(LOOPBACK, port, timeout=60)
        # A visitor of its own for whoever counts visitors by their address.
        self._address = f"10.{randrange(256)}.{randrange(256)}.{randrange(256)}"

    @property
    def ms(self) -> float:
        return sum(each.ms for each in self.asked)

    def get(self, path: str, *, accept: str = "text/html") -> Page:
        return self._followed("GET", path, "", {"Accept": accept})

    def post(self, path: str, form: Mapping[str, str], *, follow: bool = True) -> Page:
        """As a browser sends a form of the page it has just seen, and goes where it is sent to."""
        body = urlencode({**form, "csrfmiddlewaretoken": self.cookies.get(CSRF, "")})
        headers = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
        return self._followed("POST", path, body, headers, hops=REDIRECTS_MAX if follow else 0)

    def leave(self) -> None:
        self._connection.close()

    def _followed(
        self, method: str, path: str, body: str, headers: dict[str, str], hops: int = REDIRECTS_MAX
    ) -> Page:
        status, target, text = self._ask(method, path, body, headers)
        for _ in range(hops):
            if status not in REDIRECTS or not target.startswith(self._home):
                break
            path = target.removeprefix(self._home)
            status, target, text = self._ask("GET", path, "", {"Accept": "text/html"})
        if status in REDIRECTS and (hops == 0 or not target.startswith(self._home)):
            return Page(target, "")
        if status != 200:
            raise AnswerUnexpected(f"{method} {path} was answered with {status}: {text[:300]}")
        return Page(path, text)

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[int, str, str]:
        began = perf_counter()
        self._connection.request(method, path, body or None, self._with_cookies(headers))
        answer = self._connection.getresponse()
        content = answer.read()
        ms = 1000 * (perf_counter() - began)
        said = answer.headers.get(SQL_HEADER, "")
        statements = tuple(said.split(", ")) if said else ()
        self.asked.append(Asked(f"{method} {urlsplit(path).path}", ms, statements))
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self._keep(cookie)
        target = urljoin(self._home + path, answer.headers.get("Location", ""))
        return answer.status, target, content.decode(errors="replace")

    def _with_cookies(self, headers: dict[str, str]) -> dict[str, str]:
        headers = {**headers, "X-Forwarded-For": self._address}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return headers

    def _keep(self, cookie: str) -> None:
        name, _, value = cookie.partition(";")[0].partition("=")
        if "max-age=0" in cookie.lower():
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value
