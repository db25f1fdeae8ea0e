from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from configurator.rendering import ready


class ConfiguratorConfig(AppConfig):
    name = "configurator"
    verbose_name = _("Catalogue")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Settings must be there before it is read.
        from configurator import checks  # noqa: F401, PLC0415

        ready.keep_in(Path(settings.VAR_DIR) / "ready")
