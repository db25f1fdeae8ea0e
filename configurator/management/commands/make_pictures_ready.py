"""Decode and scale all sprites now, so that no visitor and no worker waits for them."""

from typing import Any

from django.core.management.base import BaseCommand

from configurator.catalogue.families import all_current_families
from configurator.pictures import previews


class Command(BaseCommand):
    help = "Make all sprites ready for this machine; those that are ready already are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        previews.prepare_all(all_current_families())
        self.stdout.write("All sprites are ready.")
