from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import lots
from orders.papers import recall_report
from orders.production import recall


class Command(BaseCommand):
    help = "Exercises a recall: finds all bars and orders of a lot, and changes and sends nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lot", help="its code, such as L-7KQ-M2PR")
        parser.add_argument(
            "--report", type=Path, help="where to write the report as a PDF, without contacts"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        lot = lots.find(options["lot"])
        if lot is None:
            raise CommandError(f"No lot has the code {options['lot']}.")
        made = recall.mock(lot, _("Exercise"), by=None, at=timezone.now())
        found = made.figures
        self.stdout.write(
            f"{lot.code} {lot.module}: {found['bars']} bars, {found['orders']} orders, {found['sent']} sent"
        )
        for name, amount in recall_report.balance_rows(found["balance"]):
            self.stdout.write(f"  {name}: {amount}")
        if options["report"]:
            options["report"].write_bytes(recall_report.pdf(made, with_contacts=False))
            self.stdout.write(str(options["report"]))
