"""What the kitchen takes for its work: the figures from which the plan is reckoned."""

from __future__ import annotations

from typing import Any, Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.shipping import TariffVersion

THE_ONE: Final = 1
AT_LEAST_ONE: Final = [MinValueValidator(1)]


class KitchenFigures(models.Model):
    """One row; without it, each figure is what it is here."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    people = models.PositiveSmallIntegerField(_("people"), default=2, validators=AT_LEAST_ONE)
    shift_minutes = models.PositiveSmallIntegerField(
        _("minutes of a day's work"),
        default=420,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text=_("Without breaks and without the cleaning in the evening."),
    )
    round_minutes = models.PositiveSmallIntegerField(
        _("minutes until a mould is free again"),
        default=40,
        validators=AT_LEAST_ONE,
        help_text=_("Filled, cooled and knocked out."),
    )
    hands_seconds = models.PositiveSmallIntegerField(
        _("seconds of hands per bar"),
        default=252,
        validators=AT_LEAST_ONE,
        help_text=_("Of people, from its cup to its parcel."),
    )
    bar_seconds = models.PositiveSmallIntegerField(
        _("seconds of the temperer per bar"), default=45, validators=AT_LEAST_ONE
    )
    lot_minutes = models.PositiveSmallIntegerField(_("minutes more per started lot"), default=3)
    lot_bars = models.PositiveSmallIntegerField(_("bars of a lot"), default=24, validators=AT_LEAST_ONE)
    base_minutes = models.PositiveSmallIntegerField(
        _("minutes to change the base"), default=18, help_text=_("Empty, scrape, refill, temper anew.")
    )
    darker_minutes = models.PositiveSmallIntegerField(_("minutes more before a lighter one"), default=12)
    nut_minutes = models.PositiveSmallIntegerField(_("minutes more after a nut mass"), default=25)
    clean_minutes = models.PositiveSmallIntegerField(_("minutes to clean"), default=10)
    clean_allergen_minutes = models.PositiveSmallIntegerField(_("minutes more per allergen"), default=5)
    usual_set_up_minutes = models.PositiveSmallIntegerField(
        _("minutes of set-up on a usual day"),
        default=102,
        help_text=_("Of one temperer; to say how many bars a day holds before it is planned."),
    )
    ahead_days = models.PositiveSmallIntegerField(
        _("working days ahead"),
        default=3,
        help_text=_("Nothing is made more working days before it leaves, unless it must."),
    )
    promised_percent = models.PositiveSmallIntegerField(
        _("promised, in per cent"),
        default=85,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Of what a day holds; the rest is for bars that fail and days that go wrong."),
    )

    class Meta:
        verbose_name = _("figures of the kitchen")
        verbose_name_plural = _("figures of the kitchen")
        constraints = [
            models.CheckConstraint(condition=Q(id=THE_ONE), name="one_row_of_kitchen_figures"),
            models.CheckConstraint(
                condition=Q(promised_percent__gte=1, promised_percent__lte=100),
                name="kitchen_promises_some_of_its_day",
            ),
        ]

    def __str__(self) -> str:
        return str(_("figures of the kitchen"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = THE_ONE
        super().save(*args, **kwargs)
        TariffVersion.turn()

    @classmethod
    def current(cls) -> KitchenFigures:
        return cls.objects.first() or cls()
