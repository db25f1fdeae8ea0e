"""Where what lies on the shelf came from, and into which bars it went."""

from __future__ import annotations

import secrets
import uuid
from datetime import date

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from configurator.domain import codes
from configurator.models import Module
from orders.models.append_only import History
from orders.models.production import Job
from orders.models.stock import Stock

LOT_SIGNS = 6
LETTER = "L"
"""So that nobody takes the code of a lot for that of a ticket."""


def new_lot_code() -> str:
    return _written(codes.checked("".join(secrets.choice(codes.ALPHABET) for _sign in range(LOT_SIGNS))))


def read_lot_code(typed: str) -> str:
    """What a person typed or scanned → the code of a lot, as ``L-XXX-XXXX``. Raises CodeMistyped."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if not signs.startswith(LETTER):
        raise codes.CodeMistyped(typed)
    return _written(codes.read(signs.removeprefix(LETTER), LOT_SIGNS))


def _written(signs: str) -> str:
    return f"{LETTER}-{signs[:3]}-{signs[3:]}"


class Supplier(models.Model):
    name = models.CharField(_("name"), max_length=120, unique=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Lot(models.Model):
    """What came of one module in one delivery, and can be told apart from all others for ever."""

    code = models.CharField(_("code"), max_length=LOT_SIGNS + 4, unique=True, default=new_lot_code)
    stock = models.ForeignKey(Stock, models.PROTECT, related_name="lots", verbose_name=_("module"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="lots", verbose_name=_("supplier"))
    supplier_lot = models.CharField(
        _("the supplier's lot number"), max_length=60, help_text=_("As it stands on the sack.")
    )
    best_before = models.DateField(_("best before"))
    received_at = models.DateTimeField(_("received"))
    eudr_reference = models.CharField(
        _("deforestation reference"),
        max_length=60,
        blank=True,
        help_text=_("The reference number of the supplier's due diligence statement (EUDR), for cocoa."),
    )
    price_cents = models.PositiveIntegerField(
        _("price per kilogram"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("In cents."),
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    certificate = models.CharField(_("certificate"), max_length=100, blank=True)
    """The name of its file, which nobody without rights can reach."""
    traces: models.JSONField[list[str], list[str]] = models.JSONField(
        _("possible traces"), default=list, blank=True
    )
    """Codes of the allergens of which its supplier's specification warns, as it stands now; those that its module names
    need not be among them. Who wrote down which, and when, is in its specifications."""
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("blocked by"),
    )
    """Nobody, when its best before date has passed by itself."""
    blocked_why = models.CharField(_("why it is blocked"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        ordering = ["best_before", "received_at", "pk"]
        permissions = [("block_lot", "Can block a lot and let it be used again")]
        indexes = [models.Index(fields=["stock", "best_before"], name="lots_first_expired_first")]
        constraints = [
            models.UniqueConstraint(
                fields=["stock", "supplier", "supplier_lot"], name="lot_of_a_supplier_is_known_once"
            ),
            models.CheckConstraint(
                condition=Q(blocked_at=None, blocked_by=None, blocked_why="")
                | Q(blocked_at__isnull=False) & ~Q(blocked_why=""),
                name="lot_blocked_says_why",
            ),
            models.CheckConstraint(
                condition=Q(price_cents=None, currency="") | Q(price_cents__gt=0) & ~Q(currency=""),
                name="lot_price_names_its_currency",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def module(self) -> Module:
        return self.stock.module

    @property
    def is_blocked(self) -> bool:
        return self.blocked_at is not None

    def is_expired(self, today: date) -> bool:
        """On its best before date itself it is still good."""
        return self.best_before < today


class LotSpecification(History):
    """What somebody wrote down of the possible traces of a lot; the last one counts. Append-only."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="specifications", verbose_name=_("lot"))
    traces: models.JSONField[list[str], list[str]] = models.JSONField(_("possible traces"), blank=True)
    note = models.CharField(_("where it says so"), max_length=200)
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
        verbose_name = _("specification of a lot")
        verbose_name_plural = _("specifications of lots")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.lot_id}: {', '.join(self.traces)}"


