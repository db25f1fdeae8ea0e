"""Letters to the customer, in the language and the currency of the order.

All of them go to whoever ordered. Nobody who is only sent a parcel gets a mail, so no price reaches them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from orders.after import reminder_mails
from orders.buying.alike import alike
from orders.gifts import gift_card_papers
from orders.gifts.gift_card_codes import code_of
from orders.models import (
    BarPhoto,
    GiftCard,
    Job,
    JobState,
    Message,
    Order,
    OrderLine,
    Payment,
    PendingWork,
    Refund,
    Shipment,
)
from orders.models.production import ScrapReason
from orders.models.shipment import parcels_of
from orders.money import parts
from orders.papers import keys
from orders.production import as_made

WHY: Final[dict[str, Promise]] = {
    Refund.Reason.PAID_TWICE: gettext_lazy(
        "Your order was paid already when a second payment came in. One payment is enough: the order goes on "
        "as it is, and the second payment goes back to you."
    ),
    Refund.Reason.CANCELLED: gettext_lazy(
        "You have cancelled before we had begun. Nothing is made of what you cancelled, and its money goes back "
        "to you."
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
    Refund.Reason.WITHDRAWN: gettext_lazy("As you asked us to, we give you the money back."),
    Refund.Reason.DAMAGED: gettext_lazy(
        "Something did not reach you in one piece. We are sorry about that, and give you money back for it."
    ),
    Refund.Reason.MISSING: gettext_lazy(
        "Something was missing from your parcel, or was not what you had ordered. We are sorry about that, and "
        "give you money back for it."
    ),
    Refund.Reason.LATE: gettext_lazy(
        "Your parcel came later than we had promised. We are sorry about that, and give you money back for it."
    ),
    Refund.Reason.RAN_OUT: gettext_lazy(
        "An ingredient has run out after your order, so we do not make what it was for, and its money goes back "
        "to you."
    ),
    Refund.Reason.GOODWILL: gettext_lazy(
        "Something did not go as it should have. We would like to make up for it, and give you money back."
    ),
}
"""Why money goes back, where there is more to say than that it does."""
MONEY_BACK: Final = gettext_lazy("We give you money back for your order.")

FOLDER: Final = "orders/emails"
PICTURED_MOST: Final = 12
"""A list of names may have two hundred bars, and a mail is cut off by some programs after 102 kB."""
BY_ITSELF: Final = {"Auto-Submitted": "auto-generated"}
"""No absence note answers it (RFC 3834)."""
HIDDEN: Final = "····-····-····-····"


def mail(owed: PendingWork) -> EmailMultiAlternatives:
    """The letter that this piece of work owes, as it is sent now."""
    return WRITERS[owed.kind](owed, owed.sendings)


def as_staff_see_it(owed: PendingWork) -> EmailMultiAlternatives:
    """The same letter, without a gift card's code: whoever has that has the money. Nor with what confirms a reminder."""
    if owed.gift_card:
        return gift_card(owed.gift_card, owed.sendings, hidden=True)
    if owed.to_reminder:
        return reminder_mails.without_its_token(mail(owed), owed.to_reminder)
    return mail(owed)


def confirmation(order: Order, sending: int = 1) -> EmailMultiAlternatives:
    """The contract on a durable medium: what was ordered with its full labels, prices and terms."""
    if order.sells_gift_card:
        return _gift_card_bought(order, sending)
    with _for(order):
        lines = _lines(order)
        page = {
            "lines": lines,
            "alike": alike(lines),
            "boxes": list(order.boxes.all()),
            "parcels": parcels_of(order),
        }
        subject = _("Your order %(number)s at %(shop)s")
        return _letter(order, subject, f"order-{order.pk}-{order.number}", "confirmation", page, sending)


def refund_letter(refund: Refund, sending: int = 1) -> EmailMultiAlternatives:
    """How much goes back, why, and for what of the order."""
    order = refund.payment.order
    with _for(order, refund.payment.currency):
        names = parts.names_of(order, brief=True)
        shares = [(names.get(share.part, ""), share.cents) for share in refund.lines.all()]
        rest = refund.total_cents - sum(cents for _name, cents in shares)
        page = {
            "refund": refund,
            "why": WHY.get(refund.reason, MONEY_BACK),
            "shares": [*shares, (_("Other amount"), rest)] if shares and rest else shares,
            "is_all": refund.payment.accepted and refund.total_cents == order.total_cents,
        }
        subject = _("Money back for your order %(number)s at %(shop)s")
        return _letter(order, subject, f"refund-{refund.pk}", "refund", page, sending)


