from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from configurator import currency, limits
from configurator.accounts import signed_in
from orders.buying import address_book, half_typed, parcels, typed_codes
from orders.buying import cart as carts
from orders.buying import checkout as checkouts
from orders.buying.address_book import BookFull
from orders.buying.basket import Basket
from orders.buying.bills import Bill
from orders.buying.checkout import BillChanged, CartEmpty, CartNotOrderable
from orders.buying.checkout_forms import CheckoutForms, with_address, with_one_more, without, worth_keeping
from orders.buying.cookies import placed_orders, remember_order
from orders.buying.differences import differences, seen
from orders.buying.due import NotDealtOut, NotShipped, bill
from orders.buying.whose_cart import cart_key, remember_cart
from orders.buying.wishes import Wishes
from orders.models import KeptAddress, Order
from orders.money import attempts, payments
from orders.money.attempts import TooManyAttempts
from orders.money.payments import NotPayable, PaymentPageAway, SoldOut, VoucherGone
from orders.prices.vouchers import Entered, VoucherRefused
from orders.sending import delivery
from orders.sending.promise import DayFull
from orders.stock import OutOfStock
from orders.views.cart import locale
from orders.views.responses import SeeOther
from orders.views.vouchers import CODES_AN_HOUR

KEPT_A_MINUTE = 120
REMEMBERED = ("name", "street", "extra", "postcode", "city", "country")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def checkout(request: HttpRequest) -> HttpResponse:
    page = _Page(request)
    if not page.destinations:
        return render(request, "orders/closed.html", status=503)
    if request.method == "POST" and "order" in request.POST:
        return _order(request, page)
    if request.method == "POST":
        page.keep_what_is_typed()
    if "to_cart" in request.POST:
        return SeeOther(reverse("orders:cart"))
    if not page.basket.orderable:
        return _back_to_cart(request, page.basket)
    if request.method != "POST":
        return _first_look(request, page)
    return page.answer(page.forms(before=_changed(request, page)))


@require_POST
@never_cache
def typed(request: HttpRequest) -> HttpResponse:
    """Told by a script when the page is left: kept while there is a cart for it, and nothing is answered."""
    key = cart_key(request)
    if limits.within("half-typed", request, most=KEPT_A_MINUTE, seconds=60) and carts.is_open(key):
        half_typed.keep(key, worth_keeping(request.POST))
    return HttpResponse(status=204)


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
    except VoucherGone:
        messages.warning(
            request,
            _(
                "The code of this order was kept for it for a while, and somebody else has used it up since. "
                "Cancel the order here, and its bars go back into your cart."
            ),
        )
    except SoldOut:
        messages.warning(
            request,
            _(
                "What your order needs was kept for it for a while and has run out since. "
                "Cancel it here, and its bars go back into your cart with what can be taken instead."
            ),
        )
    except NotPayable:
        messages.info(request, _("There is nothing to pay for this order now."))
    return SeeOther(order_page)


