from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptByStaff(models.Model):
    """A row of a rate file. Once somebody of the staff has changed it, no file overwrites it any more."""

    by_hand = models.BooleanField(_("changed by hand"), default=False, editable=False)

    class Meta:
        abstract = True
