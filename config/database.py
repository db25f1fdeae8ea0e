"""DATABASE_URL, or the shop's own SQLite file, as Django's DATABASES entry."""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# IMMEDIATE and WAL together are what keeps concurrent writers from "database is locked";
# a connection is kept because init_command runs on every new one.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
        "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000;"
    ),
}
CONNECTION_SECONDS = 60

# What a connection has sent twice, PostgreSQL neither reads nor plans again: that is more than half of its work.
PREPARED = {"server_side_binding": True, "prepare_threshold": 2}


def database(url: str, *, otherwise: Path) -> dict[str, Any]:
    """The database at `url`; with no URL, the SQLite file `otherwise`."""
    if not url:
        return _sqlite(str(otherwise))
    parts = urlsplit(url)
    match parts.scheme:
        case "postgresql" | "postgres":
            return _postgresql(parts)
        case "sqlite":
            return _sqlite(unquote(parts.path.removeprefix("/")))
        case _:
            raise ImproperlyConfigured(
                "DATABASE_URL must begin with postgresql:// or sqlite://, such as "
                "postgresql://user:password@host:5432/couverture."
            )


def _sqlite(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": SQLITE_OPTIONS,
        "CONN_MAX_AGE": CONNECTION_SECONDS,
    }


def _postgresql(parts: SplitResult) -> dict[str, Any]:
    """`?host=/run/postgresql` names a Unix socket, `?prepared=false` is for a pooler that gives each transaction
    another connection; every other option goes to libpq as it is."""
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    prepared = {} if options.pop("prepared", "true") == "false" else PREPARED
    return {
        "ENGINE": "config.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options | prepared,
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
    }
