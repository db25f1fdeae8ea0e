"""What lies on the shelf of a module, and who has been promised some of it. Counted, never a counter.

The sum of all moves is what may still be promised; the sum of those that hands made is what lies there.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final, NoReturn

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
    lead_days = models.PositiveSmallIntegerField(
        _("days until more comes"),
        default=14,
        help_text=_(
            "From the order with the supplier until it lies on the shelf; the advice when to reorder counts with it."
        ),
    )

    class Meta:
        verbose_name = _("stock of a module")
        verbose_name_plural = _("stock")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.module)


USES: Final = ("dosed", "poured", "wasted")
"""What reordering reckons with: it is gone, and more of it will go."""


class StockMove(models.Model):
    """So much came or went, when, why and by whom. Append-only: a mistake is set right by another move."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("received")
        COUNTED = "counted", _("set right by counting")
        WASTED = "wasted", _("wasted")
        DOSED = "dosed", _("weighed into a bar")
        FILLED = "filled", _("into a temperer")
        CARRIED = "carried", _("left in a temperer for its next fill")
        POURED = "poured", _("poured into a mould")
        RESERVED = "reserved", _("promised to an order")
        RETURNED = "returned", _("back from an order")
        FULFILLED = "fulfilled", _("made, as promised")
        ASIDE = "aside", _("put aside, blocked")

    BY_HAND = (Kind.RECEIVED, Kind.COUNTED, Kind.WASTED)
    PROMISES = (Kind.RESERVED, Kind.RETURNED, Kind.FULFILLED)
    """A promise is made, taken back, or becomes a bar; nothing on the shelf moves by that."""
    NOT_BY_HANDS = (*PROMISES, Kind.ASIDE)

    stock = models.ForeignKey(
        Stock, models.PROTECT, related_name="moves", verbose_name=_("stock of a module")
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    mg = models.BigIntegerField(_("change"))
    lot = models.ForeignKey(
        "orders.Lot", models.PROTECT, null=True, blank=True, related_name="moves", verbose_name=_("lot")
    )
    fill = models.ForeignKey(
        "orders.TemperFill",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="moves",
        verbose_name=_("temperer"),
    )
    """Of what came into a temperer, or left it, and lies on no shelf."""
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("order")
    )
    job = models.ForeignKey(
        Job, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("job")
    )
    """The bar that it went into, or that it comes back from; of a promise, one that stands in for another."""
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
        indexes = [
            models.Index(fields=["stock", "kind", "mg"], name="stock_on_hand"),
            models.Index(
                fields=["lot", "kind", "mg"], condition=Q(lot__isnull=False), name="stock_on_hand_of_a_lot"
            ),
            models.Index(fields=["stock", "at", "mg"], condition=Q(kind__in=USES), name="stock_used_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "stock", "kind"],
                condition=Q(order__isnull=False, job=None),
                name="stock_moves_once_per_order",
            ),
            models.UniqueConstraint(
                fields=["job", "stock", "kind"],
                condition=Q(kind__in=["reserved", "returned", "fulfilled"], job__isnull=False),
                name="stock_of_a_bar_moves_once",
            ),
            models.CheckConstraint(
                condition=Q(job=None) | Q(kind__in=["reserved", "returned", "fulfilled", "dosed", "poured"]),
                name="stock_of_one_bar_goes_into_it_or_comes_back",
            ),
            models.CheckConstraint(
                condition=Q(job__isnull=False) | ~Q(kind__in=["fulfilled", "dosed", "poured"]),
                name="stock_that_goes_into_a_bar_names_it",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["reserved", "returned", "fulfilled"], order__isnull=False)
                    | ~Q(kind__in=["reserved", "returned", "fulfilled"]) & Q(order=None)
                ),
                name="stock_move_of_an_order_names_it",
            ),
            models.CheckConstraint(
                condition=Q(lot=None, fill=None) | ~Q(kind__in=["reserved", "returned", "fulfilled"]),
                name="stock_promised_is_of_no_lot",
            ),
            models.CheckConstraint(
                condition=Q(lot=None) | Q(fill=None), name="stock_lies_on_the_shelf_or_in_a_temperer"
            ),
            models.CheckConstraint(
                condition=Q(fill__isnull=False) | ~Q(kind="carried"), name="stock_carried_over_names_its_fill"
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["received", "returned", "fulfilled"], mg__gt=0)
                    | Q(kind__in=["wasted", "reserved"], mg__lt=0)
                    | Q(kind__in=["counted", "dosed", "poured", "filled", "carried", "aside"])
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
