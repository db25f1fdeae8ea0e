import secrets
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandParser

PASSWORD_BYTES = 12


class Command(BaseCommand):
    help = "Makes the first staff account; its password is generated into a file that only you can read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default="admin")
        parser.add_argument("--password-file", type=Path, required=True)

    def handle(self, *, username: str, password_file: Path, **options: Any) -> None:
        if User.objects.filter(username=username).exists():
            self.stdout.write(f"{username}, unchanged")
        else:
            User.objects.create_superuser(username, password=_kept_password(password_file))
            self.stdout.write(f"{username}, password in {password_file}")


def _kept_password(file: Path) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(PASSWORD_BYTES))
    return file.read_text().strip()
