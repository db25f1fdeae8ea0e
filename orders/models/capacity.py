"""How many bars may leave the house on a day, and which orders they belong to."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.kept_by_staff import KeptByStaff
from orders.models.order import Order
from orders.models.shipping import TariffRow

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class WorkingWeek(TariffRow):
    """What the kitchen makes from a day on: bars per weekday, 0 for a day on which nobody works."""

    valid_from = models.DateField(_("valid from"), unique=True)
    monday = models.PositiveIntegerField(_("Monday"))
    tuesday = models.PositiveIntegerField(_("Tuesday"))
    wednesday = models.PositiveIntegerField(_("Wednesday"))
    thursday = models.PositiveIntegerField(_("Thursday"))
    friday = models.PositiveIntegerField(_("Friday"))
    saturday = models.PositiveIntegerField(_("Saturday"))
    sunday = models.PositiveIntegerField(_("Sunday"))
    cut_off = models.TimeField(
        _("orders count for today until"), help_text=_("By the clock of the shop; later ones count tomorrow.")
    )
    lead_days = models.PositiveSmallIntegerField(
        _("working days to make a bar"), help_text=_("From the day an order counts for to the day it leaves.")
    )
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("working week")
        verbose_name_plural = _("working weeks")
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(monday=0, tuesday=0, wednesday=0, thursday=0, friday=0, saturday=0, sunday=0),
                name="somebody_works_in_a_working_week",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from:%Y-%m-%d}"

    def clean(self) -> None:
        bars = [getattr(self, weekday) for weekday in WEEKDAYS]
        if None not in bars and not any(bars):
            words = _("On one day of the week at least somebody has to make bars.")
            raise ValidationError({WEEKDAYS[0]: words})


class CapacityDay(KeptByStaff):
    """A day that is booked or unlike its weekday. Whoever books it, locks it."""

    day = models.DateField(_("day"), primary_key=True)
    bars = models.PositiveIntegerField(
        _("bars on this day"),
        null=True,
        blank=True,
        help_text=_("Empty: as the working week says. 0: nothing is made and nothing leaves the house."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("day of the kitchen")
        verbose_name_plural = _("days of the kitchen")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class Booking(models.Model):
    """So many bars of one parcel are made for this day. Unpaid ones end by the clock."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="bookings", verbose_name=_("order"))
    parcel = models.PositiveSmallIntegerField(_("parcel"))
    """The place of its shipment in the order."""
    day = models.ForeignKey(
        CapacityDay, models.PROTECT, related_name="bookings", verbose_name=_("day of the kitchen")
    )
    bars = models.PositiveIntegerField(_("bars"))
    taken_at = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    """Empty once it is paid."""

    class Meta:
        verbose_name = _("booking of a day")
        verbose_name_plural = _("bookings of days")
        ordering = ["day", "pk"]
        indexes = [models.Index(fields=["day", "until", "bars"], name="day_booked")]
        constraints = [
            models.UniqueConstraint(fields=["order", "parcel", "day"], name="one_booking_per_parcel_and_day"),
            models.CheckConstraint(condition=Q(bars__gt=0), name="booking_is_for_bars"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("taken_at")), name="booking_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day_id}: {self.bars}"
