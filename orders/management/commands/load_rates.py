from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from orders.prices import rates_file, tariff_files
from orders.sending import promise


class Command(BaseCommand):
    help = (
        "Load VAT rates, volume prices, shipping and the kitchen's calendar from orders/prices/data/. "
        "May be run again at any time: what staff have changed by hand stays."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # All or nothing: what is offered must be taxed.
            with transaction.atomic():
                vat, volume = rates_file.load()
                countries, rates, closed = tariff_files.load()
        except rates_file.RateFileWrong as wrong:
            raise CommandError(str(wrong)) from None
        promise.open_days(at=timezone.now())
        self.stdout.write(
            f"{vat} VAT rates, {volume} volume prices, {countries} countries, {rates} shipping rates, "
            f"{closed} days on which the kitchen is closed."
        )
