"""What is still drawn by a stand-in, and so waits to be painted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from configurator.catalogue.families import current_families
from configurator.domain.family import Family
from configurator.rendering import sprites


class Command(BaseCommand):
    help = "List the modules that are drawn by stand-ins until they are painted."

    def handle(self, *args: Any, **options: Any) -> None:
        families = current_families()
        if not families:
            raise CommandError("There is no catalogue yet. Run manage.py load_catalogue first.")
        modules = {key: module for family in families for key, module in family.modules.items()}
        waiting = [
            module
            for module in modules.values()
            if not (_has_body(module.key, families) if module.kind == "base" else sprites.is_painted(module))
        ]
        for module in waiting:
            self.stdout.write(f"{module.key:24} {module.shape.hint:16} {module.name.en}")
        self.stdout.write(f"{len(waiting)} of {len(modules)} modules are drawn by stand-ins.")


def _has_body(base: str, families: tuple[Family, ...]) -> bool:
    return all(sprites.has_painted_body(family, family.modules[base]) for family in families)
