from django.apps import AppConfig

from shop import identity


class ShopConfig(AppConfig):
    name = "shop"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A mistyped colour or a missing logo is refused at the start, not on a customer's page.
        identity.theme()
        identity.logo()
