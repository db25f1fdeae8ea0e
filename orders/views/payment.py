from __future__ import annotations

import logging
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from orders.account.account_orders import is_buyer
from orders.models import Payment, Refund
from orders.money import inbox, payments, stripe_gateway
from orders.money.stripe_gateway import NotFromStripe, StripeAway, StripeBroke, StripeRefused
from orders.order_access import kept_secret, order_or_404
from orders.views.checkout import go_and_pay
from orders.views.responses import SeeOther

BODY_MAX = 1024 * 1024
BEING_CHECKED = {Payment.State.OPEN, Payment.State.PROCESSING, Payment.State.REVIEW}

logger = logging.getLogger(__name__)


@require_POST
def pay(request: HttpRequest, token: str) -> HttpResponse:
    return go_and_pay(request, order_or_404(token))


@require_safe
@cache_control(private=True, no_store=True)
def payment_return(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Back from Stripe's page. Coming here proves nothing: Stripe is asked."""
    payment = _settled(_payment_or_404(payment_id))
    _announce(request, payment)
    if is_buyer(request, payment.order):
        return SeeOther(reverse("orders:order", args=[payment.order.token]))
    # Another browser than the one that ordered: the link to the order is in the mail.
    return kept_secret(render(request, "orders/returned.html", {"payment": payment}))


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Verify, keep, answer. An error of the database is a 500, so that Stripe tells us again."""
    if _length(request) > BODY_MAX:
        return HttpResponse("This is too long for an event.\n", status=413, content_type="text/plain")
    try:
        event = stripe_gateway.verified_event(request.body, request.headers.get("Stripe-Signature", ""))
    except NotFromStripe as refusal:
        return HttpResponse(f"Refused: {refusal}.\n", status=400, content_type="text/plain")
    if event.livemode != stripe_gateway.live():
        return HttpResponse("Refused: test and live do not mix.\n", status=400, content_type="text/plain")
    inbox.keep(event, source="webhook", at=now())
    # Tried at once, because Stripe sends the customer back only after this answer.
    inbox.work_on(event.id, at=now())
    return HttpResponse("ok\n", content_type="text/plain")


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else BODY_MAX + 1


def _payment_or_404(payment_id: UUID) -> Payment:
    payment = Payment.objects.select_related("order").filter(pk=payment_id).first()
    if payment is None:
        raise Http404
    return payment


def _settled(payment: Payment) -> Payment:
    if not payment.active:
        return payment
    try:
        return payments.settle(payment, at=now())
    except (StripeAway, StripeBroke) as away:
        logger.warning("Payment %s could not be checked on return: %s", payment.pk, away)
        return payment
    except StripeRefused:
        # Our mistake, such as a key that was changed: the reconciliation asks again once it is mended.
        logger.exception("Stripe refused to show payment %s on return", payment.pk)
        return payment


def _announce(request: HttpRequest, payment: Payment) -> None:
    if payment.refunds.filter(reason=Refund.Reason.SOLD_OUT).exists():
        messages.error(
            request,
            _(
                "Before your payment arrived, the last of what your bars need was sold. We send your money back."
            ),
        )
    elif payment.state == Payment.State.PAID and not payment.accepted:
        messages.info(request, _("This payment came in addition to another one, so we send it back to you."))
    elif payment.order.is_paid and payment.order.sells_gift_card:
        messages.success(request, _("Thank you! Your payment has arrived and the gift card is valid."))
    elif payment.order.is_paid:
        messages.success(request, _("Thank you! Your payment has arrived and your bars are in our queue."))
    elif payment.state in BEING_CHECKED:
        messages.info(request, _("Your payment is being checked. We write to you as soon as it has arrived."))
    else:
        messages.warning(request, _("The payment was not completed. Your order is kept: you can pay it now."))
