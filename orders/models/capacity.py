"""On which days the kitchen works, what of them is promised, and to which orders."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.equipment import FloorZone
from orders.models.kept_by_staff import KeptByStaff
from orders.models.order import Order
from orders.models.shipping import TariffRow

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

MOST = _(
    "Bars that may be promised at most. Empty: as many as the figures of the kitchen allow. "
    "0: nobody works on this weekday."
)


class WorkingWeek(TariffRow):
    """When the kitchen works from a day on: for each weekday the most bars that may be promised; empty for as
    many as its figures allow, 0 for a day on which nobody works."""

    valid_from = models.DateField(_("valid from"), unique=True)
    monday = models.PositiveIntegerField(_("Monday"), null=True, blank=True, help_text=MOST)
    tuesday = models.PositiveIntegerField(_("Tuesday"), null=True, blank=True)
    wednesday = models.PositiveIntegerField(_("Wednesday"), null=True, blank=True)
    thursday = models.PositiveIntegerField(_("Thursday"), null=True, blank=True)
    friday = models.PositiveIntegerField(_("Friday"), null=True, blank=True)
    saturday = models.PositiveIntegerField(_("Saturday"), null=True, blank=True)
    sunday = models.PositiveIntegerField(_("Sunday"), null=True, blank=True)
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
        if not any(getattr(self, weekday) != 0 for weekday in WEEKDAYS):
            words = _("On one day of the week at least somebody has to make bars.")
            raise ValidationError({WEEKDAYS[0]: words})


class CapacityDay(KeptByStaff):
    """A day that is booked or unlike its weekday. Whoever books it, locks it."""

    day = models.DateField(_("day"), primary_key=True)
    bars = models.PositiveIntegerField(
        _("bars at most"),
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
    """So many bars of one kind and one parcel are made for this day. Unpaid ones end by the clock."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="bookings", verbose_name=_("order"))
    parcel = models.PositiveSmallIntegerField(_("parcel"))
    """The place of its shipment in the order."""
    day = models.ForeignKey(
        CapacityDay, models.PROTECT, related_name="bookings", verbose_name=_("day of the kitchen")
    )
    base = models.CharField(_("base"), max_length=40)
    """Key of its chocolate; of a box of samples, its family."""
    zone = models.CharField(_("zone"), max_length=1, choices=FloorZone.choices, blank=True)
    """Of the temperers it takes up; none for what is only weighed into bags."""
    declared = models.TextField(_("allergens declared"), blank=True)
    """Codes with spaces between: what may cling to a temperer before and after it."""
    bars = models.PositiveIntegerField(_("bars"))
    taken_at = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    """Empty once it is paid."""

    class Meta:
        verbose_name = _("booking of a day")
        verbose_name_plural = _("bookings of days")
        ordering = ["day", "pk"]
        indexes = [models.Index(fields=["day", "until"], name="day_booked")]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "parcel", "day", "zone", "base", "declared"],
                name="one_booking_per_parcel_day_and_kind",
            ),
            models.CheckConstraint(condition=Q(bars__gt=0), name="booking_is_for_bars"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("taken_at")), name="booking_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day_id}: {self.bars}"
