"""A shop for one measurement: its own database and sandbox, gone afterwards."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.test.utils import (
    CaptureQueriesContext,
    override_settings,
    setup_test_environment,
    teardown_test_environment,
)

from configurator import designs
from configurator.catalogue.families import current_family
from configurator.catalogue.starts import start
from configurator.domain.design import Design
from sandbox.server import Settings, running


class Queries:
    """How many were asked while it was watching; BEGIN and COMMIT are no questions."""

    count = 0


@contextmanager
def queries() -> Iterator[Queries]:
    counted = Queries()
    with CaptureQueriesContext(connection) as asked:
        yield counted
    counted.count = sum(not query["sql"].startswith(("BEGIN", "COMMIT")) for query in asked)


@contextmanager
def own_shop() -> Iterator[tuple[Design, str]]:
    """The bar that the studio opens with, and the sandbox's address."""
    setup_test_environment(debug=False)
    with tempfile.TemporaryDirectory() as folder, running(Settings(Path(folder))) as sandbox:
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            with override_settings(STRIPE_API_BASE=sandbox.address, CELERY_BROKER_URL="memory://"):
                yield _stocked(), sandbox.address
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
            teardown_test_environment()


def _stocked() -> Design:
    call_command("load_catalogue", verbosity=0, stdout=sys.stderr)
    call_command("load_rates", verbosity=0, stdout=sys.stderr)
    design = start(current_family("bar-100"))
    designs.save(design)
    return design
