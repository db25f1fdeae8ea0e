"""The label on a bar, as it was printed, and what happened to it."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from configurator.domain import codes
from orders.models.append_only import History
from orders.models.production import Job

LABEL_SIGNS = 12
"""Whoever guesses one sees a page about a bar: so many signs that nobody does."""
LETTER = "B"
"""So that nobody takes the code of a bar's label for that of a ticket or of a lot."""


def new_label_code() -> str:
    return _written(codes.checked("".join(secrets.choice(codes.ALPHABET) for _sign in range(LABEL_SIGNS))))


def read_label_code(typed: str) -> str:
    """What a person typed or scanned → the code of a label, as ``B-XXXX-XXXX-XXXXX``. Raises CodeMistyped."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if not signs.startswith(LETTER):
        raise codes.CodeMistyped(typed)
    return _written(codes.read(signs.removeprefix(LETTER), LABEL_SIGNS))


def _written(signs: str) -> str:
    return f"{LETTER}-{signs[:4]}-{signs[4:8]}-{signs[8:]}"


class PrintedLabel(History):
    """What stands on one bar: its text, its day and its lots, as they were when it was printed. Append-only."""

    code = models.CharField(_("code"), max_length=LABEL_SIGNS + 6, unique=True, default=new_label_code)
    job = models.ForeignKey(Job, models.PROTECT, related_name="labels", verbose_name=_("job"))
    number = models.PositiveSmallIntegerField(_("number"))
    """Of the labels of this bar: the highest one counts."""
    locale = models.CharField(_("language"), max_length=8)
    made_on = models.DateField(_("made"))
    best_before = models.DateField(_("best before"))
    lots: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(_("lots"))
    """Key of the module and code of the lot, of each that is or may be in it."""
    text = models.JSONField(_("text"))
    """The whole label, as the order kept it."""
    pdf = models.CharField(_("file"), max_length=100, blank=True)
    """Its name; "" once whoever ordered is forgotten, for it shows the bar's name."""
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    at = models.DateTimeField(_("printed"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("printed label")
        verbose_name_plural = _("printed labels")
        ordering = ["job", "number"]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="label_of_a_bar_has_its_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="label_is_counted_from_one"),
            models.CheckConstraint(
                condition=Q(best_before__gte=models.F("made_on")), name="label_ends_after_it_was_made"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class LabelEvent(History):
    """A label was scanned on its bar, or scanned to be thrown away. Append-only."""

    class Kind(models.TextChoices):
        SCANNED = "scanned", _("scanned on the bar")
        DESTROYED = "destroyed", _("destroyed")

    label = models.ForeignKey(PrintedLabel, models.PROTECT, related_name="events", verbose_name=_("label"))
    kind = models.CharField(_("what happened"), max_length=9, choices=Kind.choices)
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
        verbose_name = _("event of a label")
        verbose_name_plural = _("events of labels")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["label"], condition=Q(kind="destroyed"), name="label_is_destroyed_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["scanned", "destroyed"]), name="label_event_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label_id}: {self.kind}"
