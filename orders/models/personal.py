"""What somebody asks us about what we hold of them: a copy, or to be forgotten (docs/privacy.md)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import new_token


class PersonalRequest(models.Model):
    """Asked once, done by the worker. Of somebody forgotten it keeps that it was done, and not who it was."""

    class Kind(models.TextChoices):
        COPY = "copy", _("a copy of everything")
        ERASURE = "erasure", _("to be forgotten")

    key = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    kind = models.CharField(_("asked for"), max_length=7, choices=Kind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    email = models.EmailField(_("address"), blank=True)
    """Of a guest, who has proven to read its mails; of an account the account itself knows."""
    browser: models.JSONField[dict[str, list[str]], dict[str, list[str]]] = models.JSONField(default=dict)
    """What the browser that asked holds the keys of: makers, carts and photos."""
    locale = models.CharField(_("language"), max_length=2)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    """Who of the house has pressed the button for them."""
    asked_at = models.DateTimeField(_("asked"))
    look_at = models.DateTimeField(_("to be looked at again"))
    """While it is not done: when another worker may take it up."""
    done_parts = models.PositiveIntegerField(_("done so far"), default=0)
    parts = models.PositiveIntegerField(_("of"), default=0)
    file = models.CharField(max_length=200, blank=True)
    kept: models.JSONField[list[Any], list[Any]] = models.JSONField(_("what stays"), default=list)
    """[[number of the paper, last day]], as it was told."""
    failures = models.PositiveSmallIntegerField(_("attempts that failed"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("copy or erasure")
        verbose_name_plural = _("copies and erasures")
        ordering = ["-asked_at"]
        permissions = [("erase_personalrequest", "Can have somebody forgotten")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_parts__lte=models.F("parts")), name="request_within_its_parts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.asked_at:%Y-%m-%d}"

    @property
    def is_stuck(self) -> bool:
        return self.done_at is None and self.failures > 0
