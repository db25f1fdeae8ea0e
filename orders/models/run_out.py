"""An ingredient has run out for bars that are paid, and what became of each of them."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.models.production import Job


class RunOut(models.Model):
    """Bars of one order lack the same ingredient. What the customer allowed for that case is carried out once."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="run_outs", verbose_name=_("order"))
    module = models.CharField(_("ingredient"), max_length=40)
    """Its key."""
    at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("ingredient that ran out")
        verbose_name_plural = _("ingredients that ran out")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.order}: {self.module}"


class RunOutBar(models.Model):
    """One bar that was put on hold for it."""

    class State(models.TextChoices):
        OPEN = "open", _("on hold, nothing is done yet")
        WAITS = "waits", _("waits until the ingredient is back")
        ASKED = "asked", _("the customer is asked")
        PAID_BACK = "paid_back", _("left out, its money goes back")
        SWAPPED = "swapped", _("made with something else")
        OVER = "over", _("goes on")

    run_out = models.ForeignKey(RunOut, models.PROTECT, related_name="bars", verbose_name=_("ran out"))
    job = models.ForeignKey(Job, models.PROTECT, related_name="run_outs", verbose_name=_("job"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    answered_at = models.DateTimeField(_("the customer chose"), null=True, blank=True)
    """On the page of the order; empty while what was said at the checkout holds."""
    changed_at = models.DateTimeField(_("at"))
    refund = models.ForeignKey(
        "orders.Refund",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="run_outs",
        verbose_name=_("refund"),
    )
    """Of the bar, or of what it costs less with something else."""

    class Meta:
        verbose_name = _("bar that lacked an ingredient")
        verbose_name_plural = _("bars that lacked an ingredient")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["job"],
                condition=Q(state__in=["open", "waits", "asked"]),
                name="bar_lacks_one_ingredient_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "waits", "asked", "paid_back", "swapped", "over"]),
                name="bar_that_lacked_something_is_in_a_known_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.state}"


LACKING: Final = (RunOutBar.State.OPEN, RunOutBar.State.WAITS, RunOutBar.State.ASKED)
"""The bar is on hold for it."""
