from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from orders import changes
from shop import account_letters, second_factors


class Command(BaseCommand):
    help = "Takes the second factor off an account whose owner has lost it. Be sure who is asking."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="name of a member of staff, or a customer's e-mail address")
        parser.add_argument("--by", required=True, help="who of the staff does it; stands in the change log")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        by = User.objects.filter(username=options["by"], is_active=True, is_staff=True).first()
        if by is None:
            raise CommandError(f"--by: nobody of the staff is called {options['by']}.")
        user = _called(options["name"])
        if not second_factors.take_off(user):
            raise CommandError(f"{options['name']} has no second factor.")
        changes.note(user, by=by, words=_("Second factor taken off on the command line"))
        if user.email:
            account_letters.owe("second_factor_reset", user.email, user)
        self.stdout.write(f"{options['name']} signs in by password alone until a new one is set up.")


def _called(name: str) -> User:
    user = (
        User.objects.filter(username=name).first()
        or User.objects.filter(emailaddress__email__iexact=name, emailaddress__verified=True).first()
    )
    if user is None:
        raise CommandError(f"No account is called {name}.")
    return user
