from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from orders import letters


class Command(BaseCommand):
    help = "Owes an invoice for each paid order without one, and a credit note for each refund without one."

    @transaction.atomic
    def handle(self, *_args: Any, **_options: Any) -> None:
        owed = letters.papers_missing(at=timezone.now())
        self.stdout.write(f"{owed} papers are written by the worker within minutes.")
