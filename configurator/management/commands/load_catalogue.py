"""Load the catalogue's files and publish what changed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from configurator.catalogue import loading
from configurator.catalogue.cells import CatalogueMistaken
from configurator.catalogue.files import FOLDER


class Command(BaseCommand):
    help = "Load modules, families and rules; a changed catalogue becomes a new version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--modules", type=Path, default=FOLDER / "modules.csv")
        parser.add_argument("--families", type=Path, default=FOLDER / "families.toml")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = loading.load(
                at=timezone.now(),
                modules_file=options["modules"],
                families_file=options["families"],
            )
        except (CatalogueMistaken, FileNotFoundError) as mistake:
            raise CommandError(str(mistake)) from mistake
        versions = ", ".join(f"{version.family.key} version {version.number}" for version in loaded.published)
        self.stdout.write(f"{loaded.modules} modules, {loaded.retired} retired; {versions}")
