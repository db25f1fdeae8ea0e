"""Brings the database up to date: tables, catalogue, rates, ready bars, staff groups and account, a shelf.

Runs in the environment's Python as `python -m devserver.prepare PASSWORD_FILE`; one process, because
importing Django is what takes the time.
"""

import io
import os
import sys

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from devserver.steps import step
from devserver.translations import compile_translations


def prepare(password_file: str) -> None:
    with step("Translations") as translations:
        translations.note = f"{len(compile_translations(settings.LOCALE_PATHS[0]))} compiled"
    with step("Database") as database:
        database.note = _migrate()
    with step("Catalogue") as catalogue:
        catalogue.note = _last_line("load_catalogue")
    with step("Price lists") as prices:
        prices.note = _last_line("load_price_lists")
    with step("VAT and shipping") as rates:
        rates.note = _last_line("load_rates")
    with step("Ready bars") as ready_bars:
        ready_bars.note = _last_line("seed_demo")
    with step("Staff groups") as groups:
        groups.note = _last_line("ensure_groups")
    with step("Staff account") as staff:
        staff.note = _last_line("ensure_staff", "--password-file", password_file)
    with step("Shelf") as shelf:
        shelf.note = _last_line("seed_floor")


def _migrate() -> str:
    executor = MigrationExecutor(connection)
    _refuse_another_version(executor.loader)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        call_command("migrate", verbosity=0)
    return f"{len(pending)} migrations"


def _refuse_another_version(loader: MigrationLoader) -> None:
    unknown = sorted(
        ".".join(step) for step in loader.applied_migrations if step not in loader.disk_migrations
    )
    if unknown:
        raise CommandError(
            f"This database was made by another version of the shop ({unknown[0]}). "
            "bin/dev --reset forgets everything in var/ and makes a new one; a database of your own, that "
            "DATABASE_URL names, you empty yourself."
        )


def _last_line(command: str, *arguments: str) -> str:
    said = io.StringIO()
    call_command(command, *arguments, stdout=said)
    return (said.getvalue().strip().splitlines() or [""])[-1]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        prepare(sys.argv[1])
    except CommandError as refusal:
        sys.exit(f"\n{refusal}")
