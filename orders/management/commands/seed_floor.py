from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from orders.production import trial_shelf


class Command(BaseCommand):
    help = "Put an invented lot of everything on the shelf and fill a temperer, to try the floor. Safe to run again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Nothing is invented in production: receive what has really come.")
        by = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
        if by is None:
            raise CommandError("There is nobody who could receive it: run ensure_staff first.")
        count = trial_shelf.stock_up(by=by, at=timezone.now())
        self.stdout.write(f"{count} new lots to try the floor with")
