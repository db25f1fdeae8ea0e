from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class KeptAddress(models.Model):
    """An address in somebody's account. Orders copy it: what is changed here changes no order."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="addresses",
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=100)
    street = models.CharField(_("street"), max_length=100)
    extra = models.CharField(_("addition"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12)
    city = models.CharField(_("town"), max_length=80)
    country = models.CharField(_("country"), max_length=2)
    for_parcels = models.BooleanField(_("parcels go there first"), default=False)
    for_bills = models.BooleanField(_("bills go there"), default=False)

    class Meta:
        verbose_name = _("kept address")
        verbose_name_plural = _("kept addresses")
        ordering = ["-for_parcels", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(for_parcels=True), name="one_address_for_parcels_per_account"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(for_bills=True), name="one_address_for_bills_per_account"
            ),
            models.UniqueConstraint(
                fields=["account", "name", "street", "extra", "postcode", "city", "country"],
                name="an_address_is_kept_once_per_account",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.name, self.street, self.extra, f"{self.postcode} {self.city}")))
