"""A lot that should be in nobody's hands: what was found, who was told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.after import Message
from orders.models.lots import Lot
from orders.models.order import Order


class Recall(models.Model):
    """A mock finds everything, stops nothing and writes to nobody."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="recalls", verbose_name=_("lot"))
    is_mock = models.BooleanField(_("exercise"))
    why = models.CharField(_("why"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    """Nobody, when an exercise was run from the command line."""
    at = models.DateTimeField(_("at"))
    figures = models.JSONField(_("figures"))
    """As they were found then: bars, orders and the balance of the lot, in milligrams."""
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customers told by"),
    )
    confirmed_at = models.DateTimeField(_("customers told"), null=True, blank=True)

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        ordering = ["-at", "-pk"]
        permissions = [("confirm_recall", "Can tell customers of a recall")]
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="recall_says_why"),
            models.CheckConstraint(
                condition=Q(is_mock=False) | Q(confirmed_at=None), name="recall_in_exercise_tells_nobody"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="recall_confirmed_says_by_whom",
            ),
            models.UniqueConstraint(
                fields=["lot"], condition=Q(is_mock=False), name="recall_of_a_lot_is_one"
            ),
        ]

    def __str__(self) -> str:
        return self.lot.code


class RecallNotice(models.Model):
    """Whoever ordered was told, once."""

    recall = models.ForeignKey(Recall, models.PROTECT, related_name="notices", verbose_name=_("recall"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="recall_notices", verbose_name=_("order"))
    message = models.OneToOneField(
        Message, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("message")
    )
    """Until whoever ordered is forgotten: that they were told stays."""

    class Meta:
        verbose_name = _("notice of a recall")
        verbose_name_plural = _("notices of recalls")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["recall", "order"], name="recall_tells_an_order_once")]

    def __str__(self) -> str:
        return f"{self.recall_id}: {self.order_id}"
