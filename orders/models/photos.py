"""What a bar looked like when it was finished."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.append_only import History
from orders.models.production import Job

ALL_OF_IT = 1000


class BarPhoto(History):
    """Taken on the floor, developed anew: nothing but pixels is kept. The last one counts. Append-only."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="photos", verbose_name=_("job"))
    file = models.CharField(_("file"), max_length=120, blank=True)
    """Its name; "" once whoever ordered is forgotten, for it may show words and a face."""
    likeness = models.PositiveSmallIntegerField(_("likeness"))
    """To its design, in permille: a hint."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("taken"))

    class Meta:
        verbose_name = _("photo of a bar")
        verbose_name_plural = _("photos of bars")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(likeness__lte=ALL_OF_IT), name="photo_is_at_most_alike")
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.likeness}"
