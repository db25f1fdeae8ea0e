"""Letters to the customer, in the language and the currency of the order."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from configurator import currency
from orders.models import Order
from orders.models.shipment import parcels_of

CONTENT: Final = "orders/emails/confirmation"


def confirm(order: Order) -> None:
    """The contract on a durable medium: what was ordered with its full labels, prices and terms."""
    with translation.override(order.locale), currency.override(order.currency):
        page = {
            "order": order,
            "lines": list(order.lines.select_related("box")),
            "boxes": list(order.boxes.all()),
            "parcels": parcels_of(order),
            "link": settings.SHOP_URL + reverse("orders:order", args=[order.token]),
            "shop": {
                "name": settings.SHOP_NAME,
                "email": settings.SHOP_EMAIL,
                "address": settings.SHOP_ADDRESS,
                "url": settings.SHOP_URL,
            },
        }
        letter = EmailMultiAlternatives(
            subject=_("Your order %(number)s at %(shop)s")
            % {"number": order.number, "shop": settings.SHOP_NAME},
            body=render_to_string(f"{CONTENT}.txt", page),
            to=[order.email],
            reply_to=[settings.SHOP_EMAIL],
            # One order is one letter, also when a worker died between sending it and saying so.
            headers={"Message-ID": f"<order-{order.pk}-{order.number}@{_domain()}>"},
        )
        letter.attach_alternative(render_to_string(f"{CONTENT}.html", page), "text/html")
        letter.send()


def _domain() -> str:
    return urlsplit(settings.SHOP_URL).hostname or "localhost"
