"""What lies on the shelf of a module, and who has been promised some of it. Counted, never a counter."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from configurator.models import Module
from orders.models.append_only import AppendOnly, RecordIsAppendOnly
from orders.models.order import Order
from orders.models.production import Job


class Stock(models.Model):
    """A module of which there is only so much. A module without a row, or not limited, never runs out."""

    module = models.OneToOneField(
        Module,
        models.PROTECT,
        primary_key=True,
        to_field="key",
        related_name="+",
        verbose_name=_("module"),
    )
    limited = models.BooleanField(
        _("limited"),
        default=True,
        help_text=_("While this is off, the module can be ordered whatever has been counted."),
    )
    expected_on = models.DateField(
        _("more is expected on"),
        null=True,
        blank=True,
        help_text=_("Customers read it while the module is sold out. Whoever receives some clears it."),
    )
    low_mg = models.PositiveBigIntegerField(_("reorder below"), default=0, help_text=_("Milligrams."))

    class Meta:
        verbose_name = _("stock of a module")
        verbose_name_plural = _("stock")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.module_id


class StockMove(models.Model):
    """So much came or went, when, why and by whom. Append-only: a mistake is set right by another move."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("received")
        COUNTED = "counted", _("set right by counting")
        WASTED = "wasted", _("wasted")
        USED = "used", _("for an order")
        RETURNED = "returned", _("back from an order")

    BY_HAND = (Kind.RECEIVED, Kind.COUNTED, Kind.WASTED)
    FOR_ORDERS = (Kind.USED, Kind.RETURNED)

    stock = models.ForeignKey(
        Stock, models.PROTECT, related_name="moves", verbose_name=_("stock of a module")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    mg = models.BigIntegerField(_("change"))
    """What is on hand is the sum of these."""
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("order")
    )
    job = models.ForeignKey(
        Job, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("job")
    )
    """Of what comes back from one bar of the order alone."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[StockMove]] = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        verbose_name = _("stock move")
        verbose_name_plural = _("stock moves")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["stock", "mg"], name="stock_on_hand")]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "stock", "kind"],
                condition=Q(order__isnull=False, job=None),
                name="stock_moves_once_per_order",
            ),
            models.UniqueConstraint(
                fields=["job", "stock"], condition=Q(job__isnull=False), name="stock_comes_back_once_per_job"
            ),
            models.CheckConstraint(
                condition=Q(job=None) | Q(kind="returned"), name="stock_of_one_bar_only_comes_back"
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["used", "returned"], order__isnull=False)
                    | Q(kind__in=["received", "counted", "wasted"], order=None)
                ),
                name="stock_move_of_an_order_names_it",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["received", "returned"], mg__gt=0)
                    | Q(kind__in=["wasted", "used"], mg__lt=0)
                    | Q(kind="counted")
                ),
                name="stock_move_goes_the_right_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stock_id}: {self.mg:+} mg"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RecordIsAppendOnly(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise RecordIsAppendOnly(type(self).__name__)


class StockHold(models.Model):
    """So much is kept for an order that is not paid yet. Whether it still counts is asked of the clock."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="stock_holds", verbose_name=_("order"))
    stock = models.ForeignKey(
        Stock, models.PROTECT, related_name="holds", verbose_name=_("stock of a module")
    )
    mg = models.PositiveBigIntegerField(_("kept"))
    taken_at = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("stock kept for an order")
        verbose_name_plural = _("stock kept for orders")
        ordering = ["until", "pk"]
        indexes = [models.Index(fields=["stock", "until", "mg"], name="stock_held")]
        constraints = [
            models.UniqueConstraint(fields=["order", "stock"], name="one_stock_hold_per_order"),
            models.CheckConstraint(condition=Q(mg__gt=0), name="stock_hold_keeps_something"),
            models.CheckConstraint(condition=Q(until__gt=F("taken_at")), name="stock_hold_ends_later"),
        ]

    def __str__(self) -> str:
        return f"{self.stock_id}: {self.mg} mg"
