"""An order, its parcels, its payments and its bars: the sums stay, and whose they were does not."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.forms import model_to_dict

from orders import letters
from orders.buying import half_typed
from orders.models import Job, Letter, Objection, Order, OrderLine, Payment, PendingWork, Refund, VoucherUse
from orders.models.order import new_token
from orders.personal.bars import forget_designs, without_words
from orders.personal.carts import forget_cart
from orders.prices.vouchers import customer_digest
from orders.production import as_made, labels

ADDRESS: Final = ("name", "street", "extra", "postcode", "city", "country_name")


def tell_order(order: Order) -> dict[str, Any]:
    plain = ("number", "payment_state", "locale", "email", *ADDRESS, "substitution", "currency", "reductions")
    times = ("placed_at", "paid_at", "closed_at", "review_agreed_at")
    sums = ("goods_cents", "shipping_cents", "gift_card_cents", "total_cents")
    return {name: getattr(order, name) for name in (*plain, *times, *sums)}


def forget_order(order: Order, at: datetime) -> None:
    """Its old address answers no more, and its country stays: the VAT hangs on it."""
    Objection.objects.filter(customer=customer_digest(order.email)).delete()
    VoucherUse.objects.filter(order=order).update(customer="")
    cart = order.cart
    for field in ("email", "name", "street", "extra", "postcode", "city"):
        setattr(order, field, "")
    order.cart = order.account = order.review_agreed_at = None
    order.token, order.forgotten_at = new_token(), at
    order.save()
    if cart:
        half_typed.forget(cart.key)
        forget_cart(cart)


def tell_parcels(order: Order) -> list[dict[str, Any]]:
    plain = (*ADDRESS, "gift_message", "wish_on", "method_name", "carrier", "tracking_number", "shipped_at")
    return [{name: getattr(parcel, name) for name in plain} for parcel in order.shipments.all()]


def forget_parcels(order: Order, _at: datetime) -> None:
    order.shipments.update(
        name="", street="", extra="", postcode="", city="", gift_message="", tracking_number="", wish_on=None
    )


def tell_payments(order: Order) -> list[dict[str, Any]]:
    paid = ("state", "amount_cents", "currency", "session_id", "intent_id", "charge_id", "created_at")
    back = ("state", "amount_cents", "gift_card_cents", "reason", "words", "created_at")
    return [
        {
            **{name: getattr(payment, name) for name in paid},
            "refunds": [{name: getattr(refund, name) for name in back} for refund in payment.refunds.all()],
            "disputes": [model_to_dict(dispute) for dispute in payment.disputes.all()],
        }
        for payment in Payment.objects.filter(order=order)
    ]


def forget_payments(order: Order, _at: datetime) -> None:
    """What moved, and under which sign at Stripe, belongs to the books; what we asked there told who pays."""
    Payment.objects.filter(order=order).update(request={}, url="", note="")
    Refund.objects.filter(payment__order=order).update(words="", note="")


def tell_mails(order: Order) -> list[dict[str, Any]]:
    return [
        {"kind": letter.kind, "to": letter.to_email, "since": letter.created_at, "sent": letter.done_at}
        for letter in letters.of_order(order)
    ]


def forget_mails(order: Order, _at: datetime) -> None:
    """What a mail server or a printer refused may name whom it was for."""
    Letter.objects.filter(pk__in=[letter.pk for letter in letters.of_order(order)]).delete()
    owed = Q(order=order) | Q(job__order_line__order=order) | Q(refund__payment__order=order)
    PendingWork.objects.filter(owed).update(last_error="")


def tell_bars(order: Order) -> list[dict[str, Any]]:
    return [
        {
            "name": line.name,
            "code": line.code,
            "form": line.family_name,
            "quantity": line.quantity,
            "unit_cents": line.unit_cents,
            "recipe": line.recipe,
            "design": line.design.canonical,
        }
        for line in OrderLine.every.filter(order=order).select_related("design")
    ]


def forget_bars(order: Order, _at: datetime) -> None:
    """What was made, of what and for how much stays; its name, words and photos go, also from tickets and pictures."""
    for job in Job.objects.filter(order_line__order=order).exclude(ticket=""):
        job.ticket.delete(save=False)
        Job.objects.filter(pk=job.pk).update(ticket="")
    labels.forget_files(order)
    as_made.forget_files(order)
    left = set()
    for line in OrderLine.every.filter(order=order).select_related("design"):
        plain = without_words(line.design)
        left.add(line.design_id)
        line.design, line.code, line.name = plain, plain.code, ""
        line.save(update_fields=["design", "code", "name"])
    forget_designs(left)
