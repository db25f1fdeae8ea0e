"""Where we send to, how, and what that costs: rows that staff can edit, from the files in orders/prices/data."""

from __future__ import annotations

import re
import secrets
from datetime import date
from time import monotonic
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.kept_by_staff import KeptByStaff

KEY = RegexValidator(r"^[a-z][a-z0-9_]*\Z", _("Use lower-case letters, digits and _."))
COUNTRY = RegexValidator(r"^[A-Z]{2}\Z", _("Write two capital letters, such as DE."))
TRACKING_URL = RegexValidator(
    r"^https://[^\s{}]+(?:\{(?:number|locale)\}[^\s{}]*)*\Z",
    _("Write an address that begins with https:// and has {number} where the number goes."),
)


def _refuse_unless_pattern(field: str, written: str) -> None:
    try:
        re.compile(written)
    except re.error as wrong:
        words = _("This is no regular expression: %(wrong)s.") % {"wrong": wrong}
        raise ValidationError({field: words}) from None


def new_token() -> str:
    return secrets.token_hex(8)


class TariffVersion(models.Model):
    """One row, another token after every change of a row that processes keep in memory."""

    KEPT_SECONDS: ClassVar[float] = 10
    _seen: ClassVar[tuple[float, str]] = (0, "")

    token = models.CharField(max_length=16, default=new_token)

    @classmethod
    def current(cls) -> str:
        """Asked for on every page, so for a moment it is not asked again. Empty before the first rows."""
        until, token = cls._seen
        if until < monotonic() or not token:
            token = cls.objects.values_list("token", flat=True).first() or ""
            cls._seen = monotonic() + cls.KEPT_SECONDS, token
        return token

    @classmethod
    def turn(cls) -> None:
        """What somebody changes is seen here at once, and by other processes in a moment."""
        cls.objects.update_or_create(pk=1, defaults={"token": new_token()})
        cls.forget()
        # Another thread may have looked before this was committed.
        transaction.on_commit(cls.forget)

    @classmethod
    def forget(cls) -> None:
        cls._seen = (0, "")


class TariffRow(KeptByStaff):
    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        TariffVersion.turn()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        TariffVersion.turn()
        return deleted


class Dated(TariffRow):
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day; empty while no end is known.")
    )
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        abstract = True

    def clean(self) -> None:
        # A form that could not read the first day leaves it empty.
        since: date | None = self.valid_from
        if since and self.valid_until and self.valid_until < since:
            raise ValidationError({"valid_until": _("It would end before it begins.")})


class Zone(TariffRow):
    """Countries that cost the same and get as warm."""

    key = models.CharField(_("key"), max_length=20, primary_key=True, validators=[KEY])
    name_en = models.CharField(_("name in English"), max_length=60)
    name_de = models.CharField(_("name in German"), max_length=60)

    class Meta:
        verbose_name = _("shipping zone")
        verbose_name_plural = _("shipping zones")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name_en


class Destination(TariffRow):
    """A country. Without a label language it is not offered."""

    country = models.CharField(_("country"), max_length=2, primary_key=True, validators=[COUNTRY])
    zone = models.ForeignKey(
        Zone, models.PROTECT, related_name="destinations", verbose_name=_("shipping zone")
    )
    place = models.PositiveSmallIntegerField(_("place in the list"))
    name_en = models.CharField(_("name in English"), max_length=60)
    name_de = models.CharField(_("name in German"), max_length=60)
    label_locale = models.CharField(
        _("language of the labels"),
        max_length=2,
        blank=True,
        choices=[("en", _("English")), ("de", _("German"))],
        help_text=_("An official language of the country; without one it is not offered."),
    )
    postcode_pattern = models.CharField(_("pattern of a postcode"), max_length=80)
    postcode_example = models.CharField(_("example of a postcode"), max_length=20)
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("destination")
        verbose_name_plural = _("destinations")
        ordering = ["place", "country"]

    def __str__(self) -> str:
        return self.name_en

    def clean(self) -> None:
        _refuse_unless_pattern("postcode_pattern", self.postcode_pattern)


class Carrier(TariffRow):
    key = models.CharField(_("key"), max_length=20, primary_key=True, validators=[KEY])
    name = models.CharField(_("name"), max_length=60)
    tracking_url = models.CharField(
        _("address of its tracking page"),
        max_length=300,
        validators=[TRACKING_URL],
        help_text=_("{number} stands for the tracking number, {locale} for en or de."),
    )
    number_pattern = models.CharField(_("pattern of a tracking number"), max_length=80)
    number_example = models.CharField(_("example of a tracking number"), max_length=40)

    class Meta:
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.tracking_url and "{number}" not in self.tracking_url:
            raise ValidationError({"tracking_url": TRACKING_URL.message})
        _refuse_unless_pattern("number_pattern", self.number_pattern)


