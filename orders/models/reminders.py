"""The same bar again on a date: a mail two weeks before it, and nothing else (docs/reminders.md)."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from configurator.models import Design

OCCASION_MAX: Final = 60
AHEAD: Final = timedelta(days=14)
"""So long before the day the mail comes."""


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Reminder(models.Model):
    """Somebody wants to be written to before a day, because of a bar. Nothing is ever bought by it."""

    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    """Stands in the mails alone: whoever has it may confirm and end the reminder."""
    design = models.ForeignKey(Design, models.PROTECT, related_name="+", verbose_name=_("bar"))
    email = models.EmailField(_("e-mail address"))
    occasion = models.CharField(_("what for"), max_length=OCCASION_MAX, blank=True)
    month = models.PositiveSmallIntegerField(_("month"))
    day = models.PositiveSmallIntegerField(_("day"))
    yearly = models.BooleanField(_("every year"))
    next_on = models.DateField(_("next day"), null=True, blank=True)
    """None once there is none left."""
    locale = models.CharField(_("language"), max_length=2)
    currency = models.CharField(_("currency"), max_length=3)
    asked_at = models.DateTimeField(_("asked"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_on"],
                condition=Q(ended_at=None, confirmed_at__isnull=False),
                name="reminder_to_come",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "design", "month", "day", "yearly"],
                condition=Q(ended_at=None),
                name="reminder_is_set_once",
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12, day__gte=1, day__lte=31),
                name="reminder_is_for_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}.{self.month}. {self.email}"

    @property
    def awaits_confirmation(self) -> bool:
        return self.confirmed_at is None and self.ended_at is None

    @property
    def is_over(self) -> bool:
        """Ended, or its only day was told of."""
        return self.ended_at is not None or self.next_on is None

    @property
    def writes_on(self) -> date | None:
        return self.next_on - AHEAD if self.next_on else None


class ReminderDay(models.Model):
    """One day that a reminder tells of, once."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="days", verbose_name=_("reminder"))
    on = models.DateField(_("day"))

    class Meta:
        verbose_name = _("day of a reminder")
        verbose_name_plural = _("days of reminders")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["reminder", "on"], name="reminder_tells_of_a_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.reminder}"
