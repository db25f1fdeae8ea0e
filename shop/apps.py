from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from configurator.makers import standing
from shop import identity


class ShopConfig(AppConfig):
    name = "shop"
    verbose_name = _("Shop window")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A mistyped colour or a missing logo is refused at the start, not on a customer's page.
        identity.theme()
        identity.logo()
        # Models must be there before these are read.
        from shop import second_factors  # noqa: F401, PLC0415  # it listens
        from shop.ready_bars import designs_on_sale  # noqa: PLC0415

        standing.on_sale.append(designs_on_sale)
