"""Any Django shop, with a header on each answer that says which statements it sent to the database.

As WSGI middleware, outside of Django's own, so that nobody's settings change: BENCH_COUNTED names the application.
Only for counting; what is timed runs without it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from importlib import import_module
from typing import Any, Final

from django.db import connections

SQL_HEADER: Final = "X-Statements"
TABLE: Final = re.compile(r'^(UPDATE)\s+"(\w+)"|^(\w+)(?:.*?\b(?:FROM|INTO)\s+"(\w+)")?', re.DOTALL)


class Counted:
    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # BEGIN and COMMIT do not pass here; savepoints do, and count.
        asked: list[str] = []

        def count(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
            asked.append(_short(sql))
            return execute(sql, *arguments)

        def start(status: str, headers: list[tuple[str, str]], *trouble: Any) -> Any:
            return start_response(status, [*headers, (SQL_HEADER, ", ".join(asked))], *trouble)

        with ExitStack() as watching:
            for connection in connections.all():
                watching.enter_context(connection.execute_wrapper(count))
            answer: Iterable[bytes] = self._application(environ, start)
        return answer


def _short(sql: str) -> str:
    """What is done, and to which table: "SELECT orders_cart"."""
    match = TABLE.match(sql.lstrip("( "))
    return " ".join(word for word in match.groups() if word) if match else "?"


def _named(application: str) -> Any:
    module, _, name = application.partition(":")
    return getattr(import_module(module), name)


if "BENCH_COUNTED" in os.environ:
    application = Counted(_named(os.environ["BENCH_COUNTED"]))
