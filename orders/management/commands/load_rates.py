from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders import rates_file


class Command(BaseCommand):
    help = "Load VAT rates, volume prices and shipping rates from orders/data/. May be run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            vat, volume, shipping = rates_file.load()
        except rates_file.RateFileWrong as wrong:
            raise CommandError(str(wrong)) from None
        self.stdout.write(f"{vat} VAT rates, {volume} volume prices, {shipping} countries.")
