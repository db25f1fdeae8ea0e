"""Letters to the customer, in the language and the currency of the order."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator import currency
from orders.models import Order, Refund
from orders.models.shipment import parcels_of

CONFIRMATION: Final = "orders/emails/confirmation"
REFUND: Final = "orders/emails/refund"

WHY: Final[dict[str, Promise]] = {
    Refund.Reason.PAID_TWICE: gettext_lazy(
        "Your order was paid already when a second payment came in. One payment is enough: the order goes on "
        "as it is, and the second payment goes back to you."
    ),
    Refund.Reason.ORDER_CLOSED: gettext_lazy(
        "Your payment came in after the order had been cancelled. Nothing is made of it, and your money goes "
        "back to you."
    ),
    Refund.Reason.SOLD_OUT: gettext_lazy(
        "Your payment came in when an ingredient of your bars was no longer kept for you, and others have "
        "taken the last of it. So we cannot make this order, and your money goes back to you."
    ),
    Refund.Reason.MISMATCH: gettext_lazy(
        "The payment that came in does not fit your order, so we have not taken it: your money goes back to "
        "you. We look into it and write to you if there is anything for you to do."
    ),
}
"""Why the shop itself sends money back, before anybody has asked for it."""


def confirm(order: Order) -> None:
    """The contract on a durable medium: what was ordered with its full labels, prices and terms."""
    with translation.override(order.locale), currency.override(order.currency):
        page = _page(order) | {
            "lines": list(order.lines.select_related("box")),
            "boxes": list(order.boxes.all()),
            "parcels": parcels_of(order),
        }
        subject = _("Your order %(number)s at %(shop)s")
        # One order is one letter, also when a worker died between sending it and saying so.
        _send(order, subject, f"order-{order.pk}-{order.number}", CONFIRMATION, page)


def tell_of_refund(refund: Refund) -> None:
    """Money that the order could not take: how much goes back, and why."""
    order = refund.payment.order
    with translation.override(order.locale), currency.override(refund.payment.currency):
        page = _page(order) | {"refund": refund, "why": WHY[refund.reason]}
        subject = _("Money back for your order %(number)s at %(shop)s")
        _send(order, subject, f"refund-{refund.pk}", REFUND, page)


def _page(order: Order) -> dict[str, Any]:
    return {
        "order": order,
        "link": settings.SHOP_URL + reverse("orders:order", args=[order.token]),
        "shop": {
            "name": settings.SHOP_NAME,
            "email": settings.SHOP_EMAIL,
            "address": settings.SHOP_ADDRESS,
            "url": settings.SHOP_URL,
        },
    }


def _send(order: Order, subject: str, name: str, content: str, page: dict[str, Any]) -> None:
    letter = EmailMultiAlternatives(
        subject=subject % {"number": order.number, "shop": settings.SHOP_NAME},
        body=render_to_string(f"{content}.txt", page),
        to=[order.email],
        reply_to=[settings.SHOP_EMAIL],
        headers={"Message-ID": f"<{name}@{_domain()}>"},
    )
    letter.attach_alternative(render_to_string(f"{content}.html", page), "text/html")
    letter.send()


def _domain() -> str:
    return urlsplit(settings.SHOP_URL).hostname or "localhost"
