"""What bars touch while they are made, and which allergens it has met since it was last clean."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.models.append_only import History
from orders.models.shipping import TariffRow

KEY_SIGNS: Final = 12


class Station(models.TextChoices):
    """Where a bar is worked on, in the order of its way."""

    KITTING = "kitting", _("Kitting")
    MOULDING = "moulding", _("Moulding")
    TOPPING = "topping", _("Topping")
    COOLING = "cooling", pgettext_lazy("station", "Cooling")
    QUALITY = "quality", _("Quality")
    WRAPPING = "wrapping", _("Wrapping")
    PACKING = "packing", _("Packing")
    SHIPPING = "shipping", _("Shipping")


class FloorZone(models.TextChoices):
    """As on the label: F lets in nothing of Annex II, O is open to everything."""

    FREE = "F", _("Zone F")
    OPEN = "O", _("Zone O")


class Equipment(TariffRow):
    """A temperer, a bench, a cabinet, a table: it stands in one zone and serves one station."""

    key = models.CharField(
        _("code"),
        max_length=KEY_SIGNS,
        primary_key=True,
        validators=[
            RegexValidator(
                r"^[A-Z][A-Z0-9-]*\Z",
                _("Capital letters, digits and hyphens, a letter first: T1 or BENCH-2."),
            )
        ],
        help_text=_("It stands on the equipment, to be read and scanned."),
    )
    station = models.CharField(_("station"), max_length=8, choices=Station.choices)
    zone = models.CharField(_("zone"), max_length=1, choices=FloorZone.choices)
    holds_mg = models.PositiveBigIntegerField(
        _("holds chocolate"), null=True, blank=True, help_text=_("Milligrams; of a temperer.")
    )
    holds_bars = models.PositiveIntegerField(
        _("holds bars"), null=True, blank=True, help_text=_("Of a cabinet, or the moulds of a temperer.")
    )
    in_use = models.BooleanField(_("in use"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("piece of equipment")
        verbose_name_plural = _("equipment")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(station__in=Station.values, zone__in=FloorZone.values),
                name="equipment_stands_somewhere_we_know",
            ),
            models.CheckConstraint(
                condition=~Q(station="moulding") | Q(holds_mg__gt=0), name="temperer_holds_chocolate"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Contact(History):
    """It met allergens that it had not met since it was last clean. Append-only."""

    equipment = models.ForeignKey(
        Equipment, models.PROTECT, related_name="contacts", verbose_name=_("piece of equipment")
    )
    allergens: models.JSONField[list[str], list[str]] = models.JSONField(_("allergens"))
    """Codes, sorted; never empty."""
    job = models.ForeignKey(
        "orders.Job", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("job")
    )
    """That brought them; none where somebody has seen them come from elsewhere."""
    why = models.CharField(_("what happened"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("contact with allergens")
        verbose_name_plural = _("contacts with allergens")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["equipment", "at"], name="contact_since_cleaning")]
        constraints = [
            models.CheckConstraint(condition=~Q(allergens=[]), name="contact_names_allergens"),
            models.CheckConstraint(
                condition=Q(job__isnull=False) | ~Q(why=""), name="contact_says_where_it_came_from"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.equipment_id}: {' '.join(self.allergens)}"


class Cleaning(models.Model):
    """Somebody cleaned it; it counts once a second person has found it clean."""

    class Kind(models.TextChoices):
        SCRAPE = "scrape", _("scraped")
        FLUSH = "flush", _("flushed with chocolate")
        DRY = "dry", _("cleaned dry")
        WET = "wet", _("washed and dried")

    CLEARING: ClassVar = (Kind.WET,)
    """Milk stays in chocolate machines through scraping, flushing and dry cleaning: only water takes it away."""

    class Swab(models.TextChoices):
        CLEAN = "clean", _("nothing found")
        FOUND = "found", _("allergen found")

    equipment = models.ForeignKey(
        Equipment, models.PROTECT, related_name="cleanings", verbose_name=_("piece of equipment")
    )
    kind = models.CharField(_("how"), max_length=6, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("cleaned by")
    )
    at = models.DateTimeField(_("cleaned"))
    swab = models.CharField(_("swab test"), max_length=5, choices=Swab.choices, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("looked at by"),
    )
    verified_at = models.DateTimeField(_("looked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("cleaning")
        verbose_name_plural = _("cleanings")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["equipment", "at"], name="cleaning_of_equipment")]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(swab="", verified_by=None, verified_at=None)
                    | Q(swab__in=["clean", "found"], verified_by__isnull=False, verified_at__isnull=False)
                ),
                name="cleaning_is_looked_at_whole",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("by")),
                name="cleaning_is_looked_at_by_another",
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None) | Q(verified_at__gte=F("at")),
                name="cleaning_is_looked_at_afterwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.equipment_id}: {self.get_kind_display()}"

    @property
    def clears(self) -> bool:
        return self.kind in self.CLEARING and self.swab == self.Swab.CLEAN
