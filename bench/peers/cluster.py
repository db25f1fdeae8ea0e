"""One PostgreSQL server for all shops, a database each, as durable as production has it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import psycopg
from psycopg import sql

from tests.postgres import ROLE, running_postgres

# An order must survive a power cut, so every COMMIT waits for the disk. The memory is what a small server gives.
DURABLE: Final = ("-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "shared_buffers=512MB")


@dataclass(frozen=True)
class Cluster:
    folder: str
    """Of its Unix socket."""

    def database(self, name: str) -> dict[str, str]:
        """A new one, as the peers' settings read it from the environment."""
        self._do("postgres", sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return {"BENCH_DATABASE": name, "BENCH_POSTGRES": self.folder, "BENCH_ROLE": ROLE}

    def address(self, name: str) -> str:
        return f"postgresql://{ROLE}@/{name}?host={self.folder}"

    def new(self) -> str:
        """The name of a new one."""
        name = f"bench_{secrets.token_hex(4)}"
        self._do("postgres", sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def ask(self, name: str, question: str, *values: str) -> list[Any]:
        with psycopg.connect(self.address(name)) as connection:
            return connection.execute(sql.SQL(question), values).fetchall()

    def tidy(self, name: str) -> None:
        """As after a night: the planner knows the tables, and nothing is swept while it is measured."""
        self._do(name, sql.SQL("VACUUM ANALYZE"))

    def change(self, name: str, statement: str) -> None:
        self._do(name, sql.SQL(statement))

    def settings(self) -> dict[str, Any]:
        names = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
        with psycopg.connect(self.address("postgres")) as connection:
            rows = connection.execute(
                "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(names)]
            ).fetchall()
        return dict(rows)

    def _do(self, name: str, statement: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(self.address(name), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def cluster() -> Iterator[Cluster]:
    with running_postgres(DURABLE) as address:
        yield Cluster(parse_qs(urlsplit(address).query)["host"][0])
