"""Make a token for the API; its secret is shown this once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from orders import tokens
from orders.models.token import Scope


class Command(BaseCommand):
    help = "Make a token for the API in the name of a member of staff."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("owner", help="user name of a member of staff")
        parser.add_argument(
            "scopes", nargs="+", choices=Scope.values, metavar="scope", help=", ".join(Scope.values)
        )
        parser.add_argument("--name", default="created on the command line", help="which program uses it")
        parser.add_argument("--days", type=int, help="valid for so many days; without: until revoked")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(username=options["owner"], is_active=True, is_staff=True).first()
        if owner is None:
            raise CommandError(f"There is no active member of staff named {options['owner']}.")
        days = options["days"]
        if days is not None and days < 1:
            raise CommandError("--days must be 1 or more; leave it out for a token until revoked.")
        token, secret = tokens.create(
            options["name"],
            owner=owner,
            scopes=[Scope(scope) for scope in options["scopes"]],
            expires_at=timezone.now() + timedelta(days=days) if days else None,
        )
        self.stderr.write(f"{token}, for {', '.join(token.scopes)}. Keep it now, it is not shown again:")
        self.stdout.write(secret)
