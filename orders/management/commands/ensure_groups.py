from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from orders.office.staff_groups import RIGHTS, ensure_groups


class Command(BaseCommand):
    help = "Makes the groups of the staff, or gives them exactly the rights that this version says."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        ensure_groups()
        self.stdout.write(", ".join(RIGHTS))
