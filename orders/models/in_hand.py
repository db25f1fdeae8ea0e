"""Who works on which bar at a station, so that two people are not given the same."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from orders.models.equipment import Station
from orders.models.production import Job


class InHand(models.Model):
    """No history: it goes with the step, and after a while anybody else may be given the bar."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="in_hands")
    station = models.CharField(max_length=8, choices=Station.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["job", "station"], name="bar_is_in_one_hand"),
            models.UniqueConstraint(fields=["by", "station"], name="hand_holds_one_bar"),
        ]

    def __str__(self) -> str:
        return f"{self.station}: {self.job_id}"
