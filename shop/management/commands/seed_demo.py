from typing import Any

from django.core.management.base import BaseCommand, CommandError

from configurator.catalogue.families import FamilyUnknown
from configurator.catalogue.starts import ModuleMissing
from shop.ready_bars import ReadyBarFaulty, load_written


class Command(BaseCommand):
    help = "Put the ready bars up for sale. Safe to run again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = load_written()
        except FamilyUnknown as error:
            raise CommandError(f"There is no family {error}: run load_catalogue first.") from error
        except (ModuleMissing, ReadyBarFaulty) as error:
            raise CommandError(f"shop/catalogue/ready_bars.toml: {error}") from error
        self.stdout.write(f"{count} ready bars")
