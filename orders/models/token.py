from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

PREFIX = "cvt_"
SHOWN_SIGNS = 10
# How exactly "last used" is kept: a busy token must not write to the database at every call.
NOTED_EVERY = timedelta(minutes=1)


class Scope(models.TextChoices):
    ORDERS_READ = "orders:read", _("read orders")
    JOBS_READ = "jobs:read", _("read jobs")
    JOBS_WRITE = "jobs:write", _("take steps of jobs")


# A token never may more than its owner does.
PERMISSIONS = {
    Scope.ORDERS_READ: "orders.view_order",
    Scope.JOBS_READ: "orders.view_job",
    Scope.JOBS_WRITE: "orders.change_job",
}


class ApiToken(models.Model):
    """A program's key to the API, in the name of a member of staff. Only its digest is kept."""

    name = models.CharField(_("name"), max_length=80, help_text=_("Which program uses it."))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name=_("owner")
    )
    shown = models.CharField(_("begins with"), max_length=SHOWN_SIGNS + len(PREFIX), editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes: models.JSONField[list[str], list[str]] = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.shown}…)"

    def allows(self, scope: Scope) -> bool:
        owner = self.owner
        return (
            scope in self.scopes and owner.is_active and owner.is_staff and owner.has_perm(PERMISSIONS[scope])
        )

    def note_use(self, at: datetime) -> None:
        long_ago = Q(last_used_at=None) | Q(last_used_at__lt=at - NOTED_EVERY)
        ApiToken.objects.filter(long_ago, pk=self.pk).update(last_used_at=at)

    def revoke(self, at: datetime) -> None:
        self.revoked_at = self.revoked_at or at
        self.save(update_fields=["revoked_at"])


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    # A secret of 256 random bits cannot be guessed, so its hash needs no salt and no slowness.
    return sha256(secret.encode()).hexdigest()