def in_production(order: Order, sending: int = 1) -> EmailMultiAlternatives:
    """The first bar is being made; here is what they all look like."""
    with _for(order):
        page = {"lines": _lines(order), "parcels": parcels_of(order)}
        subject = _("We are making your bars: order %(number)s at %(shop)s")
        return _letter(order, subject, f"production-{order.pk}-{order.number}", "production", page, sending)


def shipped(parcel: Shipment, sending: int = 1) -> EmailMultiAlternatives:
    """One parcel has left: what is in it, when it arrives and how to follow it. No prices, no other parcel."""
    order = parcel.order
    with _for(order):
        parcels = order.shipments.count()
        page = {
            "parcel": parcel,
            "of": parcels,
            "bars": list(_bars_in(parcel, JobState.SHIPPED)),
            "left_out": list(_bars_in(parcel, JobState.SCRAPPED)),
            **_photographed(parcel),
        }
        subject = (
            _("Your parcel is on its way: order %(number)s at %(shop)s")
            if parcels == 1
            else _("Your parcel to %(name)s is on its way: order %(number)s at %(shop)s")
        )
        mark = f"parcel-{parcel.pk}-{order.number}"
        return _letter(order, subject, mark, "shipped", page, sending, name=parcel.name)


def unpaid(payment: Payment, sending: int = 1) -> EmailMultiAlternatives:
    """The bank has said no; the order waits to be paid in another way."""
    order = payment.order
    with _for(order):
        page = {"lines": _lines(order)}
        subject = _("Your payment did not work: order %(number)s at %(shop)s")
        return _letter(order, subject, f"unpaid-{payment.pk}", "unpaid", page, sending)


def gift_card(card: GiftCard, sending: int = 1, *, hidden: bool = False) -> EmailMultiAlternatives:
    """The card itself, to whoever is given it: the one mail that does not go to whoever ordered."""
    order = card.order
    with _for(order, card.currency):
        page = {
            "card": card,
            "code": HIDDEN if hidden else code_of(card),
            "balance": settings.SHOP_URL + reverse("orders:gift-card-balance"),
        }
        subject = (
            _("%(sender)s gives you chocolate from %(shop)s")
            if card.recipient_email and card.sender
            else _("A gift card of %(shop)s")
        )
        letter = _letter(order, subject, f"card-{card.pk}", "gift_card", page, sending, sender=card.sender)
    if card.recipient_email:
        letter.to = [card.recipient_email]
    if not hidden:
        letter.attach(f"{card.number}.pdf", gift_card_papers.pdf(card), "application/pdf")
    return letter