class Method(TariffRow):
    """A way to send a parcel, as the customer chooses it."""

    key = models.CharField(_("key"), max_length=20, primary_key=True, validators=[KEY])
    place = models.PositiveSmallIntegerField(_("place in the list"))
    name_en = models.CharField(_("name in English"), max_length=60)
    name_de = models.CharField(_("name in German"), max_length=60)
    safe_in_heat = models.BooleanField(
        _("safe in the heat"), help_text=_("Others are refused while it is hot on the way.")
    )

    class Meta:
        verbose_name = _("shipping method")
        verbose_name_plural = _("shipping methods")
        ordering = ["place"]

    def __str__(self) -> str:
        return self.name_en


class Service(Dated):
    """A method in a zone: who carries it, and how many working days that takes."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="services", verbose_name=_("shipping zone"))
    method = models.ForeignKey(
        Method, models.PROTECT, related_name="services", verbose_name=_("shipping method")
    )
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="services", verbose_name=_("carrier"))
    days_min = models.PositiveSmallIntegerField(_("working days on the way, at least"))
    days_max = models.PositiveSmallIntegerField(_("working days on the way, at most"))

    class Meta:
        verbose_name = _("shipping service")
        verbose_name_plural = _("shipping services")
        ordering = ["zone", "method", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "method", "valid_from"], name="one_service_per_start"),
            models.CheckConstraint(condition=Q(days_max__gte=F("days_min")), name="service_days_in_order"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="service_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method_id} → {self.zone_id}"

    def clean(self) -> None:
        super().clean()
        if None not in {self.days_min, self.days_max} and self.days_max < self.days_min:
            raise ValidationError({"days_max": _("It would arrive at the latest before it arrives at all.")})


class CarriageRate(Dated):
    """What a parcel costs up to a weight, for goods from a value on. A free parcel is a rate of 0."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="rates", verbose_name=_("shipping zone"))
    method = models.ForeignKey(
        Method, models.PROTECT, related_name="rates", verbose_name=_("shipping method")
    )
    currency = models.CharField(
        _("currency"), max_length=3, choices=[(code, code) for code in ("EUR", "USD", "GBP", "CHF")]
    )
    up_to_mg = models.PositiveBigIntegerField(
        _("up to"), help_text=_("Milligrams of chocolate; packing is allowed for in the tariff.")
    )
    goods_from_cents = models.PositiveIntegerField(_("for goods from"), default=0, help_text=_("Cents."))
    cents = models.PositiveIntegerField(_("price"), help_text=_("Cents, with VAT."))

    class Meta:
        verbose_name = _("shipping rate")
        verbose_name_plural = _("shipping rates")
        ordering = ["zone", "method", "currency", "up_to_mg", "goods_from_cents", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "method", "currency", "up_to_mg", "goods_from_cents", "valid_from"],
                name="one_carriage_rate_per_start",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="carriage_rate_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method_id} → {self.zone_id}, {self.up_to_mg // 1_000_000} kg, {self.currency}"


class HotSeason(TariffRow):
    """Days on which chocolate would melt on the way to a zone."""

    zone = models.ForeignKey(
        Zone, models.PROTECT, related_name="hot_seasons", verbose_name=_("shipping zone")
    )
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    every_year = models.BooleanField(
        _("every year"), help_text=_("Off: only in that year, for a heat wave that is forecast.")
    )
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("hot season")
        verbose_name_plural = _("hot seasons")
        ordering = ["zone", "first_on"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "first_on"], name="one_hot_season_per_start"),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="hot_season_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(every_year=False) | Q(first_on__year=F("last_on__year")),
                name="yearly_hot_season_is_within_a_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone_id}: {self.first_on:%m-%d} – {self.last_on:%m-%d}"

    def clean(self) -> None:
        if None in {self.first_on, self.last_on}:
            return
        if self.last_on < self.first_on:
            raise ValidationError({"last_on": _("It would end before it begins.")})
        if self.every_year and self.first_on.year != self.last_on.year:
            raise ValidationError({"last_on": _("A season of every year begins and ends in the same one.")})


class Holiday(TariffRow):
    """A weekday on which nobody delivers in a country."""

    country = models.CharField(_("country"), max_length=2, validators=[COUNTRY])
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=60)
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day", "country"]
        constraints = [models.UniqueConstraint(fields=["country", "day"], name="one_holiday_per_day")]

    def __str__(self) -> str:
        return f"{self.country} {self.day:%Y-%m-%d}"
