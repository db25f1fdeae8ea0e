import secrets
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandParser

PASSWORD_BYTES = 12


class Command(BaseCommand):
    help = "Makes the staff account with a generated password, kept in a file only its owner can read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default="admin")
        parser.add_argument("--password-file", type=Path, required=True)

    def handle(self, *, username: str, password_file: Path, **options: Any) -> None:
        password = _kept_password(password_file)
        account, is_new = User.objects.get_or_create(
            username=username, defaults={"is_staff": True, "is_superuser": True}
        )
        if not is_new and account.check_password(password):
            self.stdout.write(f"{username}, unchanged")
        else:
            account.set_password(password)
            account.save()
            self.stdout.write(f"{username}, password in {password_file}")


def _kept_password(file: Path) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(PASSWORD_BYTES))
    return file.read_text().strip()
