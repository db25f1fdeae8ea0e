"""A shop as production runs it: its web processes, its broker, compressed files, its own folder."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from django.conf import settings

from bench.timing import Milliseconds, timed
from devserver.stack import broker, socket_in

LOOPBACK: Final = "127.0.0.1"
THREADS: Final = 4


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    body: str


@dataclass
class Server:
    port: int

    def ask(self, method: str, url: str, headers: dict[str, str], body: str = "") -> Answer:
        connection = HTTPConnection(LOOPBACK, self.port, timeout=60)
        try:
            connection.request(method, url, body or None, headers)
            return _read(connection.getresponse())
        finally:
            connection.close()

    def get(self, url: str, headers: dict[str, str]) -> Answer:
        return self.ask("GET", url, headers)

    def timed(self, url: str, headers: dict[str, str], *, times: int = 400) -> Milliseconds:
        """Over one connection that is kept open."""
        connection = HTTPConnection(LOOPBACK, self.port, timeout=60)

        def ask() -> None:
            connection.request("GET", url, headers=headers)
            connection.getresponse().read()

        try:
            return timed(ask, times=times)
        finally:
            connection.close()

    def wait_until_ready(self, seconds: float = 300) -> None:
        until = monotonic() + seconds
        while monotonic() < until:
            try:
                self.get("/", {})
            except OSError:
                sleep(0.1)
            else:
                return
        raise TimeoutError(f"Nobody listens on port {self.port}")


def _read(response: HTTPResponse) -> Answer:
    body = response.read()
    return Answer(response.status, response.headers, body.decode(errors="replace"))


@contextmanager
def production(
    var: Path, ready_folder: Path, *, with_bars: bool = False, database: str = ""
) -> Iterator[dict[str, str]]:
    """Everything but the web server, and the environment to start one in; on SQLite unless told otherwise."""
    (var / "ready").symlink_to(ready_folder)
    env = _environment(var, database or f"sqlite:///{var / 'couverture.sqlite3'}")
    redis = broker(var, socket_in(var), env=env)
    redis.start()
    try:
        redis.wait_until_ready()
        for command in (["migrate"], ["load_catalogue"], ["load_rates"], ["collectstatic", "--noinput"]):
            _manage(command, env)
        if with_bars:
            _manage(["seed_demo"], env)
        yield env
    finally:
        redis.stop()


def _environment(var: Path, database: str) -> dict[str, str]:
    return os.environ | {
        "COUVERTURE_MODE": "production",
        "COUVERTURE_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "SHOP_URL": f"http://{LOOPBACK}",
        "ALLOWED_HOSTS": LOOPBACK,
        "DATABASE_URL": database,
        "REDIS_URL": f"unix://{socket_in(var)}",
        "STATIC_ROOT": str(var / "static"),
        "SMTP_HOST": LOOPBACK,
        "STRIPE_SECRET_KEY": "sk_test_of_nobody",
        "STRIPE_WEBHOOK_SECRETS": "whsec_bench",
        "HTTPS_REDIRECT": "false",
        # Every designer counts as another visitor.
        "BEHIND_PROXY": "true",
        "LOG_LEVEL": "ERROR",
    }


def _manage(command: list[str], env: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=env,
        stdout=subprocess.DEVNULL,
        check=True,
    )


@contextmanager
def served(
    application: str, workers: int, env: Mapping[str, str], port: int = 0, *, python: str = sys.executable
) -> Iterator[int]:
    port = port or free_port()
    command = [python, "-m", "granian", "--interface", "wsgi", "--host", LOOPBACK]
    command += ["--port", str(port), "--workers", str(workers), "--blocking-threads", str(THREADS)]
    # What it says is no part of the report on stdout.
    server = subprocess.Popen(
        [*command, "--no-access-log", application], cwd=settings.BASE_DIR, env=env, stdout=sys.stderr
    )
    try:
        Server(port).wait_until_ready()
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
