from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders import attempts, payments
from orders import cart as carts
from orders import checkout as checkouts
from orders.attempts import TooManyAttempts
from orders.cart import Basket
from orders.checkout import (
    BillChanged,
    CartEmpty,
    CartNotOrderable,
    Contact,
    NotSoldThere,
    ParcelTooHeavy,
)
from orders.cookies import cart_key, remember_cart, remember_order
from orders.forms import CheckoutForm
from orders.models import Order, ShippingRate
from orders.payments import NotPayable, PaymentPageAway
from orders.views.cart import locale
from orders.views.responses import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def checkout(request: HttpRequest) -> HttpResponse:
    countries = list(ShippingRate.objects.exclude(label_locale=""))
    if not countries:
        return render(request, "orders/closed.html", status=503)
    if request.method != "POST":
        return _page(request, CheckoutForm(countries=countries))
    if "recompute" in request.POST:
        return _page(request, CheckoutForm(initial=request.POST.dict(), countries=countries))
    form = CheckoutForm(request.POST, countries=countries)
    return _place(request, form) if form.is_valid() else _page(request, form, status=422)


def go_and_pay(request: HttpRequest, order: Order) -> HttpResponse:
    """To Stripe's page; when that is not possible, to the order, which is kept."""
    order_page = reverse("orders:order", args=[order.token])
    try:
        attempts.count(request, email=order.email)
        return SeeOther(payments.start(order, at=now()))
    except TooManyAttempts:
        messages.error(
            request,
            _(
                "Those were many attempts to pay in a short time. Please try again in an hour; your order is kept."
            ),
        )
    except PaymentPageAway:
        messages.error(
            request,
            _(
                "The payment page cannot be reached just now. Your order is kept: please try again in a minute."
            ),
        )
    except NotPayable:
        messages.info(request, _("There is nothing to pay for this order now."))
    return SeeOther(order_page)


def _page(request: HttpRequest, form: CheckoutForm, *, status: int = 200, notice: str = "") -> HttpResponse:
    at = now()
    basket = carts.look(cart_key(request), locale=locale(), at=at)
    if not basket.orderable:
        return _back_to_cart(request, basket)
    try:
        due = checkouts.bill(basket, form.shipping, on=localdate(at))
    except (ParcelTooHeavy, NotSoldThere) as refusal:
        messages.error(request, str(refusal))
        return SeeOther(reverse("orders:cart"))
    return render(
        request,
        "orders/checkout.html",
        {
            "form": form,
            "bill": due,
            "basket": basket,
            "country": due.shipping.name(locale()),
            "notice": notice,
        },
        status=status,
    )


def _place(request: HttpRequest, form: CheckoutForm) -> HttpResponse:
    key = cart_key(request)
    try:
        order = checkouts.place(
            key,
            contact=form.contact,
            shipping=form.shipping,
            agreed_cents=form.cleaned_data["expected_total"],
            locale=locale(),
            at=now(),
        )
    except (CartEmpty, CartNotOrderable, ParcelTooHeavy, NotSoldThere):
        return _page(request, form)
    except BillChanged:
        notice = _("A price or the shipping has changed since you saw this page. Please check the new total.")
        return _page(request, form, status=409, notice=notice)
    response = _after_placing(request, form, order)
    remember_cart(response, key, 0)
    remember_order(request, response, order.token)
    return response


def _after_placing(request: HttpRequest, form: CheckoutForm, order: Order) -> HttpResponse:
    if _is_what_was_sent(order, form.contact, form.shipping):
        return go_and_pay(request, order)
    # The order was placed in another tab with another address; that one holds until it is changed.
    messages.warning(request, _("You have placed this order already. Please check the address."))
    return SeeOther(reverse("orders:order", args=[order.token]))


def _is_what_was_sent(order: Order, contact: Contact, shipping: ShippingRate) -> bool:
    sent = {**asdict(contact), "country": shipping.country}
    return all(getattr(order, name) == value for name, value in sent.items())


def _back_to_cart(request: HttpRequest, basket: Basket) -> HttpResponse:
    if basket.lines:
        messages.error(request, _("One of your bars cannot be ordered as it is. Please look at the cart."))
    return SeeOther(reverse("orders:cart"))
