from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from configurator.models import Design


class ReadyBar(models.Model):
    """A named design that we sell as it is, and that opens in the studio as a start."""

    slug = models.SlugField(
        _("address"),
        max_length=40,
        unique=True,
        help_text=_("What its page is called in the browser's line."),
    )
    name = models.CharField(_("name"), max_length=30)
    story_en = models.TextField(_("story, English"))
    story_de = models.TextField(_("story, German"))
    tags = models.JSONField(
        _("tags"),
        default=list,
        blank=True,
        help_text=_("Keys such as vegan, fruity, crunchy. Several with commas between."),
    )
    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="+", verbose_name=_("bar"))
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    published = models.BooleanField(_("shown in the shop"), default=True)

    class Meta:
        ordering = ("position", "slug")
        verbose_name = _("ready bar")
        verbose_name_plural = _("ready bars")

    def __str__(self) -> str:
        return self.name

    def story(self, locale: str) -> str:
        return self.story_de if locale == "de" else self.story_en


class AccountLetter(models.Model):
    """A mail about an account that is still owed; what was sent leaves no row."""

    KINDS = {
        "email_confirmation": _("confirm an address"),
        "email_confirmation_signup": _("confirm an address"),
        "account_already_exists": _("there is an account already"),
        "unknown_account": _("there is no account"),
        "password_reset_key": _("new password"),
        "password_reset": _("password changed"),
        "password_changed": _("password changed"),
        "password_set": _("password changed"),
        "email_changed": _("address changed"),
        "email_confirm": _("address confirmed"),
        "email_deleted": _("address taken away"),
        "totp_activated": _("second factor changed"),
        "totp_deactivated": _("second factor changed"),
        "recovery_codes_generated": _("second factor changed"),
        "webauthn_added": _("second factor changed"),
        "webauthn_removed": _("second factor changed"),
        "second_factor_reset": _("second factor changed"),
        "my_data": _("link to everything we hold of a guest"),
        "my_data_unknown": _("we hold nothing of a guest"),
    }

    kind = models.CharField(_("kind"), max_length=40)
    email = models.EmailField(_("recipient"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    locale = models.CharField(_("language"), max_length=2)
    created_at = models.DateTimeField(_("since"))
    try_at = models.DateTimeField(_("not before"), db_index=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    stuck_at = models.DateTimeField(_("given up"), null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("mail about an account")
        verbose_name_plural = _("mails about accounts")

    def __str__(self) -> str:
        return str(self.KINDS.get(self.kind, self.kind))
