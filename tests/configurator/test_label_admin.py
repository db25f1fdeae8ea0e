"""What a lawyer or a laboratory must confirm is told to staff, and stands in the handbook too."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from configurator.catalogue.label_checks import CHECKS
from tests import loaded

HANDBOOK = (Path(settings.BASE_DIR) / "docs" / "labels.md").read_text()


def test_the_handbook_has_every_rule_and_every_open_point() -> None:
    rules = [f"EU-{number:02}" for number in range(1, 25)] + [f"US-{number:02}" for number in range(1, 12)]
    assert [rule for rule in rules if f"| {rule} |" not in HANDBOOK] == []
    to_confirm = HANDBOOK.partition("## To confirm before a real sale")[2]
    assert [check.rules for check in CHECKS if f"| {check.rules} |" not in to_confirm] == []
    assert to_confirm.count("\n| ") == len(CHECKS) + 1


@pytest.mark.django_db
def test_staff_read_what_must_be_confirmed_and_what_is_blocked(client: Client) -> None:
    loaded.catalogue()
    client.force_login(User.objects.create_superuser("bea"))
    page = client.get("/admin/configurator/ingredient/labels/").content.decode()
    assert "Sulphur dioxide of dried fruit and coconut, lot by lot." in page
    assert "US: adulterated (21 CFR 189.130)" in page
    assert "Labels: what must be confirmed" in client.get("/admin/configurator/ingredient/").content.decode()


@pytest.mark.django_db
def test_nobody_else_reads_it(client: Client) -> None:
    client.force_login(User.objects.create_user("eve", is_staff=True))
    assert client.get("/admin/configurator/ingredient/labels/").status_code == 403
