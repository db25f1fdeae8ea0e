"""The shop in processes that die where they are told to, by SIGKILL: the tests' own, never the shop's.

A nursery sets Django up once and forks a child for each line it reads: {"role": "web", "port": 8123,
"dies": "INSERT orders_order > before COMMIT"}. A child notes each border it crosses (a statement of
SQL, a call to Stripe, a mail, a file) and dies at the last step of `dies`, after those before it.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

STEPS = " > "
SQL = re.compile(r'^\s*(INSERT|UPDATE|DELETE)(?: OR IGNORE)?(?: INTO| FROM)? "(\w+)"', re.IGNORECASE)


class Doom:
    """What this child still has to cross before it dies."""

    def __init__(self, dies: str) -> None:
        self._steps = dies.split(STEPS) if dies else []
        self._lock = threading.RLock()

    def cross(self, border: str, go: Callable[[], Any]) -> Any:
        self._meet(f"before {border}")
        done = go()
        self._meet(border)
        self._meet(f"after {border}")
        return done

    def _meet(self, crossing: str) -> None:
        with self._lock:
            if not self._steps or not crossing.startswith(self._steps[0]):
                return
            self._steps.pop(0)
            if not self._steps:
                os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    import django  # noqa: PLC0415  # settings come from the environment of this process alone

    django.setup()
    _warm_up()
    print("ready", flush=True)
    for line in sys.stdin:
        errand = json.loads(line)
        child = os.fork()
        if child == 0:
            os.setsid()
            _live(errand)
        print(child, flush=True)
        if errand["role"] == "worker":
            _, status = os.waitpid(child, 0)
            print(status, flush=True)


def _warm_up() -> None:
    """Read once, so that no child has to; connections are each child's own."""
    from django.db import connections  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from config.wsgi import application  # noqa: F401, PLC0415

    visitor = Client(SERVER_NAME="127.0.0.1")
    visitor.post("/cart/lines/", {"design": os.environ["DESIGN"]})
    for page in ("/cart/", "/checkout/", f"/d/{os.environ['DESIGN']}/"):
        visitor.get(page)
    connections.close_all()


def _live(errand: dict[str, Any]) -> None:
    try:
        _watch_the_borders(Doom(errand.get("dies", "")))
        ROLES[errand["role"]](errand)
    finally:
        os._exit(1)


def _watch_the_borders(doom: Doom) -> None:
    from django.core.files.storage import FileSystemStorage  # noqa: PLC0415
    from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: PLC0415
    from django.db.backends.signals import connection_created  # noqa: PLC0415

    from config.mailbox import FolderBackend  # noqa: PLC0415
    from orders.money.stripe_http import KeptConnections  # noqa: PLC0415

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = SQL.match(sql)
        go = lambda: execute(sql, params, many, context)  # noqa: E731
        return doom.cross(f"{found[1].upper()} {found[2]}", go) if found else go()

    def watch(connection: Any, **_more: Any) -> None:
        connection.execute_wrappers.append(statement)

    connection_created.connect(watch, weak=False)

    def watched(owner: Any, name: str, border: Callable[..., str]) -> None:
        method = getattr(owner, name)
        setattr(owner, name, lambda *args, **how: doom.cross(border(*args), lambda: method(*args, **how)))

    watched(BaseDatabaseWrapper, "_commit", lambda *_args: "COMMIT")
    watched(FolderBackend, "send_messages", lambda *_args: "MAIL")
    watched(FileSystemStorage, "_save", lambda _self, name, *_rest: f"FILE {name}")
    watched(
        KeptConnections,
        "request",
        lambda _self, method, url, *_rest: f"{method.upper()} {'/' + url.split('/', 3)[3]}",
    )


def _serve(errand: dict[str, Any]) -> None:
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: PLC0415

    from config.wsgi import application  # noqa: PLC0415

    class Silent(WSGIRequestHandler):
        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadedWSGIServer(("127.0.0.1", errand["port"]), Silent)
    server.daemon_threads = True
    server.set_app(application)
    server.serve_forever()


def _work(errand: dict[str, Any]) -> None:
    """What beat and a worker do: reconcile, sweep, and carry out what is found."""
    from django.utils import timezone  # noqa: PLC0415

    from orders.models import PendingWork  # noqa: PLC0415
    from orders.money import payments  # noqa: PLC0415
    from orders.production import outbox  # noqa: PLC0415
    from orders.tasks import carry_out  # noqa: PLC0415

    at = timezone.now() + timedelta(minutes=errand["minutes"])
    # Leases and pauses run by the clock, and nobody waits for them here: it is that much later.
    timezone.now = lambda: at
    payments.reconcile(at)
    due = outbox.unheard(now=at + timedelta(hours=1))
    for work in PendingWork.objects.filter(pk__in=[work.pk for work in due], kind__in=errand["kinds"]):
        carry_out(work.pk)
    os._exit(0)


ROLES: dict[str, Callable[[dict[str, Any]], None]] = {"web": _serve, "worker": _work}

if __name__ == "__main__":
    main()