class CupDose(models.Model):
    """So much of a lot was weighed into the cup of a bar. Until the bar is kitted, it can be poured back."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="doses", verbose_name=_("job"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="doses", verbose_name=_("lot"))
    module = models.CharField(_("module"), max_length=40)
    """Its key, as the recipe of the bar names it."""
    target_mg = models.PositiveIntegerField(_("wanted"))
    actual_mg = models.PositiveIntegerField(_("weighed"))
    scan = models.UUIDField(_("scan"), unique=True, default=uuid.uuid4, editable=False)
    """Made where it was weighed, so that a repeated message is no second dose."""
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
        verbose_name = _("dose of a bar")
        verbose_name_plural = _("doses of bars")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(actual_mg__gt=0, target_mg__gt=0), name="dose_weighs_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.actual_mg} mg, {self.lot_id}"


class TemperFill(models.Model):
    """What is in a temperer from one filling to the next: new chocolate, and what the last fill left in it."""

    temperer = models.CharField(_("temperer"), max_length=40)
    stock = models.ForeignKey(Stock, models.PROTECT, related_name="fills", verbose_name=_("chocolate"))
    carry_over_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="carried_into", verbose_name=_("left by")
    )
    """The fill before, unless the temperer was emptied and cleaned since: a film on the wall carries over too."""
    carry_over_mg = models.PositiveBigIntegerField(_("left in it"), default=0)
    opened_at = models.DateTimeField(_("filled"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    emptied_at = models.DateTimeField(_("emptied"), null=True, blank=True)
    cleaned_at = models.DateTimeField(_("cleaned"), null=True, blank=True)

    class Meta:
        verbose_name = _("fill of a temperer")
        verbose_name_plural = _("fills of temperers")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["temperer", "-opened_at"], name="fills_of_a_temperer")]
        constraints = [
            models.UniqueConstraint(
                fields=["temperer"], condition=Q(closed_at=None), name="temperer_has_one_open_fill"
            ),
            models.UniqueConstraint(
                fields=["carry_over_from"],
                condition=Q(carry_over_from__isnull=False),
                name="fill_is_carried_over_once",
            ),
            models.CheckConstraint(
                condition=~Q(carry_over_from=F("pk")), name="fill_is_not_carried_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(carry_over_mg=0) | Q(carry_over_from__isnull=False),
                name="fill_carried_over_names_the_one_before",
            ),
            models.CheckConstraint(
                condition=Q(emptied_at=None) | Q(closed_at__isnull=False), name="fill_emptied_is_closed"
            ),
            models.CheckConstraint(
                condition=Q(cleaned_at=None) | Q(emptied_at__isnull=False),
                name="fill_is_emptied_before_cleaned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.temperer} #{self.pk}"


class FillInput(models.Model):
    """So much of a lot went into a temperer."""

    fill = models.ForeignKey(TemperFill, models.PROTECT, related_name="inputs", verbose_name=_("fill"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="fill_inputs", verbose_name=_("lot"))
    mg = models.PositiveBigIntegerField(_("put in"))

    class Meta:
        verbose_name = _("lot in a temperer")
        verbose_name_plural = _("lots in temperers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["fill", "lot"], name="lot_is_once_in_a_fill"),
            models.CheckConstraint(condition=Q(mg__gt=0), name="fill_input_weighs_something"),
        ]

    def __str__(self) -> str:
        return f"{self.fill_id}: {self.mg} mg, {self.lot_id}"


class Pour(models.Model):
    """The bar was poured from this fill."""

    job = models.OneToOneField(Job, models.PROTECT, related_name="pour", verbose_name=_("job"))
    fill = models.ForeignKey(TemperFill, models.PROTECT, related_name="pours", verbose_name=_("fill"))
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
        verbose_name = _("bar poured")
        verbose_name_plural = _("bars poured")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.job_id} ← {self.fill_id}"
