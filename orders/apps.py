from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from configurator.makers import standing


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders and money")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models must be there before these are read.
        from configurator.catalogue import sold_out  # noqa: PLC0415
        from orders import checks, tasks  # noqa: F401, PLC0415
        from orders.account.untouched import ordered_designs  # noqa: PLC0415
        from orders.models import PendingWork  # noqa: PLC0415
        from orders.production.run_outs import allowed, shortage  # noqa: PLC0415
        from orders.stock import on_shelves  # noqa: PLC0415

        standing.ordered.append(ordered_designs)
        sold_out.counted.append(on_shelves)
        # Tasks lie below the journeys: these two say themselves how they are carried out.
        tasks.WAYS[PendingWork.Kind.SHORTAGE] = shortage.look_as_owed
        tasks.WAYS[PendingWork.Kind.CONSENT] = allowed.carry_out_as_owed