class _Page:
    """What every answer of the checkout needs, asked once."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.at = request, now()
        self.account = signed_in(request)
        self.key = cart_key(request)
        self.tariff = delivery.tariff()
        self.destinations = [each for each in self.tariff.destinations if each.label_locale]

    @cached_property
    def basket(self) -> Basket:
        # What the stock holds was asked in the cart, and is asked again under lock.
        return carts.look(self.key, locale=locale(), at=self.at, stock_too=False)

    def forms(self, *, before: Mapping[str, Any] | None = None) -> CheckoutForms:
        """Checked, unless it is only filled in with what was typed before."""
        return CheckoutForms(
            self.request.POST if before is None else None,
            units=lambda: parcels.units(self.basket),
            destinations=self.destinations,
            today=localdate(self.at),
            before=before,
            addresses=self.addresses,
        )

    @cached_property
    def addresses(self) -> list[KeptAddress] | None:
        """Of whoever is signed in."""
        return list(address_book.addresses_of(self.account)) if self.account else None

    def keep_what_is_typed(self) -> None:
        half_typed.keep(self.key, worth_keeping(self.request.POST))

    def answer(
        self, forms: CheckoutForms, *, status: int = 200, notice: str = "", compare: bool = False
    ) -> HttpResponse:
        entered = checkouts.codes_of(self.basket, self.key, at=self.at)
        undealt: tuple[Any, ...] = ()
        refused: NotShipped | None = None
        recipients = forms.tentative
        try:
            due = bill(self.basket, recipients, entered, at=self.at, tariff=self.tariff)
        except NotDealtOut as wrong:
            undealt, recipients = wrong.wrong, recipients[:1]
            due = None
        except NotShipped as refusal:
            refused, due = refusal, None
        if due is None and len(recipients) == 1 and not refused:
            due = self._of_one(recipients[0].country, entered)
        return render(
            self.request,
            "orders/checkout.html",
            {
                "forms": forms,
                "bill": due,
                "basket": self.basket,
                "entered": entered,
                "undealt": undealt,
                "refused": refused,
                "seen": seen(due) if due else "",
                "differences": self._differences(due) if compare and due else (),
                "notice": notice,
                "account": self.account,
                "parcels": list(zip(forms.recipients, _parcels(due, len(forms.recipients)), strict=True)),
            },
            status=status,
        )

    def _of_one(self, country: str, entered: Entered) -> Bill | None:
        """While bars are still to be given out, the sums of everything to the first."""
        first = CheckoutForms(
            None, units=tuple, destinations=self.destinations, today=localdate(self.at), before={}
        ).tentative[0]
        try:
            return bill(
                self.basket, (replace(first, country=country),), entered, at=self.at, tariff=self.tariff
            )
        except NotShipped:
            return None

    def _differences(self, due: Bill) -> tuple[Any, ...]:
        form = self.request.POST
        until = form.get("expected_until", "")
        return differences(due, form.get("seen", "")[:20_000], until=checkouts.day_of(until))


def _parcels(due: Bill | None, count: int) -> list[Any]:
    parcels: list[Any] = list(due.parcels) if due else []
    return [*parcels, *([None] * count)][:count]


def _first_look(request: HttpRequest, page: _Page) -> HttpResponse:
    if page.basket.is_dearer:
        messages.warning(request, _("Some prices have changed. Please look at them before you go on."))
        return SeeOther(reverse("orders:cart"))
    return page.answer(page.forms(before=half_typed.find(page.key) or _known(page)))


def _known(page: _Page) -> dict[str, Any]:
    """What nobody has to type again: of the account, or of the last order."""
    if page.account is None:
        tokens = placed_orders(page.request)
        return _remembered(Order.objects.filter(token=tokens[0]).first() if tokens else None)
    known = address_book.prefilled(page.addresses or [])
    return (known or _remembered(page.account.orders.first())) | {"email": page.account.email}


def _remembered(order: Order | None) -> dict[str, Any]:
    parcel = order.shipments.first() if order else None
    if order is None or parcel is None:
        return {}
    return {name: getattr(parcel, name) for name in REMEMBERED} | {"email": order.email}


def _changed(request: HttpRequest, page: _Page) -> dict[str, Any]:
    """What was typed, with the change that the pressed button asks for."""
    typed = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    if "add_recipient" in typed:
        return with_one_more(typed, parcels.units(page.basket))
    if "remove_recipient" in typed:
        gone = typed.pop("remove_recipient")
        return without(typed, int(gone) if gone.isdigit() and len(gone) < 4 else 0)
    if "use_address" in typed:
        return with_address(typed, page.addresses or ())
    if "use_voucher" in typed:
        _enter_voucher(request, page, typed.pop("voucher_code", ""))
    if "voucher_out" in typed:
        typed_codes.leave(page.key, typed.pop("voucher_out"))
    return {**typed, "recipients": typed.get("recipients") or "1"}


def _enter_voucher(request: HttpRequest, page: _Page, code: str) -> None:
    if not limits.within("vouchers", request, most=CODES_AN_HOUR, seconds=3600):
        messages.error(request, _("That were many codes in a short time. Please try again in an hour."))
        return
    try:
        typed_codes.enter(page.key, code, currency=currency.active(), at=page.at)
    except VoucherRefused as refusal:
        messages.error(request, str(refusal))


def _order(request: HttpRequest, page: _Page) -> HttpResponse:
    forms = page.forms()
    if forms.is_valid():
        # Also when the cart is empty: it may have become an order by the first press of this button.
        return _place(request, page, forms)
    page.keep_what_is_typed()
    if page.basket.orderable:
        return page.answer(forms, status=422)
    return _back_to_cart(request, page.basket)


def _place(request: HttpRequest, page: _Page, forms: CheckoutForms) -> HttpResponse:
    wishes = forms.wishes
    try:
        with _kept_unless_done(page):
            order = checkouts.place(
                page.key,
                wishes=wishes,
                agreement=forms.agreement,
                locale=locale(),
                at=page.at,
                tariff=page.tariff,
                to_pay=True,
            )
    except (CartEmpty, CartNotOrderable, OutOfStock):
        return _back_to_cart(request, page.basket)
    except (NotShipped, NotDealtOut):
        return page.answer(forms, status=422)
    except VoucherRefused as refusal:
        return page.answer(forms, status=409, notice=str(refusal), compare=True)
    except (BillChanged, DayFull):
        notice = _(
            "Something has changed since you saw this page. Please check it and press the button again."
        )
        return page.answer(forms, status=409, notice=notice, compare=True)
    half_typed.forget(page.key)
    _keep_addresses(page, forms)
    response = _after_placing(request, wishes, order, page.at)
    remember_cart(request, response, page.key, 0)
    if not page.account:
        # What an account ordered stands there, and not in the browser of whoever comes next.
        remember_order(request, response, order.token)
    return response


def _keep_addresses(page: _Page, forms: CheckoutForms) -> None:
    if page.account is None:
        return
    try:
        for address in forms.to_be_kept:
            address_book.keep(page.account, address)
    except BookFull as full:
        messages.warning(page.request, str(full))


@contextmanager
def _kept_unless_done(page: _Page) -> Iterator[None]:
    """What is refused, or breaks, nobody types again; what becomes an order has no need to be kept first."""
    try:
        yield
    except Exception:
        page.keep_what_is_typed()
        raise


def _after_placing(request: HttpRequest, wishes: Wishes, order: Order, at: datetime) -> HttpResponse:
    if _is_what_was_sent(order, wishes, at):
        return go_and_pay(request, order)
    # The order was placed in another tab with another address; that one holds until it is changed.
    messages.warning(request, _("You have placed this order already. Please check the address."))
    return SeeOther(reverse("orders:order", args=[order.token]))


def _is_what_was_sent(order: Order, wishes: Wishes, at: datetime) -> bool:
    if order.placed_at == at:
        return True  # just now, by this very press
    shipments = list(order.shipments.all())
    if order.email != wishes.email or len(shipments) != len(wishes.recipients):
        return False
    return all(
        getattr(parcel, name) == value
        for parcel, recipient in zip(shipments, wishes.recipients, strict=True)
        for name, value in (recipient.address | {"gift_message": recipient.gift_message}).items()
    )


def _back_to_cart(request: HttpRequest, basket: Basket) -> HttpResponse:
    if basket.lines:
        messages.error(request, _("One of your bars cannot be ordered as it is. Please look at the cart."))
    return SeeOther(reverse("orders:cart"))
