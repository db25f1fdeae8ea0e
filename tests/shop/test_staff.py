from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.django_db


def ensure_staff(password_file: Path) -> str:
    said = StringIO()
    call_command("ensure_staff", "--password-file", str(password_file), stdout=said)
    return said.getvalue().strip()


def test_the_first_account_opens_the_office_with_the_password_in_the_file(
    client: Client, tmp_path: Path
) -> None:
    file = tmp_path / "staff_password"
    assert ensure_staff(file) == f"admin, password in {file}"
    assert file.stat().st_mode & 0o777 == 0o600
    assert client.login(username="admin", password=file.read_text())
    assert client.get("/admin/").status_code == 200


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "staff_password"
    ensure_staff(file)
    password = file.read_text()
    assert ensure_staff(file) == "admin, unchanged"
    assert file.read_text() == password


def test_a_password_that_a_person_has_chosen_is_left_alone(tmp_path: Path) -> None:
    User.objects.create_superuser("admin", password="my own words")
    ensure_staff(tmp_path / "staff_password")
    assert User.objects.get().check_password("my own words")
    assert not (tmp_path / "staff_password").exists()
