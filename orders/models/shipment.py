from __future__ import annotations

from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order, OrderBox, OrderLine


class Shipment(models.Model):
    """One parcel to one person. An order to one address has exactly one."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments")
    place = models.PositiveSmallIntegerField(_("parcel of the order"))
    """From 1, in the order in which the customer named the recipients."""

    name = models.CharField(_("recipient"), max_length=100)
    street = models.CharField(_("street"), max_length=100)
    extra = models.CharField(_("addition"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12)
    city = models.CharField(_("town"), max_length=80)
    country = models.CharField(_("country"), max_length=2)
    country_name = models.CharField(_("country"), max_length=60)
    label_locale = models.CharField(max_length=2)
    """The language the labels in this parcel are printed in: that of the country it is sent to."""

    gift_message = models.TextField(_("words on the card"), max_length=300, blank=True)
    hide_prices = models.BooleanField(_("no prices in the parcel"), default=True)
    wish_on = models.DateField(_("wished for"), null=True, blank=True)
    """The day on which the customer would like it to arrive."""

    method = models.CharField(_("shipping method"), max_length=20, default="standard")
    method_name = models.CharField(_("shipping method"), max_length=60, blank=True)
    shipping_cents = models.PositiveIntegerField()
    """What is paid for its carriage, after reductions."""
    net_mg = models.PositiveIntegerField()
    days_min = models.PositiveSmallIntegerField()
    days_max = models.PositiveSmallIntegerField()
    dispatch_on = models.DateField(_("promised to leave"), null=True, blank=True)
    arrive_from = models.DateField(_("arrives from"), null=True, blank=True)
    arrive_until = models.DateField(_("arrives until"), null=True, blank=True)

    carrier = models.CharField(_("carrier"), max_length=40, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=40, blank=True)
    shipped_at = models.DateTimeField(_("left the house"), null=True, blank=True)

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        ordering = ["order", "place"]
        permissions = [("readdress_shipment", "Can change where a parcel goes")]
        indexes = [models.Index(fields=["dispatch_on"], condition=Q(shipped_at=None), name="shipment_waits")]
        constraints = [
            models.UniqueConstraint(fields=["order", "place"], name="one_shipment_per_place"),
            models.CheckConstraint(condition=Q(place__gte=1), name="shipments_are_counted_from_one"),
            models.CheckConstraint(
                condition=Q(arrive_until=None) | Q(arrive_until__gte=F("arrive_from")),
                name="shipment_arrives_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}/{self.place}"


class ShipmentLine(models.Model):
    """So many bars of an order line travel in this parcel."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="shipment_lines")
    quantity = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["shipment", "order_line"]
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "order_line"], name="one_shipment_line_per_order_line"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="shipment_line_carries_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line_id}"


class ShippedBox(models.Model):
    """So many gift boxes of one kind travel in this parcel."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="boxes")
    box = models.ForeignKey(OrderBox, on_delete=models.PROTECT, related_name="shipped")
    quantity = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["shipment", "box"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "box"], name="one_shipped_box_per_box"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="shipped_box_carries_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.box_id}"


def parcels_of(order: Order) -> list[Shipment]:
    """With the bars each carries; two queries, however many parcels."""
    lines = ShipmentLine.objects.select_related("order_line__box").order_by("order_line__place")
    return list(order.shipments.prefetch_related(Prefetch("lines", lines)))
