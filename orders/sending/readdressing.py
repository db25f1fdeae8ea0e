"""A parcel goes somewhere else: until it is packed, and within the country whose taxes and labels it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from orders import changes
from orders.models import Job, JobState, Order, Shipment

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ADDRESS = ("name", "street", "extra", "postcode", "city")
TOO_LATE = (JobState.PACKED, JobState.SHIPPED)


class ReaddressedTooLate(Exception):
    """It is packed, or its order is closed."""


def may_still_change(parcel: Shipment) -> bool:
    open_order = not parcel.order.closed_at
    return open_order and parcel.shipped_at is None and not _is_packed(parcel)


def readdress(parcel: Shipment, address: Mapping[str, str], *, by: User) -> bool:
    """False when it goes there already. Raises ReaddressedTooLate."""
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",), no_key=True).get(pk=parcel.order_id)
        parcel = Shipment.objects.select_related("order").get(pk=parcel.pk)
        if not may_still_change(parcel):
            raise ReaddressedTooLate(parcel.pk)
        changed = [field for field in ADDRESS if getattr(parcel, field) != address[field]]
        if not changed:
            return False
        Shipment.objects.filter(pk=parcel.pk).update(**{field: address[field] for field in changed})
        words = _("Address of parcel %(place)d changed") % {"place": parcel.place}
        fields = [(field, changes.HIDDEN, changes.HIDDEN) for field in changed]
        changes.note(order, by=by, words=words, fields=fields)
    return True


def _is_packed(parcel: Shipment) -> bool:
    return Job.objects.filter(shipment=parcel, job_state__in=TOO_LATE).exists()