def review_request(order: Order, sending: int = 1) -> EmailMultiAlternatives:
    """How were they? With the way to say no, for the person and for the mail program."""
    with _for(order):
        page = {"lines": _lines(order)}
        subject = _("How were your bars? Order %(number)s at %(shop)s")
        letter = _letter(order, subject, f"review-{order.pk}-{order.number}", "review", page, sending)
        letter.extra_headers |= {
            "List-Unsubscribe": f"<{_no_more(order)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        return letter


def message(written: Message, sending: int = 1) -> EmailMultiAlternatives:
    """What the house says about an order, in its own words, with all that stands around it on the order's page."""
    order = written.order
    with _for(order):
        subject = _("About your order %(number)s at %(shop)s")
        page = {"message": written, "asked": _answered_by(written)}
        letter = _letter(order, subject, f"message-{written.pk}-{order.number}", "message", page, sending)
        if written.by_id:
            # A person wrote it, and is answered like one.
            del letter.extra_headers["Auto-Submitted"]
        return letter


WRITERS: Final[dict[str, Callable[[Any, int], EmailMultiAlternatives]]] = {
    PendingWork.Kind.CONFIRMATION: lambda owed, sending: confirmation(owed.order, sending),
    PendingWork.Kind.REFUND: lambda owed, sending: refund_letter(owed.refund, sending),
    PendingWork.Kind.PRODUCTION: lambda owed, sending: in_production(owed.order, sending),
    PendingWork.Kind.SHIPPED: lambda owed, sending: shipped(owed.shipment, sending),
    PendingWork.Kind.UNPAID: lambda owed, sending: unpaid(owed.payment, sending),
    PendingWork.Kind.REVIEW: lambda owed, sending: review_request(owed.order, sending),
    PendingWork.Kind.GIFT_CARD: lambda owed, sending: gift_card(owed.gift_card, sending),
    PendingWork.Kind.MESSAGE: lambda owed, sending: message(owed.message, sending),
    PendingWork.Kind.REMINDER_ASK: lambda owed, sending: reminder_mails.asks(owed.reminder, sending),
    PendingWork.Kind.REMINDER: lambda owed, sending: reminder_mails.reminds(owed.reminder_day, sending),
}


def _gift_card_bought(order: Order, sending: int) -> EmailMultiAlternatives:
    with _for(order):
        subject = _("Your order %(number)s at %(shop)s")
        page = {"card": order.gift_card}
        mark = f"order-{order.pk}-{order.number}"
        return _letter(order, subject, mark, "gift_card_bought", page, sending)


def _lines(order: Order) -> list[OrderLine]:
    return list(order.lines.select_related("box", "design"))


def _answered_by(written: Message) -> list[Message]:
    """What the customer had asked, to stand under the answer. A receipt answers nothing."""
    if written.by_id is None:
        return []
    return list(written.order.messages.filter(by_customer=True, answered_at=written.at))


@contextmanager
def _for(order: Order, paid_in: str = "") -> Iterator[None]:
    with translation.override(order.locale), currency.override(paid_in or order.currency):
        yield


def _bars_in(parcel: Shipment, state: JobState) -> Iterator[tuple[int, OrderLine]]:
    """How many of each line have come to that state. A bar that failed was made again: it is no bar less."""
    jobs = Job.objects.filter(shipment=parcel, job_state=state).exclude(scrap_reason=ScrapReason.CANCELLED)
    if state == JobState.SCRAPPED:
        jobs = jobs.filter(remake=None)
    lines: Counter[OrderLine] = Counter(
        job.order_line for job in jobs.select_related("order_line__box").order_by("place")
    )
    for line, number in lines.items():
        yield number, line


def _photographed(parcel: Shipment) -> dict[str, Any]:
    """Bars as they were made, beside their designs. A mail may be passed on, and its pictures go through others'
    machines: what has a customer's own photo on it is only led to."""
    photos = BarPhoto.objects.filter(job__shipment=parcel, job__job_state=JobState.SHIPPED).exclude(file="")
    photos = photos.select_related("job__order_line__design").order_by("job__place", "pk")
    jobs = list({photo.job_id: photo.job for photo in photos}.values())
    shown = [job for job in jobs if not as_made.shows_somebodys_photo(job)]
    return {
        "photographed": len(jobs),
        "made": [(job.order_line, _photo_of(job, parcel.order)) for job in shown[:PICTURED_MOST]],
    }


def _photo_of(job: Job, order: Order) -> str:
    return f"{settings.SHOP_URL}{reverse('orders:order-bar-photo', args=[order.token, job.code])}?small"


def _letter(
    order: Order, subject: str, mark: str, content: str, page: dict[str, Any], sending: int, **said: str
) -> EmailMultiAlternatives:
    """One letter has one name, also when a worker died between sending it and saying so."""
    page = _page(order) | page
    again = f"-{sending}" if sending > 1 else ""
    said |= {"number": order.number, "shop": settings.SHOP_NAME}
    letter = EmailMultiAlternatives(
        # A name may hold anything but a new line, which would begin another header.
        subject=" ".join((subject % said).split()),
        body=render_to_string(f"{FOLDER}/{content}.txt", page),
        to=[order.email],
        reply_to=[settings.SHOP_EMAIL],
        headers=BY_ITSELF | {"Message-ID": f"<{mark}{again}@{_domain()}>"},
    )
    letter.attach_alternative(render_to_string(f"{FOLDER}/{content}.html", page), "text/html")
    return letter


def _page(order: Order) -> dict[str, Any]:
    return {
        "order": order,
        "pictured": PICTURED_MOST,
        "link": settings.SHOP_URL + reverse("orders:order", args=[order.token]),
        "papers": settings.SHOP_URL + keys.address_of(order)
        if order.paid_at and not order.sells_gift_card
        else "",
        "no_more": _no_more(order),
        "withdrawal": settings.SHOP_URL + reverse("orders:withdrawal-by-number"),
        "shop": {
            "name": settings.SHOP_NAME,
            "email": settings.SHOP_EMAIL,
            "address": settings.SHOP_ADDRESS,
            "url": settings.SHOP_URL,
        },
    }


def _no_more(order: Order) -> str:
    return settings.SHOP_URL + reverse("orders:objection", args=[order.token])


def _domain() -> str:
    return urlsplit(settings.SHOP_URL).hostname or "localhost"
