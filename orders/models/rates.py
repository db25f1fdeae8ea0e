"""VAT and volume prices: data with a source and dates of validity, loaded by `manage.py load_rates`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaxClass(models.TextChoices):
    """What a bar is to the tax office, decided by what is in it (orders/prices/tax.py)."""

    ANY = "any", "any bar"
    DARK_PLAIN = "dark_plain", "plain dark chocolate"
    FILLED = "filled", "dark chocolate with something in or on it"
    MILK = "milk", "milk chocolate"
    WHITE = "white", "white, HS 1704"
    NO_COCOA = "no_cocoa", "without any cocoa"


class VatRate(models.Model):
    country = models.CharField(_("country"), max_length=2)
    tax_class = models.CharField(_("kind of goods"), max_length=10, choices=TaxClass.choices)
    permille = models.PositiveSmallIntegerField()
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    """The last day; empty while no end is known."""
    source = models.CharField(_("source"), max_length=300)
    to_confirm = models.CharField(_("to confirm"), max_length=300, blank=True)
    """What a tax adviser has to confirm before anything is sold there."""

    class Meta:
        verbose_name = _("VAT rate")
        verbose_name_plural = _("VAT rates")
        ordering = ["country", "tax_class", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "tax_class", "valid_from"], name="one_vat_rate_per_start"
            ),
            models.CheckConstraint(condition=models.Q(permille__lte=500), name="vat_rate_below_half"),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="vat_rate_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}, {self.get_tax_class_display()}: {self.permille / 10:g} %"


class VolumePrice(models.Model):
    """What a bar costs less from so many bars in one order on."""

    from_bars = models.PositiveSmallIntegerField(_("from so many bars"))
    permille_off = models.PositiveSmallIntegerField()
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("volume price")
        verbose_name_plural = _("volume prices")
        ordering = ["from_bars", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["from_bars", "valid_from"], name="one_volume_price_per_start"),
            models.CheckConstraint(
                condition=models.Q(from_bars__gte=2, permille_off__gte=1, permille_off__lte=500),
                name="volume_price_takes_half_at_most",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="volume_price_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_bars}: −{self.permille_off / 10:g} %"
