"""What the database held before a migration is not forgotten by it."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from configurator import designs
from configurator.models import CreationStep
from tests.configurator.people import Person, bar


@pytest.mark.django_db
def test_bars_that_were_kept_before_steps_were_rows_have_their_steps() -> None:
    call_command("load_catalogue", verbosity=0)
    start, step = designs.save(bar("Start")).digest, designs.save(bar("A step")).digest
    creation = Person("ada").designs(bar(), start=bar("Start"), past=[start, step, "a" * 64])
    CreationStep.objects.all().delete()
    migration = import_module("configurator.migrations.0005_remember_steps")
    migration.remember(apps, connection.schema_editor())
    assert set(creation.steps.values_list("design_id", flat=True)) == {step, creation.design_id}
