"""Load the first price lists; those of the office stay as they are."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from configurator.catalogue import price_lists_file
from configurator.catalogue.cells import CatalogueMistaken


class Command(BaseCommand):
    help = "Load price lists for currencies that have none yet from configurator/catalogue/price_lists.csv."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, default=price_lists_file.FILE)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            new = price_lists_file.load(options["file"])
        except CatalogueMistaken as mistake:
            raise CommandError(str(mistake)) from mistake
        self.stdout.write(f"{new} new price lists.")
