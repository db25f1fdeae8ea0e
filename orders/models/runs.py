"""A run: bars made from one fill of a temperer, and what happened to it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.append_only import History
from orders.models.equipment import Equipment
from orders.models.kept_by_staff import KeptByStaff


class RunState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    MELTING = "melting", _("Melting")
    CHECKING = "checking", _("Temper is checked")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")


ON_THE_TEMPERER = (RunState.MELTING, RunState.CHECKING, RunState.RUNNING)


class WorkingTemperature(KeptByStaff):
    """How warm a chocolate is worked. One without a row is worked between the coolest and the warmest."""

    COOLEST: ClassVar = 270
    WARMEST: ClassVar = 330

    base = models.CharField(_("base"), max_length=40, primary_key=True, help_text=_("Key of the module."))
    from_decidegrees = models.SmallIntegerField(_("from"), help_text=_("Tenths of a degree Celsius."))
    to_decidegrees = models.SmallIntegerField(_("to"), help_text=_("Tenths of a degree Celsius."))

    class Meta:
        verbose_name = _("working temperature")
        verbose_name_plural = _("working temperatures")
        ordering = ["base"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_decidegrees__lte=F("to_decidegrees")), name="temperature_from_is_below_to"
            ),
        ]

    def __str__(self) -> str:
        return self.base


class Run(models.Model):
    """Its bars are those that were moulded in it; until then, those the planner means for it."""

    temperer = models.ForeignKey(Equipment, models.PROTECT, related_name="runs", verbose_name=_("temperer"))
    base = models.CharField(_("base"), max_length=40)
    """Key of the module."""
    day = models.DateField(_("day"))
    place = models.PositiveSmallIntegerField(_("place on its day"))
    """Among the runs of the temperer on that day, from 1."""
    run_state = models.CharField(_("state"), max_length=8, choices=RunState.choices, default=RunState.PLANNED)
    setup_minutes = models.PositiveSmallIntegerField(_("minutes to set up"), default=0)
    work_minutes = models.PositiveSmallIntegerField(_("minutes of work"), default=0)
    by_hand = models.BooleanField(_("placed by hand"), default=False)
    """Somebody wants it just there: the planner leaves it."""

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["day", "temperer", "place", "pk"]
        indexes = [models.Index(fields=["day", "place", "temperer"], name="run_comes")]
        constraints = [
            models.UniqueConstraint(
                fields=["temperer"],
                condition=Q(run_state__in=["melting", "checking", "running"]),
                name="one_run_on_a_temperer",
            ),
            models.CheckConstraint(condition=Q(place__gte=1), name="run_counts_places_from_one"),
            models.CheckConstraint(condition=Q(run_state__in=RunState.values), name="run_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.temperer_id} {self.day:%Y-%m-%d} {self.place}"


class RunEvent(History):
    """A run entered a state: from where, by whom and when, and what was measured. Append-only."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="events", verbose_name=_("run"))
    from_state = models.CharField(_("from"), max_length=8, choices=RunState.choices, blank=True)
    to_state = models.CharField(_("to"), max_length=8, choices=RunState.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))
    decidegrees = models.SmallIntegerField(_("temperature"), null=True, blank=True)
    """Of the chocolate, in tenths of a degree Celsius."""
    strip_set = models.BooleanField(_("strip has set"), null=True, blank=True)
    """Whether the temper strip was firm and glossy after five minutes."""
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("event of a run")
        verbose_name_plural = _("events of runs")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(from_state=F("to_state")), name="run_event_moves"),
            models.CheckConstraint(
                condition=~Q(from_state="checking", to_state="running")
                | Q(decidegrees__isnull=False, strip_set=True),
                name="run_starts_with_a_passed_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.from_state} → {self.to_state}"
