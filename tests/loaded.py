"""What the shop sells and what it takes to send it: loaded once into each test database, copied for every test.

The commands read files, check them and publish, for a good third of a second each time; their rows are
the same ever after. Tests of loading itself call the commands.
"""

from dataclasses import dataclass
from io import StringIO
from typing import Final

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from orders.models.shipping import TariffVersion
from orders.prices.tax import kept_rates
from orders.prices.volume import kept_prices
from orders.sending import promise


@dataclass(frozen=True)
class Copied:
    tables: tuple[str, ...]
    restart: tuple[str, ...]
    """What makes PostgreSQL number new rows after the copied ones."""


_copies: Final[dict[str, Copied]] = {}


def catalogue() -> None:
    _load("load_catalogue")


def rates() -> None:
    _load("load_rates")
    kept_rates.forget()
    kept_prices.forget()
    # A test may have changed rates behind the tariff's back, and this process remembers tariffs by token.
    TariffVersion.turn()
    promise.open_days(at=timezone.now())


def ready_bars() -> None:
    """Stands on the catalogue."""
    _load("seed_demo")


def make_copies() -> None:
    """In an empty database, which is empty again afterwards."""
    for command in ("load_catalogue", "load_rates", "seed_demo"):
        before = _filled()
        call_command(command, stdout=StringIO())
        models = [model for model in _filled() if model not in before]
        tables = tuple(model._meta.db_table for model in models)
        for table in tables:
            _run(f"CREATE TABLE {_copy(table)} AS SELECT * FROM {_quoted(table)}")
        _copies[command] = Copied(tables, tuple(connection.ops.sequence_reset_sql(no_style(), models)))
    with transaction.atomic():
        for copied in _copies.values():
            for table in copied.tables:
                _run(f"DELETE FROM {_quoted(table)}")


def _load(command: str) -> None:
    copied = _copies[command]
    if any(_has_rows(table) for table in copied.tables):
        call_command(command, verbosity=0)
        return
    with transaction.atomic():
        for table in copied.tables:
            _run(f"INSERT INTO {_quoted(table)} SELECT * FROM {_copy(table)}")
        for statement in copied.restart:
            _run(statement)


def _filled() -> list[type[Model]]:
    ours = (
        model
        for name in ("configurator", "shop", "orders")
        for model in apps.get_app_config(name).get_models()
    )
    return [model for model in ours if _has_rows(model._meta.db_table)]


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {_quoted(table)})")
        (there_are,) = cursor.fetchone()
    return bool(there_are)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _copy(table: str) -> str:
    return _quoted(f"copied_{table}")


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)
