"""Make the browsing picture of every module now, so that the first visitor does not wait for them."""

from typing import Any

from django.core.management.base import BaseCommand

from configurator.catalogue.families import current_families
from configurator.pictures import previews


class Command(BaseCommand):
    help = "Make the browsing picture of every module; those that exist already are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        modules = {
            key: (module, family) for family in current_families() for key, module in family.modules.items()
        }
        for module, family in modules.values():
            for width in previews.MODULE_WIDTHS:
                previews.module_preview(module, family, width)
        self.stdout.write(f"The pictures of {len(modules)} modules are ready.")
