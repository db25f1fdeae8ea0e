"""What the owner asked of the plan, and the answers, one after the other as they are found."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class WhatIf(models.Model):
    """Planning everything again and again takes its time: the row is asked, a worker answers it."""

    asked_at = models.DateTimeField(_("asked"))
    worked_at = models.DateTimeField(_("worked on"), null=True, blank=True)
    """When somebody last did; one whose worker has died is taken up again."""
    now: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("as it is"), default=dict)
    answers: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        _("answers"), default=list
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    failed = models.BooleanField(_("failed"), default=False)

    class Meta:
        verbose_name = _("question to the plan")
        verbose_name_plural = _("questions to the plan")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"
